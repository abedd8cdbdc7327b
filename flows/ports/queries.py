"""Reading for a screen: lists and pages of what was committed, without a lock.

A list is given in the order of a key that never changes, a page at a time: `after` is the key of the last row that was
seen. So whatever is added, changed or closed between two pages, no row comes twice, and none that is there all the
while is left out. A page shorter than its `limit` is the last.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, Protocol

from msgspec import Struct

from flows.cases.case import Case
from flows.ids import AgentId, CaseId, DocumentId, RowId

ANYONE: Final = "anyone"
UNASSIGNED: Final = "unassigned"
OwnerFilter = AgentId | Literal["anyone", "unassigned"]


class CaseKey(Struct, frozen=True, order=True):
    """The place of an open case in the queue: by due time, then id."""

    due_at: datetime
    id: CaseId


class CaseSummary(Struct, frozen=True, kw_only=True):
    """What a list shows of a case; nothing of it says who the policyholder is."""

    id: CaseId
    number: str
    request_type: str
    service: str
    stage: str
    version: int
    owner: AgentId | None
    created_at: datetime
    due_at: datetime

    @property
    def key(self) -> CaseKey:
        """Return the key after which the next page begins."""
        return CaseKey(self.due_at, self.id)


class CaseCounts(Struct, frozen=True):
    """How many cases are open, how many of them have no owner, and how many each owner has."""

    open: int
    unassigned: int
    by_owner: Mapping[AgentId, int]


class TranscriptEntry(Struct, frozen=True, kw_only=True):
    """Something that was said in a case; `author` as in `flows.effects.TranscriptLine`."""

    id: RowId
    at: datetime
    author: str
    text: str


class AuditRecord(Struct, frozen=True, kw_only=True):
    """Something that was done to a case; `actor` is None where no agent did it."""

    id: RowId
    at: datetime
    action: str
    actor: AgentId | None
    codes: Mapping[str, Any]


class DocumentSummary(Struct, frozen=True, kw_only=True):
    """A document of a case without its content: `kind` as in `FileReceived`, `state` as stored, `size` in bytes."""

    id: DocumentId
    kind: str
    state: str
    size: int


class Queries(Protocol):
    """What screens ask for. Each method is one statement over committed data; none waits for a unit of work."""

    async def open_cases(
        self, *, owner: OwnerFilter = ANYONE, after: CaseKey | None = None, limit: int
    ) -> list[CaseSummary]:
        """Return up to `limit` open cases in the order of the queue: all, those without an owner, or one owner's."""

    async def case_counts(self) -> CaseCounts:
        """Count the open cases."""

    async def case(self, case: CaseId) -> Case | None:
        """Return a case, None where there is none. Raises `Unreadable`."""

    async def transcript(self, case: CaseId, *, after: RowId | None = None, limit: int) -> list[TranscriptEntry]:
        """Return up to `limit` things said in a case, the oldest first. Raises `Unreadable`."""

    async def audit(self, case: CaseId, *, after: RowId | None = None, limit: int) -> list[AuditRecord]:
        """Return up to `limit` things done to a case, the oldest first."""

    async def documents(self, case: CaseId, *, after: DocumentId | None = None, limit: int) -> list[DocumentSummary]:
        """Return up to `limit` documents of a case, the oldest first; those that were dropped are left out."""
