"""Dates as people type them: the shown cases, further ones, and no text that breaks the reader."""

import json
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading.dates import DateContext, DateDoubt, DateReading, Period, find_dates, read_date
from flows.reading.refusal import Refusal

TESTS = Path(__file__).parents[2]
SUNDAY = date(2026, 11, 22)
LETTERS = (
    "0123456789零〇一二三四五六七八九十廿两年月日号天周星期礼拜上下本这个前后今昨明大去初底末旬"
    "农历腊正闰到至-~./,:点半过以内早晚国庆节 "
)


def cases(*names: str) -> list[Any]:
    found = [case for name in names for case in json.loads((TESTS / name).read_text("utf-8"))["cases"]]
    assert found
    return found


def read(text: str, context: str = "past", today: date = SUNDAY) -> DateReading | DateDoubt | Refusal:
    return read_date(text, today=today, context=DateContext(context))


def as_expected(answer: DateReading | DateDoubt | Refusal) -> dict[str, str]:
    match answer:
        case DateReading(start, end) if answer.kind == "range":
            return {"kind": "range", "start": start.isoformat(), "end": end.isoformat()}
        case DateReading(start):
            return {"kind": "date", "date": start.isoformat()}
        case DateDoubt():
            return {"kind": "clarify"}
        case _:
            return {"kind": "invalid"}


@pytest.mark.parametrize(
    "case",
    cases("examples/dates.json", "unit/data/dates_more.json"),
    ids=lambda c: f"{c['id']}-{c['context']}",
)
def test_a_date_is_read_as_a_person_would(case: dict[str, Any]) -> None:
    expected = {k: v for k, v in case["expect"].items() if k != "reason"}
    answer = read(case["input"], case["context"], date.fromisoformat(case["base"]))
    assert as_expected(answer) == expected


@pytest.mark.parametrize("case", [c for c in cases("examples/dates.json") if "time" in c], ids=lambda c: c["id"])
def test_a_time_of_day_is_kept(case: dict[str, Any]) -> None:
    answer = read(case["input"], case["context"])
    assert isinstance(answer, DateReading)
    assert answer.at == time.fromisoformat(case["time"])
    assert answer.period is {"上午": Period.MORNING, "下午": Period.AFTERNOON}[case["period"]]


def test_last_night_at_eight_is_twenty_o_clock() -> None:
    assert read("昨晚8点") == DateReading(date(2026, 11, 21), date(2026, 11, 21), Period.EVENING, time(20))


def test_an_hour_that_may_be_night_or_day_is_not_kept() -> None:
    answer = read("12月3号3点", "future")
    assert isinstance(answer, DateReading)
    assert answer.at is None


@pytest.mark.parametrize(
    ("text", "context", "code"),
    [
        ("2026年2月30日", "any", "day_out_of_range"),
        ("2026-13-01", "any", "month_out_of_range"),
        ("0000-00-00", "any", "not_a_date"),
        ("明天", "past", "future_date"),
        ("昨天", "future", "past_date"),
        ("1850年1月1日", "birth", "too_old"),
        ("2026年11月3日25点", "any", "bad_time"),
        ("3026年1月1日", "any", "year_out_of_range"),
    ],
)
def test_an_impossible_date_is_refused_with_its_reason(text: str, context: str, code: str) -> None:
    assert read(text, context) == Refusal(code)


@pytest.mark.parametrize(
    ("text", "context", "code"),
    [
        ("", "any", "empty"),
        ("你好", "any", "no_date"),
        ("123", "any", "not_a_date"),
        ("最近", "past", "vague"),
        ("三个月了", "past", "duration"),
        ("下午三点", "future", "time_only"),
        ("11/3/2026", "any", "ambiguous_order"),
        ("11月3日或11月5日", "past", "multiple"),
        ("11月3号左右", "past", "approximate"),
        ("11月3号以后", "past", "open_ended"),
        ("下周三不行", "future", "negated"),
        ("11月25日周四", "future", "weekday_mismatch"),
        ("周日", "past", "which_week"),
        ("5月12日", "birth", "year_missing"),
        ("1985年", "birth", "day_missing"),
        ("11月3日", "future", "just_passed"),
        ("报告2026.11.03，编号12345", "past", "unread_figures"),
    ],
)
def test_what_is_not_sure_is_asked_back_with_its_reason(text: str, context: str, code: str) -> None:
    answer = read(text, context)
    assert isinstance(answer, DateDoubt)
    assert answer.code == code or (code == "multiple" and answer.code == "open_ended")


def test_a_doubt_offers_the_days_it_may_mean() -> None:
    answer = read("11/3/2026", "any")
    assert isinstance(answer, DateDoubt)
    assert [c.start for c in answer.candidates] == [date(2026, 3, 11), date(2026, 11, 3)]


def test_a_day_that_was_ruled_out_is_never_offered() -> None:
    assert read("下周三不行", "future") == DateDoubt("negated")


@pytest.mark.parametrize(
    ("today", "text", "day"),
    [
        (date(2026, 3, 31), "一个月前", date(2026, 2, 28)),
        (date(2024, 3, 31), "一个月前", date(2024, 2, 29)),
        (date(2028, 2, 29), "一年前", date(2027, 2, 28)),
        (date(2027, 1, 1), "上周五", date(2026, 12, 25)),
        (date(2027, 1, 2), "12月30日", date(2026, 12, 30)),
        (date(2027, 1, 2), "31号", date(2026, 12, 31)),
    ],
)
def test_month_ends_leap_years_and_new_year_are_counted_as_on_a_calendar(today: date, text: str, day: date) -> None:
    assert read(text, today=today) == DateReading(day, day)


def test_dates_in_a_longer_text_are_found_where_they_stand() -> None:
    text = "１９８５年５月１２日 出生， 2026年 11月3日 确诊"
    found = find_dates(text, today=SUNDAY, context=DateContext.PAST)
    assert [text[f.start : f.end] for f in found] == ["１９８５年５月１２日", "2026年 11月3日"]
    assert [as_expected(f.answer)["date"] for f in found] == ["1985-05-12", "2026-11-03"]


@given(
    st.text() | st.text(LETTERS, max_size=20),
    st.sampled_from(DateContext),
    st.dates() | st.dates(date(2020, 1, 1), date(2030, 12, 31)),
)
def test_any_text_gives_a_date_a_doubt_or_a_refusal(text: str, context: DateContext, today: date) -> None:
    answer = read_date(text, today=today, context=context)
    assert isinstance(answer, DateReading | DateDoubt | Refusal)
    if isinstance(answer, DateReading):
        assert answer.start <= answer.end
        assert context not in {DateContext.PAST, DateContext.BIRTH} or answer.start <= today
        assert context is not DateContext.FUTURE or answer.end >= today
    for found in find_dates(text, today=today, context=context):
        assert 0 <= found.start < found.end <= len(text)


@given(st.dates(date(1930, 1, 1), SUNDAY))
def test_every_full_date_is_read_back_in_every_common_form(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    forms = (
        f"{y}年{m}月{d}日",
        f"{y}-{m:02}-{d:02}",
        f"{y}/{m}/{d}",
        f"{y}.{m}.{d}",
        f"{day:%Y%m%d}",
        f"{y}年{m}月{d}号",
    )
    for form in forms:
        assert read(form, "birth") == DateReading(day, day)
