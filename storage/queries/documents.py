"""The documents of a case, without their content."""

from sqlalchemy import select

from flows.ids import CaseId, DocumentId
from flows.ports.queries import DocumentSummary
from storage.connection.connection import Connection
from storage.queries.paging import page_of_case, place
from storage.schema.documents import documents

_PAGE = page_of_case(
    select(documents.c.id, documents.c.kind, documents.c.state, documents.c.size).where(documents.c.state != "dropped"),
    id_=documents.c.id,
    case=documents.c.case_id,
)


async def of_case(connection: Connection, case: CaseId, after: DocumentId | None, limit: int) -> list[DocumentSummary]:
    """Return up to `limit` documents of a case, the oldest first; those that were dropped are left out."""
    return [
        DocumentSummary(id=DocumentId(row.id), kind=row.kind, state=row.state, size=row.size)
        for row in await connection.read(_PAGE, place(case, after, limit))
    ]
