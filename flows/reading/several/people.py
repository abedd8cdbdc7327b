"""Names in a message: those that are announced (我叫…, 患者…), and those that stand alone."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from flows.reading.names import COMPOUND, HAN, OPENING, PersonName, is_chinese, read_name
from flows.reading.several.message import clauses

_TABLE: Final[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "data" / "several.json").read_text("utf-8"))
_USUAL: Final = frozenset(_TABLE["usual_surnames"])
_CUE: Final = re.compile("|".join(_TABLE["after_announced"]))
_PLAIN_CUE: Final = re.compile("|".join(_TABLE["after_plain"]))
_STRONG: Final = re.compile("|".join(_TABLE["never_in_names"]))
_PATIENT: Final = re.compile("|".join(_TABLE["patient"]))
_ANNOUNCES: Final = re.compile("|".join(_TABLE["announces"]))
_SOMEBODY: Final = re.compile(rf"(?:{'|'.join(_TABLE['somebody_else'])})$")
_DOTTED: Final = re.compile(rf"[{HAN}]{{1,12}}(?:[·.•・][{HAN}]{{1,12}}){{1,4}}")
_LATIN: Final = re.compile(r"[A-Za-zÀ-ɏ]+(?:[ '-][A-Za-zÀ-ɏ]+){1,4}")
_FOREIGN: Final = re.compile(rf"[{HAN}]{{5,14}}")


OTHER: Final = -1


@dataclass(frozen=True, slots=True)
class NameFound:
    """A name with its place in the folded text.

    `rank`: 2 the patient's, 1 announced, 0 standing alone, OTHER somebody else's (联系人).
    """

    start: int
    end: int
    name: PersonName
    rank: int


def find_names(text: str) -> Iterator[NameFound]:
    """Yield the names in the folded `text`, where numbers have been masked."""
    for start, clause in clauses(text):
        for offset, part in _openings(clause):
            yield from _in_clause(start + offset, part)


def _openings(clause: str) -> Iterator[tuple[int, str]]:
    """Yield a clause cut before each blank behind which a name is announced: …王志强 联系人李芳."""
    places = [0, *(m.end() for m in re.finditer(r" +", clause) if _ANNOUNCES.match(clause, m.end()))]
    for start, end in pairwise([*places, len(clause)]):
        yield start, clause[start:end].rstrip()


def _in_clause(start: int, clause: str) -> Iterator[NameFound]:
    opening = OPENING.match(clause)
    opened = opening.end() if opening else 0
    announced = _at(clause[opened:], _CUE) if opened else None
    if announced:
        length, name = announced
        rank = _rank(clause[:opened])
        yield NameFound(start + opened, start + opened + length, name, rank)
    else:
        yield from _standing_alone(start, clause)


def _rank(opening: str) -> int:
    if _SOMEBODY.search(opening):
        return OTHER
    return 2 if _PATIENT.search(opening) else 1


def _standing_alone(start: int, clause: str) -> Iterator[NameFound]:
    """Yield a usual Chinese name that is all of a clause, or at its beginning before what can only follow a name."""
    for offset, word in _words(clause):
        found = _at(word, _PLAIN_CUE)
        if found and _is_plain(found[1].value):
            yield NameFound(start + offset, start + offset + found[0], found[1], 0)
            return


def _is_plain(name: str) -> bool:
    """Return True if nobody has to announce it as a name."""
    return _DOTTED.fullmatch(name) is not None or (is_chinese(name) and (name[0] in _USUAL or name[:2] in COMPOUND))


def _words(clause: str) -> Iterator[tuple[int, str]]:
    yield 0, clause
    for match in re.finditer(r"[^\s:/]+", clause):
        if match[0] != clause:
            yield match.start(), match[0]


def _at(text: str, cue: re.Pattern[str]) -> tuple[int, PersonName] | None:
    """Read the name at the beginning of `text`: all of it, or up to what follows a name. Return its length, too."""
    whole, text = text, text[: _strong_cue(text)]
    for end in _ends(text):
        if end < len(text) and not cue.match(whole, end):
            continue
        name = read_name(text[:end])
        if isinstance(name, PersonName):
            return len(text[:end].rstrip(" /:.-")), name
    return None


def _strong_cue(text: str) -> int:
    """Return where words begin that are never part of a name, the end where there are none."""
    found = _STRONG.search(text, 1)
    return found.start() if found else len(text)


def _ends(text: str) -> Iterator[int]:
    for pattern in (_DOTTED, _LATIN, _FOREIGN):
        match = pattern.match(text)
        if match:
            yield match.end()
    spaced = re.match(rf"[{HAN}] [{HAN}](?: [{HAN}])?(?= |$)", text)
    if spaced:
        yield spaced.end()
    yield from range(min(4, len(text)), 1, -1)
