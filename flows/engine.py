"""The pure engine: a session, an event, the time and a source of ids in; the next session and effects out.

No I/O, no clock, no randomness; an illegal event raises and changes nothing. What a step must know it asks for with
an effect; the answer comes back as an event that carries the one which made it ask, so nothing is remembered between.
"""

from datetime import datetime

from msgspec.structs import replace

from flows.desk.chat import Desk
from flows.effects import CasesAsk, CasesKnown, Effect, Message, PolicyKnown
from flows.events import CommandReceived, Event, FileFailed, FileInspected, StepFailed
from flows.ids import ChatId, Ids, RowId
from flows.intake import relay, texts
from flows.intake.conversation import Intake, with_open_cases
from flows.intake.machine import INTAKE
from flows.reference import Reference
from flows.session import Session

ALWAYS = frozenset({"status", "privacy", "cancel"})  # answered even while an agent has the conversation

ORDER = ("name", "id_number", "policy_number", "illness")  # what a request must say, in the order it is asked


class Engine:
    """Steps over immutable reference data."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference

    def step(self, session: Session, event: Event, now: datetime, ids: Ids) -> tuple[Session, list[Effect]]:
        """Take one event. `now` is aware. Raises IllegalEvent, with the session as it was."""
        session = at_home(session)
        if session.agent is not None:
            desk = Desk(session, now=now, ids=ids, reference=self._reference)
            desk.receive(event)
            return desk.session, desk.effects
        intake = Intake(session, now=now, ids=ids, reference=self._reference)
        if session.cases and not isinstance(event, CasesKnown | PolicyKnown):
            return session, [CasesAsk(because=event, cases=session.cases)]
        if isinstance(event, CasesKnown):
            with_open_cases(intake, event.cases)
            event = event.because
        converse(intake, event)
        return intake.session, intake.effects

    def apology(self, chat: ChatId, ids: Ids) -> Message:
        """Say sorry to a chat whose session cannot be loaded, and where else there is help."""
        text = texts.UNREADABLE(hotline=self._reference.terms.hotline)
        return Message(id=RowId(ids.new()), chat=chat, text=text)


def converse(intake: Intake, event: Event) -> None:
    """Let the agent who has the conversation hear it, or the bot answer it."""
    talking = [case for case in intake.cases if case.state == "talking"]
    if not talking or for_the_bot(event):
        intake.receive(event)
        return
    relay.warn_of_danger(intake, intake.cases, relay.said(event))
    relay.hand_through(intake, talking, event)


def for_the_bot(event: Event) -> bool:
    """Say whether the bot answers even while an agent has the conversation: some commands, and what it owes itself."""
    if isinstance(event, FileFailed | FileInspected | StepFailed):
        return True
    return isinstance(event, CommandReceived) and event.name in ALWAYS


def at_home(session: Session) -> Session:
    """Give a session whose state this release knows: else it is derived again from the answers."""
    if session.state in INTAKE.states:
        return session
    open_question = next((name for name in ORDER if name not in session.answers), "review")
    return replace(session, state=open_question if session.answers else "new")
