"""Payloads to be sent, and the lane of each chat."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table

from storage.schema.base import Big, Instant, key_column, metadata

outbox = Table(
    "outbox",
    metadata,
    key_column(),
    Column("chat_id", Big, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),  # queued | sending | sent | failed | uncertain
    Column("method", String(64), nullable=False),
    Column("body", LargeBinary),  # NULL once the row is done
    Column("doubt", LargeBinary),
    Column("refers", Big),
    Column("document_id", Big),  # what the message shows; where Telegram has it stands with the document
    Column("message_id", Big),
    Column("attempts", Integer, nullable=False),
    Column("code", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("done_at", Instant),  # NULL while it waits
)
# Only what waits is in these two, however many rows were sent.
_waiting = outbox.c.done_at.is_(None)
Index("ix_outbox_waiting_id", outbox.c.id, sqlite_where=_waiting, postgresql_where=_waiting)
Index("ix_outbox_waiting_chat_id", outbox.c.chat_id, sqlite_where=_waiting, postgresql_where=_waiting)
Index("ix_outbox_done_at", outbox.c.done_at, sqlite_where=~_waiting, postgresql_where=~_waiting)

lanes = Table(
    "lanes",
    metadata,
    key_column("chat_id"),
    Column("holder", String(64)),
    Column("leased_until", Instant, nullable=False),  # 1970: nobody holds it
    Column("blocked", Boolean(create_constraint=False), nullable=False),
    Column("not_before", Instant, nullable=False),
)
