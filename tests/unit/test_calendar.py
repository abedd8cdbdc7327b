import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.terms.calendar import (
    SHANGHAI,
    Calendar,
    DayCount,
    DayResult,
    NoticeError,
    Pause,
    ServiceHours,
    Source,
    notices_from,
)

FILE = json.loads((Path(__file__).parents[1] / "examples" / "working_days.json").read_text("utf-8"))
CALENDAR = Calendar.build()
NOTICE_2027 = {
    "2027": {
        "days_off": [date(2026, 12, 31), date(2027, 1, 1), *(date(2027, 2, n) for n in range(5, 13))],
        "workdays": [date(2027, 1, 3), date(2027, 2, 20)],
        "spring_festival": [date(2027, 2, n) for n in range(5, 13)],
    }
}

days = st.dates(date(2004, 1, 1), date(2040, 12, 31))
instants = st.datetimes(datetime(2004, 1, 2), datetime(2040, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive by contract


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_the_files_hold_cases() -> None:
    assert len(FILE["workday"]) >= 30
    assert len(FILE["service_hours"]) >= 7


@pytest.mark.parametrize("case", FILE["workday"], ids=lambda case: case["id"])
def test_working_days_are_as_in_the_examples(case: Mapping[str, Any]) -> None:
    start = date.fromisoformat(case["start"])
    if case["kind"] == "add":
        expected: object = DayResult(date.fromisoformat(case["expect"]), case["provisional"])
        assert CALENDAR.add_working_days(start, case["workdays"]) == expected
    else:
        assert case["kind"] == "count_after"
        expected = DayCount(case["expect"], case["provisional"])
        assert CALENDAR.count_working_days_after(start, date.fromisoformat(case["end"])) == expected


@pytest.mark.parametrize("case", FILE["service_hours"], ids=lambda case: case["at"])
def test_the_line_is_open_as_in_the_examples(case: Mapping[str, Any]) -> None:
    assert CALENDAR.is_open(datetime.fromisoformat(case["at"])) is case["open"]


@given(days, st.integers(-60, 60))
def test_counting_undoes_adding_from_a_working_day(start: date, number: int) -> None:
    start = CALENDAR.add_working_days(start, 1).day
    end = CALENDAR.add_working_days(start, number).day
    assert CALENDAR.count_working_days_after(start, end).days == number


@given(days, st.integers(-60, 60).filter(bool))
def test_a_limit_ends_on_a_working_day(start: date, number: int) -> None:
    assert CALENDAR.is_working_day(CALENDAR.add_working_days(start, number).day)


@given(instants)
def test_the_next_opening_is_the_first_open_instant(instant: datetime) -> None:
    opening = CALENDAR.next_opening(instant)
    assert CALENDAR.is_open(opening)
    assert opening >= instant
    assert opening == instant or not CALENDAR.is_open(opening - timedelta(microseconds=1))


@given(instants)
def test_acceptance_is_never_on_a_closed_day_nor_before_receipt(instant: datetime) -> None:
    accepted = CALENDAR.acceptance_day(instant).day
    assert CALENDAR.is_open_day(accepted)
    assert accepted >= instant.astimezone(SHANGHAI).date()


def test_zero_working_days_is_the_start() -> None:
    assert CALENDAR.add_working_days(date(2026, 11, 22), 0) == DayResult(date(2026, 11, 22))


@pytest.mark.parametrize("call", [CALENDAR.is_open, CALENDAR.next_opening, CALENDAR.acceptance_day])
def test_a_naive_instant_is_an_error(call: Callable[[datetime], object]) -> None:
    with pytest.raises(ValueError, match="naive_instant"):
        call(datetime(2026, 11, 23, 10))  # noqa: DTZ001 - the naive instant is the point


def test_an_instant_is_not_taken_for_a_day() -> None:
    with pytest.raises(ValueError, match="day_expected"):
        CALENDAR.is_working_day(shanghai("2026-11-23T10:00"))


def test_instants_of_other_zones_are_read_in_shanghai() -> None:
    evening_utc = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert not CALENDAR.is_open(evening_utc)
    assert CALENDAR.acceptance_day(evening_utc).day == date(2026, 11, 24)
    assert CALENDAR.acceptance_day(evening_utc - timedelta(seconds=1)).day == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        ("2026-11-23T07:59:59", "2026-11-23T08:00"),
        ("2026-11-23T12:34:56", "2026-11-23T12:34:56"),
        ("2026-11-23T20:00", "2026-11-24T08:00"),
        ("2026-02-14T20:00", "2026-02-24T08:00"),
        ("2026-02-17T07:00", "2026-02-24T08:00"),
        ("2026-02-24T07:00", "2026-02-24T08:00"),
        ("2026-12-31T23:00", "2027-01-01T08:00"),
    ],
)
def test_the_line_opens_next_at(at: str, opening: str) -> None:
    assert CALENDAR.next_opening(shanghai(at)) == shanghai(opening)


def test_a_request_before_opening_is_accepted_that_day() -> None:
    assert CALENDAR.acceptance_day(shanghai("2026-11-23T00:00")) == DayResult(date(2026, 11, 23))


