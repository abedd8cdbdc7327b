"""What operators import: a CSV file becomes rows of the directory, all or nothing.

Each bad row is named by its line, its column and a code, never by its content. Headings are the insurer's own.
"""

import csv
import io
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from flows.ids import Ids, PolicyId
from flows.reading.id_numbers import IdKind, IdNumber, read_id_number, upgrade_15_to_18
from flows.terms.policy import CONSUMED, ENDED, GRACE, IN_FORCE, SUSPENDED, Person, Policy, Use, policy_year
from storage.directory import Hospital

STATUSES: Final = {"有效": IN_FORCE, "宽限期": GRACE, "中止": SUSPENDED, "终止": ENDED}
DOCUMENTS: Final = {
    "居民身份证": IdKind.RESIDENT_ID,
    "港澳台居民居住证": IdKind.HMT_RESIDENCE,
    "外国人永久居留身份证": IdKind.FOREIGN_PR,
    "回乡证": IdKind.HK_MO_PERMIT,
    "台胞证": IdKind.TW_PERMIT,
    "护照": IdKind.CN_PASSPORT,
    "外国护照": IdKind.FOREIGN_PASSPORT,
}
COLUMNS: Final = (
    "保单号", "产品", "产品版本", "状态", "生效日", "终止日",
    "投保人姓名", "投保人证件类型", "投保人证件号", "投保人手机",
    "被保险人姓名", "被保险人证件类型", "被保险人证件号", "被保险人手机",
    "门诊次数", "住院次数", "门诊已用", "住院已用",
)  # fmt: skip
OLD_LENGTH: Final = 15

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one row: its line in the file (the headings are line 1), the column, and a code."""

    line: int
    column: str
    code: str


class ImportFault(ValueError):
    """The file cannot be imported; nothing was. `faults` holds every bad row."""

    def __init__(self, faults: tuple[RowFault, ...]) -> None:
        super().__init__(f"{len(faults)} rows")
        self.faults = faults


class _Bad(ValueError):
    """A cell that cannot be right: its column and a code."""

    def __init__(self, column: str, code: str) -> None:
        super().__init__(code)
        self.column = column
        self.code = code


def read_policies(file: Path, *, ids: Ids, today: date) -> list[Policy]:
    """Read policies from a CSV file in UTF-8 (with or without BOM). Raises ImportFault naming every bad row.

    Uses already spent belong to the policy year of `today`. 15-digit resident numbers are upgraded to 18.
    """
    rows = csv.DictReader(io.StringIO(file.read_text("utf-8-sig")))
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise ImportFault(tuple(RowFault(1, column, "column_missing") for column in missing))
    policies: dict[str, Policy] = {}
    faults: list[RowFault] = []
    for row in rows:
        try:
            policy = _policy(row, ids=ids, today=today)
        except _Bad as bad:
            faults.append(RowFault(rows.line_num, bad.column, bad.code))
            continue
        if policies.setdefault(policy.number, policy) is not policy:
            faults.append(RowFault(rows.line_num, "保单号", "twice"))
    if faults:
        raise ImportFault(tuple(faults))
    return list(policies.values())


def read_hospitals(file: Path) -> list[Hospital]:
    """Read the hospital directory: name, province, city, level, ownership, network (是 or 否). Raises ImportFault."""
    rows = csv.DictReader(io.StringIO(file.read_text("utf-8-sig")))
    hospitals: list[Hospital] = []
    faults: list[RowFault] = []
    for row in rows:
        try:
            public = {name: _cell(row, name) for name in ("name", "province", "city", "level", "ownership")}
            hospitals.append(Hospital(**public, network=_one_of(row, "network", {"是": True, "否": False})))
        except _Bad as bad:
            faults.append(RowFault(rows.line_num, bad.column, bad.code))
    if faults:
        raise ImportFault(tuple(faults))
    return hospitals


def _policy(row: Mapping[str, str | None], *, ids: Ids, today: date) -> Policy:
    starts, ends = _day(row, "生效日"), _day(row, "终止日")
    if ends < starts:
        raise _Bad("终止日", "before_start")
    year = policy_year(starts, today)
    spent = {"OP": _count(row, "门诊已用"), "IP": _count(row, "住院已用")}
    return Policy(
        id=PolicyId(ids.new()),
        number=_cell(row, "保单号").upper(),
        product=_cell(row, "产品"),
        version=_cell(row, "产品版本"),
        status=_one_of(row, "状态", STATUSES),
        starts=starts,
        ends=ends,
        holder=_person(row, "投保人", today),
        insured=_person(row, "被保险人", today),
        limits={"OP": _count(row, "门诊次数"), "IP": _count(row, "住院次数")},
        uses=tuple(Use(service, year, CONSUMED) for service, times in spent.items() for _ in range(times)),
    )


def _person(row: Mapping[str, str | None], who: str, today: date) -> Person:
    column = f"{who}证件号"
    kind = _one_of(row, f"{who}证件类型", DOCUMENTS)
    number = _cell(row, column).upper()
    if kind is IdKind.RESIDENT_ID and len(number) == OLD_LENGTH:
        number = _upgraded(number, column)
    reading = read_id_number(number, declared=kind, as_of=today)
    if not isinstance(reading, IdNumber):
        raise _Bad(column, reading.code)
    return Person(_cell(row, f"{who}姓名"), reading.kind, reading.normalized, _optional(row, f"{who}手机"))


def _upgraded(number: str, column: str) -> str:
    try:
        return upgrade_15_to_18(number)
    except ValueError as error:
        raise _Bad(column, "bad_format") from error


def _optional(row: Mapping[str, str | None], column: str) -> str:
    return unicodedata.normalize("NFKC", row.get(column) or "").strip()


def _cell(row: Mapping[str, str | None], column: str) -> str:
    value = _optional(row, column)
    if not value:
        raise _Bad(column, "empty")
    return value


def _parsed(row: Mapping[str, str | None], column: str, parse: Callable[[str], Value], code: str) -> Value:
    try:
        return parse(_cell(row, column))
    except _Bad:
        raise
    except (ValueError, KeyError) as error:
        raise _Bad(column, code) from error


def _day(row: Mapping[str, str | None], column: str) -> date:
    return _parsed(row, column, date.fromisoformat, "bad_date")


def _count(row: Mapping[str, str | None], column: str) -> int:
    count = _parsed(row, column, int, "bad_number")
    if count < 0:
        raise _Bad(column, "bad_number")
    return count


def _one_of(row: Mapping[str, str | None], column: str, known: Mapping[str, Value]) -> Value:
    return _parsed(row, column, known.__getitem__, "unknown_value")
