"""When a silent draft is noticed and a case forgotten; who missed a policy; codes of confirmation; hospitals' order.

Rows that are there stay as they are: no draft is to be noticed, no case to be forgotten, until it is written again.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # also of an instant: microseconds since 1970


def _only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.add_column("sessions", sa.Column("wake_at", BIG, nullable=True))
    op.create_index("ix_sessions_wake_at", "sessions", ["wake_at"], **_only("wake_at IS NOT NULL"))
    op.add_column("cases", sa.Column("forget_at", BIG, nullable=True))
    op.create_index("ix_cases_forget_at", "cases", ["forget_at"], **_only("forget_at IS NOT NULL"))
    op.create_table(
        "policy_misses",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("policy_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.id"], name="fk_policy_misses_policy_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_policy_misses"),
    )
    op.create_index("ix_policy_misses_policy_id", "policy_misses", ["policy_id"])
    op.create_index("ix_policy_misses_at", "policy_misses", ["at"])
    op.create_table(
        "confirmations",
        sa.Column("case_id", BIG, autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("until", BIG, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_confirmations"),
        sa.UniqueConstraint("code_hash", name="uq_confirmations_code_hash"),
    )
    op.create_index("ix_confirmations_until", "confirmations", ["until"])
    op.add_column("hospitals", sa.Column("position", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("hospitals", "position")
    op.drop_table("confirmations")
    op.drop_table("policy_misses")
    op.drop_index("ix_cases_forget_at", "cases")
    op.drop_column("cases", "forget_at")
    op.drop_index("ix_sessions_wake_at", "sessions")
    op.drop_column("sessions", "wake_at")
