"""The outbox: payloads on their way, and what came of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from flows.ids import AgentId, ChatId, DocumentId, RowId
from flows.ports.rendering import Payload


class FileReference(Struct, frozen=True):
    """A file that Telegram has: its kind, as in `FileReceived`, and the id by which the bot sends it again."""

    kind: str
    file_id: str


class OutboxRow(Struct, frozen=True):
    """A payload on its way. Rows of a chat are sent in the order of their ids.

    `kind` is `question`, `relay` (an agent's words) or `tap` (an answerCallbackQuery, which waits for nothing).
    `doubt` names whom to tell, and about which case number, if the fate of a relay is unknown.
    `attempts` counts the attempts begun, this one included; `doubted`: the one before ended without a known outcome.
    `refers` names an earlier row of the same chat whose message this one is about; `message` is the id that Telegram
    gave that one, None while it is not sent: the sender puts it into the payload as `message_id`.
    `document` names a document that the message shows; `file` is where Telegram has it, None once it was dropped: it is
    looked up with the lease, so that no row holds it, and the sender puts it into the payload by its kind.
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
    document: DocumentId | None = None
    file: FileReference | None = None


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
        """Return when something can be leased next; None where nothing waits."""
