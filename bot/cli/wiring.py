"""What the commands need of the database and of a running bot. The composition root (`main.py`) provides it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.cli.import_report import Fault, Progress
from bot.process import BotProcess
from bot.settings import Settings
from flows.ids import AgentId
from flows.session import Agent


class ImportOutcome(Protocol):
    """What came of an import. Where there are faults, nothing was imported."""

    @property
    def rows(self) -> int:
        """How many rows the file had."""

    @property
    def made(self) -> int:
        """How many things they made: new policies, hospitals, products."""

    @property
    def faults(self) -> Sequence[Fault]:
        """Every bad cell, in the order of the file."""


class Operations(Protocol):
    """What an operator does with the database. Every method raises StorageError where it fails."""

    async def migrate(self) -> str:
        """Bring the schema up to this release; return its revision."""

    async def is_migrated(self) -> bool:
        """Return True if the database is there, and of this release."""

    async def revision(self) -> str:
        """Return the schema's revision. Raises StorageError where it is not that of this release."""

    async def import_policies(self, file: Path, *, progress: Progress) -> ImportOutcome:
        """Add policies, replace those on file."""

    async def import_hospitals(self, file: Path, *, progress: Progress) -> ImportOutcome:
        """Replace the hospital directory."""

    async def import_illnesses(self, file: Path, *, progress: Progress) -> ImportOutcome:
        """Replace the illness lists of the products that the file names."""

    async def add_agent(self, agent: Agent) -> None:
        """Add an agent; where the id is known, replace name and role, and let them work again."""

    async def remove_agent(self, user: AgentId) -> Agent | None:
        """Take an agent's rights away; return the agent, None where the user is none."""

    async def agents(self) -> list[Agent]:
        """Return the active agents in order of id."""

    async def products(self) -> list[str]:
        """Return the products whose illness list is on file, as `id/version`."""

    async def probe(self) -> int:
        """Decrypt one of what is stored; return the number of policies. Raises Unreadable with a wrong key."""


class Seed(Protocol):
    """Fills a migrated database with the sample."""

    async def __call__(self, settings: Settings, *, agents: Sequence[Agent]) -> None:
        """Add products, hospitals, policies, and these agents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """The parts that only the composition root can put together."""

    open_process: Callable[[Settings], AbstractAsyncContextManager[BotProcess]]
    operations: Callable[[Settings], Operations]
    seed: Seed
