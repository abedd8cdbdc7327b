"""What a date answer can turn out to be: a day or a span, a doubt to ask back, or (a Refusal) impossible."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum


class DateContext(StrEnum):
    """What the question asks for; it settles years and weeks that are not typed."""

    PAST = "past"
    FUTURE = "future"
    BIRTH = "birth"
    ANY = "any"


class Period(StrEnum):
    """The part of the day that was named."""

    SMALL_HOURS = "small_hours"
    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class DateReading:
    """The days meant, both ends included; `start == end` is one day. The clock only where typed."""

    start: date
    end: date
    period: Period | None = None
    at: time | None = None

    @property
    def kind(self) -> str:
        """`date` for one day, `range` for several."""
        return "date" if self.start == self.end else "range"


@dataclass(frozen=True, slots=True)
class DateDoubt:
    """Not to be guessed: ask back. `candidates` are the days it may mean, the likeliest first."""

    code: str
    candidates: tuple[DateReading, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """From where an answer is understood: the day of the answer (Asia/Shanghai) and what was asked for."""

    today: date
    context: DateContext


@dataclass(frozen=True, slots=True)
class Partial:
    """A calendar date as typed: what is None was not said. `last_day` -1 is the month's end."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    last_month: int | None = None
    last_day: int | None = None
    short_year: bool = False


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week (0 Monday) with no week named."""

    day: int


@dataclass(frozen=True, slots=True)
class Weekend:
    """Saturday and Sunday with no week named."""


@dataclass(frozen=True, slots=True)
class Lunar:
    """A day of the lunar calendar; day 0 is the last day of the year before (除夕)."""

    month: int
    day: int
    year: int | None = None
    leap: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day; `broken` when there is no such hour, `foreign` when the time zone may change the day."""

    period: Period | None = None
    at: time | None = None
    broken: bool = False
    foreign: bool = False
