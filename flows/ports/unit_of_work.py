"""One transaction of a batch: what is loaded and locked, what is written, and where units of work come from."""

from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self, TypeVar, cast

from msgspec import Struct, field

from flows.actors import Duty
from flows.cases.case import Case
from flows.effects import Record
from flows.ids import AgentId, CaseId, ChatId, RowId
from flows.ports.outbox import OutboxRow
from flows.session import Session
from flows.terms.policy import Policy

R = TypeVar("R", bound=Record)
Entry = tuple[RowId, R]
"""A record, and the row id that the batch gave it."""


class DeadLetter(Struct, frozen=True):
    """An update that was set aside: what it was (JSON, encrypted at rest), and the code of what went wrong.

    With a `key`, it is kept once, however often the update comes; the key itself is not stored with it.
    """

    id: RowId
    chat: ChatId | None
    code: str
    body: bytes
    key: str = ""


class Changes(Struct):
    """All that one batch writes, gathered so that each kind is one statement; `records` by their kind."""

    sessions: list[Session] = field(default_factory=list)
    new_cases: list[Case] = field(default_factory=list)
    changed_cases: list[Case] = field(default_factory=list)  # version is the new one, one above the stored
    outbox: list[OutboxRow] = field(default_factory=list)
    dead: list[DeadLetter] = field(default_factory=list)
    records: dict[type[Record], list[Entry[Record]]] = field(default_factory=dict)

    def add(self, row: RowId, record: Record) -> None:
        """Have a record written under this row id."""
        self.records.setdefault(type(record), []).append((row, record))

    def of(self, kind: type[R]) -> Sequence[Entry[R]]:
        """Return the records of one kind in their order, each with its row id."""
        return cast("Sequence[Entry[R]]", self.records.get(kind, ()))


class UnitOfWork(Protocol):
    """One transaction. Leaving the block without `commit` rolls back; every method may raise `Busy`.

    Each method is one statement (one more for each further table that is read), whatever the number of ids.
    """

    async def __aenter__(self) -> Self:
        """Begin; on SQLite BEGIN IMMEDIATE, so that there is one writer."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Roll back what was not committed."""

    async def unseen(self, keys: Sequence[str], now: datetime) -> set[str]:
        """Remember `keys` (distinct) and give those that were not there before."""

    async def sessions(self, chats: Sequence[ChatId]) -> dict[ChatId, Session]:
        """Return each chat's session, new where there is none, with its agent; lock the rows in order of chat."""

    async def cases(self, cases: Sequence[CaseId]) -> dict[CaseId, Case]:
        """Return the cases that exist; lock the rows in order of id."""

    async def queue(self, limit: int) -> tuple[list[Case], int]:
        """Return the first `limit` queued cases, unlocked, and the number of all queued.

        The order is that of `Case.place_in_queue`: emergencies, then what is due first, the more urgent first, the id.
        """

    async def duties(self) -> list[Duty]:
        """Return who may work on cases, on duty or not, unlocked, in order of id."""

    async def owned(self, owners: Sequence[AgentId]) -> list[Case]:
        """Return the open cases that these agents own, unlocked."""

    async def policies(self, numbers: Sequence[str]) -> dict[str, Policy]:
        """Return the policies by normalised number, with uses and identity failures; lock the rows in order of id."""

    async def confirmations(self, codes: Sequence[str], now: datetime) -> dict[str, CaseId]:
        """Return the case that each code confirms, unlocked; one that ran out by `now` is left out."""

    async def save(self, changes: Changes, now: datetime) -> None:
        """Write it all. Raises `Busy` where a case's stored version is not the one before, `Duplicate` by name.

        The lane of every chat that was loaded or written here is not blocked any more: the person wrote again.
        """

    async def commit(self) -> None:
        """Make it durable. What was not committed never happened."""


class Store(Protocol):
    """Where units of work come from."""

    def begin(self) -> UnitOfWork:
        """Return a unit of work, to be entered."""
