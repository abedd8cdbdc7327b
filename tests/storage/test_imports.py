"""What a file may be like, and how each of its faults is told: line, column, code; never the content."""

import csv
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path

import pytest

import main
from bot.cli.import_report import fault_lines
from bot.cli.texts import ROW_REASONS
from flows.ids import ChatId
from flows.intake.questions.identity import PolicyNumber
from flows.intake.questions.question import Answer, Context
from flows.reading.id_numbers import IdKind
from flows.session import Session
from flows.terms.policy import ENDED, GRACE, IN_FORCE, SUSPENDED, Policy, Use
from storage.imports import (
    ImportFault,
    RowFault,
    read_policies,
)
from storage.imports.policies import COLUMNS
from storage.imports.sheet import Cell
from storage.progress import READING
from tests.fakes import Counter
from tests.storage.sheets import WRITERS, Table, Write, faults_of, write_csv, write_xlsx
from tests.world import REFERENCE

TODAY = date(2026, 11, 23)
HEADINGS = tuple(COLUMNS)
WANG = ("王秀英", "居民身份证", "440106197001159919", "13600001234")
GOOD: dict[str, Cell] = dict(
    zip(
        HEADINGS,
        ("P2026000001", "康健一生", "2024", "有效", "2024-06-01", "2054-05-31", *WANG, *WANG, *"1110"),
        strict=True,
    )
)


def policies_of(*changes: Mapping[str, Cell]) -> Table:
    """Return the headings, and a good row with each of `changes`, numbered."""
    rows = [GOOD | {"保单号": f"P20260000{n:02d}"} | dict(change) for n, change in enumerate(changes, 1)]
    return [HEADINGS, *(tuple(row.values()) for row in rows)]


def read(file: Path) -> list[Policy]:
    return read_policies(file, ids=Counter(), today=TODAY)


def faults(tmp_path: Path, *changes: Mapping[str, Cell], write: Write = write_csv) -> list[RowFault]:
    write(tmp_path / "file", policies_of(*changes))
    return faults_of(read, tmp_path / "file")


# ---- what is read ----


@WRITERS
def test_whatever_wrote_the_file_the_policies_are_the_same(tmp_path: Path, write: Write) -> None:
    with (main.SAMPLE / "policies.csv").open(encoding="utf-8", newline="") as stream:
        write(tmp_path / "file", list(csv.reader(stream)))
    assert read(tmp_path / "file") == read(main.SAMPLE / "policies.csv")


def test_dates_and_numbers_in_cells_of_a_workbook_are_those_of_the_text(tmp_path: Path) -> None:
    typed: dict[str, Cell] = {
        "产品版本": 2024.0,
        "生效日": datetime(2024, 6, 1),  # noqa: DTZ001 - a cell has no zone
        "终止日": date(2054, 5, 31),
        "门诊次数": 1,
        "住院次数": 1.0,
        "门诊已用": 1,
        "住院已用": 0,
        "投保人手机": 13600001234,
    }
    write_xlsx(tmp_path / "typed.xlsx", policies_of(typed))
    write_csv(tmp_path / "text.csv", policies_of({}))
    assert read(tmp_path / "typed.xlsx") == read(tmp_path / "text.csv")


@pytest.mark.parametrize(
    "day", ["2024-06-01", "2024/6/1", "2024.6.1", "2024年6月1日", "20240601", "2024/06/01 0:00", "２０２４－６－１"]
)
def test_a_day_is_read_in_every_way_that_exports_write_it(tmp_path: Path, day: str) -> None:
    write_csv(tmp_path / "file", policies_of({"生效日": day}))
    assert read(tmp_path / "file")[0].starts == date(2024, 6, 1)


@pytest.mark.parametrize(
    "number", ["P2026-000 001", " p2026000001 ", "Ｐ2026000001", '="P2026000001"', "'P2026000001", "\tP2026000001"]
)
def test_a_policy_number_is_kept_as_the_conversation_reads_it(tmp_path: Path, number: str) -> None:
    write_csv(tmp_path / "file", policies_of({"保单号": number}))
    (policy,) = read(tmp_path / "file")
    context = Context(Session(chat=ChatId(1)), REFERENCE, TODAY)
    assert PolicyNumber().read("保单号：P2026 0000-01", context) == Answer(policy.number)


def test_a_15_digit_number_on_file_is_upgraded(tmp_path: Path) -> None:
    write_csv(tmp_path / "file", policies_of({"被保险人证件号": "440106700115991"}))
    (policy,) = read(tmp_path / "file")
    assert policy.insured == policy.holder
    assert policy.insured.number == "440106197001159919"


def test_uses_that_are_spent_belong_to_the_policy_year_of_today(tmp_path: Path) -> None:
    write_csv(tmp_path / "file", policies_of({"门诊已用": "2", "住院已用": "1"}))
    year = date(2026, 6, 1)
    assert read(tmp_path / "file")[0].uses == (Use("OP", year), Use("OP", year), Use("IP", year))


