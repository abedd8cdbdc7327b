"""The working-day calendar: working days, opening hours, the days on which the line is closed.

Working days follow the State Council's yearly notice (调休 included), from chinesecalendar for the years that
it knows. Where no notice is out, they are Monday to Friday less the statutory days, and every answer that
needed such a year says so (`provisional`, 待国务院公布). An operator may hand in a notice before the package
has it. A calendar never changes; its `version` names its content, so that a stored deadline can be replayed.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Self
from zoneinfo import ZoneInfo

import holidays
from borax.calendars.lunardate import LunarDate
from chinese_calendar import constants as announced

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
DAY: Final = timedelta(days=1)
SATURDAY: Final = 5
# What borax's table holds.
FIRST_LUNAR_YEAR: Final = 1900
LAST_LUNAR_YEAR: Final = 2100


@dataclass(frozen=True, slots=True)
class DayResult:
    """A day that was worked out; `provisional` when it needed a year whose notice is not out."""

    day: date
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class DayCount:
    """A number of working days; `provisional` as in `DayResult`."""

    days: int
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which no working day counts: after `asked`, up to and with `answered`; None: it goes on [OP-P3]."""

    asked: date
    answered: date | None = None

    def holds(self, day: date) -> bool:
        """Return True if `day` is within (asked, answered]."""
        return self.asked < day and (self.answered is None or day <= self.answered)


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """The hours of the line: open for opens <= t < closes, Asia/Shanghai [OP-P1b]."""

    opens: time = time(8)
    closes: time = time(20)


@dataclass(frozen=True, slots=True)
class HolidayNotice:
    """The State Council's notice for one year: what it frees, what it makes up for, and its 春节 block.

    The dates may reach into the December before (a 元旦 break that starts in the old year).
    """

    year: int
    days_off: frozenset[date]
    workdays: frozenset[date]
    spring_festival: frozenset[date]


class NoticeError(ValueError):
    """An operator's notice that cannot be right: `code`, and the year it stands under."""

    def __init__(self, code: str, year: str) -> None:
        super().__init__(code, year)
        self.code = code
        self.year = year


class Source(StrEnum):
    """Where a year's notice comes from."""

    SHIPPED = "shipped"
    OPERATOR = "operator"


@lru_cache(maxsize=256)
def statutory_days(year: int) -> frozenset[date]:
    """Return the statutory days off of `year` (全国年节及纪念日放假办法), without any shifting of weekends."""
    return frozenset(holidays.country_holidays("CN", years=year, observed=False))


@lru_cache(maxsize=256)
def statutory_spring_festival(year: int) -> frozenset[date]:
    """Return the statutory days of 春节: those in one run with the first day of the lunar year."""
    off = statutory_days(year)
    if not FIRST_LUNAR_YEAR <= year <= LAST_LUNAR_YEAR:
        return frozenset()
    new_year = LunarDate(year, 1, 1).to_solar_date()
    return frozenset(_run(off, new_year, -DAY) | _run(off, new_year, DAY))


def _run(days: frozenset[date], start: date, step: timedelta) -> set[date]:
    found: set[date] = set()
    while start in days:
        found.add(start)
        start += step
    return found


def shipped_notices() -> dict[int, HolidayNotice]:
    """Return the notices that chinesecalendar knows, by year."""
    spring = announced.Holiday.spring_festival.value
    years = sorted({day.year for day in announced.holidays})
    return {
        year: HolidayNotice(
            year=year,
            days_off=frozenset(d for d in announced.holidays if d.year == year),
            workdays=frozenset(d for d in announced.workdays if d.year == year),
            spring_festival=frozenset(d for d, n in announced.holidays.items() if d.year == year and n == spring),
        )
        for year in years
    }


def notices_from(table: Mapping[str, object]) -> dict[int, HolidayNotice]:
    """Read an operator's file (parsed TOML): a table a year, each with the three lists of dates of `HolidayNotice`.

    Raises NoticeError: bad_year, bad_table, missing_list, bad_date, date_outside_year, off_and_worked,
    spring_festival_not_off, spring_festival_incomplete.
    """
    notices = [_notice(year, entry) for year, entry in table.items()]
    return {notice.year: notice for notice in notices}


