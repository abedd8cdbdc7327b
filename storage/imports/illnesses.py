"""The illnesses of each product in each version [G4, OP-N7]. A file replaces the lists that it names."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from flows.reading.illnesses import Illness, Severity
from flows.reading.illnesses import load_illnesses as industry_list
from flows.terms.facts import UNLISTED
from storage.imports.faults import ImportFault, RowFault
from storage.imports.policies import KEY_LENGTH
from storage.imports.table import Columns, SheetRow, read_rows
from storage.progress import Progress, unwatched
from storage.records.products import Product

COLUMNS: Final[Columns] = {
    "product": ("产品",),
    "version": ("产品版本",),
    "code": ("代码",),
    "name": ("病种名称", "名称"),
    "short": ("简称",),
    "severity": ("程度",),
}
SEVERITIES: Final = {"重疾": Severity.SEVERE, "轻症": Severity.MILD}
SHORT: Final = 8  # characters of a button
_CODE: Final = re.compile(r"[A-Za-z0-9_]{1,24}")  # it travels in a button's data, of 64 bytes

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(tuple[Illness, ...])

Key = tuple[str, str]


def read_illnesses(file: Path, *, progress: Progress = unwatched) -> list[Product]:
    """Read illness lists from a CSV or XLSX file, severe ones first. Raises ImportFault naming every bad cell.

    Code, full name and short name are each unique in their list.
    """
    faults: list[RowFault] = []
    lists: dict[Key, list[Illness]] = {}
    for row in read_rows(file, COLUMNS, faults, progress):
        key = row.text("product", longest=KEY_LENGTH), row.text("version", longest=KEY_LENGTH)
        listed = lists.setdefault(key, [])
        illness = _illness(row)
        _tell_twice(row, illness, listed)
        listed.append(illness)
    if faults:
        raise ImportFault(faults)
    return [_product(key, listed) for key, listed in lists.items()]


def industry_product(product: str, version: str) -> Product:
    """Return a product with the list that is shipped: the industry's of 2020, 28 severe illnesses and 3 mild ones."""
    return _product((product, version), industry_list().illnesses)


def illnesses_in(product: Product) -> tuple[Illness, ...]:
    """Return a product's list. Raises msgspec.DecodeError."""
    return _decoder.decode(product.body)


def _product(key: Key, listed: Iterable[Illness]) -> Product:
    return Product(*key, _encoder.encode(sorted(listed, key=lambda illness: illness.severity is Severity.MILD)))


def _illness(row: SheetRow) -> Illness:
    code = row.text("code")
    if code and (code == UNLISTED or not _CODE.fullmatch(code)):
        row.fault("code", "bad_code")
    severity = row.one_of("severity", SEVERITIES) or Severity.SEVERE
    return Illness(code, row.text("name"), row.text("short", longest=SHORT), severity)


def _tell_twice(row: SheetRow, illness: Illness, listed: list[Illness]) -> None:
    for column in ("code", "name", "short"):
        value = getattr(illness, column)
        if value and any(getattr(other, column) == value for other in listed):
            row.fault(column, "twice")
