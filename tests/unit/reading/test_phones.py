import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading.phones import Phone, PhoneKind, find_phones, read_phone
from flows.reading.refusal import Refusal

FILE = json.loads((Path(__file__).parents[2] / "examples" / "phones.json").read_text("utf-8"))
MOBILE = Phone(PhoneKind.MOBILE, "+8613800001234")
BEIJING = Phone(PhoneKind.LANDLINE, "+861069150000")
HANGZHOU = Phone(PhoneKind.LANDLINE, "+8657169150000")


def refused(text: str) -> Refusal:
    found = read_phone(text)
    assert isinstance(found, Refusal), found
    return found


def test_the_file_holds_cases() -> None:
    assert len(FILE["cases"]) >= 25


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: case["id"])
def test_numbers_are_read_as_in_the_examples(case: Mapping[str, Any]) -> None:
    found, expected = read_phone(case["input"]), case["expect"]
    if isinstance(found, Phone):
        assert found.kind == expected["kind"]
        assert found.e164 == expected.get("e164", found.e164)
    else:
        assert found.code == expected["kind"]
    if "numbers" in case:
        assert [phone.e164 for phone in find_phones(case["input"])] == case["numbers"]


@pytest.mark.parametrize(
    "text",
    [
        "138 0000 1234",
        "138-0000-1234",
        "138－0000－1234",
        "138—0000—1234",
        "138.0000.1234",
        "138，0000，1234",
        "138/0000/1234",
        "1 3 8 0 0 0 0 1 2 3 4",
        "13800 001234",
        "(138)00001234",
        "+86 138 0000 1234",
        "+86-138-0000-1234",
        "（+86）13800001234",
        "(86)13800001234",
        "0086 138 0000 1234",
        "+086 13800001234",
        "+0086 13800001234",
        "＋８６１３８００００１２３４",
        "8613800001234",
        "013800001234",
        "+13800001234",
        "138\u20110000\u20111234",
        "138\u200b0000\u200b1234",
        "138\u00a00000\u30001234",
        "138\n0000\n1234",
        "1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣0️⃣1️⃣2️⃣3️⃣4️⃣",
        "١٣٨٠٠٠٠١٢٣٤",
        "一三八〇〇〇〇一二三四",
        "幺三八零零零零幺二三四",
        "一三八 零零零零 一二三四",
        "一三八，零零零零，一二三四",
        "壹叁捌零零零零壹贰叁肆",
        "138零零零零1234",
        "我的手机号是一三八零零零零一二三四",
        "手机：13800001234。",
        "我手机13800001234，微信同号",
        "电话/微信同号 13800001234",
        "tel：13800001234",
        "Tel 13800001234",
        "TEL13800001234",
        "phone: 13800001234",
        "my phone number is 13800001234 thanks",
        "打这个13800001234就行",
        "13800001234（我儿子的）",
        "13800001234 张三",
        "13800001234#",
        "我今年65岁，电话13800001234",
        "13800001234,13800001234",
        "13800001234，对，就是+86 138 0000 1234",
        "1. 13800001234",
        "身份证110101198503129919，电话13800001234",
        "请打13800001234，不要打400-620-1800",
        "<13800001234>",
        "【13800001234】",
    ],
)
def test_a_mobile_is_read_however_it_is_written(text: str) -> None:
    assert read_phone(text) == MOBILE


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("01069150000", BEIJING),
        ("010 6915 0000", BEIJING),
        ("(010)69150000", BEIJING),
        ("（010）6915-0000", BEIJING),
        ("010—69150000", BEIJING),
        ("+86 10 69150000", BEIJING),
        ("+86-010-69150000", BEIJING),
        ("+86 (0)10 69150000", BEIJING),
        ("0086-10-69150000", BEIJING),
        ("86 10 69150000", BEIJING),
        ("座机零一零六九一五零零零零", BEIJING),
        ("家里电话：010-69150000", BEIJING),
        ("0571-69150000", HANGZHOU),
        ("057169150000", HANGZHOU),
        ("0355-6915000", Phone(PhoneKind.LANDLINE, "+863556915000")),
        ("021-69150000", Phone(PhoneKind.LANDLINE, "+862169150000")),
        ("010-69150000-801", Phone(PhoneKind.LANDLINE, "+861069150000", "801")),
        ("010-69150000转801", Phone(PhoneKind.LANDLINE, "+861069150000", "801")),
        ("010-69150000 转 801", Phone(PhoneKind.LANDLINE, "+861069150000", "801")),
        ("010-69150000分机号801", Phone(PhoneKind.LANDLINE, "+861069150000", "801")),
        ("010-69150000 ext. 801", Phone(PhoneKind.LANDLINE, "+861069150000", "801")),
        ("010-69150000x801", Phone(PhoneKind.LANDLINE, "+861069150000", "801")),
        ("010-69150000#801", Phone(PhoneKind.LANDLINE, "+861069150000", "801")),
    ],
)
def test_a_landline_is_read_with_its_area_and_extension(text: str, phone: Phone) -> None:
    assert read_phone(text) == phone


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("+85251234567", "+85251234567"),
        ("00852 5123 4567", "+85251234567"),
        ("852-51234567", "+85251234567"),
        ("(852) 5123 4567", "+85251234567"),
        ("85251234567", "+85251234567"),
        ("香港 5123 4567", "+85251234567"),
        ("我香港电话51234567", "+85251234567"),
        ("+85290000000", "+85290000000"),
        ("+853 6600 0000", "+85366000000"),
        ("澳门66123456", "+85366123456"),
        ("+886 912 345 678", "+886912345678"),
        ("+886 0912-345-678", "+886912345678"),
        ("台湾0912345678", "+886912345678"),
        ("+1 212 555 0100", "+12125550100"),
        ("001 212 555 0100", "+12125550100"),
        ("+44 20 7946 0958", "+442079460958"),
        ("+65 6123 4567", "+6561234567"),
    ],
)
def test_a_number_of_another_place_is_named_so(text: str, e164: str) -> None:
    assert read_phone(text) == Phone(PhoneKind.INTL, e164)


