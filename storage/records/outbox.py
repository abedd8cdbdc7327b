"""The outbox: payloads on their way, leased by the lane (a chat), settled in groups.

A row is `queued`, then `sending` while a sender has it, then `sent`, `failed` or `uncertain`. A row that is `sending`
in a lane that nobody holds was begun by a sender that died: it is in doubt. What a sender gives up unsettled it never
began: such rows are `queued` again, and the attempt is not counted. Only what waits has an empty `done_at`, and stands
in the indexes that leasing reads, however many rows were sent.

`sent` is a fact whoever reports it; every other outcome counts only while the lane is still its reporter's.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import (
    BindParameter,
    Row,
    and_,
    bindparam,
    case,
    delete,
    false,
    func,
    insert,
    null,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from flows.effects import RELAY
from flows.errors import Unreadable
from flows.ids import AgentId, ChatId, DocumentId, MessageId, RowId
from flows.ports.outbox import Delivered, FileReference, OutboxRow
from flows.ports.rendering import Payload
from storage.connection.connection import Connection
from storage.connection.dialects import insert_missing, insert_or_set
from storage.connection.encryption import Codec
from storage.connection.transaction import transaction
from storage.records.documents import reference
from storage.schema.base import EPOCH
from storage.schema.documents import documents
from storage.schema.outbox import lanes, outbox

BODY: Final = "outbox|body"
DOUBT: Final = "outbox|doubt"

T = TypeVar("T")

_HALTING = {"blocked", "retry"}

_earlier = outbox.alias("earlier")
_waits = outbox.c.done_at.is_(None)
_now: BindParameter[datetime] = bindparam("now")

_INSERT = insert(outbox)
_MISSING_LANES = insert_missing(lanes)
_OPEN_LANES = insert_or_set(lanes, {"blocked": false()}, where=lanes.c.blocked)

_LEASABLE = (
    select(
        outbox,
        _earlier.c.message_id.label("message"),
        documents.c.kind.label("document_kind"),
        documents.c.body.label("document_body"),
    )
    .select_from(
        outbox.join(lanes, lanes.c.chat_id == outbox.c.chat_id)
        .outerjoin(_earlier, _earlier.c.id == outbox.c.refers)
        .outerjoin(documents, and_(documents.c.id == outbox.c.document_id, documents.c.state != "dropped"))
    )
    .where(_waits, lanes.c.leased_until <= _now, lanes.c.not_before <= _now, ~lanes.c.blocked)
    .order_by(outbox.c.id)
    .limit(bindparam("limit"))
    .with_for_update(of=(outbox, lanes), skip_locked=True)
)
_LEASE_LANES = (
    update(lanes)
    .where(lanes.c.chat_id.in_(bindparam("chats", expanding=True)))
    .values(holder=bindparam("by"), leased_until=bindparam("until"))
)
_BEGIN_ROWS = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(state="sending", attempts=outbox.c.attempts + 1)
)

_HELD = (
    select(lanes.c.chat_id)
    .where(lanes.c.chat_id.in_(bindparam("chats", expanding=True)), lanes.c.holder == bindparam("by"))
    .order_by(lanes.c.chat_id)
    .with_for_update()
)
_DONE = (
    update(outbox).where(outbox.c.id == bindparam("its_id"), outbox.c.state != "sent").values(body=null(), doubt=null())
)
_RETRY = update(outbox).where(outbox.c.id == bindparam("its_id"), _waits).values(state="queued")
_UNBEGUN = (
    update(outbox)
    .where(outbox.c.chat_id.in_(bindparam("chats", expanding=True)), _waits, outbox.c.state == "sending")
    .values(state="queued", attempts=outbox.c.attempts - 1)
)
_FREE = (
    update(lanes).where(lanes.c.chat_id.in_(bindparam("chats", expanding=True))).values(holder=None, leased_until=EPOCH)
)
_FREE_ALL = update(lanes).where(lanes.c.leased_until > EPOCH).values(holder=None, leased_until=EPOCH)
_BLOCK = update(lanes).where(lanes.c.chat_id.in_(bindparam("chats", expanding=True))).values(blocked=true())
_HALT = update(lanes).where(lanes.c.chat_id == bindparam("its_chat"))

_NEXT = (
    select(
        func.min(
            case((lanes.c.leased_until > lanes.c.not_before, lanes.c.leased_until), else_=lanes.c.not_before)
        ).label("at")
    )
    .select_from(outbox.join(lanes, lanes.c.chat_id == outbox.c.chat_id))
    .where(_waits, ~lanes.c.blocked)
)
_FORGET = delete(outbox).where(outbox.c.done_at < bindparam("before"))


async def queue(connection: Connection, rows: Sequence[OutboxRow], now: datetime) -> None:
    """Insert rows; their lanes are there already (see `open_lanes`)."""
    await connection.write(_INSERT, [_values(connection.codec, row, now) for row in rows])


async def open_lanes(connection: Connection, *, writing: set[ChatId], others: set[ChatId]) -> None:
    """Make sure that lanes are there. Who writes is not blocked (any more); the lanes of `others` stay as they are."""
    await connection.write(_OPEN_LANES, [_lane(chat) for chat in sorted(writing)])
    await connection.write(_MISSING_LANES, [_lane(chat) for chat in sorted(others - writing)])


async def forget(connection: Connection, before: datetime) -> int:
    """Delete rows done before then, and return how many."""
    return await connection.change(_FORGET, {"before": before})


async def free_all(connection: Connection) -> None:
    """Free every lane: their holders are dead. What they were sending stays in doubt."""
    await connection.change(_FREE_ALL, {})


def startable(rows: Sequence[T], chat: Callable[[T], object], relay: Callable[[T], bool]) -> list[T]:
    """Return the rows of a lease that may be begun together: of each lane all before its first relay, or that alone.

    So a relay that is found `sending` was on its way itself, not merely behind what was.
    """
    begun: dict[object, bool] = {}  # by lane: whether a relay closed it
    taken = []
    for row in rows:
        lane = chat(row)
        if begun.get(lane) or (lane in begun and relay(row)):
            begun[lane] = True
            continue
        begun[lane] = relay(row)
        taken.append(row)
    return taken


def _lane_of(row: Row[*tuple[Any, ...]]) -> object:
    return row.chat_id


def _is_relay(row: Row[*tuple[Any, ...]]) -> bool:
    return bool(row.kind == RELAY)


async def _readable(connection: Connection, rows: Sequence[Row[*tuple[Any, ...]]], now: datetime) -> list[OutboxRow]:
    """Decrypt rows. One that cannot be read has failed for good, and stops no other."""
    readable, lost = [], []
    for row in rows:
        try:
            readable.append(_row(connection.codec, row))
        except Unreadable as error:
            lost.append(Delivered(RowId(row.id), ChatId(row.chat_id), "failed", code=error.code))
    await connection.write(_DONE, [_done(result, now) for result in lost])
    return readable


class SqlOutbox:
    """`flows.ports.outbox.Outbox` over a database."""

    def __init__(self, *, writer: AsyncEngine, reader: AsyncEngine, codec: Codec) -> None:
        self._writer = writer
        self._reader = reader
        self._codec = codec

    async def lease(self, *, holder: str, limit: int, now: datetime, until: datetime) -> list[OutboxRow]:
        """Take up to `limit` rows in order of id, from lanes that nobody holds, that are not blocked and not halted.

        `message` is resolved as far as it is known now: an earlier row of the same lease is not sent yet.
        """
        async with transaction(self._writer, self._codec) as connection:
            waiting = await connection.read(_LEASABLE, {"now": now, "limit": limit})
            rows = await _readable(connection, startable(waiting, _lane_of, _is_relay), now)
            if rows:
                chats = sorted({row.chat for row in rows})
                await connection.change(_LEASE_LANES, {"chats": chats, "by": holder, "until": until})
                await connection.change(_BEGIN_ROWS, {"ids": [row.id for row in rows]})
        return rows

    async def settle(self, results: Sequence[Delivered], *, holder: str, free: Sequence[ChatId], now: datetime) -> None:
        """Write what came of rows; give up the lanes in `free`, and those that were blocked or must wait."""
        halted = [result for result in results if result.outcome in _HALTING]
        leaving = {*free, *(result.chat for result in halted)}
        chats = sorted(leaving | {result.chat for result in results})
        if not chats:
            return
        async with transaction(self._writer, self._codec) as connection:
            held = {row.chat_id for row in await connection.read(_HELD, {"chats": chats, "by": holder})}
            counted = [result for result in results if result.outcome == "sent" or result.chat in held]
            await connection.write(_DONE, [_done(result, now) for result in counted if result.outcome not in _HALTING])
            await _halt(connection, [result for result in counted if result.outcome in _HALTING])
            await _leave(connection, sorted(leaving & held))

    async def next_due(self, now: datetime) -> datetime | None:
        """Return when something can be leased next, `now` at the earliest; None where nothing waits."""
        async with transaction(self._reader, self._codec) as connection:
            rows = await connection.read(_NEXT)
        return None if rows[0].at is None else max(now, rows[0].at)


async def _halt(connection: Connection, results: Sequence[Delivered]) -> None:
    """Stop lanes: for good (until the person writes), or until an instant."""
    blocked = [result.chat for result in results if result.outcome == "blocked"]
    retried = [result for result in results if result.outcome == "retry"]
    await connection.write(_RETRY, [{"its_id": result.row} for result in results])
    if blocked:
        await connection.change(_BLOCK, {"chats": blocked})
    await connection.write(
        _HALT, [{"its_chat": result.chat, "not_before": result.not_before or EPOCH} for result in retried]
    )


async def _leave(connection: Connection, chats: Sequence[int]) -> None:
    if chats:
        await connection.change(_UNBEGUN, {"chats": chats})
        await connection.change(_FREE, {"chats": chats})


def _lane(chat: int) -> dict[str, Any]:
    return {"chat_id": chat, "holder": None, "leased_until": EPOCH, "blocked": False, "not_before": EPOCH}


def _values(codec: Codec, row: OutboxRow, now: datetime) -> dict[str, Any]:
    doubt = row.doubt and codec.seal(msgspec.json.encode(row.doubt), column=DOUBT, row=row.id)
    return {
        "id": row.id,
        "chat_id": row.chat,
        "kind": row.kind,
        "state": "queued",
        "method": row.payload.method,
        "body": codec.seal(row.payload.body, column=BODY, row=row.id),
        "doubt": doubt,
        "refers": row.refers,
        "document_id": row.document,
        "message_id": None,
        "attempts": 0,
        "code": "",
        "created_at": now,
        "done_at": None,
    }


def _done(result: Delivered, now: datetime) -> dict[str, Any]:
    return {
        "its_id": result.row,
        "state": result.outcome,
        "message_id": result.message,
        "code": result.code,
        "done_at": now,
    }


_doubt = msgspec.json.Decoder(tuple[AgentId, str])


def _row(codec: Codec, row: Row[*tuple[Any, ...]]) -> OutboxRow:
    return OutboxRow(
        id=RowId(row.id),
        chat=ChatId(row.chat_id),
        kind=row.kind,
        payload=Payload(row.method, codec.open(row.body, column=BODY, row=row.id)),
        doubt=row.doubt and _doubt.decode(codec.open(row.doubt, column=DOUBT, row=row.id)),
        attempts=row.attempts + 1,
        doubted=row.state == "sending",
        refers=row.refers,
        message=row.message and MessageId(row.message),
        document=row.document_id and DocumentId(row.document_id),
        file=_file(codec, row),
    )


def _file(codec: Codec, row: Row[*tuple[Any, ...]]) -> FileReference | None:
    if row.document_body is None:
        return None
    return reference(codec, row.document_id, row.document_kind, row.document_body)
