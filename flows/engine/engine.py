"""The pure engine: a session (or a case), an event, the time and a source of ids in; what comes of it out.

No I/O, no clock, no randomness; an illegal event raises and changes nothing. What a step must know it asks for with
an effect; the answer comes back as an event that carries the one which made it ask, so nothing is remembered between.
"""

from datetime import datetime

from msgspec.structs import replace

from flows.cases.case import Case
from flows.desk import chat
from flows.desk.chat import DeskStep
from flows.desk.commands import Order, Refused, Result, carry_out
from flows.effects import CasesAsk, CasesKnown, ConfirmationKnown, Effect, Message, PolicyKnown
from flows.events import (
    CaseEvent,
    CommandGiven,
    CommandReceived,
    Event,
    FileFailed,
    FileInspected,
    SilenceNoticed,
    StepFailed,
)
from flows.ids import ChatId, Ids, RowId
from flows.intake import texts
from flows.intake.dialogue import confirming, privacy, relay
from flows.intake.dialogue.beginning import CANCEL_ASKED
from flows.intake.dialogue.conversation import Intake, says_cancel, with_cases
from flows.intake.machine import INTAKE, WAITING
from flows.reference import Reference
from flows.session import Session

ALWAYS = frozenset({"status", "privacy", "cancel"})  # answered even while an agent has the conversation


class Engine:
    """Steps over immutable reference data."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference

    def step(self, session: Session, event: Event, now: datetime, ids: Ids) -> tuple[Session, list[Effect]]:
        """Take one event. `now` is aware. Raises IllegalEvent, with the session as it was."""
        if session.agent is not None:
            desk = DeskStep(session, now=now, ids=ids, reference=self._reference)
            chat.receive(desk, event)
            return desk.session, desk.effects
        intake = Intake(session, now=now, ids=ids, reference=self._reference)
        resume(intake)
        wanted = (*session.cases, *session.closed_cases) if privacy.about_privacy(event) else session.cases
        if wanted and not isinstance(event, CasesKnown | PolicyKnown | ConfirmationKnown):
            return session, [CasesAsk(because=event, cases=wanted)]
        if isinstance(event, CasesKnown):
            with_cases(intake, event.cases)
            if isinstance(event.because, ConfirmationKnown):
                confirmed_case(intake, event.because, event.cases)
                return intake.session, intake.effects
            event = event.because
        converse(intake, event)
        return intake.session, intake.effects

    def step_case(self, case: Case | None, event: CaseEvent, now: datetime, ids: Ids) -> Result:
        """Take one event of a case, None where there is no such case. Return what it leads to, or why it is refused."""
        if not isinstance(event, CommandGiven):
            raise TypeError(type(event).__name__)
        if case is None:
            return Refused("no_such_case")
        return carry_out(event.name, Order(event.actor, case, now, ids, event.arguments))

    def apology(self, chat: ChatId, ids: Ids) -> Message:
        """Say sorry to a chat whose session cannot be loaded, and where else there is help."""
        text = texts.UNREADABLE(hotline=self._reference.terms.hotline)
        return Message(id=RowId(ids.new()), chat=chat, text=text)


def confirmed_case(intake: Intake, code: ConfirmationKnown, cases: tuple[Case, ...]) -> None:
    """The case behind a code was looked up: it is confirmed, if it is still open."""
    case = next((case for case in cases if case.id == code.case and case.is_open), None)
    if case is None:
        confirming.known(intake, replace(code, case=None))
    else:
        confirming.confirmed(intake, case)


def converse(intake: Intake, event: Event) -> None:
    """Let the agent who has the conversation hear it, or the bot answer it."""
    talking = [case for case in intake.cases if case.agent_speaks]
    if not talking or for_the_bot(event) or confirms_cancel(intake, event):
        intake.receive(event)
        return
    intake.update(missed="" if intake.session.missed == CANCEL_ASKED else intake.session.missed)
    intake.update(heard_at=intake.now, reminded=0)
    intake.set_alarm()
    relay.warn_of_danger(intake, intake.cases, relay.said(event))
    relay.hand_through(intake, talking, event)


def confirms_cancel(intake: Intake, event: Event) -> bool:
    """Say whether an event answers the bot's own question whether to cancel."""
    return intake.session.missed == CANCEL_ASKED and says_cancel(event)


def for_the_bot(event: Event) -> bool:
    """Say whether the bot answers even while an agent has the conversation: some commands, and what it owes itself."""
    if isinstance(event, FileFailed | FileInspected | SilenceNoticed | StepFailed):
        return True
    if privacy.about_privacy(event) or confirming.code_in(event) or isinstance(event, ConfirmationKnown):
        return True
    return isinstance(event, CommandReceived) and event.name in ALWAYS


def resume(intake: Intake) -> None:
    """Where this release knows nothing of the session's state, find the first question that is open [the hub]."""
    if intake.state in INTAKE.states:
        return
    intake.update(state="onward" if intake.session.answers else "new")
    if intake.state == "onward":
        INTAKE.fire("go_on", intake)
    if intake.state in WAITING:
        intake.update(state="review")  # which leads on, and looks up what must be
