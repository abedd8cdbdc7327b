"""What is promised for a case: counted from its milestones and pauses whenever it is asked for."""

from datetime import datetime

from flows.cases.case import APPLICATION, Case
from flows.terms import catalogue
from flows.terms.calendar import Calendar
from flows.terms.catalogue import Terms
from flows.terms.promises import Promise, Request, promises, tracked


def promises_of(case: Case, terms: Terms, calendar: Calendar) -> tuple[Promise, ...]:
    """Return what is promised for a case; nothing for what is no application. `terms` are those of today.

    A case that was decided keeps the version of the terms that it was decided under. Raises KeyError where that version
    was never shipped.
    """
    if case.request_type != APPLICATION:
        return ()
    request = Request(case.service, case.answers.get("branch", ""), case.product)
    theirs = terms_of(case, terms)
    return promises(request, case.milestones, terms=theirs, calendar=calendar, pauses=case.pauses)


def next_wake(case: Case, terms: Terms, calendar: Calendar, *, after: datetime | None = None) -> datetime | None:
    """Return when the next day ends on which a tracked promise is due; None where none has a day, or it is closed.

    `after`: of those, only what is later than this instant.
    """
    if not case.is_open:
        return None
    made = tracked(promises_of(case, terms, calendar))
    ends = (calendar.end_of_service(promise.due) for promise in made if promise.due is not None)
    return next((end for end in ends if after is None or end > after), None)


def terms_of(case: Case, today: Terms) -> Terms:
    """Return the terms that a case was decided under; those of today for one that was not decided."""
    version = (case.decision or {}).get("terms", today.version)
    return today if version == today.version else catalogue.load(version)
