"""SQLite under SQLAlchemy's asyncio, without a thread's round trip for every call.

aiosqlite sends each call to a thread and waits for it: four trips a statement, and a trip costs several times what a
statement of ours does. Here what waits (for a lock, for the disk, for many rows) goes to the connection's own thread,
in one trip; the writer's other statements touch the few rows of a batch, in memory, and run where they are called.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Self, TypeVar

MANY: Final = 1000  # rows of one executemany; more are written in the thread
_SHORT: Final = frozenset({"SELECT", "INSERT", "UPDATE"})

_Result = TypeVar("_Result")
_Row = tuple[Any, ...]


async def connect(*arguments: Any, in_place: bool, **options: Any) -> "Connection":  # noqa: ANN401 - sqlite3.connect's own
    """Open a connection. `in_place`: short statements run where they are called, else each in the thread."""
    lane = ThreadPoolExecutor(1, "sqlite")
    opening = asyncio.get_running_loop().run_in_executor(
        lane, lambda: sqlite3.connect(*arguments, **{**options, "check_same_thread": False})
    )
    try:
        return Connection(await opening, lane, in_place=in_place)
    except BaseException:
        lane.shutdown(wait=False)
        raise


class Connection:
    """What SQLAlchemy's dialect for aiosqlite asks of a connection. One task uses it at a time."""

    def __init__(self, raw: sqlite3.Connection, lane: ThreadPoolExecutor, *, in_place: bool) -> None:
        self._connection = raw  # SQLAlchemy looks whether it is there
        self._lane = lane
        self.in_place = in_place
        self._closed = False

    @property
    def isolation_level(self) -> str | None:
        """The driver's own transactions: None, for none."""
        return self._connection.isolation_level

    def cursor(self) -> "Cursor":
        """Give a cursor, to be entered."""
        return Cursor(self, self._connection.cursor())

    async def away(self, work: Callable[[], _Result]) -> _Result:
        """Do `work` in the thread, after all that was sent there before."""
        return await asyncio.get_running_loop().run_in_executor(self._lane, work)

    async def commit(self) -> None:
        """Commit: it waits for the disk."""
        await self.away(self._connection.commit)

    async def rollback(self) -> None:
        """Roll back; nothing where no transaction is open."""
        await self.away(self._connection.rollback)

    async def create_function(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - sqlite3's own
        """Let SQLAlchemy add the functions that it promises."""
        self._connection.create_function(*arguments, **options)

    async def close(self) -> None:
        """Close, after what is under way; does nothing where that was done."""
        if not self._closed:
            self._closed = True
            await self.away(self._connection.close)
            self._lane.shutdown(wait=False)

    def stop(self) -> None:
        """Close without waiting: there may be no loop any more."""
        if not self._closed:
            self._closed = True
            self._lane.submit(self._connection.close)
            self._lane.shutdown(wait=False)


class Cursor:
    """A cursor whose rows are all fetched when its statement has run."""

    def __init__(self, connection: Connection, raw: sqlite3.Cursor) -> None:
        self._owner = connection
        self._raw = raw
        self._rows: list[_Row] = []
        self.arraysize = raw.arraysize

    @property
    def description(self) -> Any:  # noqa: ANN401 - DB-API
        """The columns, None where there are none."""
        return self._raw.description

    @property
    def rowcount(self) -> int:
        """The rows touched, -1 where that is not known."""
        return self._raw.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The last row inserted."""
        return self._raw.lastrowid

    async def __aenter__(self) -> Self:
        """Nothing is opened."""
        return self

    async def execute(self, statement: str, values: Sequence[Any] = ()) -> Self:
        """Run a statement and fetch its rows."""
        await self._do(lambda: self._run(statement, values), short=_is_short(statement))
        return self

    async def executemany(self, statement: str, rows: Sequence[Sequence[Any]]) -> Self:
        """Run a statement once for each row of values."""
        short = _is_short(statement) and len(rows) <= MANY
        await self._do(lambda: self._raw.executemany(statement, rows), short=short)
        return self

    async def fetchall(self) -> list[_Row]:
        """Give the rows."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Forget what was not fetched."""
        self._raw.close()

    def _run(self, statement: str, values: Sequence[Any]) -> None:
        self._rows = self._raw.execute(statement, values).fetchall()

    async def _do(self, work: Callable[[], object], *, short: bool) -> None:
        if short and self._owner.in_place:
            work()
        else:
            await self._owner.away(work)


def _is_short(statement: str) -> bool:
    return statement[:6] in _SHORT
