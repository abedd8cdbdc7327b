import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading.documents.gb11643 import PROVINCES, check_character
from flows.reading.id_numbers import (
    Agreement,
    IdKind,
    IdNumber,
    OtherKind,
    Sex,
    agrees,
    read_id_number,
    upgrade_15_to_18,
)
from flows.reading.refusal import Refusal

FILE = json.loads((Path(__file__).parents[2] / "examples" / "id_numbers.json").read_text("utf-8"))
TODAY = date.fromisoformat(FILE["as_of"])
MAN = "110101198503129919"
WOMAN = "320102199311209885"
WITH_X = "44010319850105983X"


def read(text: str, declared: IdKind = IdKind.RESIDENT_ID) -> IdNumber | Refusal:
    return read_id_number(text, declared=declared, as_of=TODAY)


def taken(text: str, declared: IdKind = IdKind.RESIDENT_ID) -> str:
    found = read(text, declared)
    assert isinstance(found, IdNumber), found
    return found.normalized


def refused(text: str, declared: IdKind = IdKind.RESIDENT_ID) -> str:
    found = read(text, declared)
    assert isinstance(found, Refusal), found
    return found.code


def with_check(first: str) -> str:
    return first + check_character(first)


def shown(found: IdNumber) -> dict[str, object]:
    return {
        "valid": True,
        "type": found.kind.value,
        "normalized": found.normalized,
        "birth": found.birth and found.birth.isoformat(),
        "sex": found.sex and found.sex.value,
        "age": found.age,
        "under_14": found.under_14,
    }


def test_the_file_holds_cases() -> None:
    assert len(FILE["cases"]) >= 60
    assert len(FILE["cross_field_cases"]) == 6


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: case["id"])
def test_numbers_are_read_as_in_the_examples(case: Mapping[str, Any]) -> None:
    found, expected = read(case["input"], IdKind(case["declared_type"])), case["expect"]
    if expected["valid"]:
        assert isinstance(found, IdNumber)
        assert {key: shown(found)[key] for key in expected} == expected
    else:
        assert isinstance(found, Refusal)
        assert found.code in {expected["reason"], *case.get("also_ok", [])}


@pytest.mark.parametrize("case", FILE["cross_field_cases"], ids=lambda case: case["id"])
def test_a_number_agrees_with_what_is_stated_as_in_the_examples(case: Mapping[str, str]) -> None:
    found = read(case["id_number"])
    assert isinstance(found, IdNumber)
    stated = date.fromisoformat(case["stated_birth"])
    assert agrees(found, birth=stated, sex=Sex(case["stated_sex"])) == case["expect"]


def test_the_provinces_are_those_of_the_rule() -> None:
    assert len(PROVINCES) == 35
    assert {"11", "15", "50", "65", "71", "81", "83"} <= PROVINCES
    assert not {"16", "20", "38", "55", "66", "72", "84", "91", "99", "00"} & PROVINCES


@pytest.mark.parametrize(
    "text",
    [
        f"我的身份证号是{MAN}",
        f"身份证：{MAN}。",
        f"身份证号码为 {MAN} 谢谢",
        f"ID:{MAN}",
        f"ID{MAN}",
        f"sfz {MAN}",
        "110101-19850312-9919",
        "110101 19850312 9919",
        "1101 0119 8503 1299 19",
        "110101.1985.0312.9919",
        "110101 1985 03 12 9919",
        "110101—1985—0312—9919",
        "110101\n198503129919",
        "110101/19850312/9919",
        "110101，19850312，9919",
        "110101\u00a01985\u30000312\ufeff9919\u200b",
        "１１０１０１１９８５０３１２９９１９",
        f"本人李某，身份证{MAN}，手机13800001234",
        f"{MAN} 13800001234",
        f"我今年41岁，{MAN}",
        f"{MAN}（本人）",
        f"{MAN}，没错，{MAN}",
        f"1. {MAN}",
        "一一零一零一一九八五零三一二九九一九",
        "幺幺零幺零幺 幺九八五 零三幺二 九九幺九",
        "١١٠١٠١١٩٨٥٠٣١٢٩٩١٩",
    ],
)
def test_a_number_is_found_in_whatever_stands_around_it(text: str) -> None:
    assert taken(text) == MAN


