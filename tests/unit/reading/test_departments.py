"""Departments [OP-N4]: the shown cases, further ones, and no text that breaks the reader."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading.departments import ENTRIES, Department, DepartmentStatus, read_department

TESTS = Path(__file__).parents[2]


def cases() -> list[tuple[str, str]]:
    files = ("examples/rules.json", "unit/data/departments_more.json")
    found = [json.loads((TESTS / name).read_text("utf-8"))["departments"] for name in files]
    assert all(found)
    return [(case["input"], case["expect"]) for group in found for case in group]


@pytest.mark.parametrize(("text", "expected"), cases())
def test_a_department_is_taken_refused_or_asked_back(text: str, expected: str) -> None:
    assert read_department(text).status == expected


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("B超室", "超声科", "medical_technology"),
        ("急诊", "急诊科", "emergency"),
        ("产检", "产科", "obstetrics"),
    ],
)
def test_a_refusal_names_the_department_the_ground_and_the_clause(text: str, name: str, code: str) -> None:
    assert read_department(text) == Department(DepartmentStatus.EXCLUDED, name, code, "OP-N4")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("妇产科", "which_of_two"),
        ("核医学科", "check_or_treatment"),
        ("特需门诊", "kind_of_visit"),
        ("发热门诊", "fever"),
        ("生殖中心", "not_major"),
        ("不要急诊", "negated"),
        ("肿瘤科或者外科", "several"),
        ("是不是挂肿瘤科", "unsure"),
        ("不知道挂什么科", "unknown"),
    ],
)
def test_a_question_says_what_is_open(text: str, code: str) -> None:
    assert (read_department(text).status, read_department(text).code) == (DepartmentStatus.ASK, code)


def test_short_forms_lead_to_the_usual_name() -> None:
    assert read_department("神内").name == "神经内科"
    assert read_department("普外").name == "普外科"


@pytest.mark.parametrize("word", sorted(ENTRIES))
def test_every_name_of_the_table_alone_has_the_status_of_its_group(word: str) -> None:
    assert read_department(word).status == ENTRIES[word].status


@given(st.text() | st.text("".join(sorted({c for word in ENTRIES for c in word})), max_size=12))
def test_any_text_gives_a_department(text: str) -> None:
    assert isinstance(read_department(text), Department)


@given(st.sampled_from(sorted(w for w, e in ENTRIES.items() if e.status is DepartmentStatus.EXCLUDED)))
def test_an_excluded_department_is_never_taken_however_the_wish_is_put(word: str) -> None:
    for wish in (f"我想挂{word}", f"{word}的专家号", f"请安排 {word} 谢谢", f"肿瘤{word}"):
        assert read_department(wish).status is not DepartmentStatus.OK
