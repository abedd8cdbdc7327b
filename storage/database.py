"""The database as the process sees it: where units of work come from, the outbox, files, queries, the directory."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple, Self

from sqlalchemy import make_url

from flows.ids import CaseId, ChatId
from storage.connection.encryption import Codec
from storage.connection.engines import Engines, empty_log, open_engines
from storage.connection.errors import map_errors
from storage.connection.presence import Presence
from storage.connection.transaction import transaction
from storage.directory import Directory
from storage.queries import SqlQueries
from storage.records import (
    cases,
    confirmations,
    dead_letters,
    document_files,
    forgetting,
    identity_failures,
    outbox,
    processed_updates,
    sessions,
)
from storage.records.document_files import Folder, SqlDocuments
from storage.records.outbox import SqlOutbox
from storage.unit_of_work import SqlUnitOfWork

LETTERS_FOR: Final = timedelta(days=30)  # time enough to look at them
IDENTITY_FAILURES_FOR: Final = timedelta(hours=48)  # those of the last day count
UPDATES_FOR: Final = timedelta(hours=48)  # Telegram keeps an update 24 hours; twice that


class Purged(NamedTuple):
    """How many rows a purge deleted; of `cases`, how many it made anonymous."""

    processed_updates: int = 0
    outbox: int = 0
    documents: int = 0
    letters: int = 0
    cases: int = 0
    identity_failures: int = 0
    confirmations: int = 0


class Database:
    """`flows.ports.unit_of_work.Store`, with everything else that lives beside it. Close it."""

    def __init__(self, engines: Engines, *, codec: Codec, folder: Folder, presence: Presence | None = None) -> None:
        self._engines = engines
        self._presence = presence
        self._codec = codec
        self.outbox = SqlOutbox(writer=engines.writer, reader=engines.reader, codec=codec)
        self.documents = SqlDocuments(writer=engines.writer, reader=engines.reader, codec=codec, folder=folder)
        self.queries = SqlQueries(reader=engines.reader, codec=codec)
        self.directory = Directory(writer=engines.writer, reader=engines.reader, codec=codec)

    @classmethod
    def open(cls, url: str, *, codec: Codec, documents: Path) -> Self:
        """Open the database at `url` (sqlite:///file or postgresql://...), already migrated, and a folder for files."""
        parts = make_url(url)
        on_disk = parts.get_backend_name() == "sqlite" and parts.database not in {None, "", ":memory:"}
        presence = Presence(Path(f"{parts.database}.lock")) if on_disk else None
        with map_errors():
            return cls(open_engines(parts), codec=codec, folder=Folder(documents), presence=presence)

    def begin(self) -> SqlUnitOfWork:
        """Return a unit of work, to be entered."""
        return SqlUnitOfWork(self._engines.writer, self._codec)

    async def recover(self, now: datetime) -> bool:
        """After a crash: free what a dead process had leased, if this one is surely the only one alive; say whether.

        Rows that were being sent stay in doubt. Where others may be alive (PostgreSQL), leases run out by themselves.
        """
        if self._presence is None or not self._presence.alone():
            return False
        async with transaction(self._engines.writer, self._codec) as connection:
            await outbox.free_all(connection)
            await document_files.free_all(connection, now)
        return True

    @property
    def last_beat(self) -> datetime | None:
        """When an earlier process was last at work, where that is known."""
        return self._presence.last_beat if self._presence is not None else None

    def beat(self) -> None:
        """Record that this process is at work."""
        if self._presence is not None:
            self._presence.beat()

    async def waiting(self, states: Sequence[str], since: datetime) -> list[ChatId]:
        """Return the chats that rest in one of `states`, and were heard of since then."""
        async with transaction(self._engines.reader, self._codec) as connection:
            return await sessions.waiting(connection, states, since)

    async def to_wake(self, now: datetime, limit: int) -> list[ChatId]:
        """Return up to `limit` chats whose session's `wake_at` has come, the longest ago first."""
        async with transaction(self._engines.reader, self._codec) as connection:
            return await sessions.to_wake(connection, now, limit)

    async def cases_to_wake(self, now: datetime, limit: int) -> list[CaseId]:
        """Return up to `limit` cases whose `wake_at` has come, the longest ago first."""
        async with transaction(self._engines.reader, self._codec) as connection:
            return await cases.to_wake(connection, now, limit)

    async def cases_shown_until(self, now: datetime, limit: int) -> list[CaseId]:
        """Return up to `limit` cases whose `shown_until` has come, the longest ago first."""
        async with transaction(self._engines.reader, self._codec) as connection:
            return await cases.shown_until(connection, now, limit)

    async def purge(self, now: datetime, *, keep_sent: timedelta) -> Purged:
        """Make anonymous the cases whose time is up, and forget what is old enough.

        That is: keys of updates and identity failures of over 48 hours ago, rows done over `keep_sent` ago, dropped
        files, letters after 30 days, codes of confirmation that ran out.
        """
        anonymous = await self._forget_cases(now)
        dropped = await self.documents.forget_dropped()
        async with transaction(self._engines.writer, self._codec) as connection:
            purged = Purged(
                processed_updates=await processed_updates.forget(connection, now - UPDATES_FOR),
                outbox=await outbox.forget(connection, now - keep_sent),
                documents=dropped,
                letters=await dead_letters.forget(connection, now - LETTERS_FOR),
                cases=anonymous,
                identity_failures=await identity_failures.forget(connection, now - IDENTITY_FAILURES_FOR),
                confirmations=await confirmations.forget(connection, now),
            )
        with map_errors():
            await empty_log(self._engines.writer)
        return purged

    async def _forget_cases(self, now: datetime) -> int:
        """Make anonymous what is due, a portion a transaction; return how many."""
        count, last = 0, forgetting.FIRST
        while True:
            async with transaction(self._engines.writer, self._codec) as connection:
                portion = await forgetting.forget(connection, now, last)
            if portion.last is None:
                return count
            count, last = count + portion.anonymous, portion.last

    async def close(self) -> None:
        """Close every connection. Nothing may be under way."""
        for engine in {self._engines.writer, self._engines.reader}:
            await engine.dispose()
        if self._presence is not None:
            self._presence.close()
            self._presence = None