def test_a_request_on_the_last_evening_of_the_known_years_is_provisional() -> None:
    assert CALENDAR.acceptance_day(shanghai("2026-12-31T20:00")) == DayResult(date(2027, 1, 1), provisional=True)
    assert CALENDAR.acceptance_day(shanghai("2026-12-31T19:59")) == DayResult(date(2026, 12, 31))


def test_the_closed_days_are_the_whole_block_of_the_notice() -> None:
    assert CALENDAR.spring_festival_block(2026) == {date(2026, 2, n) for n in range(15, 24)}
    assert CALENDAR.spring_festival_block(2024) == {date(2024, 2, n) for n in range(10, 18)}


def test_the_closed_days_of_an_unannounced_year_are_the_statutory_ones() -> None:
    assert CALENDAR.spring_festival_block(2027) == {date(2027, 2, n) for n in range(5, 9)}


@pytest.mark.parametrize(
    ("appointment", "call"),
    [
        ("2026-11-30", "2026-11-29"),
        ("2026-10-08", "2026-10-07"),
        ("2026-02-24", "2026-02-14"),
        ("2026-02-20", "2026-02-14"),
        ("2026-02-15", "2026-02-14"),
        ("2026-02-25", "2026-02-24"),
    ],
)
def test_the_call_is_one_calendar_day_before_or_on_the_last_open_day(appointment: str, call: str) -> None:
    assert CALENDAR.day_before(date.fromisoformat(appointment)) == DayResult(date.fromisoformat(call))


def test_working_days_within_a_pause_do_not_count() -> None:
    pause = Pause(asked=date(2026, 11, 23), answered=date(2026, 11, 25))
    assert CALENDAR.add_working_days(date(2026, 11, 23), 2, pauses=[pause]).day == date(2026, 11, 27)


def test_no_day_comes_after_a_pause_that_goes_on() -> None:
    with pytest.raises(ValueError, match=r"^open_pause$"):
        CALENDAR.add_working_days(date(2026, 11, 23), 1, pauses=[Pause(date(2026, 11, 30))])


def test_hours_are_data() -> None:
    longer = Calendar.build(hours=ServiceHours(time(9), time(21)))
    assert longer.is_open(shanghai("2026-11-23T20:30"))
    assert not longer.is_open(shanghai("2026-11-23T08:30"))
    assert longer.end_of_service(date(2026, 11, 23)) == shanghai("2026-11-23T21:00")
    assert CALENDAR.end_of_service(date(2026, 11, 23)) == shanghai("2026-11-23T20:00")


def test_the_years_covered_are_named_with_their_source() -> None:
    covered = Calendar.build(notices_from(NOTICE_2027)).years_covered()
    assert covered[2026] is Source.SHIPPED
    assert covered[2027] is Source.OPERATOR
    assert list(CALENDAR.years_covered()) == list(range(2004, 2027))
    assert CALENDAR.is_provisional(2027)


def test_an_operators_notice_makes_a_year_definite() -> None:
    calendar = Calendar.build(notices_from(NOTICE_2027))
    assert calendar.add_working_days(date(2027, 2, 3), 5) == DayResult(date(2027, 2, 18))
    assert calendar.is_working_day(date(2027, 2, 20))
    assert calendar.spring_festival_block(2027) == {date(2027, 2, n) for n in range(5, 13)}


def test_a_notice_may_reach_into_the_december_before() -> None:
    calendar = Calendar.build(notices_from(NOTICE_2027))
    assert CALENDAR.is_working_day(date(2026, 12, 31))
    assert not calendar.is_working_day(date(2026, 12, 31))


def test_the_version_names_the_content() -> None:
    assert Calendar.build().version == CALENDAR.version
    assert CALENDAR.version.startswith("2026-")
    assert Calendar.build(notices_from(NOTICE_2027)).version.startswith("2027-")


@pytest.mark.parametrize(
    ("code", "table"),
    [
        ("bad_year", {"next": {}}),
        ("bad_table", {"2027": []}),
        ("missing_list", {"2027": {"days_off": []}}),
        ("bad_date", {"2027": NOTICE_2027["2027"] | {"workdays": ["2027-02-20"]}}),
        ("bad_date", {"2027": NOTICE_2027["2027"] | {"workdays": [shanghai("2027-02-20T00:00")]}}),
        ("date_outside_year", {"2027": NOTICE_2027["2027"] | {"workdays": [date(2028, 2, 20)]}}),
        ("off_and_worked", {"2027": NOTICE_2027["2027"] | {"workdays": [date(2027, 2, 5)]}}),
        ("spring_festival_not_off", {"2027": NOTICE_2027["2027"] | {"days_off": []}}),
        (
            "spring_festival_incomplete",
            {"2027": NOTICE_2027["2027"] | {"spring_festival": [date(2027, 2, 5)]}},
        ),
    ],
)
def test_a_wrong_notice_is_refused_with_a_code(code: str, table: dict[str, object]) -> None:
    with pytest.raises(NoticeError) as caught:
        notices_from(table)
    assert caught.value.code == code


@pytest.mark.parametrize("year", [1, 1899, 1900, 2099, 2100, 9998])
def test_years_beyond_every_table_still_have_working_days(year: int) -> None:
    assert CALENDAR.is_provisional(year)
    assert CALENDAR.add_working_days(date(year, 6, 1), 5).provisional
    assert CALENDAR.is_open_day(date(year, 6, 1))
