"""Indexes for the lists of open cases in the order of the queue: all of them, and those of an owner."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _open() -> dict[str, Any]:
    return {"sqlite_where": sa.text("stage != 'closed'"), "postgresql_where": sa.text("stage != 'closed'")}


def upgrade() -> None:
    op.create_index("ix_cases_open", "cases", ["due_at", "id"], **_open())
    op.create_index("ix_cases_owner", "cases", ["owner_id", "due_at", "id", "stage"], **_open())
    op.drop_index("ix_cases_owner_id", "cases")


def downgrade() -> None:
    op.create_index("ix_cases_owner_id", "cases", ["owner_id"])
    op.drop_index("ix_cases_owner", "cases")
    op.drop_index("ix_cases_open", "cases")
