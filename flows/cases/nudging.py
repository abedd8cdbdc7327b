"""When a policyholder may ask where their case is (催单), and when again."""

from datetime import datetime, timedelta
from typing import Final

from flows.cases.case import Case
from flows.cases.changes import changed
from flows.terms.calendar import Calendar, in_shanghai

FIRST_AFTER: Final = timedelta(minutes=30)  # since the case was opened
AGAIN_AFTER: Final = timedelta(hours=4)  # of service, since the last time


def possible_from(case: Case, calendar: Calendar) -> datetime:
    """Return the instant from which the policyholder may ask (again)."""
    if case.nudged_at is None:
        return case.created_at + FIRST_AFTER
    return after_service(calendar, case.nudged_at, AGAIN_AFTER)


def is_possible(case: Case, now: datetime, calendar: Calendar) -> bool:
    """Return True if the policyholder may ask now: of a case that is open, and whose data may be used."""
    return case.is_open and case.restricted_at is None and possible_from(case, calendar) <= now


def nudged(case: Case, now: datetime) -> Case:
    """The policyholder asks."""
    return changed(case, nudged_at=now)


def after_service(calendar: Calendar, start: datetime, duration: timedelta) -> datetime:
    """Return the instant at which the line was served for so long since `start` [OP-P1b]."""
    begins = calendar.next_opening(start)
    ends = calendar.end_of_service(in_shanghai(begins).date())
    while begins + duration > ends:
        duration -= ends - begins
        begins = calendar.next_opening(ends)
        ends = calendar.end_of_service(begins.date())
    return begins + duration
