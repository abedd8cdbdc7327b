"""Whom of the desk a happening is pushed to, and in which words: number, what happened and due time, nothing personal.

An emergency or words of despair go to everybody on duty at any hour, to every supervisor where nobody is; everything
else to those on duty, in service hours only: out of them the queue itself tells who comes in the morning. A push of a
kind is sent once for a case; one that can happen again (what a policyholder says) once a day.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from flows.actors import SUPERVISOR, Duty
from flows.cases.alerts import DESPAIR, EMERGENCY, NEW_CASE, NUDGED, OVERDUE, OWNER_ABSENT, URGENT, key
from flows.cases.case import Case
from flows.cases.changes import changed
from flows.cases.urgency import as_emergency
from flows.effects import AgentNotice, DeskAlert
from flows.ids import AgentId, Ids, RowId
from flows.messages import MessageKey, Text, message
from flows.terms.calendar import Calendar, in_shanghai

WORDS: Final[dict[str, MessageKey]] = {
    kind: message(f"alert.{kind}", "number", "due") for kind in (NEW_CASE, EMERGENCY, DESPAIR, OWNER_ABSENT, NUDGED)
}
OVERDUE_WORDS: Final = message("alert.overdue", "number", "due", "clauses")
ONCE_A_DAY: Final = URGENT | {OWNER_ABSENT}


def is_timely(case: Case, alert: DeskAlert, now: datetime, calendar: Calendar) -> bool:
    """Return True if an alert may be pushed now: the case is open, it was not pushed before, and the hour is right."""
    timely = alert.kind in URGENT or calendar.is_open(now)
    return case.is_open and timely and not all(_is_told(case, each, now) for each in _keys(alert))


def pushed(
    case: Case, alert: DeskAlert, duties: Sequence[Duty], *, now: datetime, ids: Ids
) -> tuple[Case, tuple[AgentNotice, ...]]:
    """Return the case with the alert noted, and what is pushed, each agent once; an emergency is one even unheard.

    `alert` is timely (see `is_timely`). `duties` are all who may work on cases.
    """
    if alert.kind in URGENT:
        case = as_emergency(case, alert.kind)
    agents = _recipients(case, alert, duties)
    if not agents:
        return case, ()
    text, offered = _text(case, alert), ("claim",) if case.is_queued else ()
    notices = (
        AgentNotice(id=RowId(ids.new()), agent=agent, case=case.id, text=text, actions=offered) for agent in agents
    )
    return changed(case, alerted=case.alerted | dict.fromkeys(_keys(alert), now)), tuple(notices)


def _recipients(case: Case, alert: DeskAlert, duties: Sequence[Duty]) -> list[AgentId]:
    """Return whom to tell; never the one whose own case it is."""
    here = {duty.agent for duty in duties if duty.on_duty}
    supervisors = {duty.agent for duty in duties if duty.role == SUPERVISOR}
    if alert.kind in URGENT:
        told = (here or supervisors) - {case.owner}  # the owner hears the words themselves
    elif alert.kind in {OWNER_ABSENT, NUDGED}:
        told = set() if case.owner in here else here  # an owner on duty heard of it
    elif alert.kind == OVERDUE and case.owner is not None:
        told = (here & supervisors) | {duty.agent for duty in duties if duty.agent == case.owner}
    else:
        told = here
    return sorted(told - {AgentId(case.chat)})


def _text(case: Case, alert: DeskAlert) -> Text:
    number, due = case.number, in_shanghai(case.due_at)
    if alert.kind == OVERDUE:
        return OVERDUE_WORDS(number=number, due=due, clauses=", ".join(alert.clauses))
    return WORDS[alert.kind](number=number, due=due)


def _keys(alert: DeskAlert) -> list[str]:
    return [key(alert.kind, clause) for clause in alert.clauses] or [key(alert.kind)]


def _is_told(case: Case, each: str, now: datetime) -> bool:
    """Return True if the desk knows already: words that alarmed it today are a message that it has heard of, too."""
    if each == NUDGED:
        return False  # how often that may be is counted where it is taken
    if each not in ONCE_A_DAY:
        return each in case.alerted
    told = (case.alerted.get(kind) for kind in (URGENT | {each} if each == OWNER_ABSENT else {each}))
    return any(at is not None and _day(at) == _day(now) for at in told)


def _day(at: datetime) -> date:
    return in_shanghai(at).date()
