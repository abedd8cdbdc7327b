"""Which department is asked for, and whether the service covers it: not 产科, 急诊 and 医技 [OP-N4].

The clause's list is open (如…等): names and synonyms are in data/departments.json; what is not is asked back.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

from flows.reading.fold import SIMPLIFIED, drop_blanks

CLAUSE = "OP-N4"
TABLE: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "departments.json").read_text(encoding="utf-8"))
NUCLEAR, CHECK = "核医学科", "check_or_treatment"
CLAUSES = re.compile(r"[,.;:!?、。(]")
LATIN = re.compile(r"[a-z]")


class DepartmentStatus(StrEnum):
    """Covered, not covered, or for a person to settle."""

    OK = "ok"
    EXCLUDED = "excluded"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Department:
    """The department read from an answer.

    `name` is its usual name, None when none was understood. `code` says why it is not `ok`: the ground
    (`obstetrics`, `emergency`, `medical_technology`, `which_of_two`, ...), or `unknown`, `unsure`, `several`,
    `negated`, `empty`. `clause` is [OP-N4] where that decides. `options` are the names it may be.
    """

    status: DepartmentStatus
    name: str | None = None
    code: str = ""
    clause: str | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    """A name in the table, and what it stands for."""

    name: str
    status: DepartmentStatus
    ground: str
    bare: bool
    test: bool


@dataclass(frozen=True, slots=True)
class _Mention:
    """A department named in a text, and where."""

    start: int
    end: int
    entry: _Entry


def _what(char: str) -> str:
    """Write 什麼 in one way: 甚麼 is common in traditional script, where 甚 alone is another word."""
    return "什" if char == "甚" else char


FOLD = SIMPLIFIED.then(drop_blanks, _what)


def _entries() -> dict[str, _Entry]:
    """Return every name of the table, folded."""
    bare, tests = ({FOLD(w) for w in TABLE[key]} for key in ("bare", "tests"))
    found: dict[str, _Entry] = {}
    for status, ground, names in _groups():
        for name, others in names.items():
            for word in (name, *others):
                short = FOLD(word)
                found[short] = _Entry(name, status, ground, bare=short in bare, test=short in tests)
    for word, name in TABLE["extra_bare"].items():
        found.setdefault(word, _Entry(name, DepartmentStatus.OK, "", bare=True, test=False))
    return found


def _groups() -> Iterator[tuple[DepartmentStatus, str, dict[str, list[str]]]]:
    """Yield each group of the table with its status and ground."""
    yield DepartmentStatus.OK, "", TABLE["ok"]
    for status in (DepartmentStatus.EXCLUDED, DepartmentStatus.ASK):
        for ground, names in TABLE[status].items():
            yield status, ground, names


ENTRIES = _entries()
LONGEST = max(map(len, ENTRIES))
NEGATED = re.compile("(?:" + "|".join(sorted(TABLE["negations"], key=len, reverse=True)) + ")[^,.;!?]{0,3}$")
UNSURE = re.compile("|".join(TABLE["unsure"]))
FILLERS = re.compile(
    "^(?:{0})*|(?:{0})*$".format("|".join(sorted(map(re.escape, TABLE["fillers"]), key=len, reverse=True)))
)


def read_department(text: str) -> Department:
    """Return the department that an answer names and whether [OP-N4] covers it.

    `ok` only for a known department named without doubt; unknown, unsure and several are `ask`. Never raises.
    """
    folded = FOLD(text)
    if not folded:
        return Department(DepartmentStatus.ASK, code="empty")
    mentions = list(_mentions(folded))
    wanted = [m for m in mentions if not _is_negated(folded, m, mentions)]
    if not wanted:
        return Department(DepartmentStatus.ASK, code="negated" if mentions else "unknown")
    return _decide(folded, _without_side_talk(wanted))


def _mentions(text: str) -> Iterator[_Mention]:
    """Yield the departments named, the longest name at each place."""
    core = FILLERS.sub("", text)
    place = 0
    while place < len(text):
        word = _longest_at(text, place)
        entry = ENTRIES.get(word)
        if entry is not None and (not entry.bare or word in {core, text}):
            yield _Mention(place, place + len(word), entry)
        place += max(len(word), 1)


def _longest_at(text: str, place: int) -> str:
    """Return the longest name of the table that begins here, "" when none does."""
    for end in range(min(place + LONGEST, len(text)), place, -1):
        word = text[place:end]
        if word in ENTRIES and not _cuts_latin(text, place, end):
            return word
    return ""


def _cuts_latin(text: str, start: int, end: int) -> bool:
    """Whether a Latin name is only part of a longer one (CT in ECTOPIC)."""
    before = start > 0 and LATIN.match(text[start]) and LATIN.match(text[start - 1])
    after = end < len(text) and LATIN.match(text[end - 1]) and LATIN.match(text[end])
    return bool(before or after)


def _is_negated(text: str, mention: _Mention, mentions: list[_Mention]) -> bool:
    """Whether the words before it, back to the last department, say that it is not wanted."""
    start = max((m.end for m in mentions if m.end <= mention.start), default=0)
    return NEGATED.search(CLAUSES.split(text[start : mention.start])[-1]) is not None


def _without_side_talk(mentions: list[_Mention]) -> list[_Mention]:
    """Drop tests done and kinds of visit where a department is named, too; 妇科B超 is the test."""
    named = [m for m in mentions if m.entry.status is DepartmentStatus.OK]
    kept = [m for m in mentions if not _is_side_talk(m, named)]
    return kept or mentions


def _is_side_talk(mention: _Mention, named: list[_Mention]) -> bool:
    """Whether it only tells of the way to, or the kind of, the department named."""
    entry = mention.entry
    if not named or entry.status is DepartmentStatus.OK:
        return False
    if entry.ground == TABLE["visit_ground"]:
        return True
    if entry.ground == "which_of_two":
        return all(m.entry.name == "妇科" for m in named)
    return entry.test and all(mention.start != m.end and mention.end != m.start for m in named)


def _decide(text: str, mentions: list[_Mention]) -> Department:
    """Return what the departments named amount to."""
    names = tuple(dict.fromkeys(m.entry.name for m in mentions))
    statuses = {m.entry.status for m in mentions}
    compound = len(mentions) > 1 and all(a.end == b.start for a, b in pairwise(mentions))
    if statuses == {DepartmentStatus.EXCLUDED} or (compound and DepartmentStatus.EXCLUDED in statuses):
        return _excluded(next(m.entry for m in mentions if m.entry.status is DepartmentStatus.EXCLUDED))
    if DepartmentStatus.EXCLUDED in statuses:
        return _excluded_of_two(mentions, names)
    if DepartmentStatus.ASK in statuses:
        return _asked(text, next(m.entry for m in mentions if m.entry.status is DepartmentStatus.ASK))
    if UNSURE.search(text):
        return Department(DepartmentStatus.ASK, code="unsure", options=names)
    if len(names) > 1 and not compound:
        return Department(DepartmentStatus.ASK, code="several", options=names)
    return Department(DepartmentStatus.OK, name=names[-1])


def _excluded(entry: _Entry) -> Department:
    """Return the refusal by [OP-N4]."""
    return Department(DepartmentStatus.EXCLUDED, entry.name, entry.ground, CLAUSE)


def _excluded_of_two(mentions: list[_Mention], names: tuple[str, ...]) -> Department:
    """Return the refusal where 产科 settles 妇产科, or a test 核医学科; else both are asked back."""
    grounds = {m.entry.ground for m in mentions}
    if grounds == {"obstetrics", "which_of_two"}:
        return _excluded(next(m.entry for m in mentions if m.entry.ground == "obstetrics"))
    if grounds == {CHECK, "medical_technology"} and mentions[0].entry.name == NUCLEAR:
        return _excluded(mentions[1].entry)
    return Department(DepartmentStatus.ASK, code="several", clause=CLAUSE, options=names)


def _asked(text: str, entry: _Entry) -> Department:
    """Return the question; 核医学科 is settled by what is wanted there."""
    if entry.name == NUCLEAR:
        if any(word in text for word in TABLE["nuclear"]["ok"]):
            return Department(DepartmentStatus.OK, entry.name)
        if any(word in text for word in TABLE["nuclear"]["excluded"]):
            return Department(DepartmentStatus.EXCLUDED, entry.name, "medical_technology", CLAUSE)
    clause = CLAUSE if entry.ground in {"which_of_two", CHECK} else None
    return Department(DepartmentStatus.ASK, entry.name, entry.ground, clause)
