"""Cases: the queue's columns clear, everything else encrypted. The version stands in every UPDATE."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
import structlog
from sqlalchemy import and_, bindparam, func, insert, select, update
from sqlalchemy import case as case_when

from flows.cases.case import EMERGENCY_FROM, Case
from flows.cases.stages import CLOSED
from flows.errors import Busy, Unreadable
from flows.ids import AgentId, CaseId
from storage.connection.connection import Connection, Rows
from storage.connection.encryption import Codec
from storage.schema.cases import cases

BODY: Final = "cases|body"

_LOAD = (
    select(cases.c.id, cases.c.body)
    .where(cases.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(cases.c.id)
    .with_for_update()
)
_queued = and_(cases.c.stage != CLOSED, cases.c.owner_id.is_(None))
_WAITING = select(func.count()).select_from(cases).where(_queued).scalar_subquery()
_place = (
    case_when((cases.c.urgency >= EMERGENCY_FROM, 0), else_=1),
    cases.c.due_at,
    cases.c.urgency.desc(),
    cases.c.id,
)
# The index alone is sorted; bodies are read of the first few only.
_FIRST = select(cases.c.id).where(_queued).order_by(*_place).limit(bindparam("limit"))
_QUEUE = (
    select(cases.c.id, cases.c.body, _WAITING.label("waiting"))
    .where(cases.c.id.in_(_FIRST.scalar_subquery()))
    .order_by(*_place)
)
_OWNED = (
    select(cases.c.id, cases.c.body)
    .where(cases.c.stage != CLOSED, cases.c.owner_id.in_(bindparam("owners", expanding=True)))
    .order_by(cases.c.due_at, cases.c.id)
)
_TO_WAKE = (
    select(cases.c.id)
    .where(cases.c.wake_at <= bindparam("now"))
    .order_by(cases.c.wake_at, cases.c.id)
    .limit(bindparam("limit"))
)
_SHOWN = (
    select(cases.c.id)
    .where(cases.c.shown_until <= bindparam("now"))
    .order_by(cases.c.shown_until, cases.c.id)
    .limit(bindparam("limit"))
)
_INSERT = insert(cases)
_REPLACE = update(cases).where(cases.c.id == bindparam("its_id"), cases.c.version == bindparam("its_version"))
_VERSIONS = (
    select(cases.c.id, cases.c.version).where(cases.c.id.in_(bindparam("ids", expanding=True))).with_for_update()
)
_log = structlog.get_logger(__name__)
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Case)


async def load(connection: Connection, ids: Sequence[CaseId]) -> dict[CaseId, Case]:
    """Return the cases that exist, locked in order of id."""
    if not ids:
        return {}
    rows = await connection.read(_LOAD, {"ids": sorted(set(ids))})
    return {CaseId(row.id): read(connection.codec, row.id, row.body) for row in rows}


async def queue(connection: Connection, limit: int) -> tuple[list[Case], int]:
    """Return the first `limit` (at least 1) queued cases by `Case.place_in_queue`, and the number of all queued."""
    rows = await connection.read(_QUEUE, {"limit": limit})
    return read_all(connection.codec, rows), rows[0].waiting if rows else 0


async def owned(connection: Connection, owners: Sequence[AgentId]) -> list[Case]:
    """Return the open cases that these agents own, by due time then id."""
    return read_all(connection.codec, await connection.read(_OWNED, {"owners": list(owners)}))


async def to_wake(connection: Connection, now: datetime, limit: int) -> list[CaseId]:
    """Return up to `limit` cases whose `wake_at` has come, the longest ago first."""
    return [CaseId(row.id) for row in await connection.read(_TO_WAKE, {"now": now, "limit": limit})]


async def shown_until(connection: Connection, now: datetime, limit: int) -> list[CaseId]:
    """Return up to `limit` cases with a copy of a document on show for too long by `now`, the longest first."""
    return [CaseId(row.id) for row in await connection.read(_SHOWN, {"now": now, "limit": limit})]


async def insert_new(connection: Connection, new: Sequence[Case]) -> None:
    """Insert new cases. Raises `Duplicate` where a number is taken."""
    await connection.write(_INSERT, [_row(connection.codec, case) for case in new])


async def replace(connection: Connection, changed: Sequence[Case]) -> None:
    """Replace cases, each of the version before. Raises `Busy` where a stored version is another."""
    ordered = sorted(changed, key=lambda case: case.id)
    if not connection.counts_many:
        await _check_versions(connection, ordered)
    places = ({"its_id": case.id, "its_version": case.version - 1} for case in ordered)
    rows = [place | _row(connection.codec, case) for place, case in zip(places, ordered, strict=True)]
    if await connection.write(_REPLACE, rows) not in {len(rows), -1}:
        raise Busy("case version")


def read(codec: Codec, case: int, body: bytes) -> Case:
    """Return a case as it is stored."""
    return _decoder.decode(codec.open(body, column=BODY, row=case))


def read_all(codec: Codec, rows: Rows) -> list[Case]:
    """Return the cases of rows; one that cannot be read is passed over, so that the others are served, and logged."""
    readable = []
    for row in rows:
        try:
            readable.append(read(codec, row.id, row.body))
        except Unreadable as error:
            _log.error("case_unreadable", case=row.id, code=error.code)
    return readable


async def _check_versions(connection: Connection, changed: Sequence[Case]) -> None:
    """Lock and compare: for drivers that do not count the rows of an executemany (asyncpg)."""
    if not changed:
        return
    rows = await connection.read(_VERSIONS, {"ids": [case.id for case in changed]})
    if {row.id: row.version + 1 for row in rows} != {case.id: case.version for case in changed}:
        raise Busy("case version")


def _row(codec: Codec, case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "number": case.number,
        "request_type": case.request_type,
        "service": case.service,
        "stage": case.stage,
        "version": case.version,
        "chat_id": case.chat,
        "owner_id": case.owner,
        "created_at": case.created_at,
        "due_at": case.due_at,
        "body": codec.seal(_encoder.encode(case), column=BODY, row=case.id),
        "forget_at": case.forget_at,
        "wake_at": case.wake_at,
        "urgency": case.urgency,
        "shown_until": case.shown_until,
    }
