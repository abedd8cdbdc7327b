"""Cases for screens: the open ones in the order of the queue, their number, one of them."""

from typing import Any, Final

from sqlalchemy import Row, bindparam, func, select, tuple_

from flows.cases.case import Case
from flows.cases.stages import CLOSED
from flows.ids import AgentId, CaseId
from flows.ports.queries import ANYONE, UNASSIGNED, CaseCounts, CaseKey, CaseSummary, OwnerFilter
from storage.connection.connection import Connection
from storage.records.cases import read
from storage.schema.base import EPOCH, Big, Instant
from storage.schema.cases import cases

FIRST: Final = CaseKey(EPOCH, CaseId(0))

_open = cases.c.stage != CLOSED
_after = tuple_(bindparam("due_at", type_=Instant), bindparam("id", type_=Big))
_PAGE = (
    select(*(column for column in cases.c if column.name != "body"))
    .where(_open, tuple_(cases.c.due_at, cases.c.id) > _after)
    .order_by(cases.c.due_at, cases.c.id)
    .limit(bindparam("limit"))
)
_UNASSIGNED = _PAGE.where(cases.c.owner_id.is_(None))
_OWNED = _PAGE.where(cases.c.owner_id == bindparam("owner"))
_COUNTS = select(cases.c.owner_id, func.count().label("cases")).where(_open).group_by(cases.c.owner_id)
_ONE = select(cases.c.id, cases.c.body).where(cases.c.id == bindparam("id"))


async def open_cases(
    connection: Connection, owner: OwnerFilter, after: CaseKey | None, limit: int
) -> list[CaseSummary]:
    """Return up to `limit` open cases in the order of the queue."""
    key = after or FIRST
    values = {"due_at": key.due_at, "id": key.id, "limit": limit}
    if owner == ANYONE:
        rows = await connection.read(_PAGE, values)
    elif owner == UNASSIGNED:
        rows = await connection.read(_UNASSIGNED, values)
    else:
        rows = await connection.read(_OWNED, values | {"owner": owner})
    return [_summary(row) for row in rows]


async def counts(connection: Connection) -> CaseCounts:
    """Count the open cases by owner."""
    found = {row.owner_id: row.cases for row in await connection.read(_COUNTS)}
    by_owner = {AgentId(owner): number for owner, number in found.items() if owner is not None}
    return CaseCounts(sum(found.values()), found.get(None, 0), by_owner)


async def one(connection: Connection, case: CaseId) -> Case | None:
    """Return a case, None where there is none. Raises Unreadable."""
    for row in await connection.read(_ONE, {"id": case}):
        return read(connection.codec, row.id, row.body)
    return None


def _summary(row: Row[*tuple[Any, ...]]) -> CaseSummary:
    return CaseSummary(
        id=CaseId(row.id),
        number=row.number,
        request_type=row.request_type,
        service=row.service,
        stage=row.stage,
        version=row.version,
        owner=None if row.owner_id is None else AgentId(row.owner_id),
        created_at=row.created_at,
        due_at=row.due_at,
    )
