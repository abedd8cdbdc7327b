"""Made-up values for the contract, and the few steps that many of its tests begin with."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flows.cases.case import AGENT, APPLICATION, BOT, Attachment, Case, Consent, Line
from flows.cases.stages import RECEIVED
from flows.effects import QUESTION, FileFetch, Record
from flows.events import TextReceived
from flows.ids import AgentId, CaseId, ChatId, DocumentId, MessageId, PolicyId, RowId
from flows.ports.outbox import Delivered, OutboxRow
from flows.ports.rendering import Payload
from flows.ports.unit_of_work import Changes
from flows.session import Held, Sent, Session
from flows.terms.calendar import Pause
from flows.terms.policy import IN_FORCE, Person, Policy, Use
from flows.terms.promises import Milestone
from storage.database import Database
from tests.fakes import FakeStore

Backend = FakeStore | Database

NOW = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)
SOON = NOW + timedelta(minutes=1)
LATER = NOW + timedelta(hours=1)
WANG = ChatId(6_000_000_001)
LI = ChatId(6_000_000_002)


def session(chat: ChatId = WANG) -> Session:
    """Return a session with every field filled that is stored."""
    return Session(
        chat=chat,
        state="hospital",
        conversation=3,
        turn=7,
        answers={"illness": "脑膜瘤", "phone": "13800000000"},
        attachments=(Attachment(DocumentId(5), "unique", "report"),),
        consents=(Consent("privacy", "2", "ab12", NOW),),
        asked=RowId(9),
        failed_answers=1,
        policy=PolicyId(4),
        cases=(CaseId(2**62),),
        active_case=CaseId(8),
        sent=(Sent(MessageId(2), CaseId(8)),),
        held=Held(CaseId(8), TextReceived(chat=chat, message=MessageId(3), at=NOW, text="取消")),
        wake_at=LATER,
    )


def case(number: str = "GC-1", *, id_: int = 1, due: datetime = LATER, stage: str = RECEIVED, version: int = 0) -> Case:
    """Return a case with every field filled: received and free, or of a later stage and owned."""
    queued = stage == RECEIVED
    return Case(
        id=CaseId(id_),
        number=number,
        request_type=APPLICATION,
        service="OP",
        chat=WANG,
        created_at=NOW,
        due_at=due,
        stage=stage,
        version=version,
        milestones={"accepted": Milestone(date(2026, 3, 2), provisional=True, at=NOW)},
        pauses=(Pause(date(2026, 3, 2), date(2026, 3, 3)), Pause(date(2026, 3, 4))),
        owner=None if queued else AgentId(77),
        owner_name="" if queued else "小陈",
        claimed_at=None if queued else NOW,
        speaker=BOT if queued else AGENT,
        policy=PolicyId(4),
        answers={"name": "王小明"},
        attachments=(Attachment(DocumentId(5), "unique", "report"),),
        decision={"verdict": "accepted", "reasons": ["G2"]},
        unread_messages=(Line(NOW, "在吗"),),
        acknowledged=(Consent("OP-P3", "1", "cd34", NOW),),
        forget_at=LATER + timedelta(days=365),
    )


def policy(number: str = "P-1001", *, id_: int = 4, uses: tuple[Use, ...] = ()) -> Policy:
    """Return a policy in force."""
    return Policy(
        id=PolicyId(id_),
        number=number,
        product="CI-2026",
        version="1",
        status=IN_FORCE,
        starts=date(2025, 5, 1),
        ends=date(2030, 4, 30),
        holder=Person("王大明", "resident_id", "110101195001010015", "13800000000"),
        insured=Person("王小明", "resident_id", "110101198001010013"),
        limits={"OP": 1, "IP": 1},
        uses=uses,
    )


def row(
    id_: int, chat: ChatId = WANG, *, kind: str = QUESTION, refers: int | None = None, document: int | None = None
) -> OutboxRow:
    """Return a row of the outbox."""
    return OutboxRow(
        id=RowId(id_),
        chat=chat,
        kind=kind,
        payload=Payload("sendMessage", f'{{"text":"第{id_}条"}}'.encode()),
        doubt=(AgentId(LI), "GC-1"),
        refers=None if refers is None else RowId(refers),
        document=None if document is None else DocumentId(document),
    )


def file(id_: int = 5) -> FileFetch:
    """Return a file to be fetched."""
    return FileFetch(
        document=DocumentId(id_),
        chat=WANG,
        file_id="file-id",
        unique_id="unique",
        kind="document",
        size=11,
        name="病理报告.pdf",
        mime="application/pdf",
    )


_rows = itertools.count(1_000_000)


def recorded(*records: Record, **others: Any) -> Changes:  # noqa: ANN401 - the fields of Changes, by name
    """Return changes with these records, each with a row id of its own, and with what else they may have."""
    changes = Changes(**others)
    for record in records:
        changes.add(RowId(next(_rows)), record)
    return changes


async def save(store: Backend, changes: Changes) -> None:
    """Save in a unit of work of its own."""
    async with store.begin() as work:
        await work.save(changes, NOW)
        await work.commit()


async def queue(store: Backend, *rows: OutboxRow) -> None:
    """Have rows in the outbox."""
    await save(store, Changes(outbox=list(rows)))


async def lease(store: Backend, now: datetime = NOW, *, holder: str = "a", limit: int = 100) -> list[OutboxRow]:
    """Lease for a minute."""
    return await store.outbox.lease(holder=holder, limit=limit, now=now, until=now + timedelta(minutes=1))


async def settle(store: Backend, *results: Delivered, holder: str = "a", free: tuple[ChatId, ...] = ()) -> None:
    """Settle now."""
    await store.outbox.settle(results, holder=holder, free=free, now=NOW)


def sent(row: OutboxRow, message: int = 1) -> Delivered:
    """Return the news that a row was sent."""
    return Delivered(row.id, row.chat, "sent", message=message)
