"""What was said in a case."""

from sqlalchemy import select

from flows.ids import CaseId, RowId
from flows.ports.queries import TranscriptEntry
from storage.connection.connection import Connection
from storage.queries.paging import page_of_case, place
from storage.records.transcript import TEXT
from storage.schema.records import transcript

_PAGE = page_of_case(select(transcript), id_=transcript.c.id, case=transcript.c.case_id)


async def entries(connection: Connection, case: CaseId, after: RowId | None, limit: int) -> list[TranscriptEntry]:
    """Return up to `limit` things said in a case, the oldest first. Raises Unreadable."""
    return [
        TranscriptEntry(
            id=RowId(row.id),
            at=row.at,
            author=row.author,
            text=connection.codec.open(row.text, column=TEXT, row=row.id).decode(),
        )
        for row in await connection.read(_PAGE, place(case, after, limit))
    ]
