"""The lunar calendar that the terms and the date reader rest on, held against published days.

The sixth month of 1933 and the eighth of 1978 begin on the day of a new moon ten minutes after midnight in UTC+8.
"""

from datetime import date
from itertools import pairwise

import pytest

from flows.reading.dates.calendar import lunar_day, one_day
from flows.reading.dates.model import Lunar
from flows.reading.refusal import Refusal
from flows.terms.calendar import FIRST_LUNAR_YEAR, LAST_LUNAR_YEAR, statutory_spring_festival

NEW_YEARS = [
    date(1900, 1, 31),
    date(1949, 1, 29),
    date(1985, 2, 20),
    date(2000, 2, 5),
    date(2023, 1, 22),
    date(2024, 2, 10),
    date(2025, 1, 29),
    date(2026, 2, 17),
    date(2027, 2, 6),
    date(2028, 1, 26),
    date(2033, 1, 31),
    date(2034, 2, 19),
    date(2099, 1, 21),
]


@pytest.mark.parametrize("day", NEW_YEARS, ids=str)
def test_the_lunar_year_begins_on_its_published_day(day: date) -> None:
    assert lunar_day(Lunar(1, 1), day.year) == one_day(day)


@pytest.mark.parametrize("day", [day for day in NEW_YEARS if day.year > 1949], ids=str)
def test_the_statutory_spring_festival_holds_the_first_day_of_the_lunar_year(day: date) -> None:
    assert day in statutory_spring_festival(day.year)


@pytest.mark.parametrize("year", [FIRST_LUNAR_YEAR - 1, LAST_LUNAR_YEAR + 1])
def test_a_year_outside_the_table_has_no_known_spring_festival(year: int) -> None:
    assert not statutory_spring_festival(year)
    assert lunar_day(Lunar(1, 1), year) == Refusal("day_out_of_range")


def test_every_lunar_year_has_twelve_or_thirteen_months() -> None:
    first = [lunar_day(Lunar(1, 1), year).start for year in range(FIRST_LUNAR_YEAR, LAST_LUNAR_YEAR + 1)]  # type: ignore[union-attr]
    lengths = {(after - before).days for before, after in pairwise(first)}
    assert lengths <= {353, 354, 355, 383, 384, 385}
    assert len(first) == LAST_LUNAR_YEAR - FIRST_LUNAR_YEAR + 1


@pytest.mark.parametrize(
    ("year", "month", "leap", "day"),
    [
        (1933, 6, False, date(1933, 7, 23)),
        (1954, 11, False, date(1954, 11, 25)),
        (1976, 8, True, date(1976, 9, 24)),
        (1978, 8, False, date(1978, 9, 3)),
        (2023, 2, True, date(2023, 3, 22)),
        (2025, 6, True, date(2025, 7, 25)),
        (2033, 11, True, date(2033, 12, 22)),
    ],
)
def test_a_month_begins_on_its_published_day(year: int, month: int, leap: bool, day: date) -> None:  # noqa: FBT001
    assert lunar_day(Lunar(month, 1, leap=leap), year) == one_day(day)


def test_a_leap_month_that_the_year_does_not_have_is_refused() -> None:
    assert lunar_day(Lunar(2, 1, leap=True), 2024) == Refusal("day_out_of_range")
