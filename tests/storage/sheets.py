"""Files of every kind that an import reads, written for tests; and the faults that come of one."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest

from storage.imports import ImportFault, RowFault
from storage.imports.sheet import Cell

Table = Sequence[Sequence[Cell]]
Write = Callable[[Path, Table], None]


def write_csv(file: Path, table: Table, encoding: str = "utf-8") -> None:
    text = io.StringIO()
    csv.writer(text).writerows(table)
    file.write_bytes(text.getvalue().encode(encoding))


def write_gb18030(file: Path, table: Table) -> None:
    write_csv(file, table, "gb18030")


def write_with_bom(file: Path, table: Table) -> None:
    write_csv(file, table, "utf-8-sig")


def write_xlsx(file: Path, table: Table) -> None:
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(row)
    book.save(file)


WRITERS = pytest.mark.parametrize("write", [write_csv, write_with_bom, write_gb18030, write_xlsx])


def faults_of(read_file: Callable[[Path], object], file: Path) -> list[RowFault]:
    with pytest.raises(ImportFault) as raised:
        read_file(file)
    return list(raised.value.faults)
