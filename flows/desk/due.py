"""What follows when a time comes that a case waits for: a day ends on which something is due, a showing ends."""

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from flows.cases.alerts import OVERDUE, key
from flows.cases.case import Case
from flows.cases.changes import changed
from flows.cases.clock import is_due, overdue, rescheduled
from flows.desk.registry import Done, Refused, Result
from flows.desk.showing import removals
from flows.effects import AuditEntry, CaseChange, DeskAlert
from flows.reference import Reference


def look_at(case: Case, now: datetime, reference: Reference) -> Result:
    """Record what is overdue, alert the desk, and have the case looked at when the next promise is due.

    Most promises end with the hours of service; the desk is told in service hours, so the case is looked at once more
    when they begin.

    Refused `not_due` where another process was faster, or the case was closed meanwhile.
    """
    if not is_due(case, now):
        return Refused("not_due")
    terms, calendar = reference.terms, reference.calendar
    late = overdue(case, now, terms=terms, calendar=calendar)
    after = replace(rescheduled(case, now, terms=terms, calendar=calendar), overdue=late)
    untold = tuple(clause for clause in late if key(OVERDUE, clause) not in case.alerted)
    if untold and not calendar.is_open(now):
        opening = calendar.next_opening(now)
        after = replace(after, wake_at=min(opening, after.wake_at or opening))
    return Done(after, (CaseChange(case=after), *_recorded(case, late), *_told(case, untold)))


def _recorded(case: Case, late: tuple[str, ...]) -> Iterator[AuditEntry]:
    """Record what is overdue, once: the same case is looked at again when the desk can be told."""
    if not late or late != case.overdue:
        yield AuditEntry(action="promise_due", chat=case.chat, case=case.id, codes={"clauses": ",".join(late)})


def _told(case: Case, untold: tuple[str, ...]) -> Iterator[DeskAlert]:
    if untold:
        yield DeskAlert(case=case.id, kind=OVERDUE, clauses=untold)


def end_showing(case: Case, now: datetime) -> Result:
    """Take the copies of documents out of the agents' chats whose time is over.

    Refused `not_due` where another process was faster, or they are gone already.
    """
    over = tuple(copy for copy in case.shown if copy.until <= now)
    if not over:
        return Refused("not_due")
    after = changed(case, shown=tuple(copy for copy in case.shown if copy.until > now))
    return Done(after, (CaseChange(case=after), *removals(over)))
