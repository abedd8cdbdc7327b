"""The hospital directory and the illness lists of a file, and how each fault in one is told."""

from pathlib import Path

import pytest

import main
from flows.reading.hospitals.directory import Hospital
from flows.reading.illnesses import Illness, Severity, load_illnesses
from storage.imports import illnesses_in, industry_product, read_hospitals, read_illnesses
from tests.storage.sheets import WRITERS, Table, Write, faults_of, write_csv
from tests.world import REFERENCE

# ---- hospitals ----

HOSPITALS: Table = [
    ("name", "province", "city", "level", "ownership", "network"),
    ("北京协和医院", "北京市", "北京市", "三级甲等", "公立", "是"),
    ("某某镇医院", "河北省", "保定市", "未定级", "", "否"),
]


@WRITERS
def test_hospitals_are_read_from_every_kind_of_file(tmp_path: Path, write: Write) -> None:
    expected = [
        Hospital("北京协和医院", "北京市", "北京市", "三级甲等", "公立", network=True),
        Hospital("某某镇医院", "河北省", "保定市", "", "", network=False),
    ]
    write(tmp_path / "file", HOSPITALS)
    assert read_hospitals(tmp_path / "file") == expected
    write(tmp_path / "file", [("医院名称", "省份", "城市", "等级", "性质", "网络内"), *HOSPITALS[1:]])
    assert read_hospitals(tmp_path / "file") == expected


def test_the_shipped_hospitals_can_be_imported() -> None:
    assert len(read_hospitals(main.HOSPITALS)) > 700


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        (0, "", "empty"),
        (0, "北京 协和医院", None),
        (0, "北京协和医院", "twice"),
        (1, "", "empty"),
        (1, "省" * 33, "too_long"),
        (2, "", "empty"),
        (3, "公立", "unknown_value"),
        (3, "社区卫生服务中心", None),
        (4, "合作办医", None),
        (5, "", "empty"),
        (5, "TRUE", "unknown_value"),
    ],
)
def test_a_bad_cell_of_a_hospital_is_told(tmp_path: Path, column: int, cell: str, code: str | None) -> None:
    row = list(HOSPITALS[2])
    row[column] = cell
    write_csv(tmp_path / "file", [*HOSPITALS[:2], row])
    if code is None:
        assert len(read_hospitals(tmp_path / "file")) == 2
    else:
        assert faults_of(read_hospitals, tmp_path / "file") == [(3, HOSPITALS[0][column], code)]


# ---- illnesses ----

ILLNESSES: Table = [
    ("product", "version", "code", "name", "short", "severity"),
    ("康健一生", "2024", "cancer_mild", "恶性肿瘤——轻度", "轻度肿瘤", "轻症"),
    ("康健一生", "2024", "cancer", "恶性肿瘤——重度", "恶性肿瘤", "重疾"),
    ("康健一生", "2007", "cancer", "恶性肿瘤", "恶性肿瘤", "重疾"),
]


@WRITERS
def test_illnesses_are_listed_by_product_and_version_severe_ones_first(tmp_path: Path, write: Write) -> None:
    write(tmp_path / "file", ILLNESSES)
    products = read_illnesses(tmp_path / "file")
    assert [(product.id, product.version) for product in products] == [("康健一生", "2024"), ("康健一生", "2007")]
    assert illnesses_in(products[0]) == (
        Illness("cancer", "恶性肿瘤——重度", "恶性肿瘤", Severity.SEVERE),
        Illness("cancer_mild", "恶性肿瘤——轻度", "轻度肿瘤", Severity.MILD),
    )


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        (0, "", "empty"),
        (1, "2" * 65, "too_long"),
        (2, "癌", "bad_code"),
        (2, "other", "bad_code"),
        (2, "cancer_mild", "twice"),
        (3, "恶性肿瘤——轻度", "twice"),
        (3, "", "empty"),
        (4, "轻度肿瘤", "twice"),
        (4, "一二三四五六七八九", "too_long"),
        (5, "中症", "unknown_value"),
    ],
)
def test_a_bad_cell_of_an_illness_is_told(tmp_path: Path, column: int, cell: str, code: str) -> None:
    row = list(ILLNESSES[2])
    row[column] = cell
    write_csv(tmp_path / "file", [*ILLNESSES[:2], row])
    assert faults_of(read_illnesses, tmp_path / "file") == [(3, ILLNESSES[0][column], code)]


def test_the_shipped_list_has_28_severe_and_3_mild_illnesses_and_buttons_show_the_severe() -> None:
    listed = illnesses_in(industry_product("康健一生", "2024"))
    assert [illness.code for illness in listed] == [illness.code for illness in load_illnesses().illnesses]
    assert len(REFERENCE.illnesses_of("sample/1")) == 28
    assert [illness.code for illness in listed[28:]] == ["cancer_mild", "ami_mild", "stroke_mild"]
    assert REFERENCE.illnesses_of("unknown/1") == ()
