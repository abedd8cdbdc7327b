"""What the ports in memory keep, in plain dictionaries of immutable values."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import TypeVar

from msgspec import Struct

from flows.cases.case import Case
from flows.effects import AuditEntry, Confirmation, FileFetch, TranscriptLine
from flows.errors import Duplicate
from flows.ids import AgentId, CaseId, ChatId, DocumentId, MessageId, PolicyId, RowId
from flows.ports.outbox import OutboxRow
from flows.ports.unit_of_work import DeadLetter
from flows.session import Agent, Session
from flows.terms.policy import Policy, Use

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_K = TypeVar("_K")
_V = TypeVar("_V")


class Lane(Struct, frozen=True):
    holder: str = ""
    leased_until: datetime = EPOCH
    blocked: bool = False
    not_before: datetime = EPOCH


class Kept(Struct, frozen=True):
    """An outbox row and its fate."""

    row: OutboxRow
    state: str = "queued"
    message: MessageId | None = None
    code: str = ""
    done_at: datetime | None = None


class File(Struct, frozen=True):
    fetch: FileFetch
    state: str = "pending"
    attempts: int = 0
    not_before: datetime = EPOCH
    case: CaseId | None = None
    content: bytes | None = None
    code: str = ""


@dataclass
class State:
    """Everything that is kept. The values are immutable, so a copy of the dictionaries is a copy."""

    seen: dict[str, datetime] = field(default_factory=dict)
    sessions: dict[ChatId, Session] = field(default_factory=dict)
    agents: dict[AgentId, Agent] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    uses: dict[int, tuple[PolicyId, Use]] = field(default_factory=dict)
    failures: dict[int, tuple[PolicyId, datetime]] = field(default_factory=dict)
    confirmations: dict[CaseId, Confirmation] = field(default_factory=dict)
    cases: dict[CaseId, Case] = field(default_factory=dict)
    outbox: dict[RowId, Kept] = field(default_factory=dict)
    lanes: dict[ChatId, Lane] = field(default_factory=dict)
    audit: dict[RowId, AuditEntry] = field(default_factory=dict)
    audited_at: dict[RowId, datetime] = field(default_factory=dict)
    transcript: dict[RowId, TranscriptLine] = field(default_factory=dict)
    files: dict[DocumentId, File] = field(default_factory=dict)
    dead: dict[RowId, DeadLetter] = field(default_factory=dict)

    def copy(self) -> "State":
        return State(**{each.name: copy(getattr(self, each.name)) for each in fields(self)})


def insert(table: dict[_K, _V], rows: Iterable[tuple[_K, _V]], name: str) -> None:
    """Add rows. Raises Duplicate where a key is taken."""
    for key, value in rows:
        if key in table:
            raise Duplicate(f"pk_{name}")
        table[key] = value
