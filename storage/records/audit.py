"""The records that are only added to: who did what, what was said in a case, what was set aside.

Of a case that is made anonymous, what was said is deleted and the policyholder's chat struck (see `forgetting`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, insert, select

from flows.effects import AuditEntry, TranscriptLine
from flows.ids import CaseId, ChatId, RowId
from flows.ports.unit_of_work import DeadLetter, Entry
from storage.connection.connection import Connection
from storage.records.registry import writes
from storage.schema.records import audit, dead_letters, transcript

TEXT: Final = "transcript|text"
DEAD: Final = "dead_letters|body"

_AUDIT = insert(audit)
_TRANSCRIPT = insert(transcript)
_DEAD = insert(dead_letters)
_LINES = select(transcript).where(transcript.c.case_id == bindparam("case")).order_by(transcript.c.id)
_LETTERS = select(dead_letters).order_by(dead_letters.c.id).limit(bindparam("limit"))
_FORGET_LETTERS = delete(dead_letters).where(dead_letters.c.at < bindparam("before"))
_ENTRIES = select(audit).where(audit.c.case_id == bindparam("case")).order_by(audit.c.id)


@writes(AuditEntry)
async def record(connection: Connection, entries: Sequence[Entry[AuditEntry]], now: datetime) -> None:
    """Add audit entries."""
    rows = [
        {
            "id": row,
            "at": now,
            "action": entry.action,
            "chat_id": entry.chat,
            "case_id": entry.case,
            "actor": entry.actor,
            "codes": dict(entry.codes),
        }
        for row, entry in entries
    ]
    await connection.write(_AUDIT, rows)


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
    await connection.write(_TRANSCRIPT, rows)


async def set_aside(connection: Connection, letters: Sequence[DeadLetter], now: datetime) -> None:
    """Add dead letters."""
    rows = [
        {
            "id": letter.id,
            "at": now,
            "chat_id": letter.chat,
            "code": letter.code,
            "body": connection.codec.seal(letter.body, column=DEAD, row=letter.id),
        }
        for letter in letters
    ]
    await connection.write(_DEAD, rows)


async def entries(connection: Connection, case: CaseId) -> list[tuple[datetime, AuditEntry]]:
    """Return what was done to a case, oldest first."""
    return [
        (row.at, AuditEntry(action=row.action, chat=row.chat_id, case=row.case_id, actor=row.actor, codes=row.codes))
        for row in await connection.read(_ENTRIES, {"case": case})
    ]


async def lines(connection: Connection, case: CaseId) -> list[TranscriptLine]:
    """Return what was said in a case, oldest first."""
    return [
        TranscriptLine(
            case=case,
            author=row.author,
            text=connection.codec.open(row.text, column=TEXT, row=row.id).decode(),
            at=row.at,
        )
        for row in await connection.read(_LINES, {"case": case})
    ]


async def letters(connection: Connection, limit: int) -> list[DeadLetter]:
    """Return the oldest dead letters."""
    return [
        DeadLetter(
            id=RowId(row.id),
            chat=None if row.chat_id is None else ChatId(row.chat_id),
            code=row.code,
            body=connection.codec.open(row.body, column=DEAD, row=row.id),
        )
        for row in await connection.read(_LETTERS, {"limit": limit})
    ]


async def forget_letters(connection: Connection, before: datetime) -> int:
    """Delete what was set aside before then: whole messages of people, kept only to mend what failed at them."""
    return await connection.change(_FORGET_LETTERS, {"before": before})
