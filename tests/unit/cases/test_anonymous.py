"""What stays of a case that is made anonymous."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from flows.cases.anonymising import NOBODY, anonymous
from flows.cases.answers import FIELDS
from flows.cases.case import Attachment, Case, Consent, Line
from flows.ids import AgentId, CaseId, ChatId, DocumentId, PolicyId
from flows.terms.branch import AdmissionNotice
from flows.terms.calendar import Pause
from flows.terms.catalogue import as_data
from flows.terms.eligibility import decide, replay
from flows.terms.facts import Facts, PolicyFacts, Record
from flows.terms.policy import CONSUMED, IN_FORCE, Use
from flows.terms.promises import Milestone
from flows.terms.uses import Account
from tests.world import REFERENCE

IDENTIFYING_NOBODY = (
    "service",
    "applicant",
    "illness",
    "illness_standing",
    "condition",
    "record_kind",
    "record_source",
    "stay",
    "notice",
    "branch",
    "visit_kind",
    "originals",
    "infectious",
    "transfer",
)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CODE = re.compile(r"[A-Za-z_]+(/[A-Za-z_]+)*|[A-Z]{1,2}-?[A-Z]?\d{0,2}|\d{4}-\d{2}(-\d{2})?|other campus")
ACCOUNT = Account(
    REFERENCE.terms.contract("sample/1").uses, date(2024, 6, 1), {"OP": 1}, (Use("OP", date(2025, 6, 1), CONSUMED),)
)
FACTS = Facts(
    service="IP",
    today=date(2026, 11, 23),
    policy=PolicyFacts(IN_FORCE, date(2054, 5, 31), ACCOUNT),
    patient="insured",
    condition="confirmed",
    illness="cancer",
    standing="listed",
    records=(Record(("qualifies",), "discharge_summary", date(2026, 11, 1)),),
    better_record=False,
    hospital="in_network",
    wished=date(2026, 12, 1),
    earliest=date(2026, 11, 30),
    department="covered",
    insists=False,
    doctor="declined",
    notice=AdmissionNotice(
        has_notice=True, issuer_is_wanted="other campus", wanted_in_network=True, issuer_in_network=True
    ),
    flags={"infectious": True, "transfer": False},
)
CASE = Case(
    id=CaseId(1),
    number="261123-000001",
    request_type="application",
    service="IP",
    chat=ChatId(6_000_000_001),
    created_at=NOW,
    due_at=NOW,
    stage="closed",
    version=7,
    milestones={"accepted": Milestone(date(2026, 11, 23), at=NOW), "policy_year": Milestone(date(2026, 6, 1))},
    pauses=(Pause(date(2026, 11, 23), date(2026, 11, 24)),),
    owner=AgentId(7),
    owner_name="林敏",
    claimed_at=NOW,
    policy=PolicyId(4),
    product="sample/1",
    answers=dict.fromkeys(FIELDS, "code") | {"name": "张桂兰", "a_question_of_next_year": "words"},
    attachments=(Attachment(DocumentId(5), "unique", "record"),),
    decision=as_data(decide(FACTS, REFERENCE.terms)),
    unread_messages=(Line(NOW, "在吗"),),
    acknowledged=(Consent("IP-N3", "1", "ab12", NOW),),
    confirmed_at=NOW,
    restricted_at=NOW,
    forget_at=NOW + timedelta(days=1),
    wake_at=NOW + timedelta(days=1),
)


def test_a_case_that_is_made_anonymous_keeps_what_was_decided_and_when() -> None:
    kept = anonymous(CASE)
    gone: dict[str, object] = {
        "chat": NOBODY,
        "owner": None,
        "owner_name": "",
        "policy": None,
        "attachments": (),
        "unread_messages": (),
    }
    gone |= {"pauses": (), "milestones": CASE.milestones | {"accepted": Milestone(date(2026, 11, 23))}}
    answers = dict.fromkeys(IDENTIFYING_NOBODY, "code")
    assert kept == replace(CASE, **gone, answers=answers, version=8, forget_at=None, wake_at=None)


def test_what_is_anonymous_stays_as_it_is_but_for_its_version() -> None:
    kept = anonymous(CASE)
    assert replace(anonymous(kept), version=kept.version) == kept


def test_the_decision_of_an_anonymous_case_can_be_replayed() -> None:
    kept = anonymous(CASE)
    assert kept.decision is not None
    assert as_data(replay(kept.decision)) == kept.decision


def test_a_decision_holds_codes_days_and_figures_alone() -> None:
    words = list(_words(msgspec.to_builtins(anonymous(CASE).decision)))
    assert len(words) > 50
    assert [word for word in words if not CODE.fullmatch(word)] == []


def _words(data: Any) -> Iterator[str]:  # noqa: ANN401 - plain data of any shape
    """Return every text in plain data, at whatever depth."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _words(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _words(value)
