"""From what was typed to days of the calendar: missing years and months follow from the question's context.

No function raises; a day that the calendar does not have is a Refusal.
"""

import calendar
from collections.abc import Iterator
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR, date, timedelta

from borax.calendars.lunardate import LunarDate

from flows.reading.dates.model import (
    DateContext,
    DateDoubt,
    DateReading,
    Frame,
    Lunar,
    Partial,
    Weekday,
    Weekend,
)
from flows.reading.refusal import Refusal

Answer = DateReading | DateDoubt | Refusal
Meaning = Answer | Partial | Lunar | Weekday | Weekend
MONTHS, LONGEST_MONTH, WEEK, SATURDAY = 12, 31, 7, 5
CENTURY, LEAP_YEAR = 100, 2024
OLDEST_YEARS, FARTHEST_YEARS, USUAL_WAIT_YEARS = 130, 10, 3
RECENT_DAYS = 92
LATE_LUNAR_MONTH = 11
TRIES = 9


def one_day(day: date) -> DateReading:
    """Return the reading of a single day."""
    return DateReading(start=day, end=day)


def add_days(day: date, days: int) -> Answer:
    """Return the day so many days on, or a Refusal where the calendar ends."""
    try:
        return one_day(day + timedelta(days=days))
    except OverflowError:
        return Refusal("year_out_of_range")


def add_months(day: date, months: int) -> Answer:
    """Return the same day so many months on, the month's last day where it is shorter."""
    index = day.year * MONTHS + day.month - 1 + months
    year, month = divmod(index, MONTHS)
    if not MINYEAR <= year <= MAXYEAR:
        return Refusal("year_out_of_range")
    return one_day(date(year, month + 1, min(day.day, month_length(year, month + 1))))


def month_length(year: int, month: int) -> int:
    """Return how many days a month has."""
    return calendar.monthrange(year, month)[1]


def years_before(day: date, years: int) -> date:
    """Return the same day so many years ago; 29 February becomes the 28th."""
    year = max(day.year - years, MINYEAR)
    return date(year, day.month, min(day.day, month_length(year, day.month)))


def read_meaning(meaning: Meaning, frame: Frame) -> Answer:
    """Return the days of one phrase as the context has them, not yet whether the context allows them."""
    match meaning:
        case Partial():
            return read_partial(meaning, frame)
        case Lunar():
            return read_lunar(meaning, frame)
        case Weekday():
            return _weekday(meaning, frame)
        case Weekend():
            return _weekend(frame)
        case _:
            return meaning


def read_partial(partial: Partial, frame: Frame) -> Answer:
    """Return the days of a date of which the year, or the month, too, may be missing."""
    wrong = _impossible(partial)
    if wrong is not None:
        return wrong
    return _with_year(partial, frame) if partial.year is not None else _without_year(partial, frame)


def _without_year(partial: Partial, frame: Frame) -> Answer:
    """Return the days in the year, or the month, that the context gives."""
    if frame.context is DateContext.BIRTH:
        return DateDoubt("year_missing")
    if (partial.month, partial.day) == (2, 29) and partial.last_day is None:
        return DateDoubt("year_missing", _found(settle(partial, frame.today, forward=False)))
    if frame.context is DateContext.ANY:
        return _any_time(partial, frame)
    found = settle(partial, frame.today, forward=frame.context is DateContext.FUTURE)
    if found is None:
        return Refusal("day_out_of_range")
    return _not_just_passed(partial, found, frame)


def _impossible(partial: Partial) -> Refusal | None:
    """Return why no year has such a date."""
    if partial.year == 0 and not partial.short_year:
        return Refusal("not_a_date")
    for month in (partial.month, partial.last_month):
        if month is not None and not 1 <= month <= MONTHS:
            return Refusal("month_out_of_range")
    longest = LONGEST_MONTH if partial.month is None else month_length(LEAP_YEAR, partial.month)
    for day in (partial.day, partial.last_day):
        if day is not None and day != -1 and not 1 <= day <= longest:
            return Refusal("day_out_of_range")
    return None


def _with_year(partial: Partial, frame: Frame) -> Answer:
    """Return the days of a date with its year, which may be of two digits."""
    if not partial.short_year:
        return span(partial)
    spans = [span(replace(partial, year=(partial.year or 0) + base, short_year=False)) for base in _centuries(frame)]
    new, old = spans
    if not isinstance(new, DateReading):
        return new if not isinstance(old, DateReading) else DateDoubt("year_unclear", (old,))
    if not isinstance(old, DateReading):
        return new if new.start <= frame.today else DateDoubt("year_unclear", (new,))
    return _which_century(new, old, frame)


