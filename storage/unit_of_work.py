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

from flows.cases.case import Case
from flows.errors import StorageError
from flows.ids import CaseId, ChatId
from flows.ports.unit_of_work import Changes
from flows.session import Session
from flows.terms.policy import Policy
from storage.connection.connection import Link
from storage.connection.encryption import Codec
from storage.connection.errors import border
from storage.connection.transaction import begun
from storage.records import audit, cases, confirmations, outbox, policies, processed_updates, registry, sessions
from storage.schema.base import EPOCH


class SqlUnitOfWork:
    """`flows.ports.unit_of_work.UnitOfWork` over a database. To be entered once."""

    def __init__(self, engine: AsyncEngine, codec: Codec) -> None:
        self._engine = engine
        self._codec = codec
        self._stack = AsyncExitStack()
        self._connection: AsyncConnection | None = None
        self._open: Link | None = None
        self._loaded: set[ChatId] = set()

    async def __aenter__(self) -> Self:
        """Begin."""
        self._connection = await self._stack.enter_async_context(begun(self._engine))
        self._open = Link(self._connection, self._codec)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Roll back what was not committed."""
        self._open = self._connection = None
        with border():
            await self._stack.aclose()

    async def unseen(self, keys: Sequence[str], now: datetime) -> set[str]:
        """Remember `keys` (distinct) and give those that were not there before."""
        return await processed_updates.unseen(self._link, keys, now)

    async def sessions(self, chats: Sequence[ChatId]) -> dict[ChatId, Session]:
        """Give each chat's session, new where there is none, with its agent; lock the rows in order of chat."""
        found = await sessions.load(self._link, chats, EPOCH)
        self._loaded |= found.keys()
        return found

    async def cases(self, ids: Sequence[CaseId]) -> dict[CaseId, Case]:
        """Give the cases that exist; lock the rows in order of id."""
        return await cases.load(self._link, ids)

    async def queue(self, limit: int) -> tuple[list[Case], int]:
        """Give the first `limit` queued cases by due time then id, unlocked, and the number of all queued."""
        return await cases.queue(self._link, limit)

    async def policies(self, numbers: Sequence[str]) -> dict[str, Policy]:
        """Give the policies by normalised number, with uses and misses; lock the rows in order of id."""
        return await policies.load(self._link, numbers)

    async def confirmations(self, codes: Sequence[str], now: datetime) -> dict[str, CaseId]:
        """Give the case that each code confirms, unlocked; one that ran out by `now` is left out."""
        return await confirmations.load(self._link, codes, now)

    async def save(self, changes: Changes, now: datetime) -> None:
        """Write it all. Raises `Busy` where a case's stored version is not the one before, `Duplicate` by name."""
        link = self._link
        await sessions.save(link, changes.sessions, now)
        await cases.insert_new(link, changes.new_cases)
        await cases.replace(link, changes.changed_cases)
        await registry.write_all(link, changes, now)
        await outbox.open_lanes(
            link,
            writing=self._loaded | {session.chat for session in changes.sessions},
            others={row.chat for row in changes.outbox},
        )
        await outbox.queue(link, changes.outbox, now)
        await audit.set_aside(link, changes.dead, now)

    async def commit(self) -> None:
        """Make it durable. What was not committed never happened."""
        if self._connection is None:
            raise StorageError("no transaction")
        with border():
            await self._connection.commit()

    @property
    def _link(self) -> Link:
        if self._open is None:
            raise StorageError("no transaction")
        return self._open
