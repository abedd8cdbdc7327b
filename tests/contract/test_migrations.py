import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, make_url

from storage import migrate
from storage.engines import open_engines
from storage.tables import metadata


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