def _centuries(frame: Frame) -> tuple[int, int]:
    """Return the first year of this century and of the last."""
    this = frame.today.year // CENTURY * CENTURY
    return this, max(this - CENTURY, 0)


def _which_century(new: DateReading, old: DateReading, frame: Frame) -> Answer:
    """Return the likelier of two centuries; a doubt where both are likely."""
    match frame.context:
        case DateContext.FUTURE:
            return new
        case DateContext.ANY:
            return new if new.start.year <= frame.today.year + FARTHEST_YEARS else old
        case DateContext.PAST if new.start.year <= frame.today.year:
            return new
        case _ if new.start <= frame.today:
            return new
        case _ if new.start.year == frame.today.year:
            return DateDoubt("year_unclear", (old,))
        case _:
            return old


def span(partial: Partial) -> Answer:
    """Return the days of a date whose year is known: a day, a stretch of days, months, or the year."""
    wrong = _impossible(partial)
    if wrong is not None:
        return wrong
    year = partial.year or 0
    if not MINYEAR <= year <= MAXYEAR:
        return Refusal("not_a_date")
    return _span_in_year(partial, year)


def _span_in_year(partial: Partial, year: int) -> Answer:
    """Return the days of a possible date in a year of the calendar."""
    if partial.month is None:
        return DateReading(date(year, 1, 1), date(year, MONTHS, LONGEST_MONTH))
    last_month = partial.last_month or partial.month
    length = month_length(year, last_month)
    first = partial.day or 1
    last = partial.last_day or partial.day or length
    last = length if last == -1 else last
    if first > month_length(year, partial.month) or last > length:
        return Refusal("day_out_of_range")
    start, end = date(year, partial.month, first), date(year, last_month, last)
    return DateReading(start, end) if start <= end else DateDoubt("reversed")


def settle(partial: Partial, anchor: date, *, forward: bool) -> DateReading | None:
    """Return the next such days (not over before `anchor`), or the latest begun by it; None if never."""
    for candidate in _occurrences(partial, anchor, 1 if forward else -1):
        found = span(candidate)
        if isinstance(found, DateReading) and (found.end >= anchor if forward else found.start <= anchor):
            return found
    return None


def _occurrences(partial: Partial, anchor: date, step: int) -> Iterator[Partial]:
    """Yield the date in this year or month, then in the ones beside it."""
    for k in range(TRIES):
        if partial.month is not None:
            yield replace(partial, year=anchor.year + k * step)
        else:
            year, month = divmod(anchor.year * MONTHS + anchor.month - 1 + k * step, MONTHS)
            yield replace(partial, year=year, month=month + 1)


def _any_time(partial: Partial, frame: Frame) -> Answer:
    """Without a hint, the year is this one for a date not far off; anything else is asked back."""
    past, future = (settle(partial, frame.today, forward=forward) for forward in (False, True))
    this = span(replace(partial, year=frame.today.year)) if partial.month is not None else None
    if past is not None and past == future:
        return past
    if isinstance(this, Refusal):
        return this
    if isinstance(this, DateReading) and _distance(this, frame.today) <= RECENT_DAYS:
        return this
    code = "month_missing" if partial.month is None else "year_missing"
    return DateDoubt(code, (*_found(past), *_found(future)))


def _distance(reading: DateReading, day: date) -> int:
    """Return how many days lie between."""
    return max((reading.start - day).days, (day - reading.end).days, 0)


def _not_just_passed(partial: Partial, found: DateReading, frame: Frame) -> Answer:
    """Return what was found; a wish for a date that has just passed is asked back, not put into next year."""
    if frame.context is not DateContext.FUTURE or partial.month is None or found.start.year == frame.today.year:
        return found
    passed = span(replace(partial, year=frame.today.year))
    recent = isinstance(passed, DateReading) and _distance(passed, frame.today) <= RECENT_DAYS
    return DateDoubt("just_passed", (found,)) if recent else found


def _found(reading: DateReading | None) -> tuple[DateReading, ...]:
    """Return the reading as candidates."""
    return () if reading is None else (reading,)


