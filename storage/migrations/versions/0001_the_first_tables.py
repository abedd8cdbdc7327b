"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # also of an instant: microseconds since 1970


def _only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    _people()
    _policies()
    _cases()
    _delivery()
    _records()
    _reference()


def downgrade() -> None:
    for table in (
        "hospitals",
        "products",
        "dead_letters",
        "transcript",
        "audit",
        "seen",
        "lanes",
        "outbox",
        "documents",
        "cases",
        "uses",
        "policies",
        "agents",
        "sessions",
    ):
        op.drop_table(table)


def _people() -> None:
    op.create_table(
        "sessions",
        sa.Column("chat_id", BIG, autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("updated_at", BIG, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("chat_id", name="pk_sessions"),
    )
    op.create_table(
        "agents",
        sa.Column("user_id", BIG, autoincrement=False, nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_agents"),
    )


def _policies() -> None:
    op.create_table(
        "policies",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("number_hash", sa.LargeBinary(), nullable=False),
        sa.Column("holder_hash", sa.LargeBinary(), nullable=False),
        sa.Column("insured_hash", sa.LargeBinary(), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("limits", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_policies"),
        sa.UniqueConstraint("number_hash", name="uq_policies_number_hash"),
    )
    op.create_index("ix_policies_holder_hash", "policies", ["holder_hash"])
    op.create_index("ix_policies_insured_hash", "policies", ["insured_hash"])
    op.create_table(
        "uses",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("policy_id", BIG, nullable=False),
        sa.Column("service", sa.String(length=16), nullable=False),
        sa.Column("year", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("case_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.id"], name="fk_uses_policy_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_uses"),
    )
    op.create_index("ix_uses_case_id", "uses", ["case_id"])
    op.create_index("ix_uses_policy_id", "uses", ["policy_id"])


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("chat_id", BIG, nullable=False),
        sa.Column("owner_id", BIG, nullable=True),
        sa.Column("created_at", BIG, nullable=False),
        sa.Column("due_at", BIG, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("number", name="uq_cases_number"),
    )
    op.create_index("ix_cases_chat_id", "cases", ["chat_id"])
    op.create_index("ix_cases_owner_id", "cases", ["owner_id"])
    op.create_index("ix_cases_state_due_at_id", "cases", ["state", "due_at", "id"])
    op.create_table(
        "documents",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("chat_id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", BIG, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
    )
    op.create_index("ix_documents_case_id", "documents", ["case_id"])
    op.create_index("ix_documents_content_hash", "documents", ["content_hash"])
    op.create_index("ix_documents_state_not_before", "documents", ["state", "not_before"])


def _delivery() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("chat_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("doubt", sa.LargeBinary(), nullable=True),
        sa.Column("refers", BIG, nullable=True),
        sa.Column("message_id", BIG, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.Column("done_at", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_done_at", "outbox", ["done_at"], **_only("done_at IS NOT NULL"))
    op.create_index("ix_outbox_waiting_chat_id", "outbox", ["chat_id"], **_only("done_at IS NULL"))
    op.create_index("ix_outbox_waiting_id", "outbox", ["id"], **_only("done_at IS NULL"))
    op.create_table(
        "lanes",
        sa.Column("chat_id", BIG, autoincrement=False, nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=True),
        sa.Column("leased_until", BIG, nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("not_before", BIG, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_lanes"),
    )
    op.create_table(
        "seen",
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_seen"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_seen_at", "seen", ["at"])


def _records() -> None:
    op.create_table(
        "audit",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("chat_id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=True),
        sa.Column("actor", BIG, nullable=True),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_case_id", "audit", ["case_id"])
    op.create_table(
        "transcript",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("author", sa.String(length=16), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_transcript"),
    )
    op.create_index("ix_transcript_case_id", "transcript", ["case_id"])
    op.create_table(
        "dead_letters",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("chat_id", BIG, nullable=True),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dead_letters"),
    )


def _reference() -> None:
    op.create_table(
        "products",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name="pk_products"),
    )
    op.create_table(
        "hospitals",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("province", sa.String(length=32), nullable=False),
        sa.Column("city", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("ownership", sa.String(length=16), nullable=False),
        sa.Column("network", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_hospitals"),
    )
