"""What is wrong with a file, told by line, column and a code; never by what the cell says."""

from collections.abc import Iterable
from typing import Final, NamedTuple

WHOLE_FILE: Final = 0  # the line of a fault that is no line's


class RowFault(NamedTuple):
    """One bad cell: the line (see `storage.imports.sheet.Line`), the column as its heading says, and a code.

    `column` is empty where the whole line is bad, `line` is 0 where the whole file is.
    """

    line: int
    column: str
    code: str


class ImportFault(ValueError):
    """The file cannot be imported; nothing was. `faults` holds every bad cell, in the order of the file."""

    def __init__(self, faults: Iterable[RowFault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__(f"{len(self.faults)} faults")


def whole_file(code: str) -> ImportFault:
    """Return the error of a file that is bad as a whole."""
    return ImportFault([RowFault(WHOLE_FILE, "", code)])
