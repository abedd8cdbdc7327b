"""Shapes with their month or year in words: 11月3日, 去年10月, 腊月初八, 国庆节, 2025年春天."""

import re
from types import MappingProxyType

from flows.reading.dates import calendar as cal
from flows.reading.dates import numerals
from flows.reading.dates.calendar import Meaning
from flows.reading.dates.model import DateDoubt, DateReading, Frame, Lunar, Partial
from flows.reading.dates.numerals import number
from flows.reading.dates.vocabulary import WORDS

THIRDS = MappingProxyType({"上": (1, 10), "中": (11, 20), "下": (21, -1), "上中": (1, 20), "中下": (11, -1)})
SEASONS = MappingProxyType({"春": (3, 5), "夏": (6, 8), "秋": (9, 11)})
HALVES = MappingProxyType({"上": (1, 6), "下": (7, 12)})
LUNAR_MONTHS = MappingProxyType({"正": 1, "冬": 11, "腊": 12})
NAMES_BEFORE_FESTIVAL = re.compile(r"[\u4e00-\u9fff]$")
JOINS_BEFORE_FESTIVAL = "在是的于年到至和、天就当号"
SHORT_YEAR, FIRST_YEAR_OF_ERA, NEW_CENTURY = 2, 1911, 2000


def year_of(match: re.Match[str], frame: Frame) -> tuple[int | None, bool]:
    """Return the year and whether two digits were typed; a word counts from this year, 民国 from 1911."""
    groups = match.groupdict()
    if groups.get("ry"):
        return frame.today.year + WORDS["years"][groups["ry"]], False
    typed = groups.get("y") or ""
    if groups.get("era"):
        since = number(typed)
        return (None if since is None else FIRST_YEAR_OF_ERA + since), False
    return numerals.year(typed), len(typed) == SHORT_YEAR


def _unread_year(match: re.Match[str], year: int | None) -> bool:
    """Whether a year was typed that is none."""
    return bool(match.groupdict().get("y")) and year is None


def lunar(match: re.Match[str], frame: Frame) -> Meaning | None:
    """Read a lunar date where it is marked: 农历, 正/冬/腊月, 初, 闰."""
    first = match["d"] is not None and match["d"].startswith("初")
    named = match["m"] in LUNAR_MONTHS
    if not (match["mark"] or match["mark2"] or match["mark3"] or match["leap"] or first or named):
        return None
    year, short = year_of(match, frame)
    month = LUNAR_MONTHS.get(match["m"]) or number(match["m"])
    day = number((match["d"] or "").removeprefix("初"))
    if month is None or day is None or _unread_year(match, year):
        return DateDoubt("lunar_unclear")
    if short and year is not None:
        century = frame.today.year // 100 * 100
        year += century if year + century <= frame.today.year else century - 100
    return Lunar(month, day, year, bool(match["leap"]))


def new_year(match: re.Match[str], _frame: Frame) -> Meaning | None:
    """Read 大年初三."""
    day = number(match["d"])
    return None if day is None else Lunar(1, day)


def calendar(match: re.Match[str], frame: Frame) -> Meaning | None:
    """Read a date with its month: 11月3日, 去年10月, 上个月15号, 11月3-5日, 12月下旬."""
    year, short = year_of(match, frame)
    if _unread_year(match, year):
        return None
    month = number(match["m"])
    if match["rm"]:
        year, month = _month_word(match["rm"], frame)
    if month is None or match["edge"]:
        return DateDoubt("vague")
    if match["third"]:
        first, last = THIRDS[match["third"]]
        return Partial(year, month, first, last_day=last, short_year=short)
    return _day_in_month(match, Partial(year, month, short_year=short))


def _month_word(word: str, frame: Frame) -> tuple[int | None, int | None]:
    """Return year and month of 上上个月, 本月, 下月."""
    away = word.count("下") - word.count("上")
    found = cal.add_months(frame.today.replace(day=1), away)
    return (found.start.year, found.start.month) if isinstance(found, DateReading) else (None, None)


def _day_in_month(match: re.Match[str], partial: Partial) -> Meaning | None:
    """Return the date with the day, or the days, that follow the month."""
    if match["d"] is None:
        return partial
    day, last = number(match["d"]), number(match["d2"])
    if day is None or (match["d2"] and last is None):
        return DateDoubt("multiple")
    if _may_be_lunar(match, partial):
        return DateDoubt("lunar_or_solar")
    return Partial(partial.year, partial.month, day, last_day=last, short_year=partial.short_year)


def _may_be_lunar(match: re.Match[str], partial: Partial) -> bool:
    """Whether it is written as lunar dates are: 八月十五, no year and no 日 or 号."""
    words = (match["m"] or "0") + match["d"]
    return partial.year is None and match["d2"] is None and not re.search(r"[0-9日号]", words + match[0][-1])


def festival(match: re.Match[str], frame: Frame) -> Meaning | None:
    """Read a festival, of this context's year or the one named."""
    year, short = year_of(match, frame)
    name, before = match["name"], match.string[: match.start()]
    if _unread_year(match, year) or short:
        return None
    if year is None and NAMES_BEFORE_FESTIVAL.search(before) and before[-1] not in JOINS_BEFORE_FESTIVAL:
        return None
    if name in WORDS["lunar_festivals"]:
        return _lunar_festival(*WORDS["lunar_festivals"][name], year=year)
    if name in WORDS["solar_terms"]:
        return _solar_term(WORDS["solar_terms"][name], year)
    month, day = {**WORDS["short_festivals"], **WORDS["festivals"]}[name]
    return Partial(year, month, day)


def _lunar_festival(month: int, day: int, *, year: int | None) -> Meaning:
    """Return the festival; those at a lunar year's end are asked back when a year is named."""
    if year is not None and (month >= cal.LATE_LUNAR_MONTH or day == 0):
        return DateDoubt("lunar_unclear")
    return Lunar(month, day, year)


def _solar_term(term: tuple[int, float, float], year: int | None) -> Meaning:
    """Return the day of a solar term (the century formula, good for 1901-2099)."""
    month, new, old = term
    if year is None:
        return DateDoubt("year_missing")
    in_century = year % 100
    constant, leaps = (new, in_century // 4) if year >= NEW_CENTURY else (old, (in_century - 1) // 4)
    return Partial(year, month, int(in_century * 0.2422 + constant) - leaps)


def year_part(match: re.Match[str], frame: Frame) -> Meaning | None:
    """Read a year, or its half, quarter or season; winter lies in two years and is asked back."""
    year, _ = year_of(match, frame)
    if match["y4"]:
        year = numerals.year(match["y4"])
    if year is None:
        return None
    if match["edge"] or match["season"] == "冬":
        return DateDoubt("vague")
    return _part_of(match, year)


def _part_of(match: re.Match[str], year: int | None) -> Partial:
    """Return the months of a season, half or quarter; the whole year where none is named."""
    if match["season"]:
        first, last = SEASONS[match["season"]]
    elif match["half"]:
        first, last = HALVES[match["half"]]
    elif match["quarter"]:
        last = 3 * (number(match["quarter"]) or 1)
        first = last - 2
    else:
        return Partial(year)
    return Partial(year, first, last_month=last)


def season(match: re.Match[str], frame: Frame) -> Meaning:
    """Read 上半年 and 三季度 without a year: this year's, if the context allows."""
    found = cal.allow(cal.read_meaning(_part_of(match, frame.today.year), frame), frame)
    return found if isinstance(found, DateReading) else DateDoubt("year_missing")
