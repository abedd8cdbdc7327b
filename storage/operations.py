"""What an operator does with the database, from the command line: each method opens it, and closes it again."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from flows.errors import StorageError
from flows.ids import AgentId, Ids
from flows.session import Agent
from storage.connection.encryption import Codec
from storage.database import Database
from storage.directory import Directory
from storage.imports import (
    Imported,
    ImportFault,
    RowFault,
    industry_product,
    load_hospitals,
    load_illnesses,
    load_policies,
)
from storage.migrations import migrate
from storage.progress import Progress, unwatched

_SQLITE = "sqlite:///"


class Sample(NamedTuple):
    """The sample data: two files, and a product (id, version) with the industry's list of illnesses."""

    policies: Path
    hospitals: Path
    product: tuple[str, str]


class ImportOutcome(NamedTuple):
    """How many rows a file had, and what they made; where there are faults, nothing was imported."""

    rows: int
    made: int
    faults: tuple[RowFault, ...] = ()


class DatabaseOperations:
    """The operations on the database at `url`. Every method raises StorageError where it fails."""

    def __init__(self, url: str, *, codec: Codec, documents: Path, ids: Ids, today: date) -> None:
        self._url = url
        self._codec = codec
        self._documents = documents
        self._ids = ids
        self._today = today

    # the schema

    async def migrate(self) -> str:
        """Bring the schema up to this release, the file's folder made where there is none; return its revision."""
        if self._file is not None:
            await asyncio.to_thread(self._file.parent.mkdir, parents=True, exist_ok=True)
        await migrate.upgrade(self._url, codec=self._codec)
        return migrate.head()

    async def is_migrated(self) -> bool:
        """Return True if the database is there, and of this release."""
        if self._file is not None and not await asyncio.to_thread(self._file.exists):
            return False
        return await migrate.current(self._url) == migrate.head()

    async def revision(self) -> str:
        """Return the schema's revision. Raises StorageError where it is not that of this release."""
        revision = await migrate.current(self._url)
        if revision != migrate.head():
            raise StorageError(f"{revision} < {migrate.head()}")
        return str(revision)

    # imports: all or nothing

    async def import_policies(self, file: Path, *, progress: Progress = unwatched) -> ImportOutcome:
        """Add policies, replace those on file."""
        async with self._directory() as directory:
            loading = load_policies(directory, file, ids=self._ids, today=self._today, progress=progress)
            return await _outcome(loading)

    async def import_hospitals(self, file: Path, *, progress: Progress = unwatched) -> ImportOutcome:
        """Replace the hospital directory."""
        async with self._directory() as directory:
            return await _outcome(load_hospitals(directory, file, progress=progress))

    async def import_illnesses(self, file: Path, *, progress: Progress = unwatched) -> ImportOutcome:
        """Replace the illness lists of the products that the file names."""
        async with self._directory() as directory:
            return await _outcome(load_illnesses(directory, file, progress=progress))

    async def seed(self, sample: Sample, *, agents: Sequence[Agent]) -> None:
        """Fill a migrated database with the sample: products, hospitals, policies; and with agents."""
        async with self._directory() as directory:
            await load_policies(directory, sample.policies, ids=self._ids, today=self._today)
            await load_hospitals(directory, sample.hospitals)
            await directory.save_products([industry_product(*sample.product)])
            for agent in agents:
                await directory.add_agent(agent)

    # agents

    async def add_agent(self, agent: Agent) -> None:
        """Add an agent; where the id is known, replace name and role, and let them work again."""
        async with self._directory() as directory:
            await directory.add_agent(agent)

    async def remove_agent(self, user: AgentId) -> Agent | None:
        """Take an agent's rights away; return the agent, None where the user is none. Their cases stay theirs."""
        async with self._directory() as directory:
            found = next((agent for agent in await directory.agents() if agent.id == user), None)
            if found is not None:
                await directory.retire_agent(user)
            return found

    async def agents(self) -> list[Agent]:
        """Return the active agents in order of id."""
        async with self._directory() as directory:
            return await directory.agents()

    # what `check` looks at

    async def products(self) -> list[str]:
        """Return the products whose illness list is on file, as `id/version`."""
        async with self._directory() as directory:
            return [f"{product.id}/{product.version}" for product in await directory.products()]

    async def probe(self) -> int:
        """Decrypt one of what is stored; return the number of policies. Raises Unreadable with a wrong key."""
        async with self._directory() as directory:
            return await directory.probe()

    @property
    def _file(self) -> Path | None:
        return Path(self._url.removeprefix(_SQLITE)) if self._url.startswith(_SQLITE) else None

    @asynccontextmanager
    async def _directory(self) -> AsyncIterator[Directory]:
        database = Database.open(self._url, codec=self._codec, documents=self._documents)
        try:
            yield database.directory
        finally:
            await database.close()


async def _outcome(loading: Coroutine[Any, Any, Imported]) -> ImportOutcome:
    try:
        return ImportOutcome(*await loading)
    except ImportFault as error:
        return ImportOutcome(0, 0, error.faults)
