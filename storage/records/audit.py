"""Who did what. Of a case that is made anonymous, the policyholder's chat is struck (see `forgetting`)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert

from flows.effects import AuditEntry
from flows.ports.unit_of_work import Entry
from storage.connection.connection import Connection
from storage.records.registry import writes
from storage.schema.records import audit

_INSERT = insert(audit)


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
    await connection.write(_INSERT, rows)
