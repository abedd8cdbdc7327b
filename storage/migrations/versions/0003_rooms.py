"""A case's service, request type and stage take the place of its kind and state; agents have a role.

Bodies are renamed by `storage.migrations.bodies`, with the codec of the database.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

QUEUED = "stage != 'closed' AND owner_id IS NULL"
STAGES = {"queued": "received", "talking": "verifying", "owned": "verifying", "closed": "closed"}
STATES = {"received": "queued", "verifying": "owned", "closed": "closed"}
TYPES = {"help": "help", "review": "appeal"}


def _only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _renamed(column: str, names: dict[str, str]) -> str:
    cases = " ".join(f"WHEN '{before}' THEN '{after}'" for before, after in names.items())
    return f"CASE {column} {cases} ELSE {column} END"


def upgrade() -> None:
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("request_type", sa.String(16), nullable=False, server_default="application"))
        cases.add_column(sa.Column("service", sa.String(16), nullable=False, server_default=""))
        cases.add_column(sa.Column("stage", sa.String(32), nullable=False, server_default="received"))
    values = f"stage = {_renamed('state', STAGES)}, request_type = {_renamed('kind', TYPES)}"
    op.execute(f"UPDATE cases SET {values}")  # noqa: S608 - names above
    op.execute("UPDATE cases SET request_type = 'application', service = kind WHERE kind NOT IN ('help', 'review')")
    op.drop_index("ix_cases_state_due_at_id", "cases")
    with op.batch_alter_table("cases") as cases:
        cases.drop_column("kind")
        cases.drop_column("state")
        cases.alter_column("request_type", server_default=None)
        cases.alter_column("service", server_default=None)
        cases.alter_column("stage", server_default=None)
    op.create_index("ix_cases_queue", "cases", ["due_at", "id"], **_only(QUEUED))
    op.add_column("agents", sa.Column("role", sa.String(16), nullable=False, server_default="agent"))


def downgrade() -> None:
    op.drop_column("agents", "role")
    op.drop_index("ix_cases_queue", "cases")
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("kind", sa.String(16), nullable=False, server_default=""))
        cases.add_column(sa.Column("state", sa.String(32), nullable=False, server_default="queued"))
    op.execute(f"UPDATE cases SET state = {_renamed('stage', STATES)}, kind = service")  # noqa: S608 - names above
    op.execute("UPDATE cases SET kind = 'review' WHERE request_type = 'appeal'")
    op.execute("UPDATE cases SET kind = 'help' WHERE request_type = 'help'")
    with op.batch_alter_table("cases") as cases:
        cases.drop_column("request_type")
        cases.drop_column("service")
        cases.drop_column("stage")
        cases.alter_column("kind", server_default=None)
        cases.alter_column("state", server_default=None)
    op.create_index("ix_cases_state_due_at_id", "cases", ["state", "due_at", "id"])
