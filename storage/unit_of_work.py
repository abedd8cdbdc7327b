"""One transaction of a batch: what `flows.ports.unit_of_work.UnitOfWork` promises, each kind of thing in one statement.

A batch that looks nothing up takes seven statements besides BEGIN and COMMIT whatever its size (unseen, sessions made,
loaded and saved, outbox, lanes, audit), one more where it writes to chats whose session it does not save.

A person who blocked the bot is not blocked any more once a unit of work that loaded or saved their session saves: they
wrote, or somebody has something for them; the next call to Telegram finds out.
"""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from types import TracebackType
from typing import Self

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from flows.actors import Duty
from flows.cases.case import Case
from flows.errors import StorageError
from flows.ids import AgentId, CaseId, ChatId
from flows.ports.unit_of_work import Changes
from flows.session import Session
from flows.terms.policy import Policy
from storage.connection.connection import Connection
from storage.connection.encryption import Codec
from storage.connection.errors import map_errors
from storage.connection.transaction import begun
from storage.records import (
    agents,
    cases,
    confirmations,
    dead_letters,
    outbox,
    policies,
    processed_updates,
    registry,
    sessions,
)
from storage.schema.base import EPOCH


class SqlUnitOfWork:
    """`flows.ports.unit_of_work.UnitOfWork` over a database. To be entered once."""

    def __init__(self, engine: AsyncEngine, codec: Codec) -> None:
        self._engine = engine
        self._codec = codec
        self._stack = AsyncExitStack()
        self._transaction: AsyncConnection | None = None
        self._opened: Connection | None = None
        self._loaded: set[ChatId] = set()

    async def __aenter__(self) -> Self:
        """Begin."""
        self._transaction = await self._stack.enter_async_context(begun(self._engine))
        self._opened = Connection(self._transaction, self._codec)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Roll back what was not committed."""
        self._opened = self._transaction = None
        with map_errors():
            await self._stack.aclose()

    async def unseen(self, keys: Sequence[str], now: datetime) -> set[str]:
        """Remember `keys` (distinct) and return those that were not there before."""
        return await processed_updates.unseen(self._connection, keys, now)

    async def sessions(self, chats: Sequence[ChatId]) -> dict[ChatId, Session]:
        """Return each chat's session, new where there is none, with its agent; lock the rows in order of chat."""
        found = await sessions.load(self._connection, chats, EPOCH)
        self._loaded |= found.keys()
        return found

    async def cases(self, ids: Sequence[CaseId]) -> dict[CaseId, Case]:
        """Return the cases that exist; lock the rows in order of id."""
        return await cases.load(self._connection, ids)

    async def queue(self, limit: int) -> tuple[list[Case], int]:
        """Return the first `limit` queued cases by `Case.place_in_queue`, unlocked, and the number of all queued."""
        return await cases.queue(self._connection, limit)

    async def duties(self) -> list[Duty]:
        """Return who may work on cases, on duty or not, unlocked, in order of id."""
        return await agents.duties(self._connection)

    async def owned(self, owners: Sequence[AgentId]) -> list[Case]:
        """Return the open cases that these agents own, unlocked."""
        return await cases.owned(self._connection, owners)

    async def policies(self, numbers: Sequence[str]) -> dict[str, Policy]:
        """Return the policies by normalised number, with uses and identity failures; lock the rows in order of id."""
        return await policies.load(self._connection, numbers)

    async def confirmations(self, codes: Sequence[str], now: datetime) -> dict[str, CaseId]:
        """Return the case that each code confirms, unlocked; one that ran out by `now` is left out."""
        return await confirmations.load(self._connection, codes, now)

    async def save(self, changes: Changes, now: datetime) -> None:
        """Write it all. Raises `Busy` where a case's stored version is not the one before, `Duplicate` by name."""
        connection = self._connection
        await sessions.save(connection, changes.sessions, now)
        await cases.insert_new(connection, changes.new_cases)
        await cases.replace(connection, changes.changed_cases)
        await registry.write_all(connection, changes, now)
        await outbox.open_lanes(
            connection,
            writing=self._loaded | {session.chat for session in changes.sessions},
            others={row.chat for row in changes.outbox},
        )
        await outbox.queue(connection, changes.outbox, now)
        await dead_letters.set_aside(connection, changes.dead, now)

    async def commit(self) -> None:
        """Make it durable. What was not committed never happened."""
        if self._transaction is None:
            raise StorageError("no transaction")
        with map_errors():
            await self._transaction.commit()

    @property
    def _connection(self) -> Connection:
        if self._opened is None:
            raise StorageError("no transaction")
        return self._opened
