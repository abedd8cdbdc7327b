import asyncio
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, make_url, select, text

from storage.connection.engines import open_engines
from storage.migrations import migrate
from storage.schema import metadata
from storage.schema.cases import cases
from tests.plain import Plain


async def _look(url: str, look: Any) -> Any:  # noqa: ANN401 - what the look gives
    engines = open_engines(make_url(url))
    async with engines.writer.connect() as connection:
        found = await connection.run_sync(look)
    await engines.writer.dispose()
    return found


def _differences(connection: Connection) -> list[Any]:
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return a database without a table of ours."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'x.db'}"
        return
    found: str = request.getfixturevalue("empty_postgresql_url")
    asyncio.run(migrate.downgrade(found, "base"))
    yield found
    asyncio.run(migrate.upgrade(found))


async def test_a_migrated_database_has_just_the_tables_that_the_code_means(url: str) -> None:
    await migrate.upgrade(url)
    assert await _look(url, _differences) == []
    assert await _look(url, _tables) == {*metadata.tables, "alembic_version"}
    assert len(metadata.tables) > 0


async def test_every_step_goes_up_down_and_up_again(url: str) -> None:
    assert await migrate.current(url) is None
    steps = migrate.history()
    assert len(steps) > 0
    for before, step in zip(["base", *steps], steps, strict=False):
        await migrate.upgrade(url, step)
        await migrate.downgrade(url, before)
        await migrate.upgrade(url, step)
    assert await migrate.current(url) == migrate.head() == steps[-1]
    await migrate.downgrade(url, "base")
    assert await _look(url, _tables) == {"alembic_version"}


async def test_a_migration_that_fails_leaves_nothing_behind(url: str) -> None:
    def fail(connection: Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE half (id INTEGER)")
        raise KeyError("a step went wrong")

    with pytest.raises(KeyError):
        await migrate.run(url, fail)
    assert "half" not in await _look(url, _tables)


_OLD_SESSION = text("INSERT INTO sessions (chat_id, state, updated_at, body) VALUES (1, 'hospital', 0, NULL)")
_OLD_CASE = text(
    "INSERT INTO cases (id, number, kind, state, version, chat_id, owner_id, created_at, due_at, body) "
    "VALUES (:id, :number, :kind, :state, 1, 1, NULL, 0, 0, :body)"
)
_KINDS = {"OP": ("application", "OP"), "IP": ("application", "IP"), "review": ("appeal", ""), "help": ("help", "")}
_STATES = {"queued": "received", "talking": "verifying", "owned": "verifying", "closed": "closed"}


def _write_as_the_first_release(connection: Connection) -> None:
    """Write with the columns that there were: a case of each kind in each state."""
    connection.execute(_OLD_SESSION)
    for id_, (kind, state) in enumerate(itertools.product(_KINDS, _STATES)):
        values = {"id": id_, "number": str(id_), "kind": kind, "state": state, "body": b""}
        connection.execute(_OLD_CASE, values)


def _columns(connection: Connection) -> list[tuple[str, str, str]]:
    rows = connection.execute(select(cases.c.request_type, cases.c.service, cases.c.stage).order_by(cases.c.id))
    return [(row.request_type, row.service, row.stage) for row in rows]


async def test_what_the_first_release_wrote_survives_every_step_up_and_down(url: str) -> None:
    await migrate.upgrade(url, "0001")
    await migrate.run(url, _write_as_the_first_release)
    await migrate.upgrade(url, codec=Plain())  # no body can be read: the columns are set all the same
    expected = [(*_KINDS[kind], _STATES[state]) for kind, state in itertools.product(_KINDS, _STATES)]
    assert await _look(url, _columns) == expected
    await migrate.downgrade(url, "0001", codec=Plain())
    await migrate.run(url, lambda connection: _count(connection, cases=len(expected), sessions=1))
    await migrate.run(url, _empty)


def _count(connection: Connection, **expected: int) -> None:
    for table, count in expected.items():
        assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == count  # noqa: S608


def _empty(connection: Connection) -> None:
    for table in ("sessions", "cases"):
        connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - one of two names