@pytest.mark.parametrize(
    "text",
    [
        "4006201800",
        "400 620 1800",
        "拨打400-620-1800转2",
        "800-820-0000",
        "110",
        "120",
        "95588",
        "10086",
        "12356",
        "打120",
    ],
)
def test_a_service_number_is_nobodys_own(text: str) -> None:
    assert refused(text).code == "service"


@pytest.mark.parametrize(
    "text",
    [
        "13800001234 13900001234",
        "13800001234/13900001234",
        "13800001234、13900001234",
        "13800001234或者13900001234",
        "13800001234，家里010-69150000",
        "138-0000-1234 139-0000-1234",
        "+8613800001234+8613900001234",
        "1.13800001234 2.13900001234",
        "13800001234，香港+852 5123 4567",
        "1380000123，不对，是13900001234",
        "一三八零零零零一二三四 一三九零零零零一二三四",
    ],
)
def test_two_numbers_are_asked_about(text: str) -> None:
    assert refused(text).code == "multiple"


@pytest.mark.parametrize("prefix", [140, 141, 144, 154, 160, 161, 163, 164, 168, 169, 179, 194])
def test_a_range_that_nobody_has_is_named(prefix: int) -> None:
    assert refused(f"{prefix}00001234").code == "unassigned_prefix"
    assert refused(f"+86 {prefix} 0000 1234").code == "unassigned_prefix"


@pytest.mark.parametrize(
    "prefix", [130, 139, 145, 147, 149, 150, 153, 155, 159, 166, 170, 173, 178, 189, 190, 192, 199]
)
def test_a_range_that_an_operator_has_is_taken(prefix: int) -> None:
    assert read_phone(f"{prefix}00001234") == Phone(PhoneKind.MOBILE, f"+86{prefix}00001234")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no_number"),
        ("没有", "no_number"),
        ("不告诉你", "no_number"),
        ("1380000123", "too_short"),
        ("138 0000 123", "too_short"),
        ("138000012345", "too_long"),
        ("138 0000 1234 5", "too_long"),
        ("+86 1380000123", "too_short"),
        ("11000001234", "not_a_number"),
        ("12000001234", "not_a_number"),
        ("23800001234", "not_a_number"),
        ("69150000", "no_area_code"),
        ("6915000", "no_area_code"),
        ("138OOOO1234", "letter_o"),
        ("l3800001234", "letter_o"),
        ("1380000l234", "letter_o"),
        ("13800001234a", "letter"),
        ("a13800001234", "letter"),
        ("138****1234", "too_short"),
        ("zhang13800001234@example.com", "letter"),
        ("110101198503129919", "too_long"),
        ("6222020200000000000", "too_long"),
        ("+852 5123 456", "too_short"),
        ("1985-03-12", "too_short"),
        ("1985-03-12 123", "not_a_number"),
        ("0", "too_short"),
        ("+", "no_number"),
    ],
)
def test_what_is_no_number_is_refused_with_what_seems_wrong(text: str, why: str) -> None:
    assert refused(text) == Refusal("invalid", {"why": why})


def test_every_number_of_a_message_is_found() -> None:
    assert find_phones("本人13800001234，家里010-69150000转801；急事打120") == (
        MOBILE,
        Phone(PhoneKind.LANDLINE, "+861069150000", "801"),
    )
    assert find_phones("13800001234a") == ()


@given(st.text() | st.text("0123456789+-() .x转,、/一幺零三八香港telO\n", max_size=60))
def test_any_text_gives_a_number_or_a_refusal(text: str) -> None:
    assert isinstance(read_phone(text), Phone | Refusal)
    assert isinstance(find_phones(text), tuple)


@given(st.from_regex(r"1(3[0-9]|5[0-35-9]|8[0-9])[0-9]{8}", fullmatch=True), st.sampled_from(["", " ", "-", "."]))
def test_every_assigned_number_is_read_in_groups(number: str, separator: str) -> None:
    grouped = separator.join([number[:3], number[3:7], number[7:]])
    assert read_phone(grouped) == Phone(PhoneKind.MOBILE, "+86" + number)
