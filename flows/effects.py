"""What shall happen: the effects that a step returns. The service carries them out in the batch's transaction.

Nouns. Three kinds: asks (a look-up whose answer comes back as an event, with the event that made the engine ask),
changes (what is sent or written when the batch commits), and records (changes that a writer of their own writes down).
A new record is declared here, and written by a function of `storage.records`.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from msgspec import Struct, field

from flows.cases.case import Case
from flows.cases.codes import Codes
from flows.events import Event
from flows.ids import AgentId, CaseId, ChatId, DocumentId, MessageId, PolicyId, RowId
from flows.messages import Text
from flows.terms.policy import CONSUMED, RELEASED, Policy

QUESTION = "question"  # sent once more when its fate is unknown
RELAY = "relay"  # an agent's own words: never sent twice, marked uncertain instead


class Effect(Struct, frozen=True, kw_only=True):
    """Something that shall happen."""


# ---- asks ----


class Ask(Effect, frozen=True, kw_only=True):
    """A look-up. `because` is the event that made the engine ask; it comes back with the answer."""

    because: Event


class PolicyAsk(Ask, frozen=True, kw_only=True):
    """The policy with this (normalised) number, locked until the batch commits."""

    number: str


class CasesAsk(Ask, frozen=True, kw_only=True):
    """These cases, locked until the batch commits."""

    cases: tuple[CaseId, ...]


class QueueAsk(Ask, frozen=True, kw_only=True):
    """The `first` queued cases that are due first. Shown, not reserved: claiming is compare-and-set."""

    first: int = 1


class OwnCasesAsk(Ask, frozen=True, kw_only=True):
    """The open cases that an agent owns. Shown, not locked: whoever acts on one asks for it with a `CasesAsk`."""

    owner: AgentId


class ConfirmationAsk(Ask, frozen=True, kw_only=True):
    """The open case whose insured confirms with this code (digits), as `Confirmation` left it."""

    code: str


class PolicyKnown(Event, frozen=True, kw_only=True):
    """The answer to a `PolicyAsk`."""

    policy: Policy | None
    because: Event


class CasesKnown(Event, frozen=True, kw_only=True):
    """The answer to a `CasesAsk`, in its order; an unknown case is left out."""

    cases: tuple[Case, ...]
    because: Event


class ConfirmationKnown(Event, frozen=True, kw_only=True):
    """The answer to a `ConfirmationAsk`; None where no code is like this, or it ran out."""

    case: CaseId | None
    because: Event


class QueueKnown(Event, frozen=True, kw_only=True):
    """The answer to a `QueueAsk`: the cases that are due first, by due time, and how many wait in all."""

    cases: tuple[Case, ...]
    waiting: int
    because: Event


class OwnCasesKnown(Event, frozen=True, kw_only=True):
    """The answer to an `OwnCasesAsk`: every open case of the agent, by due time."""

    cases: tuple[Case, ...]
    because: Event


# ---- changes ----


class Button(Struct, frozen=True, kw_only=True):
    """An inline button: what it says, and the token that comes back when it is tapped (at most 64 bytes)."""

    label: Text
    data: str


class Message(Effect, frozen=True, kw_only=True):
    """A message to a chat, in the outbox under `id`; with `replaces`, it takes the place of that message.

    `rows` are inline buttons, `keyboard` the labels of a reply keyboard; `contact` is the label of a first button
    there that shares the person's own number; `keyboard_gone` takes a reply keyboard away. `doubt`: whom to tell,
    about which case number, if a RELAY's fate is unknown. `cites` are the clauses that the text tells.
    """

    id: RowId
    chat: ChatId
    text: Text
    kind: str = QUESTION
    rows: tuple[tuple[Button, ...], ...] = ()
    keyboard: tuple[tuple[Text, ...], ...] = ()
    contact: Text | None = None
    keyboard_gone: bool = False
    cites: tuple[str, ...] = ()
    replaces: MessageId | None = None
    doubt: tuple[AgentId, str] | None = None


class AgentNotice(Effect, frozen=True, kw_only=True):
    """Something that an agent is told about a case; the edge routes it to where the agent is.

    `actions` are names of commands on the case that are offered with it.
    """

    id: RowId
    agent: AgentId
    case: CaseId
    text: Text
    actions: tuple[str, ...] = ()


class DeskAlert(Effect, frozen=True, kw_only=True):
    """The desk is told of something that happened to `case`; who is on duty is looked up once for the whole batch.

    `kind` is one of `flows.cases.alerts`; `clauses` are those of the promises that are overdue. What comes of it are
    `AgentNotice`s, as `flows.desk.alerts` decides.
    """

    case: CaseId
    kind: str
    clauses: tuple[str, ...] = ()


class DocumentCopy(Effect, frozen=True, kw_only=True):
    """A document is shown to an agent, in the outbox under `id`: it can be neither forwarded nor saved there."""

    id: RowId
    agent: AgentId
    document: DocumentId
    caption: Text


class CopyRemoval(Effect, frozen=True, kw_only=True):
    """What the outbox row `row` became disappears from the agent's chat."""

    agent: AgentId
    row: RowId


