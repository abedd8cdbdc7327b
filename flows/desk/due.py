"""What follows when a time comes that a case waits for: a day ends on which something is due, a showing ends."""

from datetime import datetime

from flows.cases.case import Case
from flows.cases.changes import changed
from flows.cases.clock import is_due, overdue, wound
from flows.desk.registry import Done, Refused, Result
from flows.desk.showing import removals
from flows.effects import AuditEntry, CaseChange
from flows.reference import Reference


def look_at(case: Case, now: datetime, reference: Reference) -> Result:
    """Record what is overdue, and have the case looked at when the next promise is due.

    Refused `not_due` where another process was faster, or the case was closed meanwhile.
    """
    if not is_due(case, now):
        return Refused("not_due")
    late = overdue(case, now, terms=reference.terms, calendar=reference.calendar)
    after = wound(case, now, terms=reference.terms, calendar=reference.calendar)
    entry = AuditEntry(action="promise_due", chat=case.chat, case=case.id, codes={"clauses": ",".join(late)})
    return Done(after, (CaseChange(case=after), entry))


def end_showing(case: Case, now: datetime) -> Result:
    """Take the copies of documents out of the agents' chats whose time is over.

    Refused `not_due` where another process was faster, or they are gone already.
    """
    over = tuple(copy for copy in case.shown if copy.until <= now)
    if not over:
        return Refused("not_due")
    after = changed(case, shown=tuple(copy for copy in case.shown if copy.until > now))
    return Done(after, (CaseChange(case=after), *removals(over)))
