"""Policies as the insurer exports them; the headings are the insurer's own."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final

from flows.ids import Ids, PolicyId
from flows.reading.id_numbers import IdKind, IdNumber, read_id_number, upgrade_15_to_18
from flows.terms.policy import CONSUMED, ENDED, GRACE, IN_FORCE, SUSPENDED, Person, Policy, Use, policy_year
from storage.imports.faults import ImportFault, RowFault
from storage.imports.table import Columns, SheetRow, read_rows
from storage.progress import Progress, unwatched

STATUSES: Final = {"有效": IN_FORCE, "宽限期": GRACE, "中止": SUSPENDED, "终止": ENDED}
DOCUMENTS: Final = {
    "居民身份证": IdKind.RESIDENT_ID,
    "身份证": IdKind.RESIDENT_ID,
    "港澳台居民居住证": IdKind.HMT_RESIDENCE,
    "外国人永久居留身份证": IdKind.FOREIGN_PR,
    "回乡证": IdKind.HK_MO_PERMIT,
    "台胞证": IdKind.TW_PERMIT,
    "护照": IdKind.CN_PASSPORT,
    "外国护照": IdKind.FOREIGN_PASSPORT,
}
NUMBER: Final = "保单号"
SERVICES: Final = {"OP": "门诊", "IP": "住院"}
HOLDER: Final = "投保人"
INSURED: Final = "被保险人"
_OF_PERSON: Final = ("姓名", "证件类型", "证件号", "手机")
COLUMNS: Final[Columns] = dict.fromkeys(
    (
        NUMBER, "产品", "产品版本", "状态", "生效日", "终止日",
        *(who + part for who in (HOLDER, INSURED) for part in _OF_PERSON),
        "门诊次数", "住院次数", "门诊已用", "住院已用",
    ),
    (),
)  # fmt: skip
OLD_LENGTH: Final = 15
KEY_LENGTH: Final = 64  # of a product's id and version, as the tables have them

_BETWEEN: Final = re.compile(r"[\s\-_.]")
_NUMBER: Final = re.compile(r"(?=.*[0-9])[A-Z0-9]{6,30}")  # what the conversation reads: another is never found
_ID_REASONS: Final = {"bad_date": "bad_birth", "empty": "bad_format"}  # said of a cell, these two would mislead
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()\-]{4,24}")


def read_policies(file: Path, *, ids: Ids, today: date, progress: Progress = unwatched) -> list[Policy]:
    """Read policies from a CSV or XLSX file. Raises ImportFault naming every bad cell.

    Uses already spent belong to the policy year of `today` (Asia/Shanghai). Policy numbers are normalised as the
    conversation does it, 15-digit resident numbers upgraded to 18.
    """
    faults: list[RowFault] = []
    policies: dict[str, Policy] = {}
    for row in read_rows(file, COLUMNS, faults, progress):
        number = _number(row)
        policy = _policy(row, number, ids=ids, today=today)
        if number and policies.setdefault(number, policy) is not policy:
            row.fault(NUMBER, "twice")
    if faults:
        raise ImportFault(faults)
    return list(policies.values())


def _number(row: SheetRow) -> str:
    text = row.text(NUMBER)
    number = _BETWEEN.sub("", text).upper()
    if _NUMBER.fullmatch(number):
        return number
    if text:
        row.fault(NUMBER, "bad_policy_number")
    return ""


def _policy(row: SheetRow, number: str, *, ids: Ids, today: date) -> Policy:
    starts, ends = row.day("生效日"), row.day("终止日")
    if row.sound and ends < starts:
        row.fault("终止日", "before_start")
    holder = _person(row, HOLDER, today)
    same = row.cells(*_columns(INSURED)) == row.cells(*_columns(HOLDER)) and row.sound
    return Policy(
        id=PolicyId(ids.new()),
        number=number,
        product=row.text("产品", longest=KEY_LENGTH),
        version=row.text("产品版本", longest=KEY_LENGTH),
        status=row.one_of("状态", STATUSES) or "",
        starts=starts,
        ends=ends,
        holder=holder,
        insured=holder if same else _person(row, INSURED, today),
        limits={service: row.count(f"{name}次数") for service, name in SERVICES.items()},
        uses=tuple(_spent(row, policy_year(starts, today))),
    )


def _spent(row: SheetRow, year: date) -> Iterator[Use]:
    for service, name in SERVICES.items():
        for _ in range(row.count(f"{name}已用")):
            yield Use(service, year, CONSUMED)


def _columns(who: str) -> tuple[str, ...]:
    return tuple(who + part for part in _OF_PERSON)


def _person(row: SheetRow, who: str, today: date) -> Person:
    kind = row.one_of(f"{who}证件类型", DOCUMENTS)
    written = row.text(f"{who}证件号")
    document = _document(row, f"{who}证件号", kind, written, today) if kind and written else None
    phone = row.optional(f"{who}手机")
    if phone and not _PHONE.fullmatch(phone):
        row.fault(f"{who}手机", "bad_phone")
    name = row.text(f"{who}姓名")
    return Person(name, document.kind if document else "", document.normalized if document else "", phone)


def _document(row: SheetRow, column: str, kind: IdKind, number: str, today: date) -> IdNumber | None:
    if kind is IdKind.RESIDENT_ID and len(number) == OLD_LENGTH:
        with suppress(ValueError):  # what is no old number is read as it stands, and refused with its reason
            number = upgrade_15_to_18(number)
    reading = read_id_number(number, declared=kind, as_of=today)
    if isinstance(reading, IdNumber):
        return reading
    row.fault(column, _ID_REASONS.get(reading.code, reading.code))
    return None
