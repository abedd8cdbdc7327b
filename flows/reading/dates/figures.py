"""Shapes made of figures and separators: 2026-11-03, 11.3, 20261103, 3号, Nov 3."""

import re

from flows.reading.dates import calendar as cal
from flows.reading.dates.calendar import Meaning
from flows.reading.dates.model import DateContext, DateDoubt, DateReading, Frame, Partial
from flows.reading.dates.numerals import number
from flows.reading.dates.vocabulary import WORDS
from flows.reading.refusal import Refusal

DIGIT_ANSWER = re.compile(r"(?:确诊|[做拿出查检的诊看发开生住入]|$)")
SHORT_YEAR, MOST_DAYS = 2, 31
EIGHT, SIX, FOUR = 8, 6, 4


def month_day_year(match: re.Match[str], _frame: Frame) -> Meaning:
    """Read 11/3/2026, which is two days unless one number can be no month."""
    a, b, year = (int(match[g]) for g in ("a", "b", "y"))
    readings = [cal.span(Partial(year, m, d)) for m, d in {(a, b), (b, a)}]
    good = tuple(sorted({r for r in readings if isinstance(r, DateReading)}, key=lambda r: r.start))
    if len(good) == 1:
        return good[0]
    return DateDoubt("ambiguous_order", good) if good else Refusal("not_a_date")


def numeric(match: re.Match[str], _frame: Frame) -> Meaning:
    """Read 2026-11-03 and its kin, with a last day where one follows (2026.11.3-5)."""
    month = match["m"] or match["m_"] or match["m__"]
    day = match["d"] or match["d_"] or match["d__"]
    return Partial(int(match["y"]), int(month), int(day), last_day=number(match["d2"]))


def short_numeric(match: re.Match[str], _frame: Frame) -> Meaning:
    """Read 26.11.3 year first, as in China; asked back where the first number could be a month."""
    a, b, c = (int(match[g]) for g in "abc")
    if len(match["a"]) < SHORT_YEAR or a <= cal.MONTHS or c > MOST_DAYS:
        return DateDoubt("ambiguous_order")
    return Partial(a, b, c, short_year=True)


def month_numeric(match: re.Match[str], _frame: Frame) -> Meaning:
    """Read 2026-11."""
    return Partial(int(match["y"]), int(match["m"]))


def day_range(match: re.Match[str], _frame: Frame) -> Meaning | None:
    """Read 3-5号; 11-13日 may be 13 November."""
    first, last = number(match["a"]), number(match["b"])
    if first is None or last is None:
        return None
    if first >= last or (match["s"] is None and match["t"] == "日" and first <= cal.MONTHS):
        return DateDoubt("ambiguous_order")
    return Partial(day=first, last_day=last)


def day(match: re.Match[str], _frame: Frame) -> Meaning | None:
    """Read 3号."""
    value = number(match["d"])
    return None if value is None else Partial(day=value)


def month_day_range(match: re.Match[str], _frame: Frame) -> Meaning:
    """Read 11.3-5."""
    return Partial(month=int(match["m"]), day=int(match["d"]), last_day=int(match["d2"]))


def month_day(match: re.Match[str], _frame: Frame) -> Meaning:
    """Read 11.3, 11/3, 11-3: month first, as in China."""
    return Partial(month=int(match["m"]), day=int(match["d"]))


def compact(match: re.Match[str], frame: Frame) -> Meaning | None:
    """Read 20261103, 261103, 202611, 1103, 2025; other digits are no date."""
    digits = match["digits"]
    if len(digits) == EIGHT:
        return _eight(digits)
    if match.start() > 0 or not DIGIT_ANSWER.match(match.string[match.end() :]):
        return None
    if len(digits) == SIX:
        return _six(digits)
    return _four(digits, frame) if len(digits) == FOUR else None


def _eight(digits: str) -> Meaning:
    """Read 20261103; 03112026 is asked back."""
    partial = Partial(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    swapped = [Partial(int(digits[4:]), int(a), int(b)) for a, b in (_halves(digits), _halves(digits)[::-1])]
    good = [r for p in swapped if digits[4:6] in {"19", "20"} and isinstance(r := cal.span(p), DateReading)]
    if digits[:2] in {"18", "19", "20"} or not good:
        return partial
    return DateDoubt("ambiguous_order", tuple(good))


def _halves(digits: str) -> tuple[str, str]:
    """Return the first two pairs of digits."""
    return digits[:2], digits[2:4]


def _six(digits: str) -> Meaning | None:
    """Read 261103 (a day) or 202611 (a month); 201103 is both and asked back."""
    short = Partial(int(digits[:2]), int(digits[2:4]), int(digits[4:]), short_year=True)
    month = Partial(int(digits[:4]), int(digits[4:]))
    is_day = isinstance(cal.span(Partial(2000 + int(digits[:2]), short.month, short.day)), DateReading)
    is_month = digits[:2] in {"19", "20"} and 1 <= (month.month or 0) <= cal.MONTHS
    if is_day and is_month:
        return DateDoubt("ambiguous_order")
    if not is_day and not is_month:
        return None
    return short if is_day else month


def _four(digits: str, frame: Frame) -> Meaning | None:
    """Read 1103 as a day where a date was asked for, 2025 as a year."""
    partial = Partial(month=int(digits[:2]), day=int(digits[2:]))
    if digits[:2] in {"19", "20"}:
        return Partial(int(digits)) if frame.context in {DateContext.PAST, DateContext.BIRTH} else None
    asked = frame.context in {DateContext.PAST, DateContext.FUTURE}
    good = isinstance(cal.span(Partial(cal.LEAP_YEAR, partial.month, partial.day)), DateReading)
    return partial if asked and good else None


def english(match: re.Match[str], _frame: Frame) -> Meaning | None:
    """Read Nov 3, 2026 and 3 November."""
    month = WORDS["months"].index(match["name"]) + 1
    day = number(match["d"] or match["d2"])
    year = number(match["y"])
    if (match["d"] and match["d2"]) or (day is None and year is None):
        return None
    return Partial(year, month, day)
