"""Shapes that count from today, and the clock: days, weeks, spans of time gone by."""

import re
from dataclasses import replace
from datetime import date, time
from types import MappingProxyType

from flows.reading.dates import calendar as cal
from flows.reading.dates.calendar import Meaning
from flows.reading.dates.model import (
    Clock,
    DateContext,
    DateDoubt,
    DateReading,
    Frame,
    Period,
    Weekday,
    Weekend,
)
from flows.reading.dates.numerals import number
from flows.reading.dates.vocabulary import WORDS

DAYS_OF_WEEK = MappingProxyType(
    {c: i for i, c in enumerate("一二三四五六日")} | {"天": 6} | {str(i): i - 1 for i in range(1, 8)}
)
PAIRS = MappingProxyType({"今明": (0, 1), "明后": (1, 2), "昨今": (-1, 0)})
UNIT_DAYS = MappingProxyType({"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7})
UNIT_MONTHS = MappingProxyType({"月": 1, "年": 12})
HALF_UNITS = MappingProxyType({"月": 15, "年": 6})
NOON, LAST_HOUR, MINUTES = 12, 24, 60
UTC_LAST_HOUR = 16
LOCAL_ZONES = (None, "+08:00", "+0800")
PLAIN_FROM, LAST_NOON_HOUR = 7, 4


def passed_time(match: re.Match[str], frame: Frame) -> Meaning:
    """Read 三天前, 半年前, 过一周; what has no direction or is not exact is asked back."""
    unit = match["unit"] or match["long"] or match["long_"]
    direction = match["dir"] or ("后" if match["over"] else "")
    half = match["half"] or match["half_"] or match["more_"]
    loose = match["more"] or (half and (unit not in UNIT_MONTHS or half != "半" or unit == "月"))
    amount = 0 if match["n"] == "半" else number(match["n"])
    if not direction or unit == "日" or loose or amount is None or _a_few(match):
        return DateDoubt("duration")
    halves = int(match["n"] == "半") + int(bool(half))
    if halves and unit not in HALF_UNITS:
        return DateDoubt("duration")
    sign = -1 if direction.endswith("前") else 1
    return _offset(frame.today, unit, sign * amount, sign * halves)


def _a_few(match: re.Match[str]) -> bool:
    """过两天 is in a few days, unlike 两天后."""
    return bool(match["over"]) and not match["dir"] and match["n"] in {"两", "二", "2"} and match["unit"] == "天"


def _offset(today: date, unit: str, amount: int, halves: int) -> Meaning:
    """Return the day so many units away; half a month is fifteen days, half a year six months."""
    if unit == "月" and halves:
        return cal.add_days(today, halves * HALF_UNITS[unit])
    if unit in UNIT_MONTHS:
        return cal.add_months(today, amount * UNIT_MONTHS[unit] + halves * HALF_UNITS[unit])
    return cal.add_days(today, amount * UNIT_DAYS[unit])


def duration(_match: re.Match[str], _frame: Frame) -> Meaning:
    """Hours and the like name no day."""
    return DateDoubt("duration")


def day_pair(match: re.Match[str], frame: Frame) -> Meaning:
    """Read 明后两天."""
    return cal.stretch(cal.one_day(frame.today), *PAIRS[match["pair"]])


def day_word(match: re.Match[str], frame: Frame) -> Meaning:
    """Read 今天, 大前天, 昨晚."""
    found = cal.add_days(frame.today, WORDS["days"][match["stem"]])
    period = WORDS["periods"].get(match["word"])
    return replace(found, period=Period(period)) if period and isinstance(found, DateReading) else found


def cantonese(match: re.Match[str], frame: Frame) -> Meaning:
    """Read 听日, 寻日."""
    return cal.add_days(frame.today, WORDS["cantonese_days"][match["word"]])


def same_day(match: re.Match[str], frame: Frame) -> Meaning:
    """Read 去年今天."""
    return cal.add_months(frame.today, -1 if match["rel"].endswith("月") else -12)


def week(match: re.Match[str], frame: Frame) -> Meaning:
    """Read 上周, 下周三, 上上周末."""
    weeks = match["rel"].count("下") - match["rel"].count("上")
    first = cal.monday(frame, weeks)
    if match["more"]:
        return DateDoubt("multiple")
    if match["end"]:
        return cal.stretch(first, cal.SATURDAY, cal.WEEK - 1)
    if match["wd"] is None:
        return cal.stretch(first, 0, cal.WEEK - 1)
    day = cal.stretch(first, DAYS_OF_WEEK[match["wd"]], DAYS_OF_WEEK[match["wd"]])
    if match["one"] and match["week"] == "周" and abs(weeks) == 1:
        return _next_or_of_next_week(day, weeks, frame)
    return _this_week_in_doubt(day, frame) if weeks == 0 else day


def _next_or_of_next_week(day: Meaning, weeks: int, frame: Frame) -> Meaning:
    """下个周三 is the next Wednesday or next week's: asked back unless they are one."""
    if not isinstance(day, DateReading):
        return day
    nearest = abs((day.start - frame.today).days) <= cal.WEEK
    other = cal.add_days(day.start, -weeks * cal.WEEK)
    if nearest or not isinstance(other, DateReading):
        return day
    return DateDoubt("which_week", (other, day))


def _this_week_in_doubt(day: Meaning, frame: Frame) -> Meaning:
    """本周五 that the context cannot have is asked back: on a Sunday it may be the coming one."""
    if not isinstance(day, DateReading) or day == cal.allow(day, frame):
        return day
    other = cal.add_days(day.start, -cal.WEEK if frame.context is DateContext.PAST else cal.WEEK)
    return DateDoubt("which_week", (other,) if isinstance(other, DateReading) else ())


def weekday(match: re.Match[str], _frame: Frame) -> Meaning:
    """Read 周三, 周末."""
    if match["more"]:
        return DateDoubt("multiple")
    return Weekend() if match["end"] else Weekday(DAYS_OF_WEEK[match["wd"]])


def clock(match: re.Match[str], _frame: Frame) -> Meaning | Clock | None:
    """Read 下午3点半, 14:30, T00:00:00; an hour without its half of the day is kept where it is plain."""
    hour, minute = number(match["h"]), _minute(match["mi"])
    if hour is None or minute is None:
        return None
    if hour > LAST_HOUR or minute >= MINUTES or (hour == LAST_HOUR and minute):
        return Clock(broken=True)
    period = _period(match["p"] or match["p2"])
    if match["zone"] not in LOCAL_ZONES:
        return Clock(foreign=match["zone"] != "z" or hour >= UTC_LAST_HOUR)
    return Clock(period, _time(hour, minute, period, written=":" in match[0]))


def _minute(text: str | None) -> int | None:
    """Return the minutes of 半, 三刻, 15; None when they are no number."""
    named = {"半": 30, "一刻": 15, "三刻": 45, None: 0}
    return named[text] if text in named else number(text)


def _period(word: str | None) -> Period | None:
    """Return the part of the day, if named."""
    return Period(WORDS["periods"][word]) if word else None


def _time(hour: int, minute: int, period: Period | None, *, written: bool) -> time | None:
    """Return the time of 24 hours; 3点 alone may be night or day."""
    if hour == LAST_HOUR or (period is None and not written and hour < PLAIN_FROM):
        return None
    late = period in {Period.AFTERNOON, Period.EVENING} and hour < NOON
    early_noon = period is Period.NOON and hour <= LAST_NOON_HOUR
    return time(hour + NOON if late or early_noon else hour, minute)


def period(match: re.Match[str], _frame: Frame) -> Clock:
    """Read a part of the day alone."""
    return Clock(_period(match["p"]))
