"""The tables: what is kept clear because it is searched or counted, and what is kept encrypted.

Personal data stands in the columns named `body`, `text`, `doubt` and `agents.name` alone, all of them encrypted; the
rest are ids, codes, instants and keyed hashes. Ids are given before the insert, since encryption binds to the row.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    and_,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Big = BigInteger().with_variant(Integer(), "sqlite")  # SQLite's INTEGER has 64 bits, and as a key it is the row itself


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as whole microseconds since 1970 in UTC. Raises ValueError for a naive one."""

    impl = Big
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Give the microseconds."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return (value - EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Give the instant in UTC."""
        del dialect
        return None if value is None else EPOCH + timedelta(microseconds=value)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _key(name: str = "id") -> Column[int]:
    return Column(name, Big, primary_key=True, autoincrement=False)


sessions = Table(
    "sessions",
    metadata,
    _key("chat_id"),
    Column("state", String(64), nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("body", LargeBinary),  # NULL: a row that was made to be locked, of a person who has said nothing yet
    Column("wake_at", Instant),  # NULL: nobody waits for this chat
)
_to_wake = sessions.c.wake_at.is_not(None)
Index("ix_sessions_wake_at", sessions.c.wake_at, sqlite_where=_to_wake, postgresql_where=_to_wake)

agents = Table(
    "agents",
    metadata,
    _key("user_id"),
    Column("name", LargeBinary, nullable=False),
    Column("active", Boolean(create_constraint=False), nullable=False),
    Column("role", String(16), nullable=False, server_default="agent"),
)

policies = Table(
    "policies",
    metadata,
    _key(),
    Column("number_hash", LargeBinary, nullable=False),
    Column("holder_hash", LargeBinary, nullable=False, index=True),
    Column("insured_hash", LargeBinary, nullable=False, index=True),
    Column("product", String(64), nullable=False),
    Column("version", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("limits", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("number_hash"),
)

uses = Table(
    "uses",
    metadata,
    _key(),
    Column("policy_id", Big, ForeignKey("policies.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("service", String(16), nullable=False),
    Column("year", Date, nullable=False),
    Column("state", String(16), nullable=False),
    Column("case_id", Big, index=True),
)

identity_failures = Table(
    "identity_failures",
    metadata,
    _key(),
    Column("policy_id", Big, ForeignKey("policies.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Instant, nullable=False, index=True),
)

cases = Table(
    "cases",
    metadata,
    _key(),
    Column("number", String(32), nullable=False),
    Column("request_type", String(16), nullable=False),
    Column("service", String(16), nullable=False),
    Column("stage", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("chat_id", Big, nullable=False, index=True),  # 0 once the case is anonymous
    Column("owner_id", Big, index=True),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("forget_at", Instant),  # NULL: it stays as it is, or is anonymous already
    Column("wake_at", Instant),  # NULL: no time has to be watched for this case
    UniqueConstraint("number"),
)
_queued = and_(cases.c.stage != "closed", cases.c.owner_id.is_(None))
Index("ix_cases_queue", cases.c.due_at, cases.c.id, sqlite_where=_queued, postgresql_where=_queued)
_to_forget = cases.c.forget_at.is_not(None)
Index("ix_cases_forget_at", cases.c.forget_at, sqlite_where=_to_forget, postgresql_where=_to_forget)
_case_to_wake = cases.c.wake_at.is_not(None)
Index("ix_cases_wake_at", cases.c.wake_at, sqlite_where=_case_to_wake, postgresql_where=_case_to_wake)

confirmations = Table(
    "confirmations",
    metadata,
    _key("case_id"),  # a case has one code; a new one takes its place
    Column("code_hash", LargeBinary, nullable=False),
    Column("until", Instant, nullable=False, index=True),
    UniqueConstraint("code_hash"),
)

outbox = Table(
    "outbox",
    metadata,
    _key(),
    Column("chat_id", Big, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),  # queued | sending | sent | failed | uncertain
    Column("method", String(64), nullable=False),
    Column("body", LargeBinary),  # NULL once the row is done
    Column("doubt", LargeBinary),
    Column("refers", Big),
    Column("message_id", Big),
    Column("attempts", Integer, nullable=False),
    Column("code", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("done_at", Instant),  # NULL while it waits
)
# Only what waits is in these two, however many rows were sent.
_waiting = outbox.c.done_at.is_(None)
Index("ix_outbox_waiting_id", outbox.c.id, sqlite_where=_waiting, postgresql_where=_waiting)
Index("ix_outbox_waiting_chat_id", outbox.c.chat_id, sqlite_where=_waiting, postgresql_where=_waiting)
Index("ix_outbox_done_at", outbox.c.done_at, sqlite_where=~_waiting, postgresql_where=~_waiting)

lanes = Table(
    "lanes",
    metadata,
    _key("chat_id"),
    Column("holder", String(64)),
    Column("leased_until", Instant, nullable=False),  # 1970: nobody holds it
    Column("blocked", Boolean(create_constraint=False), nullable=False),
    Column("not_before", Instant, nullable=False),
)

processed_updates = Table(
    "processed_updates",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    sqlite_with_rowid=False,
)

audit = Table(
    "audit",
    metadata,
    _key(),
    Column("at", Instant, nullable=False, index=True),
    Column("action", String(64), nullable=False),
    Column("chat_id", Big, nullable=False),
    Column("case_id", Big, index=True),
    Column("actor", Big),
    Column("codes", JSON, nullable=False),
)

transcript = Table(
    "transcript",
    metadata,
    _key(),
    Column("case_id", Big, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("author", String(16), nullable=False),
    Column("text", LargeBinary, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    _key(),
    Column("chat_id", Big, nullable=False),
    Column("case_id", Big, index=True),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),  # pending | fetching | stored | failed
    Column("size", Big, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Instant, nullable=False),  # of a file that is being fetched: when its fetcher has lost it
    Column("code", String(64), nullable=False),
    Column("content_hash", LargeBinary, index=True),
    Column("body", LargeBinary, nullable=False),
)
Index("ix_documents_state_not_before", documents.c.state, documents.c.not_before)

dead_letters = Table(
    "dead_letters",
    metadata,
    _key(),
    Column("at", Instant, nullable=False),
    Column("chat_id", Big),
    Column("code", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
)

products = Table(
    "products",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("version", String(64), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

hospitals = Table(
    "hospitals",
    metadata,
    Column("name", Text, primary_key=True),
    Column("province", String(32), nullable=False),
    Column("city", String(32), nullable=False),
    Column("level", String(16), nullable=False),
    Column("ownership", String(16), nullable=False),
    Column("network", Boolean(create_constraint=False), nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),  # in the operator's list
)
