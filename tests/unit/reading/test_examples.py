"""The shown cases, by the scorer of `make accuracy`: all right, nothing accepted wrongly."""

import json
from datetime import date
from pathlib import Path

import pytest

from benchmarks.accuracy import Report, miss, score

EXAMPLES = Path(__file__).parents[2] / "examples"
FEWEST = {
    "dates.json": 59,
    "hospital_names.json": 136,
    "id_numbers.json": 70,
    "illnesses.json": 152,
    "phones.json": 28,
    "rules.json": 63,
    "working_days.json": 46,
}


def report_on(name: str) -> Report:
    return score(json.loads((EXAMPLES / name).read_text("utf-8")), today=date.min)


def test_every_file_of_examples_is_scored() -> None:
    assert {file.name for file in EXAMPLES.glob("*.json")} == FEWEST.keys()


@pytest.mark.parametrize(("name", "fewest"), FEWEST.items())
def test_the_shown_cases_are_all_right_and_nothing_is_accepted_wrongly(name: str, fewest: int) -> None:
    report = report_on(name)
    assert len(report.scored) >= fewest
    assert report.wrong_acceptances == 0
    assert list(map(miss, report.misses)) == []
