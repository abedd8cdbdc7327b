"""The edges of the calendar that only a changed figure or comparison would show (found by `make mutation`)."""

from datetime import UTC, date, datetime, timedelta, tzinfo

import pytest

from flows.terms.calendar import (
    SHANGHAI,
    Calendar,
    DayResult,
    NoticeError,
    Pause,
    in_shanghai,
    notices_from,
    statutory_spring_festival,
)

CALENDAR = Calendar.build()
SPRING_2028 = [date(2028, 1, day) for day in range(25, 30)]


def notice(year: int, **lists: list[date]) -> dict[str, object]:
    spring = sorted(statutory_spring_festival(year))
    return {str(year): {"days_off": spring, "workdays": [], "spring_festival": spring} | lists}


def test_a_pause_holds_from_the_day_after_the_question_to_the_day_of_the_answer() -> None:
    pause = Pause(date(2026, 3, 2), date(2026, 3, 4))
    assert [pause.holds(date(2026, 3, day)) for day in (1, 2, 3, 4, 5)] == [False, False, True, True, False]
    still = Pause(date(2026, 3, 2))
    assert [still.holds(date(2026, 3, day)) for day in (1, 2, 3, 31)] == [False, False, True, True]


@pytest.mark.parametrize(
    ("code", "year", "table"),
    [
        ("bad_year", "next", {"next": {}}),
        ("bad_table", "2028", {"2028": []}),
        ("missing_list", "2028", {"2028": {}}),
        ("bad_date", "2028", {"2028": {"days_off": ["2028-01-01"]}}),
        ("date_outside_year", "2028", notice(2028, workdays=[date(2027, 12, 19)])),
        ("date_outside_year", "2028", notice(2028, workdays=[date(2026, 12, 25)])),
        ("date_outside_year", "2028", notice(2028, workdays=[date(2029, 1, 1)])),
        ("off_and_worked", "2028", notice(2028, workdays=[date(2028, 1, 26)])),
        ("spring_festival_not_off", "2028", notice(2028, days_off=[date(2028, 1, 1)])),
        ("spring_festival_incomplete", "2028", notice(2028, spring_festival=[date(2028, 1, 26)])),
    ],
)
def test_a_wrong_notice_names_the_code_and_the_year(code: str, year: str, table: dict[str, object]) -> None:
    with pytest.raises(NoticeError) as caught:
        notices_from(table)
    assert (caught.value.code, caught.value.year, caught.value.args) == (code, year, (code, year))


def test_a_notice_reaches_from_the_twentieth_of_the_december_before_to_its_own_last_day() -> None:
    worked = [date(2027, 12, 20), date(2028, 12, 31)]
    assert notices_from(notice(2028, workdays=worked))[2028].workdays == set(worked)


def test_a_notice_may_give_the_statutory_days_and_no_more() -> None:
    found = notices_from(notice(2028))[2028]
    assert found.days_off == found.spring_festival == statutory_spring_festival(2028)


def test_the_statutory_spring_festival_is_one_run_of_days_around_the_lunar_new_year() -> None:
    assert sorted(statutory_spring_festival.__wrapped__(2028)) == SPRING_2028[:4]


def test_what_is_wrong_with_a_day_or_an_instant_is_said_by_a_code() -> None:
    with pytest.raises(ValueError, match=r"^day_expected$"):
        CALENDAR.is_working_day(datetime(2026, 3, 2, tzinfo=UTC))
    with pytest.raises(ValueError, match=r"^naive_instant$"):
        in_shanghai(datetime(2026, 3, 2, tzinfo=UTC).replace(tzinfo=None))


class Nowhere(tzinfo):
    """A zone without an offset."""

    def utcoffset(self, _: datetime | None) -> timedelta | None:
        return None

    def dst(self, _: datetime | None) -> timedelta | None:
        return None

    def tzname(self, _: datetime | None) -> str | None:
        return None


def test_a_zone_without_an_offset_is_as_good_as_none() -> None:
    with pytest.raises(ValueError, match=r"^naive_instant$"):
        in_shanghai(datetime(2026, 3, 2, tzinfo=Nowhere()))


def test_a_day_that_needed_a_year_without_a_notice_is_provisional() -> None:
    only_2028 = Calendar.build(notices_from(notice(2028)))
    assert only_2028.is_provisional(2027)
    new_years_eve = datetime(2027, 12, 31, 21, tzinfo=SHANGHAI)
    assert only_2028.acceptance_day(new_years_eve) == DayResult(date(2028, 1, 1), provisional=True)
    assert CALENDAR.day_before(date(2027, 6, 10)) == DayResult(date(2027, 6, 9), provisional=True)
    assert CALENDAR.day_before(date(2026, 6, 10)) == DayResult(date(2026, 6, 9))
