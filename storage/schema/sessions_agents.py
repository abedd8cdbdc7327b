"""Chats, and the agents among the people in them."""

from sqlalchemy import Boolean, Column, Index, LargeBinary, String, Table

from storage.schema.base import Instant, key_column, metadata

sessions = Table(
    "sessions",
    metadata,
    key_column("chat_id"),
    Column("state", String(64), nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("body", LargeBinary),  # NULL: a row that was made to be locked, of a person who has said nothing yet
    Column("wake_at", Instant),  # NULL: nobody waits for this chat
)
_to_wake = sessions.c.wake_at.is_not(None)
Index("ix_sessions_wake_at", sessions.c.wake_at, sqlite_where=_to_wake, postgresql_where=_to_wake)

agents = Table(
    "agents",
    metadata,
    key_column("user_id"),
    Column("name", LargeBinary, nullable=False),
    Column("active", Boolean(create_constraint=False), nullable=False),
    Column("role", String(16), nullable=False, server_default="agent"),
    Column("on_duty_since", Instant),  # NULL: off duty
)