def read_lunar(lunar: Lunar, frame: Frame) -> Answer:
    """Return the day of the lunar calendar; asked back for the late months of a named year."""
    if lunar.year is not None:
        found = lunar_day(lunar, lunar.year)
        late = isinstance(found, DateReading) and found.start.year != lunar.year
        return DateDoubt("lunar_unclear", (found,)) if late and isinstance(found, DateReading) else found
    if frame.context in {DateContext.BIRTH, DateContext.ANY}:
        return DateDoubt("year_missing")
    return _lunar_by_context(lunar, frame)


def _lunar_by_context(lunar: Lunar, frame: Frame) -> Answer:
    """Return the latest such day, or for a wish the next."""
    future = frame.context is DateContext.FUTURE
    years = (
        range(frame.today.year - 1, frame.today.year + 3)
        if future
        else range(frame.today.year, frame.today.year - 4, -1)
    )
    for year in years:
        found = lunar_day(lunar, year)
        if isinstance(found, DateReading) and (found.start >= frame.today if future else found.start <= frame.today):
            return found
    return DateDoubt("lunar_unclear")


def lunar_day(lunar: Lunar, year: int) -> Answer:
    """Return the solar day of a lunar one; a Refusal where that lunar year does not have it."""
    try:
        solar = LunarDate(year, lunar.month, max(lunar.day, 1), int(lunar.leap)).to_solar_date()
    except (ValueError, IndexError, OverflowError):
        return Refusal("day_out_of_range")
    return one_day(solar - timedelta(days=1) if lunar.day == 0 else solar)


def _weekday(weekday: Weekday, frame: Frame) -> Answer:
    """Return the latest such day of the week, or for a wish the next; today's own name is asked back."""
    ahead = (weekday.day - frame.today.weekday()) % WEEK
    before, after = add_days(frame.today, ahead - WEEK), add_days(frame.today, ahead)
    if ahead and frame.context is DateContext.PAST:
        return before
    if ahead and frame.context is DateContext.FUTURE:
        return after
    return DateDoubt("which_week", tuple(d for d in (before, after) if isinstance(d, DateReading)))


def _weekend(frame: Frame) -> Answer:
    """Return the weekend before or after; on a weekend it is asked back which."""
    today = frame.today.weekday()
    if today >= SATURDAY or frame.context in {DateContext.ANY, DateContext.BIRTH}:
        return DateDoubt("which_week")
    return week_end(frame, -1 if frame.context is DateContext.PAST else 0)


def monday(frame: Frame, weeks: int) -> Answer:
    """Return the Monday so many weeks from this one's."""
    return add_days(frame.today, weeks * WEEK - frame.today.weekday())


def week_end(frame: Frame, weeks: int) -> Answer:
    """Return Saturday and Sunday of a week."""
    first = monday(frame, weeks)
    return stretch(first, SATURDAY, WEEK - 1)


def stretch(first: Answer, start: int, end: int) -> Answer:
    """Return the days from `start` to `end` days after a day."""
    if not isinstance(first, DateReading):
        return first
    head, tail = add_days(first.start, start), add_days(first.start, end)
    if isinstance(head, DateReading) and isinstance(tail, DateReading):
        return DateReading(head.start, tail.start)
    return Refusal("year_out_of_range")


def allow(answer: Answer, frame: Frame) -> Answer:
    """Return the answer if the question can have it: no diagnosis to come, no wish gone by, no age of 131."""
    if not isinstance(answer, DateReading):
        return answer
    today = frame.today
    if answer.end < years_before(today, OLDEST_YEARS):
        return Refusal("too_old")
    if frame.context in {DateContext.PAST, DateContext.BIRTH} and answer.start > today:
        return Refusal("future_date")
    if frame.context is DateContext.FUTURE and answer.end < today:
        return Refusal("past_date")
    if answer.start.year > today.year + FARTHEST_YEARS:
        return Refusal("year_out_of_range")
    return _likely(answer, frame)


def _likely(answer: DateReading, frame: Frame) -> Answer:
    """Ask back a birth without its day, and a visit years away."""
    if frame.context is DateContext.BIRTH and answer.kind == "range":
        return DateDoubt("day_missing")
    if frame.context is DateContext.FUTURE and answer.start.year > frame.today.year + USUAL_WAIT_YEARS:
        return DateDoubt("too_far", (answer,))
    return answer
