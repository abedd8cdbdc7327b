"""Policies, what was used of their services, and failed identifications of their insured."""

from sqlalchemy import JSON, Column, Date, ForeignKey, LargeBinary, String, Table, UniqueConstraint

from storage.schema.base import Big, Instant, key_column, metadata

policies = Table(
    "policies",
    metadata,
    key_column(),
    Column("number_hash", LargeBinary, nullable=False),
    Column("holder_hash", LargeBinary, nullable=False, index=True),
    Column("insured_hash", LargeBinary, nullable=False, index=True),
    Column("product", String(64), nullable=False),
    Column("version", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("limits", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("number_hash"),
)

uses = Table(
    "uses",
    metadata,
    key_column(),
    Column("policy_id", Big, ForeignKey("policies.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("service", String(16), nullable=False),
    Column("year", Date, nullable=False),
    Column("state", String(16), nullable=False),
    Column("case_id", Big, index=True),
)

identity_failures = Table(
    "identity_failures",
    metadata,
    key_column(),
    Column("policy_id", Big, ForeignKey("policies.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Instant, nullable=False, index=True),
)
