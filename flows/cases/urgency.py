"""What makes a case more urgent than another that is due at the same time: one rule, with a code for each reason.

The illnesses, ages and weights stand beside it in `data/urgency.toml`. Words of danger or despair make an emergency,
which comes before every case that is due earlier.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from flows.cases.case import EMERGENCY_FROM, Case
from flows.cases.changes import changed
from flows.reading.fold import SIMPLIFIED, drop_blanks
from flows.reading.id_numbers import IdKind, IdNumber, read_id_number

_DATA: Final[Mapping[str, Any]] = tomllib.loads((Path(__file__).parent / "data" / "urgency.toml").read_text("utf-8"))
_ILLNESSES: Final = tuple((row["reason"], row["weight"], re.compile(row["words"])) for row in _DATA["illness"])
_AGES: Final = tuple(
    (row["reason"], row["weight"], row.get("above", -1), row.get("below", 1000)) for row in _DATA["age"]
)
REASONS: Final = tuple(row["reason"] for row in (*_DATA["illness"], *_DATA["age"]))
"""The code of every reason that the rule can give."""

_FOLD = SIMPLIFIED.then(drop_blanks)


class Urgency(NamedTuple):
    """How urgent a case is: 0 for most, below EMERGENCY_FROM by rule; and why, each a code of REASONS."""

    level: int = 0
    reasons: tuple[str, ...] = ()


def urgency_of(answers: Mapping[str, str], illness: str, today: date) -> Urgency:
    """Return how urgent a request is by its answers; `illness` is the name on the list of the one that was chosen."""
    found = tuple(_reasons(answers, illness, today))
    level = min(sum(weight for _, weight in found), EMERGENCY_FROM - 1)
    return Urgency(level, tuple(reason for reason, _ in found))


def as_emergency(case: Case, kind: str) -> Case:
    """Return a case in which danger or despair was heard (`kind`); the same one where that is known already."""
    if kind in case.urgent_for:
        return case
    return changed(case, urgency=max(case.urgency, EMERGENCY_FROM), urgent_for=(kind, *case.urgent_for))


def _reasons(answers: Mapping[str, str], illness: str, today: date) -> Iterator[tuple[str, int]]:
    words = _FOLD(f"{illness}，{answers.get('illness_words', '')}")
    yield from ((reason, weight) for reason, weight, pattern in _ILLNESSES if pattern.search(words))
    if (age := _age(answers, today)) is not None:
        yield from ((reason, weight) for reason, weight, above, below in _AGES if above < age < below)


def _age(answers: Mapping[str, str], today: date) -> int | None:
    """Return the insured's age, where their document states it."""
    number, kind = answers.get("id_number", ""), answers.get("id_kind", IdKind.RESIDENT_ID)
    if not number or kind not in {*IdKind}:
        return None
    read = read_id_number(number, declared=IdKind(kind), as_of=today)
    return read.age if isinstance(read, IdNumber) else None
