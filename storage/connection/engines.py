"""Engines. On SQLite one connection writes and several read; on PostgreSQL one pool does both.

SQLite: the driver's own transactions begin nothing on SELECT, so it is told to begin none (`isolation_level=None`), and
SQLAlchemy's `begin` event says BEGIN: IMMEDIATE on the writer, so that a unit of work never finds in its middle that
another writes; plain on the readers, which WAL lets read meanwhile. Units of work of a process queue up for the one
connection.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.connection.dialects import POSTGRESQL, SQLITE

READERS: Final = 4
POOL: Final = 8
WAIT_SECONDS: Final = 30  # for a connection of the pool
PAGE: Final = 1000  # rows of one INSERT ... RETURNING: a batch of updates is never split

_DRIVERS: Final = {SQLITE: "sqlite+aiosqlite", POSTGRESQL: "postgresql+asyncpg"}
# FULL: a commit that was reported is on the disk. The timeout (ms) is for other processes, such as a migration.
# secure_delete: what was deleted or replaced is overwritten with zeros, whatever this build of SQLite does by itself.
_PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "busy_timeout=5000",
    "foreign_keys=ON",
    "temp_store=MEMORY",
)
_NO_BEGIN: Final = "intake_no_begin"


class Engines(NamedTuple):
    """Where transactions that write and those that only read begin. May be one and the same."""

    writer: AsyncEngine
    reader: AsyncEngine


def open_engines(url: URL) -> Engines:
    """Return engines for a `sqlite` (a file) or `postgresql` URL. Raises ValueError for another."""
    name = url.get_backend_name()
    if name not in _DRIVERS or (name == SQLITE and url.database in {None, "", ":memory:"}):
        raise ValueError("the database is a SQLite file or PostgreSQL")
    driver = url.set(drivername=_DRIVERS[name])
    return _sqlite(driver) if name == SQLITE else _postgresql(driver)


async def empty_log(engine: AsyncEngine) -> None:
    """On SQLite: bring the write-ahead log into the database and leave it empty, so that nothing old stands in it.

    A reader that takes longer than the busy timeout leaves it for the next time. Elsewhere this is the server's affair.
    """
    if engine.dialect.name == SQLITE:
        async with engine.connect() as connection:
            await connection.execution_options(**{_NO_BEGIN: True})  # not possible inside a transaction
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _postgresql(url: URL) -> Engines:
    engine = _engine(url, pool_size=POOL, max_overflow=0, pool_pre_ping=True)
    return Engines(engine, engine)


def _sqlite(url: URL) -> Engines:
    writer = _sqlite_engine(url, size=1, begin="BEGIN IMMEDIATE", pragmas=_PRAGMAS)
    reader = _sqlite_engine(url, size=READERS, begin="BEGIN", pragmas=(*_PRAGMAS, "query_only=ON"))
    return Engines(writer, reader)


def _sqlite_engine(url: URL, *, size: int, begin: str, pragmas: tuple[str, ...]) -> AsyncEngine:
    engine = _engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_reset_on_return=None,  # every transaction is ended here, and outside of one SQLite has nothing to reset
        connect_args={"isolation_level": None},
    )
    event.listen(engine.sync_engine, "connect", _setter(pragmas))
    event.listen(engine.sync_engine, "begin", _beginner(begin))
    return engine


def _engine(url: URL, **options: Any) -> AsyncEngine:  # noqa: ANN401 - SQLAlchemy's own options
    return create_async_engine(
        url, hide_parameters=True, insertmanyvalues_page_size=PAGE, pool_timeout=WAIT_SECONDS, **options
    )


def _setter(pragmas: tuple[str, ...]) -> Callable[[Any, object], None]:
    def set_pragmas(connection: Any, record: object) -> None:  # noqa: ANN401 - a driver's connection
        del record
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return set_pragmas


def _beginner(begin: str) -> Callable[[Connection], None]:
    def begin_transaction(connection: Connection) -> None:
        if not connection.get_execution_options().get(_NO_BEGIN):
            connection.exec_driver_sql(begin)

    return begin_transaction