def _notice(key: str, entry: object) -> HolidayNotice:
    if not (key.isascii() and key.isdigit() and len(key) == len("2027")):
        raise NoticeError("bad_year", key)
    if not isinstance(entry, Mapping):
        raise NoticeError("bad_table", key)
    lists = {name: _dates(key, entry, name) for name in ("days_off", "workdays", "spring_festival")}
    notice = HolidayNotice(year=int(key), **lists)
    _check(notice)
    return notice


def _dates(key: str, entry: Mapping[str, object], name: str) -> frozenset[date]:
    listed = entry.get(name)
    if not isinstance(listed, list):
        raise NoticeError("missing_list", key)
    earliest, latest = date(int(key) - 1, 12, 20), date(int(key), 12, 31)
    for day in listed:
        if not isinstance(day, date) or isinstance(day, datetime):
            raise NoticeError("bad_date", key)
        if not earliest <= day <= latest:
            raise NoticeError("date_outside_year", key)
    return frozenset(listed)


def _check(notice: HolidayNotice) -> None:
    if notice.days_off & notice.workdays:
        raise NoticeError("off_and_worked", str(notice.year))
    if not notice.spring_festival <= notice.days_off:
        raise NoticeError("spring_festival_not_off", str(notice.year))
    if not statutory_spring_festival(notice.year) <= notice.spring_festival:
        raise NoticeError("spring_festival_incomplete", str(notice.year))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days and opening hours; immutable. Build it with `Calendar.build`."""

    days_off: frozenset[date]
    workdays: frozenset[date]
    spring_festivals: Mapping[int, frozenset[date]]
    sources: Mapping[int, Source]
    hours: ServiceHours
    version: str

    @classmethod
    def build(cls, operator: Mapping[int, HolidayNotice] | None = None, *, hours: ServiceHours | None = None) -> Self:
        """Build from the shipped notices, each replaced by the operator's of the same year."""
        own = operator or {}
        shipped = {year: notice for year, notice in shipped_notices().items() if year not in own}
        notices = dict(sorted((shipped | dict(own)).items()))
        # What the operator says of the December before wins over the shipped notice of that year.
        own_off = {day for notice in own.values() for day in notice.days_off}
        own_worked = {day for notice in own.values() for day in notice.workdays}
        off = {day for notice in shipped.values() for day in notice.days_off}
        worked = {day for notice in shipped.values() for day in notice.workdays}
        return cls(
            days_off=frozenset((off - own_worked) | own_off),
            workdays=frozenset((worked - own_off) | own_worked),
            spring_festivals=MappingProxyType({year: n.spring_festival for year, n in notices.items()}),
            sources=MappingProxyType({year: Source.OPERATOR if year in own else Source.SHIPPED for year in notices}),
            hours=hours or ServiceHours(),
            version=_version(notices.values()),
        )

    def years_covered(self) -> dict[int, Source]:
        """Return the years whose notice is known, in order, each with where it comes from."""
        return dict(sorted(self.sources.items()))

    def is_provisional(self, year: int) -> bool:
        """Return True if the notice of `year` is not out (待国务院公布)."""
        return year not in self.sources

    def is_working_day(self, day: date) -> bool:
        """Return True if `day` is a working day; ValueError for a datetime, whose day depends on the zone."""
        if isinstance(day, datetime):
            raise ValueError("day_expected")  # noqa: TRY004 - an instant here is a wrong value, as a naive one is
        if day in self.workdays:
            return True
        if day.weekday() >= SATURDAY or day in self.days_off:
            return False
        return day.year in self.sources or day not in statutory_days(day.year)

    def add_working_days(self, start: date, days: int, *, pauses: Iterable[Pause] = ()) -> DayResult:
        """Return the `days`-th working day after `start`, which is never counted.

        A negative number counts back; zero gives `start`. Working days within a pause do not count [OP-P3].
        Raises ValueError for a pause that goes on: no day can be given after it.
        """
        step = DAY if days > 0 else -DAY
        held, day, left, provisional = tuple(pauses), start, abs(days), False
        if any(pause.answered is None for pause in held):
            raise ValueError("open_pause")
        while left:
            day += step
            provisional = provisional or self.is_provisional(day.year)
            left -= self.is_working_day(day) and not any(pause.holds(day) for pause in held)
        return DayResult(day, provisional)

    def count_working_days_after(self, start: date, end: date) -> DayCount:
        """Count the working days after `start`, `end` included.

        With `end` before `start`, the days from `end` up to and without `start`, as a negative number: what
        `add_working_days` would need to get there.
        """
        if end < start:
            days, sign = [end + DAY * n for n in range((start - end).days)], -1
        else:
            days, sign = [start + DAY * n for n in range(1, (end - start).days + 1)], 1
        count = sum(self.is_working_day(day) for day in days)
        return DayCount(sign * count, any(self.is_provisional(day.year) for day in days))

    def spring_festival_block(self, year: int) -> frozenset[date]:
        """Return the days on which the line is closed: 春节法定假期不提供服务 [OP-P1b].

        The whole block of the notice, and at least the statutory days.
        """
        return self.spring_festivals.get(year, frozenset()) | statutory_spring_festival(year)

    def is_open_day(self, day: date) -> bool:
        """Return True if the line is served on `day`: every day but the 春节 block [OP-P1b]."""
        return day not in self.spring_festival_block(day.year)

    def is_open(self, instant: datetime) -> bool:
        """Return True if the line is served at `instant`; ValueError for a naive one [OP-P1b]."""
        local = in_shanghai(instant)
        in_hours = self.hours.opens <= local.time() < self.hours.closes
        return in_hours and self.is_open_day(local.date())

    def next_opening(self, instant: datetime) -> datetime:
        """Return the first instant, not before `instant`, at which the line is served (Asia/Shanghai)."""
        local = in_shanghai(instant)
        if self.is_open(local):
            return local
        day = local.date()
        if not (self.is_open_day(day) and local.time() < self.hours.opens):
            day = self._open_day(day + DAY, DAY)
        return datetime.combine(day, self.hours.opens, SHANGHAI)

    def end_of_service(self, day: date) -> datetime:
        """Return the closing time of `day` (Asia/Shanghai)."""
        return datetime.combine(day, self.hours.closes, SHANGHAI)

    def acceptance_day(self, instant: datetime) -> DayResult:
        """Return the day on which a complete request received at `instant` is accepted.

        That day, if the line is open on it and it is before closing time; else the next open day [OP-P1b].
        """
        local = in_shanghai(instant)
        late = local.time() >= self.hours.closes
        day = self._open_day(local.date() + DAY * late, DAY)
        years = {local.year, day.year} if late or day != local.date() else {day.year}
        return DayResult(day, any(self.is_provisional(year) for year in years))

    def day_before(self, appointment: date) -> DayResult:
        """Return the day of the call before an appointment: one calendar day before.

        [OP-P4, IP-A4, IP-B5, IP-B8]. Where that is in the closed 春节 block, the last open day before it.
        """
        day = self._open_day(appointment - DAY, -DAY)
        return DayResult(day, self.is_provisional(day.year))

    def _open_day(self, day: date, step: timedelta) -> date:
        while not self.is_open_day(day):
            day += step
        return day


def in_shanghai(instant: datetime) -> datetime:
    """Return `instant` in Asia/Shanghai; ValueError for a naive one."""
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError("naive_instant")
    return instant.astimezone(UTC).astimezone(SHANGHAI)


def _version(notices: Iterable[HolidayNotice]) -> str:
    known = list(notices)
    lines = [
        f"{notice.year}:{kind}:{day}"
        for notice in known
        for kind in ("days_off", "workdays", "spring_festival")
        for day in sorted(getattr(notice, kind))
    ]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return f"{known[-1].year}-{digest[:12]}"
