"""How long an import of policies takes: `python -m benchmarks.imports [ROWS [URL]]`.

The policies are made up. `URL` is that of an empty database; without one it is SQLite in a folder that is thrown away.
"""

import asyncio
import csv
import itertools
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl

from flows.reading.documents.gb11643 import check_character
from storage.connection.encryption import Encryption, generate_key
from storage.connection.ids import Snowflakes
from storage.database import Database
from storage.imports import load_policies
from storage.imports.policies import COLUMNS
from storage.migrations import migrate
from storage.progress import WRITING

ROWS = 100_000
TODAY = date(2026, 11, 23)
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
PLACES = ("110101", "310101", "440106", "510107", "330106", "420106", "610103", "370102")


def person(dice: random.Random) -> tuple[str, str, str, str]:
    """Return a made-up person: name, kind of document, number, mobile."""
    birth = date(1940, 1, 1) + timedelta(days=dice.randrange(25_000))
    first = f"{dice.choice(PLACES)}{birth:%Y%m%d}{dice.randrange(1000):03d}"
    name = dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN)
    return name, "居民身份证", first + check_character(first), f"13{dice.randrange(10**9):09d}"


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """Return the headings and `count` policies; two in three insure the policyholder."""
    dice = random.Random(1)  # noqa: S311 - the same file every time
    yield tuple(COLUMNS)
    for number in range(count):
        holder = person(dice)
        insured = holder if dice.random() < 2 / 3 else person(dice)
        starts = date(2010, 1, 1) + timedelta(days=dice.randrange(6000))
        ends = starts.replace(day=min(starts.day, 28), year=starts.year + 40)
        times = ("1", "1", "1" if dice.random() < 0.05 else "0", "0")
        yield f"P{number:010d}", "康健一生", "2024", "有效", f"{starts}", f"{ends}", *holder, *insured, *times


def write(file: Path, count: int) -> None:
    """Write a file of `count` policies, CSV or XLSX by its name."""
    if file.suffix == ".csv":
        with file.open("w", encoding="gb18030", newline="") as stream:
            csv.writer(stream).writerows(rows(count))
        return
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows(count):
        sheet.append(row)
    book.save(file)


class Watch:
    """Sees when reading ends and writing begins."""

    def __init__(self) -> None:
        self.began = time.perf_counter()
        self.writing = 0.0

    def __call__(self, part: str, _done: int, _total: int) -> None:
        """Note the first word of writing."""
        if part == WRITING and not self.writing:
            self.writing = time.perf_counter()


async def measure(name: str, file: Path, database: Database) -> None:
    """Import, and print a line of the table."""
    ticks = itertools.count()
    ids = Snowflakes(node=1, clock=lambda: datetime(2026, 11, 23, tzinfo=UTC) + timedelta(microseconds=next(ticks)))
    watch = Watch()
    done = await load_policies(database.directory, file, ids=ids, today=TODAY, progress=watch)
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"| {name} | {done.rows} | {done.made} | {ended - watch.began:.1f} | {ended - watch.writing:.1f} | {peak:.0f} |"
    )


async def run(count: int, url: str) -> None:
    """Import CSV and XLSX into an empty SQLite each (or CSV alone into `url`), and the CSV again."""
    print(
        "| file | rows | new | seconds | of these in the transaction | peak MB |\n| --- | --: | --: | --: | --: | --: |"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for suffix in ("csv",) if url else ("csv", "xlsx"):
            file, base = folder / f"policies.{suffix}", url or f"sqlite:///{folder / suffix}.db"
            write(file, count)
            await migrate.upgrade(base)
            codec = Encryption(sealing={"s": generate_key()}, hashing={"h": generate_key()})
            database = Database.open(base, codec=codec, documents=folder / "documents")
            await measure(suffix.upper(), file, database)
            if suffix == "csv":
                await measure("CSV, again", file, database)
            await database.close()


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS, sys.argv[2] if len(sys.argv) > 2 else ""))
