"""Reading the number of an identity document as people type it.

A number is taken only if it can be right: form, check character, place, birth (GB 11643-1999; the rules of
each kind stand in `flows.reading.documents`). A letter O for a zero is hinted at, not mended: nobody is
identified by a guess.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from flows.reading.documents import gb11643, shapes
from flows.reading.documents.gb11643 import Fault, Sex, upgrade_15_to_18
from flows.reading.documents.shapes import IdKind, OtherKind, SeenKind
from flows.reading.documents.tokens import prepare, tokens, without_commas
from flows.reading.refusal import Refusal

__all__ = [
    "Agreement",
    "IdKind",
    "IdNumber",
    "OtherKind",
    "SeenKind",
    "Sex",
    "agrees",
    "read_id_number",
    "upgrade_15_to_18",
]

GUARDIAN_AGE: Final = 14
_GLIMPSE: Final = 15
_PERMIT: Final = 9
_NEAR: Final = {
    IdKind.HK_MO_PERMIT: re.compile("[HM][0-9]+"),
    IdKind.CN_PASSPORT: re.compile("[EGDSP][0-9]+"),
}
_FRAGMENTS: Final = 2
_LOOKALIKES: Final = re.compile(r"[0-9][OIL]|[OIL][0-9]")
_FOREIGN_LENGTHS: Final = (5, 20)


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A number that can be right; birth, sex and age where the number states them.

    `kind` may correct the declared one between 居民身份证 and 港澳台居民居住证. `age` and `under_14` (then a
    guardian consents) are those of the day that the reader was given.
    """

    kind: IdKind
    normalized: str
    birth: date | None = None
    sex: Sex | None = None
    age: int | None = None
    under_14: bool | None = None


class Agreement(StrEnum):
    """How a number agrees with a birth date and a sex that were stated."""

    CONSISTENT = "consistent"
    BIRTH_MISMATCH = "birth_mismatch"
    SEX_MISMATCH = "sex_mismatch"
    BOTH_MISMATCH = "birth_and_sex_mismatch"
    UNKNOWN = "unknown"


Answer = IdNumber | Refusal


def agrees(reading: IdNumber, *, birth: date | None = None, sex: Sex | None = None) -> Agreement:
    """Compare a reading with what the person stated; UNKNOWN where there is nothing to compare."""
    by_birth = None if birth is None or reading.birth is None else birth == reading.birth
    by_sex = None if sex is None or reading.sex is None else sex == reading.sex
    match by_birth, by_sex:
        case False, False:
            return Agreement.BOTH_MISMATCH
        case False, _:
            return Agreement.BIRTH_MISMATCH
        case _, False:
            return Agreement.SEX_MISMATCH
        case None, None:
            return Agreement.UNKNOWN
        case _:
            return Agreement.CONSISTENT


def read_id_number(text: str, *, declared: IdKind, as_of: date) -> Answer:
    """Read the one number of the `declared` kind in `text`; ages are those on `as_of`.

    Refusals: empty, multiple, wrong_type (`seen`: an IdKind or OtherKind), old_15_digit, bad_length
    (`expected`), bad_format (`hint` letter_o where a letter seems to stand for a digit), bad_checksum,
    unknown_region, bad_date, future_date, too_old, manual_check (an old form that a person must look at).
    """
    prepared = prepare(text)
    rule = _RULES[declared]
    found = tokens(prepared, rule.whole)
    wholes = [token for token in found if rule.whole.fullmatch(token)]
    if not wholes and rule.whole is gb11643.NUMBER:
        joined = tokens(without_commas(prepared), rule.whole)
        wholes = [token for token in joined if rule.whole.fullmatch(token)]
    if len(wholes) > 1:
        wholes = [token for token in wholes if not shapes.MOBILE.fullmatch(token)] or wholes
    if len(wholes) > 1:
        return Refusal("multiple")
    if wholes:
        return rule.check(wholes[0], as_of)
    return _diagnose(found, prepared, declared)


