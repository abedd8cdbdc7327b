"""Files of policyholders: what is known of each; the bytes stand in a folder."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from storage.schema.base import Big, Instant, key_column, metadata

documents = Table(
    "documents",
    metadata,
    key_column(),
    Column("chat_id", Big, nullable=False),
    Column("case_id", Big, index=True),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),  # pending | fetching | stored | failed
    Column("size", Big, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Instant, nullable=False),  # of a file that is being fetched: when its fetcher has lost it
    Column("code", String(64), nullable=False),
    Column("content_hash", LargeBinary, index=True),
    Column("body", LargeBinary, nullable=False),
)
Index("ix_documents_state_not_before", documents.c.state, documents.c.not_before)
