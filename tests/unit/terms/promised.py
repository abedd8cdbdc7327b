"""The promises of a request that was accepted on a Monday, for tests."""

from datetime import date

from flows.terms import catalogue
from flows.terms.calendar import Calendar, DayResult, Pause
from flows.terms.catalogue import Terms
from flows.terms.promises import (
    Milestone,
    Promise,
    Request,
    promised,
    promises,
    starts,
)

TERMS = catalogue.load()
CALENDAR = Calendar.build()
ACCEPTED = DayResult(date(2026, 11, 23))  # a Monday
YEAR = date(2026, 6, 1)
WAYS = (("OP", ""), ("IP", "IP-A"), ("IP", "IP-B"), ("IP", "review"))


def made(
    service: str, branch: str = "", *pauses: Pause, complete: bool = True, terms: Terms = TERMS, **days: date
) -> tuple[Promise, ...]:
    known = starts(ACCEPTED, complete=complete, year=YEAR) | {name: Milestone(day) for name, day in days.items()}
    return promises(Request(service, branch), known, terms=terms, calendar=CALENDAR, pauses=pauses)


def one(several: tuple[Promise, ...], name: str) -> Promise:
    found = promised(several, name)
    assert found is not None
    return found


def counted_from(start: DayResult, *pauses: Pause, terms: Terms = TERMS) -> dict[str, Promise]:
    """The promises that are counted from the acceptance, the choice of a hospital and the notice, all on one day."""
    known = dict.fromkeys(("accepted", "complete", "hospital_chosen", "notice_issued"), Milestone(*at(start)))
    ways = (("OP", ""), ("IP", "IP-A"), ("IP", "IP-B"))
    return {
        promise.name: promise
        for way in ways
        for promise in promises(Request(*way), known, terms=terms, calendar=CALENDAR, pauses=pauses)
    }


def at(start: DayResult) -> tuple[date, bool]:
    return start.day, start.provisional


def days(several: tuple[Promise, ...]) -> dict[str, tuple[date | None, date | None]]:
    return {promise.clause: (promise.target, promise.due) for promise in several if promise.target}


def waiting(several: tuple[Promise, ...]) -> dict[str, str]:
    return {promise.clause: promise.after for promise in several if promise.target is None}
