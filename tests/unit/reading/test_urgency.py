import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading.urgency import Urgency, UrgencyKind, read_urgency

UNIT = Path(__file__).parents[1]
CASES: list[dict[str, Any]] = json.loads((UNIT / "data" / "urgency_cases.json").read_text("utf-8"))["cases"]
SHOWN: list[dict[str, Any]] = json.loads((UNIT.parent / "examples" / "illnesses.json").read_text("utf-8"))["cases"]
QUIET = [case["phrase"] for case in SHOWN if case["expect"]["status"] != "emergency"]
LOUD = [case["phrase"] for case in SHOWN if case["expect"]["status"] == "emergency"]


def test_the_files_held_cases() -> None:
    assert len(CASES) > 150
    assert len(QUIET) > 140
    assert len(LOUD) == 5


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["phrase"])
def test_danger_and_despair_are_told_from_ordinary_words(case: dict[str, Any]) -> None:
    heard = read_urgency(case["phrase"])
    assert (heard and heard.kind) == case["expect"]


@pytest.mark.parametrize("phrase", QUIET)
def test_the_name_of_an_illness_is_not_an_emergency(phrase: str) -> None:
    assert read_urgency(phrase) is None


@pytest.mark.parametrize("phrase", LOUD)
def test_the_shown_emergencies_are_heard(phrase: str) -> None:
    assert read_urgency(phrase) is not None


def test_despair_goes_before_danger() -> None:
    assert read_urgency("割腕了，流血不止") == Urgency(UrgencyKind.DESPAIR, "suicide")


def test_blanks_width_and_traditional_script_hide_nothing() -> None:
    for text in ("不 想 活 了", "我\u200b想死", "輕生", "喘不過氣", "“不想活了”"):
        assert read_urgency(text) is not None


def test_the_sign_names_what_was_heard() -> None:
    heard = read_urgency("突然说不出话")
    assert heard == Urgency(UrgencyKind.EMERGENCY, "stroke")


@given(st.text())
def test_any_text_gives_a_value(text: str) -> None:
    assert read_urgency(text) is None or isinstance(read_urgency(text), Urgency)


@given(st.lists(st.sampled_from([case["phrase"] for case in CASES]), max_size=5), st.text(max_size=5))
def test_any_mixture_of_signs_gives_a_value(phrases: list[str], between: str) -> None:
    text = between.join(phrases)
    assert read_urgency(text) is None or isinstance(read_urgency(text), Urgency)


@pytest.mark.parametrize(
    "text",
    [
        "上周住院，今天突然喘不上气",
        "去年心梗过，现在胸口剧痛",
        "以前晕倒过，刚才又昏迷了",
        "上个月做过手术，现在大口吐血",
    ],
)
def test_danger_of_today_is_heard_behind_what_is_past(text: str) -> None:
    assert read_urgency(text) is not None


@pytest.mark.parametrize("text", ["上周昏迷过，现在没事了", "去年胸口剧痛过一次", "上个月突然晕倒过，已经好了"])
def test_what_is_over_is_no_danger(text: str) -> None:
    assert read_urgency(text) is None