def test_empty_lines_more_columns_and_an_empty_phone_are_no_fault(tmp_path: Path) -> None:
    headings, row = policies_of({"投保人手机": "", "被保险人手机": None})
    table = [(*headings, "备注"), (), (*row, "续保，已回访"), ("", " ", None)]
    for write in (write_csv, write_xlsx):
        write(tmp_path / "file", table)
        assert [policy.holder.phone for policy in read(tmp_path / "file")] == [""]


def test_the_sample_has_what_the_demo_needs() -> None:
    policies = {policy.number[-1]: policy for policy in read(main.SAMPLE / "policies.csv")}
    assert [policies[n].status for n in "1234567"] == [
        IN_FORCE, ENDED, IN_FORCE, SUSPENDED, GRACE, IN_FORCE, IN_FORCE,
    ]  # fmt: skip
    assert policies["3"].uses
    assert policies["6"].insured.number == "330106196208172037"
    assert policies["7"].insured.document == IdKind.CN_PASSPORT
    assert ",330106620817203," in (main.SAMPLE / "policies.csv").read_text("utf-8")


# ---- what is wrong with a cell ----

BAD_CELLS: list[tuple[str, Cell, str]] = [
    ("保单号", "", "empty"),
    ("保单号", "PENDING", "bad_policy_number"),
    ("保单号", "（2020）粤字第0001号", "bad_policy_number"),
    ("保单号", "1.10101E+17", "digits_lost"),
    ("产品", " ", "empty"),
    ("产品", "康" * 65, "too_long"),
    ("产品版本", "#N/A", "cell_error"),
    ("状态", "作废", "unknown_value"),
    ("生效日", "2024-02-30", "bad_date"),
    ("生效日", "2024/6/1 8:30", "bad_date"),
    ("生效日", "45444", "bad_date"),
    ("生效日", "2024年春", "bad_date"),
    ("终止日", "2024-05-31", "before_start"),
    ("终止日", "", "empty"),
    ("投保人姓名", "", "empty"),
    ("投保人姓名", "王\n秀英", "bad_character"),
    ("投保人姓名", "王\0秀英", "bad_character"),
    ("投保人证件类型", "户口簿", "unknown_value"),
    ("投保人证件号", "440106197001159918", "bad_checksum"),
    ("投保人证件号", "44010619700115991", "bad_length"),
    ("投保人证件号", "440106701315991", "bad_length"),
    ("投保人证件号", "4.40106E+17", "digits_lost"),
    ("投保人证件号", "无", "bad_format"),
    ("投保人证件号", "440106********9919", "bad_format"),
    ("投保人手机", "136****1234", "bad_phone"),
    ("投保人手机", "王秀英", "bad_phone"),
    ("被保险人证件类型", "护照", "wrong_type"),
    ("门诊次数", "-1", "bad_number"),
    ("住院次数", "1_0", "bad_number"),
    ("门诊已用", "100", "bad_number"),
    ("住院已用", "一", "bad_number"),
]


@pytest.mark.parametrize(("column", "cell", "code"), BAD_CELLS)
def test_a_bad_cell_is_told_by_line_column_and_code(tmp_path: Path, column: str, cell: Cell, code: str) -> None:
    told = "被保险人证件号" if code == "wrong_type" else column
    assert faults(tmp_path, {}, {column: cell}) == [(3, told, code)]


@pytest.mark.parametrize(("column", "cell", "code"), [row for row in BAD_CELLS if row[1] and "\0" not in str(row[1])])
def test_a_workbook_has_the_same_faults_as_the_text(tmp_path: Path, column: str, cell: Cell, code: str) -> None:
    assert faults(tmp_path, {}, {column: cell}, write=write_xlsx) == faults(tmp_path, {}, {column: cell}), code


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("被保险人证件号", 440106197001159919, "digits_lost"),
        ("被保险人证件号", 4.40106197001159e17, "digits_lost"),
        ("被保险人证件号", 440106700115991.0, "digits_lost"),
        ("保单号", 2026000000000012, "digits_lost"),
        ("产品版本", date(2024, 1, 1), "turned_into_date"),
        ("生效日", datetime(2024, 6, 1, 8, 30), "bad_date"),  # noqa: DTZ001 - a cell has no zone
        ("生效日", time(8, 30), "bad_date"),
        ("门诊次数", 1.5, "bad_number"),
        ("状态", True, "unknown_value"),
    ],
)
def test_what_excel_made_of_a_text_is_refused(tmp_path: Path, column: str, cell: Cell, code: str) -> None:
    assert faults(tmp_path, {}, {column: cell}, write=write_xlsx) == [(3, column, code)]


def test_every_bad_cell_of_every_row_is_told(tmp_path: Path) -> None:
    assert faults(tmp_path, {"状态": "x", "门诊次数": "x"}, {}, {"生效日": "x"}, {"保单号": "P20260000 02"}) == [
        (2, "状态", "unknown_value"),
        (2, "门诊次数", "bad_number"),
        (4, "生效日", "bad_date"),
        (5, "保单号", "twice"),
    ]


