"""Sessions: one row a chat, its body encrypted; the agent is joined when it is loaded and never stored with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Row, and_, bindparam, select

from flows.ids import ChatId
from flows.session import Session
from storage.connection.connection import Connection
from storage.connection.dialects import insert_missing, upsert
from storage.connection.encryption import Codec
from storage.records.agents import agent
from storage.schema.sessions_agents import agents, sessions

BODY: Final = "sessions|body"

_MISSING = insert_missing(sessions)
_SAVE = upsert(sessions, changing=("state", "updated_at", "body", "wake_at"))
_LOAD = (
    select(
        sessions.c.chat_id, sessions.c.body, *(agents.c[name] for name in ("user_id", "name", "role", "on_duty_since"))
    )
    .select_from(sessions.outerjoin(agents, and_(agents.c.user_id == sessions.c.chat_id, agents.c.active)))
    .where(sessions.c.chat_id.in_(bindparam("chats", expanding=True)))
    .order_by(sessions.c.chat_id)
    .with_for_update(of=sessions)
)
_WAITING = (
    select(sessions.c.chat_id)
    .where(sessions.c.state.in_(bindparam("states", expanding=True)), sessions.c.updated_at >= bindparam("since"))
    .order_by(sessions.c.chat_id)
)
_TO_WAKE = (
    select(sessions.c.chat_id)
    .where(sessions.c.wake_at <= bindparam("now"))
    .order_by(sessions.c.wake_at, sessions.c.chat_id)
    .limit(bindparam("limit"))
)
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Session)


async def load(connection: Connection, chats: Sequence[ChatId], now: datetime) -> dict[ChatId, Session]:
    """Return each chat's session, its row locked; the rows are made first, so that new chats are locked as well."""
    if not chats:
        return {}
    wanted = sorted(set(chats))
    blank = {"state": "new", "updated_at": now, "body": None}
    await connection.write(_MISSING, [{"chat_id": chat, **blank} for chat in wanted])
    rows = await connection.read(_LOAD, {"chats": wanted})
    return {ChatId(row.chat_id): _session(connection.codec, row) for row in rows}


async def waiting(connection: Connection, states: Sequence[str], since: datetime) -> list[ChatId]:
    """Return the chats that rest in one of `states`, and were heard of since then."""
    rows = await connection.read(_WAITING, {"states": list(states), "since": since})
    return [ChatId(row.chat_id) for row in rows]


async def to_wake(connection: Connection, now: datetime, limit: int) -> list[ChatId]:
    """Return up to `limit` chats whose `wake_at` has come, the longest ago first."""
    return [ChatId(row.chat_id) for row in await connection.read(_TO_WAKE, {"now": now, "limit": limit})]


async def save(connection: Connection, changed: Sequence[Session], now: datetime) -> None:
    """Write the sessions in order of chat."""
    ordered = sorted(changed, key=lambda session: session.chat)
    await connection.write(_SAVE, [_row(connection.codec, session, now) for session in ordered])


def _row(codec: Codec, session: Session, now: datetime) -> dict[str, Any]:
    body = _encoder.encode(session if session.agent is None else msgspec.structs.replace(session, agent=None))
    sealed = codec.seal(body, column=BODY, row=session.chat)
    return {
        "chat_id": session.chat,
        "state": session.state,
        "updated_at": now,
        "body": sealed,
        "wake_at": session.wake_at,
    }


def _session(codec: Codec, row: Row[*tuple[Any, ...]]) -> Session:
    chat, body = row.chat_id, row.body
    session = Session(ChatId(chat)) if body is None else _decoder.decode(codec.open(body, column=BODY, row=chat))
    return session if row.name is None else msgspec.structs.replace(session, agent=agent(codec, row))
