"""The pure engine: a session (or a case), an event, the time and a source of ids in; what comes of it out.

No I/O, no clock, no randomness; an illegal event raises and changes nothing. What a step must know it asks for with
an effect; the answer comes back as an event that carries the one which made it ask, so nothing is remembered between.
"""

from collections.abc import Sequence
from datetime import datetime

from flows.actors import Duty
from flows.cases.case import Case
from flows.desk import alerts, chat
from flows.desk.commands import carry_out
from flows.desk.due import end_showing, look_at
from flows.desk.registry import Done, Invocation, Refused, Result, with_showing_ended
from flows.desk.step import DeskStep
from flows.effects import AgentNotice, DeskAlert, Effect, Message
from flows.engine.commands import commands_of
from flows.events import CaseDue, CaseEvent, CommandGiven, Event, ShowingEnded
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
        self._commands = commands_of(reference.button_labels)

    def step(self, session: Session, event: Event, now: datetime, ids: Ids) -> tuple[Session, list[Effect]]:
        """Take one event. `now` is aware. Raises IllegalEvent, with the session as it was."""
        if session.agent is not None:
            desk = DeskStep(session, now=now, ids=ids, reference=self._reference, commands=self._commands)
            chat.receive(desk, event)
            return desk.session, desk.effects
        intake = IntakeStep(session, now=now, ids=ids, reference=self._reference)
        entry.receive(intake, event)
        return intake.session, intake.effects

    def step_case(self, case: Case | None, event: CaseEvent, now: datetime, ids: Ids) -> Result:
        """Take one event of a case, None where there is no such case. Return what it leads to, or why it is refused."""
        if case is None:
            return Refused("no_such_case")
        result = self._of_case(case, event, now, ids)
        return with_showing_ended(case, result) if isinstance(result, Done) else result

    def _of_case(self, case: Case, event: CaseEvent, now: datetime, ids: Ids) -> Result:
        match event:
            case CommandGiven():
                return carry_out(event.name, Invocation(event.actor, case, now, ids, self._reference, event.arguments))
            case CaseDue():
                return look_at(case, now, self._reference)
            case ShowingEnded():
                return end_showing(case, now)
        raise TypeError(type(event).__name__)

    def is_timely(self, case: Case, alert: DeskAlert, now: datetime) -> bool:
        """Return True if an alert may be pushed to agents now."""
        return alerts.is_timely(case, alert, now, self._reference.calendar)

    def push(
        self, case: Case, alert: DeskAlert, duties: Sequence[Duty], now: datetime, ids: Ids
    ) -> tuple[Case, tuple[AgentNotice, ...]]:
        """Push a timely alert: return the case that notes it, and what each agent is told."""
        return alerts.pushed(case, alert, duties, now=now, ids=ids)

    def apology(self, to: ChatId, ids: Ids) -> Message:
        """Say sorry to a chat whose session cannot be loaded, and where else there is help."""
        text = texts.UNREADABLE(hotline=self._reference.terms.hotline)
        return Message(id=RowId(ids.new()), chat=to, text=text)
