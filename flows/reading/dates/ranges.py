"""From one date to another: the second inherits what it does not say (11月3日到5日, 下周一到周三)."""

from dataclasses import replace

from flows.reading.dates import calendar as cal
from flows.reading.dates.calendar import Answer, Meaning
from flows.reading.dates.model import DateContext, DateDoubt, DateReading, Frame, Partial, Weekday
from flows.reading.refusal import Refusal

LONGEST_OPEN_RANGE = 183


def read_range(first: Meaning, last: Meaning, frame: Frame) -> Answer:
    """Return the days from the first of `first` to the last of `last`; asked back when they run backwards."""
    for side in (first, last):
        if isinstance(side, DateDoubt | Refusal):
            return side
    last = _inherit(first, last)
    if isinstance(first, Partial) and isinstance(last, Partial) and _in_one_month(first, last):
        return (
            cal.read_partial(replace(first, last_day=last.day), frame)
            if _rising(first, last)
            else DateDoubt("reversed")
        )
    joined = _joined(*_ends(first, last, frame))
    turned = _open(last) and isinstance(joined, DateReading) and (joined.end - joined.start).days > LONGEST_OPEN_RANGE
    return DateDoubt("reversed") if turned else joined


def _in_one_month(first: Partial, last: Partial) -> bool:
    """Whether both are days with no month said."""
    return first.month is None and last.month is None and first.day is not None and last.day is not None


def _rising(first: Partial, last: Partial) -> bool:
    """Whether two days of one month follow each other."""
    return (first.day or 0) <= (last.day or 0)


def _inherit(first: Meaning, last: Meaning) -> Meaning:
    """Return the end with the month and year of the beginning where it has none."""
    if not isinstance(first, Partial) or not isinstance(last, Partial) or last.year is not None:
        return last
    if last.month is None:
        return replace(last, year=first.year, month=first.month, short_year=first.short_year)
    turned = (last.month, last.day or 0) < (first.month or 0, first.day or 0)
    if first.year is None:
        return last
    return replace(last, year=first.year + int(turned), short_year=first.short_year)


def _ends(first: Meaning, last: Meaning, frame: Frame) -> tuple[Answer, Answer]:
    """Return both ends; the one without a year is placed beside the other."""
    if isinstance(last, Weekday):
        start = cal.read_meaning(first, frame)
        return start, _later_in_week(start, last)
    backward = frame.context is DateContext.PAST or not _open(last)
    if _open(first) and isinstance(first, Partial) and backward:
        end = cal.read_meaning(last, frame)
        return _beside(first, end, forward=False), end
    start = cal.read_meaning(first, frame)
    return start, _beside(last, start, forward=True) if isinstance(last, Partial) else cal.read_meaning(last, frame)


def _open(meaning: Meaning) -> bool:
    """Whether the year is not said."""
    return isinstance(meaning, Partial) and meaning.year is None


def _beside(partial: Partial, other: Answer, *, forward: bool) -> Answer:
    """Return the days nearest to the other end."""
    if not isinstance(other, DateReading) or partial.year is not None:
        return cal.span(partial) if partial.year is not None and not partial.short_year else other
    anchor = other.start if forward else other.end
    return cal.settle(partial, anchor, forward=forward) or Refusal("day_out_of_range")


def _later_in_week(start: Answer, last: Weekday) -> Answer:
    """Return the day of the week in the beginning's own week."""
    if not isinstance(start, DateReading):
        return start
    ahead = last.day - start.start.weekday()
    return cal.add_days(start.start, ahead) if ahead >= 0 else DateDoubt("reversed")


def _joined(start: Answer, end: Answer) -> Answer:
    """Return both ends as one stretch of days."""
    if not isinstance(start, DateReading):
        return start
    if not isinstance(end, DateReading):
        return end
    return DateReading(start.start, end.end) if start.start <= end.end else DateDoubt("reversed")
