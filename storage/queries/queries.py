"""`flows.ports.queries.Queries` over a database; the SQL of each list stands in its own module."""

from contextlib import AbstractAsyncContextManager

from sqlalchemy.ext.asyncio import AsyncEngine

from flows.cases.case import Case
from flows.ids import CaseId, DocumentId, RowId
from flows.ports.queries import (
    ANYONE,
    AuditRecord,
    CaseCounts,
    CaseKey,
    CaseSummary,
    DocumentSummary,
    OwnerFilter,
    TranscriptEntry,
)
from storage.connection.connection import Connection
from storage.connection.encryption import Codec
from storage.connection.transaction import transaction
from storage.queries import audit, cases, documents, transcript


class SqlQueries:
    """Each method is one transaction of the reading engine."""

    def __init__(self, *, reader: AsyncEngine, codec: Codec) -> None:
        self._reader = reader
        self._codec = codec

    async def open_cases(
        self, *, owner: OwnerFilter = ANYONE, after: CaseKey | None = None, limit: int
    ) -> list[CaseSummary]:
        """Return up to `limit` open cases in the order of the queue: all, those without an owner, or one owner's."""
        async with self._reading() as connection:
            return await cases.open_cases(connection, owner, after, limit)

    async def case_counts(self) -> CaseCounts:
        """Count the open cases."""
        async with self._reading() as connection:
            return await cases.counts(connection)

    async def case(self, case: CaseId) -> Case | None:
        """Return a case, None where there is none. Raises `Unreadable`."""
        async with self._reading() as connection:
            return await cases.one(connection, case)

    async def transcript(self, case: CaseId, *, after: RowId | None = None, limit: int) -> list[TranscriptEntry]:
        """Return up to `limit` things said in a case, the oldest first. Raises `Unreadable`."""
        async with self._reading() as connection:
            return await transcript.entries(connection, case, after, limit)

    async def audit(self, case: CaseId, *, after: RowId | None = None, limit: int) -> list[AuditRecord]:
        """Return up to `limit` things done to a case, the oldest first."""
        async with self._reading() as connection:
            return await audit.entries(connection, case, after, limit)

    async def documents(self, case: CaseId, *, after: DocumentId | None = None, limit: int) -> list[DocumentSummary]:
        """Return up to `limit` documents of a case, the oldest first; those that were dropped are left out."""
        async with self._reading() as connection:
            return await documents.of_case(connection, case, after, limit)

    def _reading(self) -> AbstractAsyncContextManager[Connection]:
        return transaction(self._reader, self._codec)