def test_what_is_told_never_repeats_a_cell(tmp_path: Path) -> None:
    secret = {"投保人姓名": "欧阳文静" * 60, "投保人证件号": "110101195503129930", "投保人手机": "1390000123四"}
    write_csv(tmp_path / "file", policies_of(secret))
    with pytest.raises(ImportFault) as raised:
        read(tmp_path / "file")
    said = "\n".join([str(raised.value), *fault_lines(raised.value.faults)])
    assert said.count("第 2 行") == 3
    assert not any(part in said for part in ("欧阳", "110101", "13900"))


# ---- lines ----


def test_a_line_with_a_break_in_a_cell_is_told_by_where_it_begins(tmp_path: Path) -> None:
    """In the text, that is; a workbook counts rows."""
    rows: tuple[dict[str, Cell], ...] = ({"投保人姓名": "王\n秀\n英"}, {"状态": "x"})
    assert faults(tmp_path, *rows) == [(2, "投保人姓名", "bad_character"), (5, "状态", "unknown_value")]
    assert [fault[0] for fault in faults(tmp_path, *rows, write=write_xlsx)] == [2, 3]


def test_empty_lines_are_counted(tmp_path: Path) -> None:
    headings, good, bad = policies_of({}, {"状态": "x"})
    for write in (write_csv, write_xlsx):
        write(tmp_path / "file", [headings, (), good, (), (), bad])
        assert faults_of(read, tmp_path / "file") == [(6, "状态", "unknown_value")]


def test_a_quotation_mark_that_is_not_closed_swallows_nothing(tmp_path: Path) -> None:
    write_csv(tmp_path / "file", policies_of({}, {}, {}))
    lines = (tmp_path / "file").read_text("utf-8").splitlines()
    lines[1] = lines[1].replace("康健一生", '"康健"一生')
    lines[3] = '"' + lines[3]
    (tmp_path / "file").write_text("\n".join(lines), "utf-8")
    assert faults_of(read, tmp_path / "file") == [(2, "", "bad_quotes"), (4, "", "bad_quotes")]


def test_a_cell_beyond_the_headings_is_a_fault(tmp_path: Path) -> None:
    headings, row = policies_of({})
    for write in (write_csv, write_xlsx):
        write(tmp_path / "file", [(*headings, ""), (*row, "", "x")])
        assert faults_of(read, tmp_path / "file") == [(2, "", "too_many_cells")]


# ---- whole files ----


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe\xfd\xff" * 9, "bad_encoding"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old_xls"),
        (b"PK\x03\x04" + bytes(64), "bad_workbook"),
        ("，".join(HEADINGS).replace("，", ",").encode(), "no_rows"),
    ],
)
def test_a_file_that_is_bad_as_a_whole_is_told_so(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "file").write_bytes(content)
    assert faults_of(read, tmp_path / "file") == [(0, "", code)]


def test_a_workbook_that_breaks_off_is_told_so(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "file", policies_of({}))
    content = bytearray((tmp_path / "file").read_bytes())
    place = content.index(b"xl/worksheets/sheet1.xml") + 60
    content[place : place + 40] = bytes(40)
    (tmp_path / "file").write_bytes(content)
    assert faults_of(read, tmp_path / "file") == [(0, "", "bad_workbook")]


def test_headings_that_are_missing_or_twice_are_all_told(tmp_path: Path) -> None:
    for write in (write_csv, write_xlsx):
        write(tmp_path / "file", [("保单号", "保单号", *HEADINGS[3:]), ("x",) * 17])
        assert faults_of(read, tmp_path / "file") == [
            (1, "保单号", "column_twice"),
            (1, "产品", "column_missing"),
            (1, "产品版本", "column_missing"),
        ]
    (tmp_path / "file").write_bytes(b"")
    assert len(faults_of(read, tmp_path / "file")) == len(HEADINGS)


def test_every_code_has_its_reason_in_the_catalogue() -> None:
    cells = {code for _, _, code in BAD_CELLS}
    assert cells < ROW_REASONS.keys()
    assert ROW_REASONS.keys() >= {"bad_encoding", "old_xls", "bad_workbook", "no_rows", "bad_quotes", "too_many_cells"}
    said = list(fault_lines([(0, "", "old_xls"), (4, "", "bad_quotes"), (5, "状态", "unknown_value")]))
    assert [line.split("：")[0] for line in said] == ["整个文件", "第 4 行", "第 5 行，状态", said[-1]]


@WRITERS
def test_reading_tells_how_far_it_is(tmp_path: Path, write: Write) -> None:
    seen: list[tuple[str, int, int]] = []
    write(tmp_path / "file", policies_of(*({"保单号": f"P{n:09d}"} for n in range(2500))))
    read_policies(tmp_path / "file", ids=Counter(), today=TODAY, progress=lambda *told: seen.append(told))
    assert len(seen) == 2
    assert all(part == READING and 0 < done <= total for part, done, total in seen)
    assert seen[0][1] < seen[1][1]
