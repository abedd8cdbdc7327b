"""What is promised for a case, clause by clause: by which day, or what has to happen before a day can be given.

The steps stand in the terms' data. At the submission only the day of acceptance and the policy year are known; with
every further day (the hospital chosen, the visit, the admission notice) the same function gives the promises anew.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from flows.terms import catalogue
from flows.terms.calendar import Calendar, DayResult
from flows.terms.catalogue import Limit, ServiceStep, Terms

ROLES = ("compute", "track", "notify")  # of what a clause may oblige to, what a promise keeps

ACCEPTED = "accepted"
COMPLETE = "complete"
POLICY_YEAR = "policy_year"


class Promise(Struct, frozen=True, omit_defaults=True):
    """One promise. `due` is the last day, `target` the day aimed at, both None while `after` has not happened.

    An earliest day, and the policy year that a use counts in, have a target only: the first day. `roles` are those of
    the clause (compute, track, notify); `internal`: a limit of our own; `provisional` as in `DayResult`.
    """

    clause: str
    name: str
    roles: tuple[str, ...]
    after: str
    target: date | None = None
    due: date | None = None
    internal: bool = False
    provisional: bool = False


class Request(Struct, frozen=True):
    """What was asked for: the service, its branch (empty or review: not settled), the product whose limits apply."""

    service: str
    branch: str = ""
    product: str = ""


def starts(accepted: DayResult, *, complete: bool, year: date | None) -> dict[str, DayResult]:
    """Give what is known at the submission: the day of acceptance, and the first day of the policy year [G2].

    `complete`: accepted with the record and, where there is one, the admission notice; else IP-A3 waits for it.
    """
    known = {ACCEPTED: accepted}
    if complete:
        known[COMPLETE] = accepted
    if year is not None:
        known[POLICY_YEAR] = DayResult(year)
    return known


def promises(
    request: Request, known: Mapping[str, DayResult], *, terms: Terms, calendar: Calendar
) -> tuple[Promise, ...]:
    """Give every promise of the service and its branch, with its days where what starts it is `known`.

    Raises KeyError for a service that there is not.
    """
    made = []
    for service, step in terms.steps_of(request.service, request.branch):
        limit = terms.limit(service, step.limit, request.product) if step.limit else None
        made.append(_promise(step, limit, known.get(step.after), terms=terms, calendar=calendar))
    return tuple(made)


def promised(promises: Iterable[Promise], name: str) -> Promise | None:
    """Give the promise of this name; None where there is none."""
    return next((promise for promise in promises if promise.name == name), None)


def next_due(promises: Iterable[Promise]) -> Promise | None:
    """Give the promise to be tracked that is due first; None where none has a day yet."""
    dated = [promise for promise in promises if promise.due is not None and "track" in promise.roles]
    return min(dated, key=lambda promise: promise.due or date.max, default=None)


def names() -> tuple[str, ...]:
    """Give the name of every step of every version shipped, for the catalogue of texts."""
    every = [step for version in catalogue.versions() for step in catalogue.load(version).every_step()]
    return tuple(dict.fromkeys(step.name for step in every))


def _promise(
    step: ServiceStep, limit: Limit | None, start: DayResult | None, *, terms: Terms, calendar: Calendar
) -> Promise:
    roles = tuple(role for role in terms.clauses[step.clause].do if role in ROLES)
    bare = Promise(step.clause, step.name, roles, step.after, internal=limit is not None and limit.internal)
    if start is None:
        return bare
    first, last = _days(limit, start, calendar)
    due = None if step.earliest or step.after == POLICY_YEAR else last.day
    return replace(bare, target=first.day, due=due, provisional=last.provisional)


def _days(limit: Limit | None, start: DayResult, calendar: Calendar) -> tuple[DayResult, DayResult]:
    """The day aimed at and the last one: working days after the start, calendar days before it, or that very day."""
    if limit is None:
        return start, start
    if limit.of == "calendar_days":
        before = calendar.day_before(start.day - timedelta(days=limit.days - 1))
        return before, before
    first, last = (calendar.add_working_days(start.day, days) for days in (limit.target or limit.days, limit.days))
    return first, DayResult(last.day, start.provisional or last.provisional)
