"""Policy numbers as people give them."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading.policy_numbers import PolicyNumber, read_policy_number
from flows.reading.refusal import Refusal

FILE = json.loads((Path(__file__).parents[1] / "data" / "read_all.json").read_text("utf-8"))
CASES: list[dict[str, Any]] = FILE["policy_numbers"]
NUMBER = "P2026000001"


def refused(text: str) -> Refusal:
    found = read_policy_number(text)
    assert isinstance(found, Refusal), found
    return found


def test_the_file_holds_cases() -> None:
    assert len(CASES) >= 30
    assert {case["expect"]["kind"] for case in CASES} == {"policy_number", "no_policy_number"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_number_is_read_as_its_case_says(case: dict[str, Any]) -> None:
    found = read_policy_number(case["input"])
    assert (found.value if isinstance(found, PolicyNumber) else None) == case["expect"].get("value")


@pytest.mark.parametrize(
    "text",
    ["{}", "保单号{}", "保单号是{}", "我的保单号：{}", "保险单号码 {}", "合同号是{}。", "{}谢谢", "是{}", "No. {}",
     "{}，电话13800001234", "身份证110101198503129919，保单{}", "2026年3月买的，{}"],
)  # fmt: skip
@pytest.mark.parametrize("number", [NUMBER, "p2026000001", "Ｐ２０２６０００００１", "P2026-0000-01", "P 2026 000 001"])
def test_a_number_is_found_however_it_is_written(text: str, number: str) -> None:
    assert read_policy_number(text.format(number)) == PolicyNumber(NUMBER)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("110101198503129919", "is_id_number"),
        ("保单号是110101198503129919", "is_id_number"),
        ("11010119850312991X", "is_id_number"),
        ("13800001234", "is_phone"),
        ("+86 138 0000 1234", "is_phone"),
        ("010-69150000", "is_phone"),
        ("P2026000001和P2026000002", "multiple"),
    ],
)
def test_another_number_is_named(text: str, code: str) -> None:
    assert refused(text).code == code


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("忘了", "empty"),
        ("A1234", "too_short"),
        ("P" + "1" * 30, "too_long"),
        ("ABCDEFG", "no_digit"),
        ("2026-11-03", "date"),
        ("P2026****01", "masked"),
        ("京保2026字第000001号", "interrupted"),
    ],
)
def test_what_is_no_number_is_refused_with_what_seems_wrong(text: str, why: str) -> None:
    assert (refused(text).code, refused(text).params["why"]) == ("bad_policy_number", why)


@given(st.text() | st.text("P012389ABC -_.保单号是：年月日", max_size=40))
def test_any_text_gives_a_number_or_a_refusal(text: str) -> None:
    found = read_policy_number(text)
    assert isinstance(found, Refusal) or (6 <= len(found.value) <= 30 and found.value.isascii())


@given(st.from_regex(r"[A-Z]{1,4}[0-9]{9,20}", fullmatch=True), st.sampled_from(["", " ", "-"]))
def test_every_number_with_letters_is_read_in_groups(number: str, separator: str) -> None:
    groups = [number[at : at + 5] for at in range(0, len(number), 5)]
    found = read_policy_number(separator.join(groups))
    assert found == PolicyNumber(number)