@pytest.mark.parametrize(
    "x", ["x", "X", "Ｘ", "ｘ", "×", "*", "＊", "Х", "х", "Ⅹ", " X", "-x", "x。", "x谢谢", "✕", "叉"]
)
def test_the_check_character_may_be_any_kind_of_x(x: str) -> None:
    assert taken("44010319850105983" + x) == WITH_X


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \u200b\u3000\n", "empty"),
        ("没带身份证", "empty"),
        ("？？", "empty"),
        ("i don't know", "bad_format"),
        (f"{MAN} {WOMAN}", "multiple"),
        (f"{MAN}{chr(10)}{WOMAN}", "multiple"),
        (f"本人{MAN}，爱人{WOMAN}", "multiple"),
        (f"{MAN}/{WOMAN}", "multiple"),
        (f"1.{MAN} 2.{WOMAN}", "multiple"),
        ("1101011985O3129919", "bad_format"),
        ("1101O1198503129919", "bad_format"),
        ("l10101198503129919", "bad_format"),
        ("110101********9919", "bad_format"),
        ("11010?198503129919", "bad_format"),
        ("1101011985年3月12日9919", "bad_format"),
        (f"{MAN}+{WOMAN}", "multiple"),
        ("4401031985010598**", "bad_length"),
        ("110101X98503129919", "bad_format"),
        (f"{MAN}9", "bad_length"),
        (f"{MAN} 9", "bad_length"),
        ("1101011985031299", "bad_length"),
        ("后四位9919", "bad_length"),
        ("000000000000000000", "bad_checksum"),
        (with_check("11010120261123938"), "future_date"),
        (with_check("11010118951122938"), "too_old"),
        (with_check("11010100000000938"), "bad_date"),
        (with_check("11010120230229938"), "bad_date"),
        (with_check("16010119850312938"), "unknown_region"),
        ("110101850312991", "old_15_digit"),
        ("身份证 110101 850312 991", "old_15_digit"),
        ("110101851312991", "bad_length"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_reason(text: str, code: str) -> None:
    assert refused(text) == code


def test_a_letter_that_stands_for_a_digit_is_hinted_at() -> None:
    found = read("1101O1198503129919")
    assert isinstance(found, Refusal)
    assert found.params == {"hint": "letter_o"}


@pytest.mark.parametrize(
    ("text", "declared", "seen"),
    [
        ("EA1234567", IdKind.RESIDENT_ID, IdKind.CN_PASSPORT),
        ("G12345678", IdKind.RESIDENT_ID, IdKind.CN_PASSPORT),
        ("M12345678", IdKind.RESIDENT_ID, IdKind.HK_MO_PERMIT),
        ("12345678", IdKind.RESIDENT_ID, IdKind.TW_PERMIT),
        ("A123456789", IdKind.RESIDENT_ID, OtherKind.TW_NATIONAL_ID),
        ("13800001234", IdKind.RESIDENT_ID, OtherKind.PHONE),
        ("6222 0202 0000 0000 000", IdKind.RESIDENT_ID, OtherKind.BANK_CARD),
        ("A123456(3)", IdKind.HK_MO_PERMIT, OtherKind.HK_ID),
        ("C12345678", IdKind.HK_MO_PERMIT, OtherKind.MAINLAND_HK_MO_PERMIT),
        ("CA1234567", IdKind.HK_MO_PERMIT, OtherKind.MAINLAND_HK_MO_PERMIT),
        ("T12345678", IdKind.TW_PERMIT, OtherKind.MAINLAND_TW_PERMIT),
        ("L12345678", IdKind.TW_PERMIT, OtherKind.MAINLAND_TW_PERMIT),
        ("K12345678", IdKind.CN_PASSPORT, OtherKind.SAR_PASSPORT),
        ("H12345678", IdKind.CN_PASSPORT, IdKind.HK_MO_PERMIT),
        ("931840198004159431", IdKind.RESIDENT_ID, IdKind.FOREIGN_PR),
        (MAN, IdKind.FOREIGN_PR, IdKind.RESIDENT_ID),
        (MAN, IdKind.HMT_RESIDENCE, IdKind.RESIDENT_ID),
        (MAN, IdKind.CN_PASSPORT, IdKind.RESIDENT_ID),
        (MAN, IdKind.FOREIGN_PASSPORT, IdKind.RESIDENT_ID),
        ("810000196401109452", IdKind.HK_MO_PERMIT, IdKind.HMT_RESIDENCE),
        ("13800001234", IdKind.FOREIGN_PASSPORT, OtherKind.PHONE),
    ],
)
def test_a_wrong_kind_is_named(text: str, declared: IdKind, seen: IdKind | OtherKind) -> None:
    found = read(text, declared)
    assert isinstance(found, Refusal)
    assert found.code == "wrong_type"
    assert found.params == {"seen": seen.value, "declared": declared.value}


@pytest.mark.parametrize(
    ("text", "declared", "normalized"),
    [
        ("H 1234 5678", IdKind.HK_MO_PERMIT, "H12345678"),
        ("回乡证h12345678", IdKind.HK_MO_PERMIT, "H12345678"),
        ("台胞证号：12345678", IdKind.TW_PERMIT, "12345678"),
        ("0123-4567", IdKind.TW_PERMIT, "01234567"),
        ("护照号 ea 123 4567", IdKind.CN_PASSPORT, "EA1234567"),
        ("E-12345678", IdKind.CN_PASSPORT, "E12345678"),
        ("PE1234567", IdKind.CN_PASSPORT, "PE1234567"),
        ("DE1234567", IdKind.CN_PASSPORT, "DE1234567"),
        ("G12345678", IdKind.CN_PASSPORT, "G12345678"),
        ("my passport no is c01x00t47", IdKind.FOREIGN_PASSPORT, "C01X00T47"),
        ("X-1234567", IdKind.FOREIGN_PASSPORT, "X1234567"),
        ("C01X 00T47", IdKind.FOREIGN_PASSPORT, "C01X00T47"),
        ("123 456 789", IdKind.FOREIGN_PASSPORT, "123456789"),
        ("USA310080041512", IdKind.FOREIGN_PR, "USA310080041512"),
        ("usa 3100 800415 12", IdKind.FOREIGN_PR, "USA310080041512"),
        ("9318 4019 8004 1594 31", IdKind.FOREIGN_PR, "931840198004159431"),
    ],
)
def test_other_documents_are_read_as_people_type_them(text: str, declared: IdKind, normalized: str) -> None:
    assert taken(text, declared) == normalized


@pytest.mark.parametrize(
    ("text", "declared", "code"),
    [
        ("H1234567890", IdKind.HK_MO_PERMIT, "manual_check"),
        ("H1234567", IdKind.HK_MO_PERMIT, "bad_length"),
        ("H123456789", IdKind.HK_MO_PERMIT, "bad_length"),
        ("E123456789", IdKind.CN_PASSPORT, "bad_length"),
        ("AB#123456", IdKind.FOREIGN_PASSPORT, "bad_format"),
        ("0123456701(B)", IdKind.TW_PERMIT, "manual_check"),
        ("123456789", IdKind.TW_PERMIT, "bad_length"),
        ("151234567", IdKind.CN_PASSPORT, "manual_check"),
        ("E1234567", IdKind.CN_PASSPORT, "bad_length"),
        ("EI1234567", IdKind.CN_PASSPORT, "bad_format"),
        ("passport", IdKind.FOREIGN_PASSPORT, "bad_format"),
        ("EO1234567", IdKind.CN_PASSPORT, "bad_format"),
        ("A12", IdKind.FOREIGN_PASSPORT, "bad_length"),
        ("C01X00T47，L01X00T48", IdKind.FOREIGN_PASSPORT, "multiple"),
        ("H12345678 M12345678", IdKind.HK_MO_PERMIT, "multiple"),
        ("USA3100800415123", IdKind.FOREIGN_PR, "bad_length"),
        ("USA310080411512", IdKind.FOREIGN_PR, "bad_date"),
        ("9318401980041594", IdKind.FOREIGN_PR, "bad_length"),
        (with_check("92084019800415943"), IdKind.FOREIGN_PR, "unknown_region"),
    ],
)
def test_other_documents_are_refused_with_their_reason(text: str, declared: IdKind, code: str) -> None:
    assert refused(text, declared) == code


@pytest.mark.parametrize(
    ("birth", "age", "under_14"),
    [("20121122", 14, False), ("20121123", 13, True), ("20261122", 0, True), ("18961122", 130, False)],
)
def test_a_birthday_counts_from_its_day(birth: str, age: int, *, under_14: bool) -> None:
    found = read(with_check(f"110101{birth}938"))
    assert isinstance(found, IdNumber)
    assert (found.age, found.under_14) == (age, under_14)


def test_somebody_born_on_a_leap_day_turns_on_the_first_of_march() -> None:
    number = with_check("11010120120229938")
    ages = [
        found.under_14
        for day in (date(2026, 2, 28), date(2026, 3, 1))
        if isinstance(found := read_id_number(number, declared=IdKind.RESIDENT_ID, as_of=day), IdNumber)
    ]
    assert ages == [True, False]


def test_both_mismatches_and_nothing_to_compare_are_findings_too() -> None:
    found, passport = read(MAN), read("EA1234567", IdKind.CN_PASSPORT)
    assert isinstance(found, IdNumber)
    assert isinstance(passport, IdNumber)
    assert agrees(found, birth=date(1990, 1, 1), sex=Sex.FEMALE) is Agreement.BOTH_MISMATCH
    assert agrees(found, sex=Sex.MALE) is Agreement.CONSISTENT
    assert agrees(found) is Agreement.UNKNOWN
    assert agrees(passport, birth=date(1990, 1, 1), sex=Sex.MALE) is Agreement.UNKNOWN


def test_a_number_of_fifteen_digits_on_file_becomes_the_one_of_today() -> None:
    assert upgrade_15_to_18("110101850312991") == MAN
    assert upgrade_15_to_18("320102931120988") == WOMAN


@pytest.mark.parametrize("number", ["", "11010185031299", "110101851312991", "990101850312991", MAN, "1" * 14 + "X"])
def test_what_is_not_an_old_number_is_not_upgraded(number: str) -> None:
    with pytest.raises(ValueError, match="not_a_15_digit_number"):
        upgrade_15_to_18(number)


@given(st.integers(0, 16), st.integers(1, 9))
def test_any_one_wrong_digit_is_noticed(place: int, shift: int) -> None:
    wrong = str((int(MAN[place]) + shift) % 10)
    assert isinstance(read(MAN[:place] + wrong + MAN[place + 1 :]), Refusal)


@given(st.integers(0, 16))
def test_any_two_neighbours_exchanged_are_noticed(place: int) -> None:
    swapped = MAN[:place] + MAN[place + 1] + MAN[place] + MAN[place + 2 :]
    assert swapped == MAN or isinstance(read(swapped), Refusal)


@given(st.text() | st.text("0123456789Xx×*HMEC -.()/零一幺身份证O\n", max_size=60), st.sampled_from(IdKind))
def test_any_text_gives_a_number_or_a_refusal(text: str, declared: IdKind) -> None:
    assert isinstance(read(text, declared), IdNumber | Refusal)
