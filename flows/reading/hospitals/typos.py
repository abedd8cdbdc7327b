"""One slip in the beginning of an official name (首都医科大字附属北京天坛医院)."""

import re

from rapidfuzz.distance import OSA

from flows.reading.hospitals.cover import cover
from flows.reading.hospitals.forms import Grade
from flows.reading.hospitals.index import HospitalIndex
from flows.reading.hospitals.lexicon import Kind
from flows.reading.hospitals.text import solid

_SHORTEST = 8
_SHORTEST_BEGINNING = 4
# The words of an institution in which a slip changes nothing; all else must stand as it is.
_EVERYDAY = re.compile("大学|医学院|学院|科学院|医科|医学|中医药|附属")


def mistyped(text: str, index: HospitalIndex) -> int | None:
    """Return the hospital (its position) whose official name `text` is but for one slip before its own name.

    `text` is normalised and without joints. The slip must be in an everyday word, and the own name must be
    nobody else's: 中山大学湘雅医院 is not 中南大学湘雅医院.
    """
    if len(text) < _SHORTEST:
        return None
    for piece in cover(text, index):
        if piece.kind is Kind.NAME and (position := _own(piece.key, index)) is not None:
            return position if _one_slip(text, piece.key, position, index) else None
    return None


def _own(name: str, index: HospitalIndex) -> int | None:
    entries = index.entries[name]
    return entries[0][0] if len(entries) == 1 and entries[0][1] is Grade.NAME else None


def _one_slip(text: str, name: str, position: int, index: HospitalIndex) -> bool:
    official = solid(index.hospitals[position].name)
    before, _, after = official.rpartition(name)
    written, _, rest = text.rpartition(name)
    if rest != after or not _SHORTEST_BEGINNING <= len(before) >= len(written):
        return False
    proper = [part for part in _EVERYDAY.split(before) if part]
    return OSA.distance(before, written) == 1 and all(part in written for part in proper)
