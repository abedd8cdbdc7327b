"""What was done to a case."""

from sqlalchemy import select

from flows.ids import AgentId, CaseId, RowId
from flows.ports.queries import AuditRecord
from storage.connection.connection import Connection
from storage.queries.paging import page_of_case, place
from storage.schema.records import audit

_PAGE = page_of_case(select(audit), id_=audit.c.id, case=audit.c.case_id)


async def entries(connection: Connection, case: CaseId, after: RowId | None, limit: int) -> list[AuditRecord]:
    """Return up to `limit` things done to a case, the oldest first."""
    return [
        AuditRecord(
            id=RowId(row.id),
            at=row.at,
            action=row.action,
            actor=None if row.actor is None else AgentId(row.actor),
            codes=row.codes,
        )
        for row in await connection.read(_PAGE, place(case, after, limit))
    ]
