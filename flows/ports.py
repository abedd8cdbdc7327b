"""What the flows need of the world, as protocols: storage and bot implement them, main puts them together.

One contract suite (tests/contract) runs over the fake and every real implementation.
"""

from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from msgspec import Struct, field

from flows.cases.case import Case
from flows.effects import (
    AgentNotice,
    AuditEntry,
    ButtonsRemoval,
    Confirmation,
    FileClaim,
    FileDrop,
    FileFetch,
    Message,
    TapAnswer,
    TranscriptLine,
    UseConsumption,
    UseRelease,
    UseReservation,
)
from flows.ids import AgentId, CaseId, ChatId, DocumentId, PolicyId, RowId
from flows.session import Session
from flows.terms.policy import Policy

Sendable = Message | AgentNotice | ButtonsRemoval | TapAnswer


class Payload(Struct, frozen=True):
    """A call of the Bot API, ready to be posted: the method, and its parameters as a JSON object in UTF-8."""

    method: str
    body: bytes


class Renderer(Protocol):
    """Turns an effect into a ready payload. Pure, and called before the commit."""

    def render(self, effect: Sendable) -> Payload:
        """Give the call that shows `effect` to its chat. Raises KeyError where the catalogue lacks a text."""

    def chat_of(self, agent: AgentId) -> ChatId:
        """Return the chat in which an agent is told."""


class OutboxRow(Struct, frozen=True):
    """A payload on its way. Rows of a chat are sent in the order of their ids.

    `kind` is `question`, `relay` (an agent's words) or `tap` (an answerCallbackQuery, which waits for nothing).
    `doubt` names whom to tell, and about which case number, if the fate of a relay is unknown.
    `attempts` counts the attempts begun, this one included; `doubted`: the one before ended without a known outcome.
    `refers` names an earlier row of the same chat whose message this one is about; `message` is the id that Telegram
    gave that one, None while it is not sent: the sender puts it into the payload as `message_id`.
    """

    id: RowId
    chat: ChatId
    kind: str
    payload: Payload
    doubt: tuple[AgentId, str] | None = None
    attempts: int = 0
    doubted: bool = False
    refers: RowId | None = None
    message: int | None = None


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
    """All that one batch writes, gathered so that each kind is one statement."""

    sessions: list[Session] = field(default_factory=list)
    new_cases: list[Case] = field(default_factory=list)
    changed_cases: list[Case] = field(default_factory=list)  # version is the new one, one above the stored
    uses: list[UseReservation] = field(default_factory=list)
    consumed: list[UseConsumption] = field(default_factory=list)  # of reserved uses, those of `uses` included
    released: list[UseRelease] = field(default_factory=list)
    misses: list[tuple[RowId, PolicyId]] = field(default_factory=list)
    confirmations: list[Confirmation] = field(default_factory=list)  # the last of a case is the one that stands
    files: list[FileFetch] = field(default_factory=list)
    claimed_files: list[FileClaim] = field(default_factory=list)
    dropped_files: list[FileDrop] = field(default_factory=list)
    outbox: list[OutboxRow] = field(default_factory=list)
    audit: list[tuple[RowId, AuditEntry]] = field(default_factory=list)
    transcript: list[tuple[RowId, TranscriptLine]] = field(default_factory=list)
    dead: list[DeadLetter] = field(default_factory=list)


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
        """Give each chat's session, new where there is none, with its agent; lock the rows in order of chat."""

    async def cases(self, cases: Sequence[CaseId]) -> dict[CaseId, Case]:
        """Give the cases that exist; lock the rows in order of id."""

    async def queue(self, limit: int) -> tuple[list[Case], int]:
        """Give the first `limit` queued cases by due time then id, unlocked, and the number of all queued."""

    async def policies(self, numbers: Sequence[str]) -> dict[str, Policy]:
        """Give the policies by normalised number, with uses and misses; lock the rows in order of id."""

    async def confirmations(self, codes: Sequence[str], now: datetime) -> dict[str, CaseId]:
        """Give the case that each code confirms, unlocked; one that ran out by `now` is left out."""

    async def save(self, changes: Changes, now: datetime) -> None:
        """Write it all. Raises `Busy` where a case's stored version is not the one before, `Duplicate` by name.

        The lane of every chat that was loaded or written here is not blocked any more: the person wrote again.
        """

    async def commit(self) -> None:
        """Make it durable. What was not committed never happened."""


class Store(Protocol):
    """Where units of work come from."""

    def begin(self) -> UnitOfWork:
        """Give a unit of work, to be entered."""


class Delivered(Struct, frozen=True):
    """What came of a row: `sent`, `failed`, `blocked`, `uncertain`, or `retry` (not before `not_before`).

    `message` is Telegram's message id, where there is one; `code` is a code of `flows.errors`.
    """

    row: RowId
    chat: ChatId
    outcome: str
    message: int | None = None
    not_before: datetime | None = None
    code: str = ""


class Outbox(Protocol):
    """The sender's side of the outbox. A lane is a chat; at most one sender holds a lane at a time."""

    async def lease(self, *, holder: str, limit: int, now: datetime, until: datetime) -> list[OutboxRow]:
        """Take up to `limit` rows in order of id, from lanes that nobody holds, that are not blocked and not halted.

        The lanes are leased to `holder` until `until`, the rows are marked `sending` before they are given, so that a
        row whose sender died is known to be in doubt: it comes with `doubted` true on the next lease. A `relay` is
        given alone, so that one in doubt was on its way itself. May be empty while `next_due` is now, where another
        sender is just leasing.
        """

    async def settle(self, results: Sequence[Delivered], *, holder: str, free: Sequence[ChatId], now: datetime) -> None:
        """Write what came of rows; give up the lanes in `free`.

        `sent`, `failed` and `uncertain` rows lose their payload and are done; `blocked` stops the lane until the
        person writes again (its rows wait); `retry` rows wait in their place, the lane halted until `not_before`; both
        give the lane up. What was leased in a lane that is given up and was not settled was never begun: it waits
        again, not in doubt. `sent` counts whoever reports it, everything else only from the lane's holder.
        """

    async def next_due(self, now: datetime) -> datetime | None:
        """Give when something can be leased next; None where nothing waits."""


class FileJob(Struct, frozen=True):
    """A file to fetch from Telegram; `attempts` counts those begun, this one included; `kind` as in `FileReceived`."""

    document: DocumentId
    chat: ChatId
    file_id: str
    name: str
    mime: str
    size: int
    attempts: int
    kind: str


class Documents(Protocol):
    """Files on their way in, and where they are kept, encrypted."""

    async def lease(self, *, limit: int, now: datetime, until: datetime) -> list[FileJob]:
        """Take up to `limit` files that wait to be fetched and that nobody else is fetching until `until`."""

    async def keep(self, document: DocumentId, content: bytes, now: datetime) -> None:
        """Encrypt and store the bytes, durably, then mark the document stored."""

    async def postpone(self, document: DocumentId, not_before: datetime) -> None:
        """Try again, not before then."""

    async def give_up(self, document: DocumentId, code: str) -> None:
        """Mark it failed; it must be asked for again."""

    async def read(self, document: DocumentId) -> bytes:
        """Give the bytes of a stored document, decrypted whole. Raises `Unreadable`."""

    async def same_content(self, content: bytes, *, chat: ChatId) -> list[DocumentId]:
        """Give the chat's stored documents with just these bytes, oldest first."""
