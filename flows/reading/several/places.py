"""Hospitals in a message, with where they stand; those that the directory does not hold are kept in their words."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from flows.reading.hospital_names import HospitalIndex, HospitalReading, read_hospital
from flows.reading.several.message import clauses

_TABLE: Final[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "data" / "several.json").read_text("utf-8"))
_INSTITUTION: Final = re.compile(_TABLE["institution"])
_BEFORE: Final = re.compile(rf"^.*(?:{'|'.join(_TABLE['before_institution'])})(?=.{{2}})")
_CAMPUS: Final = re.compile(_TABLE["campus"])
_LEAST: Final = 2
_LONGEST_PLACE: Final = 6


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A hospital with its place in the folded text; `doubt` is ambiguous, unknown or multiple."""

    start: int
    end: int
    reading: HospitalReading
    doubt: str | None = None


def find_places(text: str, index: HospitalIndex) -> Iterator[PlaceFound]:
    """Yield the hospitals in the folded `text`, where names and numbers have been masked; refused ones not."""
    parts = [(start, clause, read_hospital(clause, index)) for start, clause in clauses(text, labels=False)]
    named = [part for part in parts if part[2].kind != "unknown"]
    if not named:
        if not any(reading.negated for _, _, reading in parts):
            yield from _unknown(parts)
        return
    whole = read_hospital(text, index) if len(parts) > 1 else named[0][2]
    agreed = whole.kind == "unique" and all(set(whole.names) <= set(reading.names) for _, _, reading in named)
    for start, clause, reading in named:
        first, last = _narrowed(clause, reading, index)
        first = _with_place(clause, first, index)
        meant = whole if agreed else reading
        several = not agreed and len(named) > 1 and len({one.names for _, _, one in named}) > 1
        yield PlaceFound(start + first, start + last, meant, _doubt(meant, several=several))


def _doubt(reading: HospitalReading, *, several: bool) -> str | None:
    if reading.kind != "unique":
        return reading.kind
    return "multiple" if several else None


def _unknown(parts: list[tuple[int, str, HospitalReading]]) -> Iterator[PlaceFound]:
    for start, clause, reading in parts:
        for match in _INSTITUTION.finditer(clause):
            before = _BEFORE.match(match[0])
            first = match.start() + (before.end() if before else 0)
            yield PlaceFound(start + first, start + match.end(), reading, "unknown")


def _narrowed(clause: str, reading: HospitalReading, index: HospitalIndex) -> tuple[int, int]:
    """Return the stretch of a clause that names the hospital: the least that reads alike, made whole again."""

    def alike(text: str) -> bool:
        other = read_hospital(text, index)
        return (other.kind, other.names) == (reading.kind, reading.names)

    end = _least(len(clause), lambda length: alike(clause[:length]))
    start = end - _least(end, lambda length: alike(clause[end - length : end]))
    return _whole(clause, start, end, reading)


def _with_place(clause: str, start: int, index: HospitalIndex) -> int:
    """Return the start with the place before a hospital as part of it: 北京301."""
    starts = range(max(0, start - _LONGEST_PLACE), start - 1)
    return next((at for at in starts if clause[at:start] in index.words.places), start)


def _least(longest: int, holds: Callable[[int], bool]) -> int:
    """Return a least length that `holds`, sought by halves: `longest` does; shorter ones mostly up to a point."""
    low, high = min(_LEAST, longest), longest
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return high


def _whole(clause: str, start: int, end: int, reading: HospitalReading) -> tuple[int, int]:
    """Extend a stretch over what belongs to the name: its other characters, 医院, a campus."""
    while start and any(clause[start - 1 : end] in name for name in reading.names):
        start -= 1
    while end < len(clause) and any(clause[start : end + 1] in name for name in reading.names):
        end += 1
    while (match := _CAMPUS.match(clause, end)) is not None:
        end = match.end()
    return start, end
