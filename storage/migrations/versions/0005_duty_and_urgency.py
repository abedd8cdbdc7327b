"""Who is on duty, and since when; how urgent a case is, in the order of the queue.

Agents who are there are off duty until they say otherwise; no case that is there is more urgent than another.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # also of an instant: microseconds since 1970
QUEUED = "stage != 'closed' AND owner_id IS NULL"


def _queued() -> dict[str, Any]:
    return {"sqlite_where": sa.text(QUEUED), "postgresql_where": sa.text(QUEUED)}


def upgrade() -> None:
    op.add_column("agents", sa.Column("on_duty_since", BIG, nullable=True))
    op.add_column("cases", sa.Column("urgency", sa.SmallInteger(), nullable=False, server_default="0"))
    op.drop_index("ix_cases_queue", "cases")
    op.create_index("ix_cases_queue", "cases", ["due_at", "urgency", "id"], **_queued())


def downgrade() -> None:
    op.drop_index("ix_cases_queue", "cases")
    op.create_index("ix_cases_queue", "cases", ["due_at", "id"], **_queued())
    op.drop_column("cases", "urgency")
    op.drop_column("agents", "on_duty_since")
