"""Who is on duty, and since when; how urgent a case is, in the order of the queue.

Agents who are there are off duty until they say otherwise; no case that is there is more urgent than another.
The index of owners finds the first of the queue as well: those are the open cases without an owner.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # also of an instant: microseconds since 1970
OPEN = "stage != 'closed'"
QUEUED = f"{OPEN} AND owner_id IS NULL"


def _only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.add_column("agents", sa.Column("on_duty_since", BIG, nullable=True))
    op.add_column("cases", sa.Column("urgency", sa.SmallInteger(), nullable=False, server_default="0"))
    op.drop_index("ix_cases_queue", "cases")
    op.drop_index("ix_cases_owner", "cases")
    op.create_index("ix_cases_owner", "cases", ["owner_id", "due_at", "id", "stage", "urgency"], **_only(OPEN))


def downgrade() -> None:
    op.drop_index("ix_cases_owner", "cases")
    op.create_index("ix_cases_owner", "cases", ["owner_id", "due_at", "id", "stage"], **_only(OPEN))
    op.create_index("ix_cases_queue", "cases", ["due_at", "id"], **_only(QUEUED))
    op.drop_column("cases", "urgency")
    op.drop_column("agents", "on_duty_since")
