"""The service terms as data: services, clauses word for word, limits, consents, notices, exclusions, uses.

Another service, or another contract's figures, is another entry in `data/<version>/` and no code. A version never
changes once requests were decided under it: a correction is a new folder, so that an old decision can be replayed.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from flows.terms.faults import faults_of
from flows.terms.structure import (
    ACCEPTED,
    FIRST_CONTACT,
    FIRST_VISIT,
    Branch,
    ConsentText,
    Contract,
    DaysOf,
    Flag,
    Limit,
    Offer,
    RecordRule,
    Service,
    ServiceStep,
    Terms,
    UseEvent,
    Uses,
    Verdict,
)

__all__ = [
    "ACCEPTED",
    "CURRENT",
    "DATA",
    "FIRST_CONTACT",
    "FIRST_VISIT",
    "Branch",
    "ConsentText",
    "Contract",
    "DaysOf",
    "Flag",
    "Limit",
    "Offer",
    "RecordRule",
    "Service",
    "ServiceStep",
    "Terms",
    "TermsFault",
    "UseEvent",
    "Uses",
    "Verdict",
    "as_data",
    "build",
    "load",
    "parts",
    "versions",
]

DATA = Path(__file__).parent / "data"
CURRENT = "2026-11"
PARTS = ("services", "contracts", "clauses")


class TermsFault(ValueError):
    """The parts of the terms do not agree with one another; `faults` names each place."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@lru_cache(maxsize=16)
def load(version: str = CURRENT) -> Terms:
    """Load a shipped version. Raises KeyError for one that was never shipped."""
    if version not in versions():
        raise KeyError(version)
    return build(parts(version))


def versions() -> tuple[str, ...]:
    """Return every version shipped, the oldest first."""
    return tuple(sorted(folder.name for folder in DATA.iterdir() if folder.is_dir()))


def parts(version: str = CURRENT) -> dict[str, Any]:
    """Return a version as plain data, its files put together."""
    folder = DATA / version
    whole: dict[str, Any] = msgspec.json.decode((folder / "terms.json").read_bytes())
    return whole | {part: msgspec.json.decode((folder / f"{part}.json").read_bytes()) for part in PARTS}


def build(data: Mapping[str, Any]) -> Terms:
    """Return the terms of plain data. Raises msgspec.ValidationError for its shape, TermsFault for its references."""
    terms = msgspec.convert(data, Terms)
    if found := tuple(faults_of(terms)):
        raise TermsFault(found)
    return terms


def as_data(value: Struct) -> dict[str, Any]:
    """Return a struct as plain data, just as it comes back from where it is stored."""
    data: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(value))
    return data
