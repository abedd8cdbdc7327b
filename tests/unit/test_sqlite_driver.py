"""The driver under SQLAlchemy: what waits does so in a thread, and a cancelled call leaves nothing open."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from storage.engines import Engines, open_engines


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "some.sqlite3"


@pytest.fixture
async def engines(file: Path) -> AsyncIterator[Engines]:
    opened = open_engines(URL.create("sqlite", database=str(file)))
    async with opened.writer.begin() as connection:
        await connection.execute(text("CREATE TABLE t (n INTEGER)"))
    yield opened
    await opened.writer.dispose()
    await opened.reader.dispose()


async def test_rows_come_back_from_the_writer_and_from_readers(engines: Engines) -> None:
    async with engines.writer.begin() as connection:
        await connection.execute(text("INSERT INTO t VALUES (:n)"), [{"n": n} for n in range(3)])
        written = await connection.execute(text("SELECT n FROM t ORDER BY n"))
    async with engines.reader.connect() as connection:
        read = await connection.execute(text("SELECT n FROM t ORDER BY n"))
    assert written.all() == read.all() == [(0,), (1,), (2,)]


async def test_many_rows_are_written_and_counted(engines: Engines) -> None:
    async with engines.writer.begin() as connection:
        result = await connection.execute(text("INSERT INTO t VALUES (:n)"), [{"n": n} for n in range(5000)])
    assert result.rowcount == 5000


async def test_the_loop_goes_on_while_another_process_writes(engines: Engines, file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ticks = 0
    writing = asyncio.create_task(_write(engines))
    while ticks < 5:
        await asyncio.sleep(0.01)
        ticks += 1
    assert not writing.done()
    other.execute("COMMIT")
    other.close()
    await asyncio.wait_for(writing, 3)


async def test_a_begin_that_is_cancelled_leaves_no_transaction_open(engines: Engines, file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(_write(engines))
    await asyncio.sleep(0.05)
    writing.cancel()
    other.execute("COMMIT")
    with pytest.raises(asyncio.CancelledError):
        await writing
    await _write(engines)
    other.execute("BEGIN IMMEDIATE")
    assert other.execute("SELECT count(*) FROM t").fetchone() == (1,)
    other.close()


async def _write(engines: Engines) -> None:
    async with engines.writer.begin() as connection:
        await connection.execute(text("INSERT INTO t VALUES (1)"))
