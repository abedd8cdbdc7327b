"""The keys of the updates that were processed already."""

from sqlalchemy import Column, String, Table

from storage.schema.base import Instant, metadata

processed_updates = Table(
    "processed_updates",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    sqlite_with_rowid=False,
)