def _diagnose(found: list[str], prepared: str, declared: IdKind) -> Refusal:
    """Say why nothing in the answer is a number of the declared kind."""
    if not found:
        lettered = re.search("[A-Z]", prepared) is not None
        return _unnumbered(prepared, declared) if lettered else Refusal("empty")
    for token in found:
        seen = shapes.seen_kind(token)
        if seen is not None and not _same_kind(seen, declared) and not _is_near(token, declared):
            return _wrong_type(seen, declared)
    longest = max(found, key=len)
    if len(found) >= _FRAGMENTS and len(longest) < _GLIMPSE:
        return Refusal("bad_format")
    return _RULES[declared].explain(longest)


def _is_near(token: str, declared: IdKind) -> bool:
    """Return True if a digit too few or too many in the declared kind explains the token best."""
    near = _NEAR.get(declared)
    return near is not None and near.fullmatch(token) is not None and len(token) != _PERMIT


def _same_kind(seen: SeenKind, declared: IdKind) -> bool:
    citizens = {IdKind.RESIDENT_ID, IdKind.HMT_RESIDENCE}
    return seen == declared or {seen, declared} <= citizens


def _unnumbered(prepared: str, declared: IdKind) -> Refusal:
    letters = "".join(re.findall("[A-Z]+", prepared))
    if declared is IdKind.FOREIGN_PASSPORT and len(letters) > _FOREIGN_LENGTHS[1]:
        return _bad_length("5-20")
    return Refusal("bad_format")


def _wrong_type(seen: SeenKind, declared: IdKind) -> Refusal:
    return Refusal("wrong_type", {"seen": seen.value, "declared": declared.value})


def _bad_length(expected: str) -> Refusal:
    return Refusal("bad_length", {"expected": expected})


def _bad_format(token: str) -> Refusal:
    return Refusal("bad_format", {"hint": "letter_o"} if _LOOKALIKES.search(token) else {})


def _person(number: str, kind: IdKind, *, province: str, as_of: date) -> Answer:
    person = gb11643.examine(number, province=province, as_of=as_of)
    if isinstance(person, Fault):
        return Refusal(person.value)
    return _of_birth(number, kind, birth=person.birth, sex=person.sex, as_of=as_of)


def _of_birth(number: str, kind: IdKind, *, birth: date, sex: Sex | None, as_of: date) -> IdNumber:
    age = gb11643.age_on(birth, as_of)
    return IdNumber(kind, number, birth=birth, sex=sex, age=age, under_14=age < GUARDIAN_AGE)


def _check_resident(number: str, as_of: date) -> Answer:
    """Check a citizen number; one of Hong Kong, Macau or Taiwan people corrects the kind."""
    kind = shapes.kind_of_eighteen(number) or IdKind.RESIDENT_ID
    if kind is IdKind.FOREIGN_PR:
        if isinstance(_check_foreign_pr(number, as_of), IdNumber):
            return _wrong_type(kind, IdKind.RESIDENT_ID)
        kind = IdKind.RESIDENT_ID
    return _person(number, kind, province=number[:2], as_of=as_of)


def _check_hmt(number: str, as_of: date) -> Answer:
    read = _check_resident(number, as_of)
    if isinstance(read, IdNumber) and read.kind is not IdKind.HMT_RESIDENCE:
        return _wrong_type(read.kind, IdKind.HMT_RESIDENCE)
    return read


def _explain_citizen(token: str) -> Refusal:
    if gb11643.looks_old(token):
        return Refusal("old_15_digit")
    if re.fullmatch("[0-9]+X?", token):
        return _bad_length("18")
    return _bad_format(token)


def _check_foreign_pr(number: str, as_of: date) -> Answer:
    if shapes.FOREIGN_PR_OLD.fullmatch(number):
        return _check_foreign_pr_old(number, as_of)
    seen = shapes.kind_of_eighteen(number)
    if seen in {IdKind.RESIDENT_ID, IdKind.HMT_RESIDENCE}:
        return _wrong_type(seen, IdKind.FOREIGN_PR)
    if not number.startswith(shapes.FOREIGN_PR_START):
        return _bad_format(number)
    return _person(number, IdKind.FOREIGN_PR, province=number[1:3], as_of=as_of)


