"""Cases: the columns that are searched stand beside the body; and the codes with which one is confirmed."""

from sqlalchemy import Column, Index, Integer, LargeBinary, SmallInteger, String, Table, UniqueConstraint

from storage.schema.base import Big, Instant, key_column, metadata

cases = Table(
    "cases",
    metadata,
    key_column(),
    Column("number", String(32), nullable=False),
    Column("request_type", String(16), nullable=False),
    Column("service", String(16), nullable=False),
    Column("stage", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("chat_id", Big, nullable=False, index=True),  # 0 once the case is anonymous
    Column("owner_id", Big),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("forget_at", Instant),  # NULL: it stays as it is, or is anonymous already
    Column("wake_at", Instant),  # NULL: no time has to be watched for this case
    Column("urgency", SmallInteger, nullable=False, server_default="0"),
    Column("shown_until", Instant),  # NULL: no copy of a document stands in an agent's chat
    UniqueConstraint("number"),
)
_open = cases.c.stage != "closed"
Index("ix_cases_open", cases.c.due_at, cases.c.id, sqlite_where=_open, postgresql_where=_open)
# With stage and urgency, counting, and finding the first of those without an owner, read no row.
_owned = (cases.c.owner_id, cases.c.due_at, cases.c.id, cases.c.stage, cases.c.urgency)
Index("ix_cases_owner", *_owned, sqlite_where=_open, postgresql_where=_open)
_to_forget = cases.c.forget_at.is_not(None)
Index("ix_cases_forget_at", cases.c.forget_at, sqlite_where=_to_forget, postgresql_where=_to_forget)
_case_to_wake = cases.c.wake_at.is_not(None)
Index("ix_cases_wake_at", cases.c.wake_at, sqlite_where=_case_to_wake, postgresql_where=_case_to_wake)
_shown = cases.c.shown_until.is_not(None)
Index("ix_cases_shown_until", cases.c.shown_until, sqlite_where=_shown, postgresql_where=_shown)

confirmations = Table(
    "confirmations",
    metadata,
    key_column("case_id"),  # a case has one code; a new one takes its place
    Column("code_hash", LargeBinary, nullable=False),
    Column("until", Instant, nullable=False, index=True),
    UniqueConstraint("code_hash"),
)
