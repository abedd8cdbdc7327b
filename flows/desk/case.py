"""A case (服务申请): what was asked for, what was decided, who takes care of it."""

from datetime import date, datetime
from typing import Any

from msgspec import Struct, field

from flows.ids import CaseId, ChatId, PolicyId, UserId
from flows.session import Attachment, Consent, Line
from flows.terms.promises import Promise

HELP = "help"  # a policyholder asked for a human; no request yet
REVIEW = "review"  # a refusal that a human looks at again
OP = "OP"  # 特需、专家门诊协调
IP = "IP"  # 住院、手术协调


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
    confirmed_at: datetime | None = None  # when the insured confirmed a relative's request
    restricted_at: datetime | None = None  # from when on its data may only be kept [PIPL 47]
    forget_at: datetime | None = None  # when it is made anonymous
