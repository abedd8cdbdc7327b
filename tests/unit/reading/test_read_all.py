"""Several answers in one message: each is found where it stands, and doubt stays open."""

import json
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.accuracy import miss, score
from flows.reading.all import Found, PartKind, read_all

FILE = json.loads((Path(__file__).parents[1] / "data" / "read_all.json").read_text("utf-8"))
CASES: list[dict[str, Any]] = FILE["messages"]
TODAY = date(2026, 11, 22)
MESSAGE = "我叫张伟，身份证110101198503129919，手机13800001234，保单P2026000001，肺癌，上周三在协和查的"


def read(text: str) -> tuple[Found, ...]:
    return read_all(text, today=TODAY)


def parts(text: str) -> list[tuple[str, str, str | None]]:
    return [(one.kind.value, text[one.start : one.end], one.doubt) for one in read(text)]


def test_the_file_holds_cases_of_every_kind() -> None:
    assert len(CASES) >= 40
    assert {part["kind"] for case in CASES for part in case["expect"]} == set(PartKind)
    for section in ("negations", "several_illnesses", "homophones", "names", "policy_numbers"):
        assert len(FILE[section]) >= 10


def test_every_case_of_the_file_is_right_and_nothing_is_accepted_wrongly() -> None:
    report = score(FILE, today=TODAY)
    assert len(report.scored) > 150
    assert report.unscored == ()
    assert report.wrong_acceptances == 0
    assert list(map(miss, report.misses)) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_message_is_read_as_its_case_says(case: dict[str, Any]) -> None:
    expected = [(part["kind"], part["at"], part.get("doubt")) for part in case["expect"]]
    assert sorted(map(str, parts(case["input"]))) == sorted(map(str, expected))


def test_the_parts_come_in_the_order_of_the_message_with_their_values() -> None:
    found = read(MESSAGE)
    assert [one.kind for one in found] == ["name", "id_number", "phone", "policy_number", "illness", "date", "hospital"]
    assert [one.value for one in found[:4]] == ["张伟", "110101198503129919", "+8613800001234", "P2026000001"]
    assert (found[-1].doubt, found[-1].value) == ("ambiguous", "")


def test_a_phone_inside_an_id_number_is_none() -> None:
    assert parts("110101198503129919") == [("id_number", "110101198503129919", None)]
    assert parts("身份证130138000012345678") == [("id_number", "130138000012345678", "bad_checksum")]


def test_an_illness_in_the_name_of_a_hospital_is_none() -> None:
    assert parts("复旦大学附属肿瘤医院") == [("hospital", "复旦大学附属肿瘤医院", None)]


def test_a_name_that_nothing_announces_is_taken_only_beside_a_number() -> None:
    assert parts("张伟，肺癌")[0] == ("name", "张伟", "unlabelled")
    assert parts("张伟，13800001234")[0] == ("name", "张伟", None)


def test_the_patient_goes_before_whoever_writes() -> None:
    assert parts("我叫李娜，患者张伟，联系人：王强") == [
        ("name", "李娜", "other_person"),
        ("name", "张伟", None),
        ("name", "王强", "other_person"),
    ]


def test_two_of_what_there_is_one_of_are_both_doubtful() -> None:
    assert parts("13800001234，13900001234") == [
        ("phone", "13800001234", "multiple"),
        ("phone", "13900001234", "multiple"),
    ]


@given(
    st.lists(
        st.sampled_from(["张伟", "110101198503129919", "13800001234", "P2026000001", "肺癌", "上周三", "北京协和医院"]),
        unique=True,
    )
)
@settings(deadline=None)
def test_every_answer_of_a_list_is_found_in_any_order(answers: list[str]) -> None:
    found = read("，".join(answers))
    assert [one.value != "" for one in found] == [True] * len(answers)


@given(st.text() | st.text("张伟我叫患者是13800001234P身份证手机保单肺癌在协和医院上周三，。 \n+-X年月日", max_size=60))
@settings(deadline=None)
def test_any_text_gives_parts_that_do_not_overlap(text: str) -> None:
    found = read(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(first.end <= second.start for first, second in pairwise(found))
    assert all(one.doubt or one.value for one in found)
