"""The pure engine: a session (or a case), an event, the time and a source of ids in; what comes of it out.

No I/O, no clock, no randomness; an illegal event raises and changes nothing. What a step must know it asks for with
an effect; the answer comes back as an event that carries the one which made it ask, so nothing is remembered between.
"""

from datetime import datetime

from flows.cases.case import Case
from flows.desk import chat
from flows.desk.chat import DeskStep
from flows.desk.commands import carry_out
from flows.desk.due import look_at
from flows.desk.registry import Invocation, Refused, Result
from flows.effects import Effect, Message
from flows.events import CaseDue, CaseEvent, CommandGiven, Event
from flows.ids import ChatId, Ids, RowId
from flows.intake import texts
from flows.intake.dialogue import entry
from flows.intake.questions.ordered import ALL, check_declared
from flows.intake.step import IntakeStep
from flows.reference import Reference
from flows.session import Session


class Engine:
    """Steps over immutable reference data. Raises ValueError where a question stores an answer nobody declared."""

    def __init__(self, reference: Reference) -> None:
        check_declared(ALL)
        self._reference = reference

    def step(self, session: Session, event: Event, now: datetime, ids: Ids) -> tuple[Session, list[Effect]]:
        """Take one event. `now` is aware. Raises IllegalEvent, with the session as it was."""
        if session.agent is not None:
            desk = DeskStep(session, now=now, ids=ids, reference=self._reference)
            chat.receive(desk, event)
            return desk.session, desk.effects
        intake = IntakeStep(session, now=now, ids=ids, reference=self._reference)
        entry.receive(intake, event)
        return intake.session, intake.effects

    def step_case(self, case: Case | None, event: CaseEvent, now: datetime, ids: Ids) -> Result:
        """Take one event of a case, None where there is no such case. Return what it leads to, or why it is refused."""
        if case is None:
            return Refused("no_such_case")
        match event:
            case CommandGiven():
                return carry_out(event.name, Invocation(event.actor, case, now, ids, self._reference, event.arguments))
            case CaseDue():
                return look_at(case, now, self._reference)
        raise TypeError(type(event).__name__)

    def apology(self, to: ChatId, ids: Ids) -> Message:
        """Say sorry to a chat whose session cannot be loaded, and where else there is help."""
        text = texts.UNREADABLE(hotline=self._reference.terms.hotline)
        return Message(id=RowId(ids.new()), chat=to, text=text)
