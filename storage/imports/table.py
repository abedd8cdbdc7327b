"""A sheet whose first line is headings, read row by row into values; what is wrong is collected, not raised."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final, TypeVar

from storage.imports.faults import ImportFault, RowFault, whole_file
from storage.imports.sheet import Cell, Line, Lines, open_sheet
from storage.progress import Progress

Columns = Mapping[str, Sequence[str]]
"""Each column of a table by its name, with what else its heading may say."""

Value = TypeVar("Value")

LONGEST: Final = 200  # characters of a cell where the column says nothing shorter
MOST: Final = 99  # of what is counted: uses in a year
_EXACT: Final = 10**14  # Excel keeps 15 digits of a number: from 15 on, what it was is not certain
_IN_POWERS: Final = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{2,}", re.IGNORECASE)  # 1.10101E+17
_AS_FORMULA: Final = re.compile(r'="([^"]*)"')  # how exports keep Excel from making a number of a text
_ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
_DAY: Final = re.compile(r"([0-9]{4})([-/.年])([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?: 0?0:00(?::00)?)?")
_DIGITS: Final = re.compile(r"([0-9]{4})()([0-9]{2})([0-9]{2})")
_MIDNIGHT: Final = time()


class Unfit(ValueError):
    """A cell that cannot be taken; the message is the code of the reason."""


class SheetRow:
    """One row. A value that is bad or missing is told to `faults` and stands in as an empty one: look at `sound`."""

    __slots__ = ("_cells", "_faults", "_headings", "_places", "line", "sound")

    def __init__(self, line: Line, places: Mapping[str, int], headings: Sequence[str], faults: list[RowFault]) -> None:
        self.line = line.number
        self.sound = True
        self._cells = line.cells
        self._places = places
        self._headings = headings
        self._faults = faults

    def cells(self, *columns: str) -> tuple[Cell, ...]:
        """Return cells as they stand in the file."""
        return tuple(self._cell(column) for column in columns)

    def fault(self, column: str, code: str) -> None:
        """Tell what is wrong with a column of this row."""
        self.sound = False
        self._faults.append(RowFault(self.line, self._headings[self._places[column]], code))

    def optional(self, column: str, *, longest: int = LONGEST) -> str:
        """Return a text in NFKC, "" where the cell is empty. Faults: those of `written`, too_long."""
        try:
            text = written(self._cell(column))
        except Unfit as unfit:
            self.fault(column, str(unfit))
            return ""
        if len(text) > longest:
            self.fault(column, "too_long")
            return ""
        return text

    def text(self, column: str, *, longest: int = LONGEST) -> str:
        """Return a text as `optional` does; an empty one is a fault (empty)."""
        before = len(self._faults)
        text = self.optional(column, longest=longest)
        if not text and len(self._faults) == before:
            self.fault(column, "empty")
        return text

    def one_of(self, column: str, known: Mapping[str, Value]) -> Value | None:
        """Return what the cell's word stands for; None where it is bad. Faults: empty, unknown_value."""
        text = self.text(column)
        if text and text not in known:
            self.fault(column, "unknown_value")
        return known.get(text)

    def count(self, column: str) -> int:
        """Return a number from 0 to 99. Faults: empty, bad_number."""
        text = self.text(column)
        if text.isascii() and text.isdecimal() and len(text.lstrip("0")) <= len(str(MOST)):
            return int(text)
        if text:
            self.fault(column, "bad_number")
        return 0

    def day(self, column: str) -> date:
        """Return a day: a date cell, 2026-11-22, 2026/11/22, 2026.11.22, 2026年11月22日, 20261122. Fault: bad_date."""
        cell = self._cell(column)
        if isinstance(cell, datetime):
            found = cell.date() if cell.time() == _MIDNIGHT else None
        elif isinstance(cell, date | time | timedelta):
            found = cell if isinstance(cell, date) else None
        else:
            found = _day(text) if (text := self.text(column)) else date.min
        if found is None:
            self.fault(column, "bad_date")
        return found or date.min

    def _cell(self, column: str) -> Cell:
        place = self._places[column]
        return self._cells[place] if place < len(self._cells) else None


def read_rows(file: Path, columns: Columns, faults: list[RowFault], progress: Progress) -> Iterator[SheetRow]:
    """Return each row below the headings that is not empty; other columns than `columns` are passed over.

    Raises ImportFault for the whole file (see `open_sheet`; no_rows) and for its headings (column_missing,
    column_twice). Cells beyond the headings are told to `faults` (too_many_cells).
    """
    with open_sheet(file, faults, progress) as lines:
        headings, places = _headings(lines, columns)
        empty = True
        for line in lines:
            if all(map(_blank, line.cells)):
                continue
            empty = False
            row = SheetRow(line, places, headings, faults)
            if any(written_or_not(cell) for cell in line.cells[len(headings) :]):
                faults.append(RowFault(line.number, "", "too_many_cells"))
            yield row
        if empty and not faults:
            raise whole_file("no_rows")


def _headings(lines: Lines, columns: Columns) -> tuple[list[str], dict[str, int]]:
    first = next(lines, Line(1, ()))
    headings = [written_or_not(cell) for cell in first.cells]
    while headings and not headings[-1]:
        headings.pop()
    places, faults = {}, []
    for column, others in columns.items():
        found = [place for place, heading in enumerate(headings) if heading.casefold() in {column, *others}]
        if len(found) != 1:
            faults.append(RowFault(first.number, column, "column_twice" if found else "column_missing"))
        places[column] = found[0] if found else 0
    if faults:
        raise ImportFault(faults)
    return headings, places


def _blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def written_or_not(cell: Cell) -> str:
    """Return a cell's text as `written` does, and something that is not empty for one that cannot be taken."""
    try:
        return written(cell)
    except Unfit:
        return "?"


def written(cell: Cell) -> str:
    """Return what a cell says, as text in NFKC, trimmed, without invisible characters; a whole number without a point.

    Raises Unfit: digits_lost, turned_into_date, cell_error, bad_character.
    """
    if isinstance(cell, str):
        return _text(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, int | float):
        return _number(cell)
    raise Unfit("turned_into_date")


def _number(cell: float) -> str:
    if abs(cell) >= _EXACT:
        raise Unfit("digits_lost")
    return str(int(cell)) if cell == int(cell) else repr(cell)


def _text(cell: str) -> str:
    if cell.isalnum() and cell.isascii() and not _IN_POWERS.fullmatch(cell):  # most cells, and nothing to be done
        return cell
    text = _visible(unicodedata.normalize("NFKC", cell)).strip()
    if formula := _AS_FORMULA.fullmatch(text):
        text = formula[1].strip()
    text = text.removeprefix("'").strip()
    if _IN_POWERS.fullmatch(text):
        raise Unfit("digits_lost")
    if text in _ERRORS:
        raise Unfit("cell_error")
    return text


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    kept = "".join(char for char in text.strip() if unicodedata.category(char) != "Cf")
    if any(unicodedata.category(char) in {"Cc", "Zl", "Zp", "Cs"} for char in kept):
        raise Unfit("bad_character")
    return kept


def _day(text: str) -> date | None:
    match = _DAY.fullmatch(text) or _DIGITS.fullmatch(text)
    try:
        return date(int(match[1]), int(match[3]), int(match[4])) if match else None
    except ValueError:
        return None
