"""What is only added to: who did what, what was said in a case, what was set aside."""

from sqlalchemy import JSON, Column, LargeBinary, String, Table

from storage.schema.base import Big, Instant, key_column, metadata

audit = Table(
    "audit",
    metadata,
    key_column(),
    Column("at", Instant, nullable=False, index=True),
    Column("action", String(64), nullable=False),
    Column("chat_id", Big, nullable=False),
    Column("case_id", Big, index=True),
    Column("actor", Big),
    Column("codes", JSON, nullable=False),
)

transcript = Table(
    "transcript",
    metadata,
    key_column(),
    Column("case_id", Big, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("author", String(16), nullable=False),
    Column("text", LargeBinary, nullable=False),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    key_column(),
    Column("at", Instant, nullable=False),
    Column("chat_id", Big),
    Column("code", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
)
