"""The citizen number of GB 11643-1999: eighteen characters that hold a place, a birth, a sex and a check.

The residence cards of Hong Kong, Macau and Taiwan people use the same number; the foreigners' card of 2023
(GA 2102) has the same birth, order code and check behind another first part.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

PROVINCES: Final = frozenset(
    f"{code}"
    for code in (
        *range(11, 16),
        *range(21, 24),
        *range(31, 38),
        *range(41, 47),
        *range(50, 55),
        *range(61, 66),
        *(71, 81, 82, 83),
    )
)
"""The first two digits of GB/T 2260. The whole six are no test: cards keep codes that were abolished."""

OLDEST: Final = 130
NUMBER: Final = re.compile(r"[0-9]{17}[0-9X]")
OLD_NUMBER: Final = re.compile(r"[0-9]{15}")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_YEAR, _MONTH, _END = 6, 10, 14
_ORDER: Final = 16


class Sex(StrEnum):
    """The sex that a number states: the order code is odd for men."""

    MALE = "男"
    FEMALE = "女"


class Fault(StrEnum):
    """What is wrong with a number of the right form."""

    BAD_CHECKSUM = "bad_checksum"
    UNKNOWN_REGION = "unknown_region"
    BAD_DATE = "bad_date"
    FUTURE_DATE = "future_date"
    TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True)
class Person:
    """What a number says about its holder."""

    birth: date
    sex: Sex


def check_character(first: str) -> str:
    """Return the check character for the first seventeen digits (ISO 7064, MOD 11-2)."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True)) % 11]


def examine(number: str, *, province: str, as_of: date) -> Person | Fault:
    """Examine a number that matches `NUMBER`: its check, its `province`, and the birth on `as_of`.

    The check comes first: a slip of the finger fails it, whatever else it also spoils.
    """
    if check_character(number[:-1]) != number[-1]:
        return Fault.BAD_CHECKSUM
    if province not in PROVINCES:
        return Fault.UNKNOWN_REGION
    birth = day_of(number[_YEAR:_END])
    if birth is None:
        return Fault.BAD_DATE
    if birth > as_of:
        return Fault.FUTURE_DATE
    if age_on(birth, as_of) > OLDEST:
        return Fault.TOO_OLD
    return Person(birth, Sex.MALE if int(number[_ORDER]) % 2 else Sex.FEMALE)


def day_of(digits: str) -> date | None:
    """Read YYYYMMDD; None where there is no such day."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def age_on(birth: date, day: date) -> int:
    """Return the full years of age on `day`; somebody born on 29 February turns on 1 March in other years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def looks_old(number: str) -> bool:
    """Return True if fifteen digits are a number of before 1999: a known province, and a day as YYMMDD."""
    known = OLD_NUMBER.fullmatch(number) is not None and number[:2] in PROVINCES
    return known and day_of("19" + number[6:12]) is not None


def upgrade_15_to_18(number: str) -> str:
    """Return the number of today for the fifteen digits on an old policy: century 19, and the check character.

    ValueError, with a code, for what is not such a number.
    """
    if not looks_old(number):
        raise ValueError("not_a_15_digit_number")
    first = number[:6] + "19" + number[6:]
    return first + check_character(first)
