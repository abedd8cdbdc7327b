"""A file of cells, whatever wrote it: CSV in UTF-8 or GB18030 (as Excel in China saves it), or XLSX.

Told apart by their first bytes, not by the file's name. Read as a stream, a line at a time.
"""

import csv
import io
import itertools
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple
from xml.etree.ElementTree import ParseError

import openpyxl

from storage.imports.faults import RowFault, whole_file
from storage.progress import READING, Progress

Cell = str | int | float | bool | date | datetime | time | timedelta | None

TOLD_EVERY: Final = 1000  # lines
_BLOCK: Final = 1 << 20  # characters
_ZIP: Final = b"PK"  # an XLSX is a zip of XML (ECMA-376)
_OLE: Final = b"\xd0\xcf\x11\xe0"  # an XLS of before 2007, or an XLSX behind a password ([MS-CFB])
_ENCODINGS: Final = ("utf-8-sig", "gb18030")  # what is valid UTF-8 is hardly ever meant as GB18030
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
)


class Line(NamedTuple):
    """One line of cells. `number` counts from 1: in a CSV the line of the text on which it begins, in an XLSX the row.

    A cell with line breaks spreads over several lines of a CSV's text, so that the two may differ.
    """

    number: int
    cells: Sequence[Cell]


Lines = Iterator[Line]


def open_sheet(file: Path, faults: list[RowFault], progress: Progress) -> AbstractContextManager[Lines]:
    """Return the lines of `file`, to be read while it is open. Lines that cannot be split are added to `faults`.

    Raises ImportFault: old_xls, bad_encoding, bad_workbook.
    """
    with file.open("rb") as stream:
        head = stream.read(len(_OLE))
    if head == _OLE:
        raise whole_file("old_xls")
    return _workbook(file, progress) if head.startswith(_ZIP) else _text(file, faults, progress)


@contextmanager
def _text(file: Path, faults: list[RowFault], progress: Progress) -> Iterator[Lines]:
    size = file.stat().st_size
    with file.open("rb") as raw, io.TextIOWrapper(raw, encoding=_encoding(file), newline="") as text:
        yield _split(text, faults, lambda: progress(READING, raw.tell(), size))


def _encoding(file: Path) -> str:
    """Return the first encoding in which all of the file is valid."""
    for encoding in _ENCODINGS:
        with suppress(UnicodeDecodeError), file.open(encoding=encoding, newline="") as text:
            while text.read(_BLOCK):
                pass
            return encoding
    raise whole_file("bad_encoding")


def _split(text: Iterable[str], faults: list[RowFault], tell: Callable[[], None]) -> Lines:
    # Strict: a quotation mark that is never closed would swallow the lines that follow.
    reader = csv.reader(text, strict=True)
    for count in itertools.count(1):
        number = reader.line_num + 1
        try:
            yield Line(number, next(reader))
        except csv.Error:
            faults.append(RowFault(number, "", "bad_quotes"))
        except StopIteration:
            return
        if count % TOLD_EVERY == 0:
            tell()


@contextmanager
def _workbook(file: Path, progress: Progress) -> Iterator[Lines]:
    # openpyxl warns of what it does not keep (styles, validation), and in doing so may quote a cell.
    with warnings.catch_warnings(), file.open("rb") as stream:
        warnings.simplefilter("ignore")
        with _translated():
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        try:
            yield _rows(book, progress)
        finally:
            book.close()


def _rows(book: Any, progress: Progress) -> Lines:  # noqa: ANN401 - openpyxl has no types
    with _translated():
        sheet = book.worksheets[0]
        total = sheet.max_row or 0
        sheet.reset_dimensions()  # some programs write a size that is wrong, and the rest would not be read
        rows = enumerate(sheet.iter_rows(values_only=True), 1)
    while True:
        with _translated():
            number, cells = next(rows, (0, ()))
        if not number:
            return
        yield Line(number, cells)
        if number % TOLD_EVERY == 0:
            progress(READING, number, max(number, total))


@contextmanager
def _translated() -> Iterator[None]:
    """Nothing but ImportFault comes out of a broken workbook: openpyxl has no error of its own for it."""
    try:
        yield
    except _BROKEN as error:
        raise whole_file("bad_workbook") from error
