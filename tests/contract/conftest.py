"""One suite over every implementation of the ports: the fake, SQLite, and what joins later."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import migrate
from storage.database import Database
from storage.encryption import Encryption, generate_key
from tests.contract.samples import Backend
from tests.fakes import FakeStore


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an empty SQLite database, migrated once; tests take a copy."""
    path = tmp_path_factory.mktemp("migrated") / "empty.db"
    asyncio.run(migrate.upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture
async def database(tmp_path: Path, migrated: Path) -> AsyncIterator[Database]:
    path = tmp_path / "intake.db"
    shutil.copy(migrated, path)
    codec = Encryption(sealing={"s1": generate_key()}, hashing={"h1": generate_key()})
    database = Database.open(f"sqlite:///{path}", codec=codec, documents=tmp_path / "documents")
    yield database
    await database.close()


@pytest.fixture(params=["fake", "sqlite"])
def store(request: pytest.FixtureRequest) -> Backend:
    if request.param == "fake":
        return FakeStore()
    found: Database = request.getfixturevalue("database")
    return found
