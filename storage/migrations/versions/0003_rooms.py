"""Sessions and cases under new names; tables by the field's terms; agents have a role; when the clock wakes a case.

A case's service, request type, stage and speaker take the place of its kind and state. The columns are set first by
what SQL can know of them, then, with the bodies, by `storage.migrations.bodies`: only a body says that a case in the
queue was worked on before, or for which service an appeal is.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.migrations import bodies
from storage.migrations.rewriting import Rewriting, check_keys, rewrite

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # also of an instant: microseconds since 1970
QUEUED = "stage != 'closed' AND owner_id IS NULL"
TO_WAKE = "wake_at IS NOT NULL"
STATES = {
    "received": "queued",
    "verifying": "owned",
    "arranging": "owned",
    "booked": "owned",
    "in_progress": "owned",
    "after_visit": "owned",
    "closed": "closed",
}
ACTIONS = {"talk": "taken_over", "handed_back": "returned_to_bot"}  # of the audit

UP = (
    Rewriting("sessions", "chat_id", bodies.new_session),
    Rewriting("cases", "id", bodies.new_case, bodies.NEW_COLUMNS),
)
DOWN = (
    Rewriting("sessions", "chat_id", bodies.old_session),
    Rewriting("cases", "id", bodies.old_case, bodies.OLD_COLUMNS),
)


def _only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _renamed(column: str, names: dict[str, str]) -> str:
    cases = " ".join(f"WHEN '{before}' THEN '{after}'" for before, after in names.items())
    return f"CASE {column} {cases} ELSE {column} END"


def upgrade() -> None:
    check_keys(*UP)
    _new_cases()
    op.add_column("agents", sa.Column("role", sa.String(16), nullable=False, server_default="agent"))
    _move_updates("seen", "processed_updates")
    _move_failures("policy_misses", "identity_failures")
    _rename_actions(ACTIONS)
    for work in UP:
        rewrite(work)


def downgrade() -> None:
    check_keys(*DOWN)
    _old_cases()
    op.drop_column("agents", "role")
    _move_updates("processed_updates", "seen")
    _move_failures("identity_failures", "policy_misses")
    _rename_actions({after: before for before, after in ACTIONS.items()})
    for work in DOWN:
        rewrite(work)


def _new_cases() -> None:
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("request_type", sa.String(16), nullable=False, server_default="application"))
        cases.add_column(sa.Column("service", sa.String(16), nullable=False, server_default=""))
        cases.add_column(sa.Column("stage", sa.String(32), nullable=False, server_default="received"))
        cases.add_column(sa.Column("wake_at", BIG, nullable=True))
    values = f"stage = {_renamed('state', bodies.STAGES)}, request_type = {_renamed('kind', bodies.TYPES)}"
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
    op.create_index("ix_cases_wake_at", "cases", ["wake_at"], **_only(TO_WAKE))


def _old_cases() -> None:
    op.drop_index("ix_cases_wake_at", "cases")
    op.drop_index("ix_cases_queue", "cases")
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("kind", sa.String(16), nullable=False, server_default=""))
        cases.add_column(sa.Column("state", sa.String(32), nullable=False, server_default="queued"))
    op.execute(f"UPDATE cases SET state = {_renamed('stage', STATES)}, kind = service")  # noqa: S608 - names above
    op.execute("UPDATE cases SET state = 'queued' WHERE stage != 'closed' AND owner_id IS NULL")
    op.execute("UPDATE cases SET kind = 'review' WHERE request_type = 'appeal'")
    op.execute("UPDATE cases SET kind = 'help' WHERE request_type = 'help'")
    with op.batch_alter_table("cases") as cases:
        for name in ("request_type", "service", "stage", "wake_at"):
            cases.drop_column(name)
        cases.alter_column("kind", server_default=None)
        cases.alter_column("state", server_default=None)
    op.create_index("ix_cases_state_due_at_id", "cases", ["state", "due_at", "id"])


def _move_updates(before: str, after: str) -> None:
    """Copy the rows into a table of the new name, so that its constraints and indexes have theirs: 48 hours' rows."""
    op.create_table(
        after,
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("key", name=f"pk_{after}"),
        sqlite_with_rowid=False,
    )
    _move(before, after, "key, at")
    op.create_index(f"ix_{after}_at", after, ["at"])


def _move_failures(before: str, after: str) -> None:
    """Copy the rows into a table of the new name, as above: 48 hours' rows, too."""
    op.create_table(
        after,
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("policy_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.id"], name=f"fk_{after}_policy_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{after}"),
    )
    _move(before, after, "id, policy_id, at")
    op.create_index(f"ix_{after}_policy_id", after, ["policy_id"])
    op.create_index(f"ix_{after}_at", after, ["at"])


def _move(before: str, after: str, columns: str) -> None:
    op.execute(f"INSERT INTO {after} ({columns}) SELECT {columns} FROM {before}")  # noqa: S608 - names above
    op.drop_table(before)


def _rename_actions(names: dict[str, str]) -> None:
    for before, after in names.items():
        op.execute(f"UPDATE audit SET action = '{after}' WHERE action = '{before}'")  # noqa: S608 - names above
