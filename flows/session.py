"""What is known of one chat between two of its events: the whole memory of a conversation."""

from datetime import datetime
from typing import Any

from msgspec import Struct, field

from flows.actors import AGENT
from flows.cases.case import Attachment, Consent, Line
from flows.events import CommandReceived, ContactShared, FileReceived, TextReceived
from flows.ids import AgentId, CaseId, ChatId, MessageId, PolicyId, RowId


class Agent(Struct, frozen=True):
    """A human agent (客服专员). `name` is what policyholders and colleagues are told; `role` is one of ROLES.

    `on_duty_since` is None for one who is off duty.
    """

    id: AgentId
    name: str
    role: str = AGENT
    on_duty_since: datetime | None = None


class Form(Struct, frozen=True):
    """What an agent has filled in of a command's facts (as it was typed, by argument), and the case that it is for."""

    case: CaseId
    command: str = ""
    values: dict[str, str] = field(default_factory=dict)


Unread = TextReceived | FileReceived | ContactShared | CommandReceived
"""What may be kept unread for a while."""


class Held(Struct, frozen=True):
    """An agent's text that looks like a command: what was said about which case, and not sent yet."""

    case: CaseId
    said: TextReceived


class Sent(Struct, frozen=True):
    """An agent's message that went to the policyholder of a case."""

    message: MessageId
    case: CaseId


class Session(Struct, frozen=True, omit_defaults=True):
    """One private chat. `state` is a state of the intake table; `turn` counts the questions posed.

    A button carries conversation, state and turn; one that does not agree with all three is old.
    `agent` is looked up with the session and never stored with it.
    """

    chat: ChatId
    state: str = "new"
    conversation: int = 0
    turn: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    notes: tuple[Line, ...] = ()
    consents: tuple[Consent, ...] = ()
    acknowledged: tuple[Consent, ...] = ()  # the clauses of the terms that were taken note of; the key is the clause
    asked: RowId | None = None  # the outbox row of the question that waits for an answer
    tapped: str = ""  # the token of the last button that did something
    failed_answers: int = 0
    missed: str = ""  # the code of the last refusal
    pre_consent: tuple[Unread, ...] = ()  # what came before the consents: not read until they are given
    overtaken: TextReceived | None = None  # what was typed where a button was wanted: it may have overtaken a tap
    sources: dict[str, MessageId] = field(default_factory=dict)  # the message that gave each answer
    keyboard: bool = False  # a reply keyboard is shown, and to be taken away
    amending: str = ""  # the answer that is being changed from the review card
    identity_failures: tuple[datetime, ...] = ()  # identities that fitted no policy, of the last day
    guesses: tuple[datetime, ...] = ()  # confirmation codes that were none, of the last day
    heard_at: datetime | None = None  # when the person last did anything
    wake_at: datetime | None = None  # when a silent draft is to be noticed
    reminded: int = 0  # how often this silence was noticed
    policy: PolicyId | None = None
    product: str = ""
    cases: tuple[CaseId, ...] = ()  # the open ones of this policyholder
    identity_review: CaseId | None = None  # the one of them that nobody was told of
    closed_cases: tuple[CaseId, ...] = ()  # those that ended
    active_case: CaseId | None = None  # the case an agent talks about in this chat
    sent: tuple[Sent, ...] = ()  # the newest messages of an agent that went to policyholders
    held: Held | None = None  # what an agent wrote, and is asked whether to send
    form: Form | None = None  # of an agent
    agent: Agent | None = None

    def body(self) -> dict[str, Any]:
        """Return the session as plain data for the encrypted column: everything but chat and agent."""
        return {name: getattr(self, name) for name in _BODY}


_BODY = tuple(name for name in Session.__struct_fields__ if name not in {"chat", "agent"})
