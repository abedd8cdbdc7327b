"""Documents that are shown to agents: which one a message shows, and until when a case has some on show."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _shown() -> dict[str, Any]:
    where = sa.text("shown_until IS NOT NULL")
    return {"sqlite_where": where, "postgresql_where": where}


def upgrade() -> None:
    op.add_column("outbox", sa.Column("document_id", BIG))
    op.add_column("cases", sa.Column("shown_until", BIG))
    op.create_index("ix_cases_shown_until", "cases", ["shown_until"], **_shown())


def downgrade() -> None:
    op.drop_index("ix_cases_shown_until", "cases")
    op.drop_column("cases", "shown_until")
    op.drop_column("outbox", "document_id")
