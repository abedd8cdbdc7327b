"""A case (服务申请): what was asked for, what was decided, who takes care of it."""

from datetime import datetime
from typing import Any

from msgspec import Struct, field

from flows.cases.bookings import Booking
from flows.cases.stages import CLOSED, RECEIVED
from flows.ids import AgentId, CaseId, ChatId, DocumentId, PolicyId, RowId
from flows.terms.calendar import Pause
from flows.terms.promises import Milestone

OP = "OP"  # 特需、专家门诊协调
IP = "IP"  # 住院、手术协调

APPLICATION = "application"  # a request for a service
APPEAL = "appeal"  # a refusal that a human looks at again (人工复核)
HELP = "help"  # the wish to talk to a human; no request yet
REQUEST_TYPES = (APPLICATION, APPEAL, HELP)

BOT = "bot"
AGENT = "agent"

EMERGENCY_FROM = 10  # the urgency from which a case comes before every other, whenever it is due
CHAT = "chat"

UNASSIGNED = "unassigned"
AGENT_SPEAKS = "agent_speaks"
BOT_SPEAKS = "bot_speaks"


class Consent(Struct, frozen=True):
    """One consent that was given: which text (its hash), in which version, and when (个人信息保护法 14)."""

    key: str
    version: str
    digest: str
    at: datetime


class Attachment(Struct, frozen=True):
    """A file of a case; its bytes are fetched after the commit.

    `question`: record | notice | voice, or CHAT for one sent after the request; `at`: when it came, None where an
    earlier release did not keep that.
    """

    document: DocumentId
    unique_id: str
    question: str
    at: datetime | None = None


class ShownDocument(Struct, frozen=True):
    """A copy of a document in an agent's chat: the outbox row that it is, and until when it stays there."""

    row: RowId
    agent: AgentId
    document: DocumentId
    until: datetime


class Line(Struct, frozen=True):
    """Something the policyholder said that no question asked for: whoever takes the case reads it."""

    at: datetime
    text: str


class Call(Struct, frozen=True):
    """A telephone call of an agent with the policyholder; `hospital` is the one that was agreed on in it [OP-P3]."""

    at: datetime
    agent: AgentId
    reached: bool
    note: str = ""
    hospital: str = ""


class Case(Struct, frozen=True, omit_defaults=True):
    """One case. `version` counts its changes (compare-and-set).

    `service` is OP or IP, empty for a wish to talk to a human; `request_type` is one of REQUEST_TYPES. `stage` is a
    state of `flows.cases.stages`; `owner` and `speaker` (bot | agent) are facts beside it. `decision` is what
    `flows.terms.eligibility` gave, with the facts it was given, in plain data: `replay` reads it. What is promised for
    it is not stored: `flows.cases.promises` counts it from `milestones` and `pauses`.
    """

    id: CaseId
    number: str
    request_type: str
    chat: ChatId
    created_at: datetime
    due_at: datetime
    service: str = ""
    stage: str = RECEIVED
    version: int = 0
    owner: AgentId | None = None
    owner_name: str = ""
    speaker: str = BOT
    claimed_at: datetime | None = None
    spoken_at: datetime | None = None  # when the owner and the policyholder last exchanged a line in this conversation
    policy: PolicyId | None = None
    product: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    decision: dict[str, Any] | None = None
    unread_messages: tuple[Line, ...] = ()  # what the policyholder said while nobody owned the case
    acknowledged: tuple[Consent, ...] = ()  # the clauses of the terms, each with version, hash and time
    milestones: dict[str, Milestone] = field(default_factory=dict)  # what its promises are counted from
    pauses: tuple[Pause, ...] = ()  # in which no working day counts [OP-P3]
    identity_review: bool = False  # queued without a word to its person: their identity is to be looked at
    confirmed_at: datetime | None = None  # when the insured confirmed a relative's request
    restricted_at: datetime | None = None  # from when on its data may only be kept [PIPL 47]
    forget_at: datetime | None = None  # when it is made anonymous
    nudged_at: datetime | None = None  # when the policyholder last asked where it is (催单)
    urgency: int = 0  # as `flows.cases.urgency` counts it
    urgent_for: tuple[str, ...] = ()  # why: codes
    overdue: tuple[str, ...] = ()  # the clauses of the promises whose last day was found to be over
    alerted: dict[str, datetime] = field(default_factory=dict)  # when the desk was last alerted, by kind of alert
    wake_at: datetime | None = None  # when the clock looks at it next; a closed case has none
    shown: tuple[ShownDocument, ...] = ()  # copies of its documents that stand in agents' chats
    bookings: tuple[Booking, ...] = ()  # by their numbers
    calls: tuple[Call, ...] = ()  # in their order
    outcome: str = ""  # how it ended: a name of `flows.cases.outcomes`
    outcome_reason: str = ""  # why, in the agent's words

    @property
    def is_open(self) -> bool:
        """Return True while the case is not closed."""
        return self.stage != CLOSED

    @property
    def is_queued(self) -> bool:
        """Return True while the case waits for an owner."""
        return self.is_open and self.owner is None

    @property
    def place_in_queue(self) -> tuple[bool, datetime, int, CaseId]:
        """Return what the queue is ordered by: emergencies, what is due first, the more urgent, the id."""
        return self.urgency < EMERGENCY_FROM, self.due_at, -self.urgency, self.id

    @property
    def agent_speaks(self) -> bool:
        """Return True while the owner has the conversation and the bot is silent."""
        return self.is_open and self.owner is not None and self.speaker == AGENT

    @property
    def shown_until(self) -> datetime | None:
        """Return when the first copy of a document is to be taken out of an agent's chat; None where there is none."""
        return min((copy.until for copy in self.shown), default=None)

    @property
    def ownership(self) -> str:
        """Return UNASSIGNED, AGENT_SPEAKS or BOT_SPEAKS, whatever the stage."""
        if self.owner is None:
            return UNASSIGNED
        return AGENT_SPEAKS if self.speaker == AGENT else BOT_SPEAKS