class ButtonsRemoval(Effect, frozen=True, kw_only=True):
    """The buttons of an answered question disappear: of `message`, or of what the outbox row `row` became."""

    chat: ChatId
    message: MessageId | None = None
    row: RowId | None = None


class TapAnswer(Effect, frozen=True, kw_only=True):
    """The tap's little clock stops, with a short toast where `text` is given (at most 200 characters)."""

    chat: ChatId
    query: str
    text: Text | None = None


class CaseChange(Effect, frozen=True, kw_only=True):
    """The case as it shall be. Version 0 is new; else it replaces the version before it."""

    case: Case


class Nudge(Effect, frozen=True, kw_only=True):
    """An event for another chat, in this same batch."""

    event: Event


# ---- records: what is only written, each kind by its own writer in `storage.records`, in the order of this file ----


class Record(Effect, frozen=True, kw_only=True):
    """A change that nothing but its own writer carries out. The batch gives each its row id."""


class PolicyRecord(Record, frozen=True, kw_only=True):
    """A record that changes what is known of policies: later chats of the batch see it."""

    def applied_to(self, policy: Policy, now: datetime) -> Policy:
        """Return the policy as it is after this record; the same where it is not concerned."""
        raise NotImplementedError


class CodeRecord(Record, frozen=True, kw_only=True):
    """A record that changes which codes confirm which cases: later chats of the batch see it."""

    def apply_to(self, codes: Codes, now: datetime) -> None:
        """Change the codes that the batch knows."""
        raise NotImplementedError


class UseReservation(PolicyRecord, frozen=True, kw_only=True):
    """One use of `service` in the policy year from `year` is reserved for `case` [G2, IP-N11]."""

    policy: PolicyId
    service: str
    year: date
    case: CaseId

    def applied_to(self, policy: Policy, now: datetime) -> Policy:
        """Add the use to its policy."""
        del now
        return policy.reserved(self.service, self.year, self.case) if policy.id == self.policy else policy


class UseSettlement(PolicyRecord, frozen=True, kw_only=True):
    """A use that `case` has reserved is settled; one that is not reserved (any more) stays as it is."""

    state: ClassVar[str]

    case: CaseId
    service: str

    def applied_to(self, policy: Policy, now: datetime) -> Policy:
        """Settle the uses that the case has reserved."""
        del now
        return policy.settled(self.service, self.case, self.state)


class UseConsumption(UseSettlement, frozen=True, kw_only=True):
    """A reserved use counts from now on as consumed [OP-N10, IP-N11, IP-N12]."""

    state: ClassVar[str] = CONSUMED


class UseRelease(UseSettlement, frozen=True, kw_only=True):
    """A reserved use is free again [G2, OP-N3, IP-N4]."""

    state: ClassVar[str] = RELEASED


class IdentityFailure(PolicyRecord, frozen=True, kw_only=True):
    """Somebody described this policy's insured wrongly, now."""

    policy: PolicyId

    def applied_to(self, policy: Policy, now: datetime) -> Policy:
        """Count the failure."""
        return policy.with_failure(now) if policy.id == self.policy else policy


class Confirmation(CodeRecord, frozen=True, kw_only=True):
    """A code (digits) with which the insured can confirm `case` from their own account, `until` then.

    It takes the place of the code that its case had.
    """

    code: str
    case: CaseId
    until: datetime

    def apply_to(self, codes: Codes, now: datetime) -> None:
        """Let this code alone confirm its case."""
        codes.give(self.code, self.case, valid=self.until > now)


class DutyChange(Record, frozen=True, kw_only=True):
    """An agent is on duty from `since` on; None: off duty."""

    agent: AgentId
    since: datetime | None


class FileFetch(Record, frozen=True, kw_only=True):
    """A file to be fetched from Telegram after the commit, encrypted and kept."""

    document: DocumentId
    chat: ChatId
    file_id: str
    unique_id: str
    kind: str
    size: int = 0
    name: str = ""
    mime: str = ""


class FileClaim(Record, frozen=True, kw_only=True):
    """These documents belong to `case` from now on."""

    case: CaseId
    documents: tuple[DocumentId, ...]


class FileDrop(Record, frozen=True, kw_only=True):
    """Documents of a draft that is no more: never shown again, and deleted with the next purge."""

    documents: tuple[DocumentId, ...]


class AuditEntry(Record, frozen=True, kw_only=True):
    """Who did what to which case or chat. `action` and `codes` are codes, never personal data."""

    action: str
    chat: ChatId
    case: CaseId | None = None
    actor: AgentId | None = None
    codes: Mapping[str, Any] = field(default_factory=dict)


class TranscriptLine(Record, frozen=True, kw_only=True):
    """What was said in a case, by whom: policyholder | agent | bot; or a `note` for agents alone. Kept encrypted."""

    case: CaseId
    author: str
    text: str
    at: datetime


def record_kinds() -> tuple[type[Record], ...]:
    """Return every kind of record that can be written, in the order in which they are declared, and written."""
    return tuple(_leaves(Record))


def _leaves(kind: type[Record]) -> Iterator[type[Record]]:
    below = kind.__subclasses__()
    for each in below:
        yield from _leaves(each)
    if not below:
        yield kind
