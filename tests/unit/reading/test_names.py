"""Names as people give them: what is one, what is none."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading.names import PersonName, read_name
from flows.reading.refusal import Refusal

FILE = json.loads((Path(__file__).parents[1] / "data" / "read_all.json").read_text("utf-8"))
CASES: list[dict[str, Any]] = FILE["names"]
LETTERS = "张王李欧阳伟娜我叫是的患者姓名：先生女士·. ,，、和不12aA'-肺癌"


def refused(text: str) -> Refusal:
    found = read_name(text)
    assert isinstance(found, Refusal), found
    return found


def test_the_file_holds_cases() -> None:
    assert len(CASES) >= 50
    assert {case["expect"]["kind"] for case in CASES} == {"name", "no_name"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_name_is_read_as_its_case_says(case: dict[str, Any]) -> None:
    found = read_name(case["input"])
    assert (found.value if isinstance(found, PersonName) else None) == case["expect"].get("value")


@pytest.mark.parametrize("name", ["张伟", "欧阳建国", "买买提·吐尔逊", "扎西次仁", "John Smith", "白雪", "马超群"])
@pytest.mark.parametrize(
    "around",
    ["{}", " {} ", "我叫{}", "我是{}", "姓名：{}", "姓名:{}", "患者是{}", "患者姓名 {}", "我爸叫{}", "被保险人：{}",
     "您好，我叫{}", "{}。", "{}先生", "{}，男，58岁", "{}（和身份证一样）", "名字是{}，谢谢", "病人{}", "她叫{}"],
)  # fmt: skip
def test_what_stands_around_a_name_is_no_part_of_it(name: str, around: str) -> None:
    assert read_name(around.format(name)) == PersonName(name)


@pytest.mark.parametrize("text", ["张先生", "李女士", "王医生", "老张", "小王", "张", "我姓张"])
def test_a_surname_alone_is_asked_for_in_full(text: str) -> None:
    assert refused(text).code == "full_name"


@pytest.mark.parametrize("text", ["张伟和李娜", "张伟、李娜", "张伟，李娜"])
def test_two_names_are_asked_about(text: str) -> None:
    assert refused(text).code == "several_names"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("。", "empty"),
        ("13800001234", "number"),
        ("肺癌", "illness"),
        ("我是他女儿", "sentence"),
        ("我想去协和", "sentence"),
        ("不是张伟", "denied"),
    ],
)
def test_what_is_no_name_is_refused_with_what_it_seems_to_be(text: str, why: str) -> None:
    assert (refused(text).code, refused(text).params["why"]) == ("bad_name", why)


def test_blanks_and_dots_are_written_one_way() -> None:
    assert read_name("张 伟") == read_name("张　伟") == PersonName("张伟")
    assert len({read_name(f"艾力{dot}买买提") for dot in "·.•・．‧"}) == 1


@given(st.text() | st.text(LETTERS, max_size=30))
def test_any_text_gives_a_name_or_a_refusal(text: str) -> None:
    found = read_name(text)
    assert isinstance(found, Refusal) or 2 <= len(found.value) <= 40