def _check_foreign_pr_old(number: str, as_of: date) -> Answer:
    """Check a card of before 2023. It states the year in two digits: the latest such year that is past."""
    births = (gb11643.day_of(century + number[7:13]) for century in ("20", "19"))
    birth = next((day for day in births if day is not None and day <= as_of), None)
    if birth is None:
        return Refusal("bad_date")
    return _of_birth(number, IdKind.FOREIGN_PR, birth=birth, sex=None, as_of=as_of)


def _explain_foreign_pr(token: str) -> Refusal:
    if len(token) in {15, 18} or not re.fullmatch("[A-Z]{0,3}[0-9]+X?", token):
        return _bad_format(token)
    return _bad_length("18/15")


def _explain_hk_mo(token: str) -> Refusal:
    if shapes.HK_MO_PERMIT_OLD.fullmatch(token):
        return Refusal("manual_check")
    return _bad_length("9") if re.fullmatch("[HM][0-9]+", token) else _bad_format(token)


def _explain_tw(token: str) -> Refusal:
    if shapes.TW_PERMIT_OLD.fullmatch(token):
        return Refusal("manual_check")
    return _bad_length("8") if token.isdecimal() else _bad_format(token)


def _explain_cn_passport(token: str) -> Refusal:
    if shapes.CN_PASSPORT_OLD.fullmatch(token):
        return Refusal("manual_check")
    return _bad_length("9") if shapes.CN_PASSPORT_START.fullmatch(token) else _bad_format(token)


def _check_foreign_passport(number: str, as_of: date) -> Answer:
    """Take any form, countries differ; but not what is surely another number."""
    seen = shapes.seen_kind(number)
    citizen = gb11643.NUMBER.fullmatch(number) is not None and isinstance(_check_resident(number, as_of), IdNumber)
    if seen is not None and (citizen or seen in {OtherKind.PHONE, OtherKind.BANK_CARD, IdKind.FOREIGN_PR}):
        return _wrong_type(seen, IdKind.FOREIGN_PASSPORT)
    return IdNumber(IdKind.FOREIGN_PASSPORT, number)


def _explain_foreign_passport(token: str) -> Refusal:
    shortest, longest = _FOREIGN_LENGTHS
    return _bad_format(token) if shortest <= len(token) <= longest else _bad_length(f"{shortest}-{longest}")


def _taken_as(kind: IdKind) -> Callable[[str, date], Answer]:
    """Return the check of a kind whose form is all there is to check."""
    return lambda number, _as_of: IdNumber(kind, number)


@dataclass(frozen=True, slots=True)
class _Rule:
    """How a kind is found in an answer, checked, and explained where nothing has its form."""

    whole: re.Pattern[str]
    check: Callable[[str, date], Answer]
    explain: Callable[[str], Refusal]


_RULES: Final = {
    IdKind.RESIDENT_ID: _Rule(gb11643.NUMBER, _check_resident, _explain_citizen),
    IdKind.HMT_RESIDENCE: _Rule(gb11643.NUMBER, _check_hmt, _explain_citizen),
    IdKind.FOREIGN_PR: _Rule(shapes.FOREIGN_PR, _check_foreign_pr, _explain_foreign_pr),
    IdKind.HK_MO_PERMIT: _Rule(shapes.HK_MO_PERMIT, _taken_as(IdKind.HK_MO_PERMIT), _explain_hk_mo),
    IdKind.TW_PERMIT: _Rule(shapes.TW_PERMIT, _taken_as(IdKind.TW_PERMIT), _explain_tw),
    IdKind.CN_PASSPORT: _Rule(shapes.CN_PASSPORT, _taken_as(IdKind.CN_PASSPORT), _explain_cn_passport),
    IdKind.FOREIGN_PASSPORT: _Rule(shapes.FOREIGN_PASSPORT, _check_foreign_passport, _explain_foreign_passport),
}
