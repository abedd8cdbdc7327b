"""What people call hospitals, and the official name it means: never a wrong one."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading.hospital_names import (
    Hospital,
    HospitalIndex,
    HospitalReading,
    ShortName,
    load_hospitals,
    load_short_names,
    read_hospital,
    shipped_index,
)
from flows.reading.hospitals.directory import DATA
from tests.unit.synthetic_hospitals import synthetic_hospitals

TESTS = Path(__file__).parents[2]
SHOWN = json.loads((TESTS / "examples" / "hospital_names.json").read_text(encoding="utf-8"))["cases"]
MORE = json.loads((TESTS / "unit" / "data" / "hospital_names_more.json").read_text(encoding="utf-8"))["cases"]
INDEX = shipped_index()
XIEHE = {"北京协和医院", "福建医科大学附属协和医院", "华中科技大学同济医学院附属协和医院"}


def _read(text: str, city: str | None = None) -> HospitalReading:
    return read_hospital(text, INDEX, city=city)


def _is_right(reading: HospitalReading, expect: dict[str, Any]) -> bool:
    if reading.kind not in {expect["kind"], *expect.get("also_kinds", ())}:
        return False
    if reading.kind == "unique":
        return list(reading.names) == list(expect["names"])
    return bool(expect["kind"] != reading.kind or set(expect["names"]) <= set(reading.names))


def test_the_case_files_hold_cases() -> None:
    assert len(SHOWN) > 100
    assert len(MORE) >= 150


def test_our_cases_cover_what_goes_wrong_most() -> None:
    topics = [case["topic"] for case in MORE]
    assert topics.count("homophone") >= 10
    assert topics.count("unknown") >= 20
    assert topics.count("ambiguous") >= 20


@pytest.mark.parametrize("case", [*SHOWN, *MORE], ids=lambda case: case["id"])
def test_a_name_is_read_as_its_case_says(case: dict[str, Any]) -> None:
    reading = _read(case["input"], case.get("city_hint"))
    assert _is_right(reading, case["expect"]), reading


@pytest.mark.parametrize("hospital", INDEX.hospitals, ids=lambda hospital: hospital.name)
def test_every_official_name_means_its_hospital(hospital: Hospital) -> None:
    assert _read(hospital.name).names == (hospital.name,)


def test_every_short_name_means_its_hospital_or_is_asked_back() -> None:
    rows = load_short_names()
    assert len(rows) >= 600
    missed = [
        row for row in rows if (reading := _read(row.short_name)).kind == "unique" and reading.names != (row.name,)
    ]
    assert missed == []


def test_the_city_of_each_short_name_settles_it() -> None:
    cities = {hospital.name: hospital.city for hospital in INDEX.hospitals}
    wrong = [
        row
        for row in load_short_names()
        if (reading := _read(row.short_name, cities[row.name])).kind == "unique" and reading.names != (row.name,)
    ]
    assert wrong == []


def test_a_campus_is_kept_beside_its_hospital() -> None:
    assert _read("郑大一附院郑东院区").campus == "郑东院区"
    assert _read("浙一余杭院区").campus == "余杭院区"
    assert _read("武汉协和西院").campus == "西院"
    assert _read("武汉协和").campus is None


def test_a_branch_is_asked_about() -> None:
    reading = _read("瑞金医院卢湾分院")
    assert (reading.kind, reading.campus) == ("ambiguous", "卢湾分院")


@pytest.mark.parametrize("text", ["不去协和", "我不想去协和医院", "协和不去", "协和就算了", "除了协和"])
def test_a_refused_hospital_is_not_accepted(text: str) -> None:
    reading = _read(text)
    assert (reading.kind, reading.negated, reading.names) == ("unknown", True, ())
    assert set(reading.excluded) == XIEHE


def test_a_refused_hospital_stands_beside_the_wanted_one() -> None:
    reading = _read("不去北京协和，想去天坛")
    assert reading.names == ("首都医科大学附属北京天坛医院",)
    assert (reading.negated, reading.excluded) == (False, ("北京协和医院",))


def test_an_unknown_name_keeps_the_persons_words() -> None:
    reading = _read("  张三丰医院 ")
    assert (reading.kind, reading.words) == ("unknown", "张三丰医院")


def test_a_name_known_by_its_sound_says_so() -> None:
    assert _read("华溪医院").by_sound
    assert not _read("华西医院").by_sound


def test_a_city_named_before_does_not_overrule_the_one_in_the_name() -> None:
    assert _read("北京协和", "福州").names == ("北京协和医院",)


def test_a_short_name_against_the_city_named_before_is_asked_back() -> None:
    assert _read("瑞金", "广州").kind == "ambiguous"


def test_the_index_gives_a_hospital_by_its_official_name() -> None:
    hospital = INDEX.hospital("北京协和医院")
    assert hospital is not None
    assert (hospital.level, hospital.city) == ("三级甲等", "北京市")
    assert INDEX.hospital("张三丰医院") is None


def test_two_hospitals_of_one_name_are_refused() -> None:
    twice = Hospital("北京协和医院", "北京市", "北京市", "三级甲等", "公立")
    with pytest.raises(ValueError, match="duplicate_hospital_name"):
        HospitalIndex([twice, twice], [])


def test_a_short_name_of_an_absent_hospital_is_left_out() -> None:
    alone = Hospital("北京协和医院", "北京市", "北京市", "三级甲等", "公立")
    index = HospitalIndex([alone], [ShortName("四川大学华西医院", "华西", "short")])
    assert read_hospital("华西", index).kind == "unknown"


def test_an_operators_directory_needs_no_short_names() -> None:
    index = HospitalIndex(synthetic_hospitals(2000), ())
    assert read_hospital("嘉兴市康建医院", index).kind in {"unknown", "ambiguous", "unique"}
    assert read_hospital("无锡市第二人民医院", index).names == ("无锡市第二人民医院",)


def test_both_branches_can_be_tried_with_the_sample_flags() -> None:
    top = [h for h in load_hospitals() if h.level == "三级甲等" and h.ownership == "公立"]
    share = sum(h.network for h in top) / len(top)
    assert 0.5 < share < 0.7
    assert not any(h.network for h in load_hospitals() if h.ownership != "公立")


def test_every_row_of_short_names_belongs_to_a_hospital_and_has_a_kind() -> None:
    with (DATA / "hospital_short_names.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["kind"] for row in rows} == {"short", "old", "nickname", "abbrev"}
    assert {row["name"] for row in rows} <= {hospital.name for hospital in INDEX.hospitals}
    assert len({(row["name"], row["short_name"]) for row in rows}) == len(rows)


@pytest.mark.parametrize("text", ["上海肿瘤内科", "武汉第一选择", "离家近的", "上海的大医院", "北京好的医院"])
def test_a_wish_without_a_hospital_names_none(text: str) -> None:
    assert _read(text).kind == "unknown"


@given(st.text())
def test_any_text_gives_a_reading(text: str) -> None:
    assert _read(text).kind in {"unique", "ambiguous", "unknown"}


@given(
    st.text(alphabet="不去协和中山医院第一二市省北京上海人民附属大学华西同济，。 （）分院区3院xie"),
    st.sampled_from([None, "北京", "福州市", "浙江", "火星", ""]),
)
def test_any_text_of_names_gives_a_reading_with_names_of_the_directory(text: str, city: str | None) -> None:
    reading = _read(text, city)
    assert all(INDEX.hospital(name) for name in (*reading.names, *reading.excluded))
    assert (reading.kind == "unique") == (len(reading.names) == 1 and reading.kind != "ambiguous")
    assert reading.kind != "unknown" or reading.names == ()
