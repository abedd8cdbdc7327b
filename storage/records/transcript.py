"""What was said in cases. Of a case that is made anonymous, it is deleted (see `forgetting`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import insert

from flows.effects import TranscriptLine
from flows.ports.unit_of_work import Entry
from storage.connection.connection import Connection
from storage.records.registry import writes
from storage.schema.records import transcript

TEXT: Final = "transcript|text"

_INSERT = insert(transcript)


@writes(TranscriptLine)
async def write_down(connection: Connection, lines: Sequence[Entry[TranscriptLine]], now: datetime) -> None:
    """Add lines to cases' transcripts."""
    del now
    rows = [
        {
            "id": row,
            "case_id": line.case,
            "at": line.at,
            "author": line.author,
            "text": connection.codec.seal(line.text.encode(), column=TEXT, row=row),
        }
        for row, line in lines
    ]
    await connection.write(_INSERT, rows)
