"""A case (服务申请): what was asked for, what was decided, who takes care of it."""

from datetime import date, datetime
from typing import Any

import msgspec
from msgspec import Struct, field

from flows.ids import CaseId, ChatId, PolicyId, UserId
from flows.session import Attachment, Consent, Line
from flows.terms.promises import Promise

HELP = "help"  # a policyholder asked for a human; no request yet
REVIEW = "review"  # a refusal that a human looks at again
OP = "OP"  # 特需、专家门诊协调
IP = "IP"  # 住院、手术协调

NOBODY = ChatId(0)  # Telegram gives it to no chat

IDENTIFYING_NOBODY = frozenset(
    {
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
    }
)  # answers chosen from a closed list


class Case(Struct, frozen=True, omit_defaults=True):
    """One case. `state` is a state of the desk table, `version` counts its changes (compare-and-set).

    `decision` is what `flows.terms.eligibility` gave, with the facts it was given, in plain data: `replay` reads it.
    """

    id: CaseId
    number: str
    kind: str
    chat: ChatId
    created_at: datetime
    due_at: datetime
    state: str = "queued"
    version: int = 0
    accepted_on: date | None = None
    owner: UserId | None = None
    owner_name: str = ""
    claimed_at: datetime | None = None
    policy: PolicyId | None = None
    product: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    decision: dict[str, Any] | None = None
    waiting: tuple[Line, ...] = ()
    acknowledged: tuple[Consent, ...] = ()  # the clauses of the terms, each with version, hash and time
    promises: tuple[Promise, ...] = ()  # what the terms promise for it, by which day or after what
    unasked: bool = False  # put into the queue without a word to its person: their identity is to be looked at
    worked_on: bool = False  # somebody owned it once: something may be arranged
    confirmed_at: datetime | None = None  # when the insured confirmed a relative's request
    restricted_at: datetime | None = None  # from when on its data may only be kept [PIPL 47]
    forget_at: datetime | None = None  # when it is made anonymous


def anonymous(case: Case) -> Case:
    """Give the next version of a case without anything that says whose it was [PIPL 4, 47]; it is forgotten by then.

    What stays is named here, so that whatever a case may hold one day goes unless it is said to stay: number, kind,
    state, times, answers from closed lists, the decision (its facts are codes, days and figures), the clauses
    acknowledged.
    """
    return Case(
        id=case.id,
        number=case.number,
        kind=case.kind,
        chat=NOBODY,
        created_at=case.created_at,
        due_at=case.due_at,
        state=case.state,
        version=case.version + 1,
        accepted_on=case.accepted_on,
        claimed_at=case.claimed_at,
        product=case.product,
        answers={name: value for name, value in case.answers.items() if name in IDENTIFYING_NOBODY},
        decision=_unlinked(case.decision),
        acknowledged=case.acknowledged,
        confirmed_at=case.confirmed_at,
        restricted_at=case.restricted_at,
    )


def _unlinked(decision: dict[str, Any] | None) -> dict[str, Any] | None:
    """Give a decision without the numbers of the cases that took the policy's uses: they lead to a person."""
    if decision is None:
        return None
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(decision))
    accounts = [((plain.get("facts") or {}).get("policy") or {}).get("account")]
    accounts += [finding.get("facts", {}).get("policy.account") for finding in plain.get("findings", [])]
    for account in accounts:
        for use in (account or {}).get("uses", []):
            use["case"] = None
    return plain
