"""Who is on duty, and since when. Agents who are there are off duty until they say otherwise."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # also of an instant: microseconds since 1970


def upgrade() -> None:
    op.add_column("agents", sa.Column("on_duty_since", BIG, nullable=True))


def downgrade() -> None:
    op.drop_column("agents", "on_duty_since")
