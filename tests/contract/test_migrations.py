import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from msgspec import structs
from sqlalchemy import Connection, insert, inspect, make_url, text

from flows.ids import CaseId
from storage import migrate
from storage.database import Database
from storage.engines import open_engines
from storage.tables import cases, metadata, sessions
from tests.contract.samples import LATER, NOW, WANG, case, session
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
    """Give a database without a table of ours."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'x.db'}"
        return
    found: str = request.getfixturevalue("postgresql_url")
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


OLD_SESSION = structs.replace(session(), wake_at=None)
OLD_CASE = structs.replace(case(), forget_at=None)


def _write_as_the_first_release(connection: Connection) -> None:
    """Write with the columns that there were."""
    connection.execute(
        insert(sessions),
        {"chat_id": WANG, "state": "hospital", "updated_at": NOW, "body": msgspec.json.encode(OLD_SESSION)},
    )
    clear = {name: getattr(OLD_CASE, name) for name in ("id", "number", "kind", "state", "version")}
    times = {"created_at": NOW, "due_at": LATER}
    body = msgspec.json.encode(OLD_CASE)
    connection.execute(insert(cases), clear | times | {"chat_id": WANG, "owner_id": None, "body": body})


async def test_what_the_first_release_wrote_survives_every_step_up_and_down(url: str, tmp_path: Path) -> None:
    await migrate.upgrade(url, "0001")
    await migrate.run(url, _write_as_the_first_release)
    await migrate.upgrade(url)
    database = Database.open(url, codec=Plain(), documents=tmp_path / "documents")
    async with database.begin() as work:
        assert await work.sessions([WANG]) == {WANG: OLD_SESSION}
        assert await work.cases([CaseId(1)]) == {CaseId(1): OLD_CASE}
    assert await database.to_wake(LATER, 10) == []
    await database.close()
    await migrate.downgrade(url, "0001")
    await migrate.run(url, lambda connection: _count(connection, 1))


async def test_the_first_release_still_writes_into_the_schema_of_this_one(url: str) -> None:
    await migrate.upgrade(url)
    await migrate.run(url, _write_as_the_first_release)
    await migrate.run(url, lambda connection: _count(connection, 1))
    await migrate.run(url, _empty)


def _count(connection: Connection, expected: int) -> None:
    for table in ("sessions", "cases"):
        assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == expected  # noqa: S608


def _empty(connection: Connection) -> None:
    for table in ("sessions", "cases"):
        connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - one of two names
