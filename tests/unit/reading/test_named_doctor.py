"""Wishes for a doctor [OP-N6, IP-N5]: the shown cases, further ones, and no text that breaks the reader."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading.named_doctor import DoctorWish, read_doctor_wish

TESTS = Path(__file__).parents[2]


def cases() -> list[tuple[str, str]]:
    files = ("examples/rules.json", "unit/data/doctors_more.json")
    found = [json.loads((TESTS / name).read_text("utf-8"))["named_doctor"] for name in files]
    assert all(found)
    return [(case["input"], case["expect"]) for group in found for case in group]


@pytest.mark.parametrize(("text", "expected"), cases())
def test_a_wish_is_declined_told_or_taken(text: str, expected: str) -> None:
    assert read_doctor_wish(text) == expected


@given(st.sampled_from("王李张刘陈杨黄赵吴周高白"), st.sampled_from(["主任", "教授", "医生", "大夫", "副主任"]))
def test_a_doctor_named_by_surname_and_title_is_declined(surname: str, title: str) -> None:
    for wish in (
        f"{surname}{title}",
        f"就要{surname}{title}",
        f"想挂{surname}{title}的号",
        f"请{surname}{title}看",
    ):
        assert read_doctor_wish(wish) is DoctorWish.DECLINED


@given(st.text() | st.text("不要一定王张主任医师教授专家副普通治号挂找最好的就行院长都", max_size=12))
def test_any_text_gives_an_answer(text: str) -> None:
    assert isinstance(read_doctor_wish(text), DoctorWish)
