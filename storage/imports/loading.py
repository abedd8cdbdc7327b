"""From a file into the database: everything is read and checked first, then written in one transaction."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from flows.ids import Ids
from storage.directory import Directory
from storage.imports.hospitals import read_hospitals
from storage.imports.illnesses import illnesses_in, read_illnesses
from storage.imports.policies import read_policies
from storage.progress import Progress, unwatched


class Imported(NamedTuple):
    """How many rows a file had, and how many things they made: new policies, hospitals, products."""

    rows: int
    made: int


async def load_policies(
    directory: Directory, file: Path, *, ids: Ids, today: date, progress: Progress = unwatched
) -> Imported:
    """Import policies. Raises ImportFault, StorageError; then nothing was."""
    with _no_collections():
        given = read_policies(file, ids=ids, today=today, progress=progress)
        return Imported(len(given), await directory.import_policies(given, ids, progress=progress))


async def load_hospitals(directory: Directory, file: Path, *, progress: Progress = unwatched) -> Imported:
    """Replace the hospital directory. Raises ImportFault, StorageError; then nothing was."""
    given = read_hospitals(file, progress=progress)
    await directory.replace_hospitals(given)
    return Imported(len(given), len(given))


async def load_illnesses(directory: Directory, file: Path, *, progress: Progress = unwatched) -> Imported:
    """Replace the illness lists that a file names. Raises ImportFault, StorageError; then nothing was."""
    given = read_illnesses(file, progress=progress)
    await directory.save_products(given)
    return Imported(sum(len(illnesses_in(product)) for product in given), len(given))


@contextmanager
def _no_collections() -> Iterator[None]:
    """Keep the collector from going through a hundred thousand rows again and again for cycles that are not there.

    It took up to a third of the time in which nobody else may write.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
