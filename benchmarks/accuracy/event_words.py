"""What a description of a case says happened to it, as the events of the terms' data; for truth that is told in words.

The words are in data/event_words.json, in the order in which things happen.
"""

import re
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

from flows.terms.catalogue import Terms
from flows.terms.uses import Settlement, events_of, settle, taken

WORDS = Path(__file__).parent / "data" / "event_words.json"
BEFORE_SUBMISSION = frozenset({"abandoned", "refused"})  # nothing was reserved yet


class EventWords(Struct, frozen=True, forbid_unknown_fields=True):
    """An event, the pattern that tells of it, and the pattern that says otherwise."""

    event: str
    when: str
    unless: str = "$^"


@lru_cache(maxsize=1)
def _words() -> tuple[EventWords, ...]:
    return msgspec.json.decode(WORDS.read_bytes(), type=tuple[EventWords, ...])


def events_told(text: str) -> tuple[str, ...]:
    """Return the events that a description tells of, in their order; empty where it tells of none that is known."""
    told = text.lower()
    return tuple(w.event for w in _words() if re.search(w.when, told) and not re.search(w.unless, told))


def _named(terms: Terms, service: str) -> tuple[str, str]:
    """Return the service and the branch that a name stands for."""
    owners = [name for name, each in terms.services.items() if service in each.branches]
    return (owners[0], service) if owners else (service, "")


def settlement_told(terms: Terms, service: str, text: str) -> Settlement:
    """Return what becomes of the uses of a request, by a description. `service` is a service's name or a branch's.

    Raises KeyError for a service that there is not.
    """
    name, branch = _named(terms, service)
    events = events_told(text)
    if BEFORE_SUBMISSION & set(events):
        return Settlement()
    known = events_of(terms, name, branch)
    return settle(taken(terms.services[name], branch), (known[event] for event in events if event in known))
