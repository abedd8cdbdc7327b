"""When the clock looks at a case, and what it finds."""

from datetime import datetime

from flows.cases.case import Case
from flows.cases.changes import changed
from flows.cases.promises import next_wake, promises_of
from flows.terms.calendar import Calendar
from flows.terms.catalogue import Terms
from flows.terms.promises import tracked


def is_due(case: Case, now: datetime) -> bool:
    """Return True if the clock has to look at the case."""
    return case.is_open and case.wake_at is not None and case.wake_at <= now


def overdue(case: Case, now: datetime, *, terms: Terms, calendar: Calendar) -> tuple[str, ...]:
    """Return the clauses of the tracked promises whose last day is over."""
    made = tracked(promises_of(case, terms, calendar))
    return tuple(p.clause for p in made if p.due is not None and calendar.end_of_service(p.due) <= now)


def rescheduled(case: Case, now: datetime, *, terms: Terms, calendar: Calendar) -> Case:
    """Return the next version of a case, to be looked at when the next tracked promise after `now` is due."""
    return changed(case, wake_at=next_wake(case, terms, calendar, after=now))
