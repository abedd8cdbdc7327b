"""The one clock: what is promised for a request, clause by clause, by which day, counted from what, with pauses.

Theory of operation. The terms' data name the steps of a service and its branch; each is counted from a milestone: a
dated fact about the request (accepted, hospital_chosen, visit_day, ...). Limits in working days count from the day
after the milestone; steps that the data mark with `pauses` pass over the days on which the policyholder has a question
to answer [OP-P3]. Nothing is stored but milestones and pauses: the same functions give the promises anew whenever one
is added. Claiming a request starts no limit.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from flows.terms import catalogue
from flows.terms.calendar import Calendar, DayResult, Pause
from flows.terms.catalogue import ACCEPTED, DaysOf, Limit, ServiceStep, Terms

ROLES = ("compute", "track", "notify")  # of what a clause may oblige to, what a promise keeps

COMPLETE = "complete"
POLICY_YEAR = "policy_year"


class Milestone(Struct, frozen=True, omit_defaults=True):
    """A dated fact about a request. `at`: the instant, where it matters; `provisional` as in `DayResult`."""

    day: date
    provisional: bool = False
    at: datetime | None = None


class Counted(Struct, frozen=True, omit_defaults=True):
    """How the days of a promise were counted: its last is number `days` after the milestone, its target `target_days`.

    Below zero they are before the milestone. `skipped`: working days on the way to `due` that were in one of `pauses`.
    """

    days: int = 0
    target_days: int = 0
    of: DaysOf = "calendar_days"
    pauses: tuple[Pause, ...] = ()
    skipped: int = 0


class Promise(Struct, frozen=True, omit_defaults=True):
    """One promise. `due` is the last day, `target` the day aimed at, both None while `after` has not happened.

    `roles` are those of the clause (compute, track, notify). `since` is the day of the milestone `after`; with
    `counted` it explains the other days. `earliest`: the first day, not the last: it has a target only. `paused_since`:
    the day of the question that has to be answered before `due` (and maybe `target`) can be given. `internal`: a limit
    of our own; `provisional` as in `DayResult`. `kept`: what was promised was done.
    """

    clause: str
    name: str
    roles: tuple[str, ...]
    after: str
    since: date | None = None
    target: date | None = None
    due: date | None = None
    earliest: bool = False
    internal: bool = False
    provisional: bool = False
    paused_since: date | None = None
    counted: Counted | None = None
    kept: bool = False


class Request(Struct, frozen=True):
    """What was asked for: the service, its branch (empty or review: not settled), the product whose limits apply."""

    service: str
    branch: str = ""
    product: str = ""


def starts(accepted: DayResult, *, complete: bool, year: date | None) -> dict[str, Milestone]:
    """Return the milestones at the submission: the acceptance, and the first day of the policy year [G2].

    `complete`: accepted with the record and, where there is one, the admission notice [IP-A3].
    """
    start = Milestone(accepted.day, accepted.provisional)
    known = {ACCEPTED: start}
    if complete:
        known[COMPLETE] = start
    if year is not None:
        known[POLICY_YEAR] = Milestone(year)
    return known


def promises(
    request: Request,
    milestones: Mapping[str, Milestone],
    *,
    terms: Terms,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
) -> tuple[Promise, ...]:
    """Return every promise of the service and its branch, with its days where its milestone is known.

    Raises KeyError for a service that there is not, ValueError for a milestone that no version of the terms has.
    """
    clock = _clock(request, milestones, terms=terms, calendar=calendar, pauses=pauses)
    return tuple(clock.promise(service, step) for service, step in terms.steps_of(request.service, request.branch))


def internal_promises(
    request: Request,
    milestones: Mapping[str, Milestone],
    *,
    terms: Terms,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
) -> dict[str, Promise]:
    """Return what is counted and shown to nobody, by name: at least catalogue.FIRST_CONTACT and FIRST_VISIT.

    A request without a service (an appeal) has those of the terms. Raises as `promises` does.
    """
    clock = _clock(request, milestones, terms=terms, calendar=calendar, pauses=pauses)
    steps = terms.internal_steps_of(request.service, request.branch)
    return {step.name: clock.promise(service, step) for service, step in steps}


def promised(promises: Iterable[Promise], name: str) -> Promise | None:
    """Return the promise of this name; None where there is none."""
    return next((promise for promise in promises if promise.name == name), None)


def tracked(promises: Iterable[Promise]) -> list[Promise]:
    """Return the promises to be tracked that have a last day and are not kept yet, in the order of that day."""
    owed = (promise for promise in promises if "track" in promise.roles and not promise.kept)
    dated = [(promise.due, promise) for promise in owed if promise.due is not None]
    return [promise for _, promise in sorted(dated, key=lambda each: each[0])]


def next_due(promises: Iterable[Promise]) -> Promise | None:
    """Return the promise to be tracked that is due first; None where none has a day yet."""
    return next(iter(tracked(promises)), None)


def names() -> tuple[str, ...]:
    """Return the name of every step of every version shipped, for the catalogue of texts."""
    every = [step for version in catalogue.versions() for step in catalogue.load(version).every_step()]
    return tuple(dict.fromkeys(step.name for step in every))


@lru_cache(maxsize=1)
def milestone_names() -> frozenset[str]:
    """Return the name of every milestone that a version shipped has."""
    return frozenset().union(*(catalogue.load(version).milestones() for version in catalogue.versions()))


def _clock(
    request: Request,
    milestones: Mapping[str, Milestone],
    *,
    terms: Terms,
    calendar: Calendar,
    pauses: Iterable[Pause],
) -> "_Clock":
    """Return what the request's days are counted with. Raises ValueError for an unknown milestone."""
    unknown = milestones.keys() - milestone_names()
    if unknown and (unknown := unknown - terms.milestones()):
        raise ValueError("unknown_milestone", *sorted(unknown))
    return _Clock(request.product, milestones, tuple(pauses), terms, calendar)


class _Clock(Struct, frozen=True):
    """What the days of one request are counted with."""

    product: str
    milestones: Mapping[str, Milestone]
    pauses: tuple[Pause, ...]
    terms: Terms
    calendar: Calendar

    def promise(self, service: str, step: ServiceStep) -> Promise:
        """Return the promise of a step whose limits are those of `service` (empty: of the terms)."""
        limit = self.terms.limit(service, step.limit, self.product) if step.limit else None
        internal = limit is not None and limit.internal
        roles = _roles(step, self.terms)
        kept = not self.milestones.keys().isdisjoint(step.kept_by)
        bare = Promise(step.clause, step.name, roles, step.after, earliest=step.earliest, internal=internal, kept=kept)
        start = self.milestones.get(step.after)
        if start is None:
            return bare
        if limit is None or limit.of == "calendar_days":
            return self._on_a_day(bare, start, limit)
        return self._within(bare, start, limit, self.pauses if step.pauses else ())

    def _on_a_day(self, bare: Promise, start: Milestone, limit: Limit | None) -> Promise:
        """Return the milestone's day, or the day that is a limit in calendar days before it."""
        day, before = DayResult(start.day), 0 if limit is None else limit.days
        if before:
            day = self.calendar.day_before(start.day - timedelta(days=before - 1))
        return replace(
            bare,
            since=start.day,
            target=day.day,
            due=None if bare.earliest else day.day,
            provisional=start.provisional or day.provisional,
            counted=Counted(days=-before, target_days=-before),
        )

    def _within(self, bare: Promise, start: Milestone, limit: Limit, pauses: tuple[Pause, ...]) -> Promise:
        """Return the days that are a limit in working days after the milestone."""
        last = self._reached(start.day, limit.days, pauses)
        target = self._reached(start.day, limit.target, pauses) if limit.target else last
        found = last or target
        return replace(
            bare,
            since=start.day,
            target=target and target.day,
            due=None if bare.earliest else last and last.day,
            provisional=start.provisional or (found is not None and found.provisional),
            paused_since=None if last else min(_open(pauses)),
            counted=self._counted(start.day, last, limit, pauses),
        )

    def _reached(self, since: date, days: int, pauses: tuple[Pause, ...]) -> DayResult | None:
        """Return the working day of that number after `since`; None where a pause that goes on keeps it from coming."""
        closed = [pause for pause in pauses if pause.answered is not None]
        day = self.calendar.add_working_days(since, days, pauses=closed)
        return day if day.day <= min(_open(pauses), default=date.max) else None

    def _counted(self, since: date, last: DayResult | None, limit: Limit, pauses: tuple[Pause, ...]) -> Counted:
        """Say how the days were counted; of the pauses those between `since` and the last day."""
        until = last.day if last else date.max
        between = tuple(p for p in pauses if p.asked < until and (p.answered is None or p.answered > since))
        skipped = 0
        if last and between:
            skipped = self.calendar.count_working_days_after(since, last.day).days - limit.days
        return Counted(limit.days, limit.target or limit.days, "working_days", between, skipped)


def _roles(step: ServiceStep, terms: Terms) -> tuple[str, ...]:
    """The roles of a step's clause that a promise keeps; none for a step without a clause."""
    clause = terms.clauses.get(step.clause)
    return tuple(role for role in clause.do if role in ROLES) if clause else ()


def _open(pauses: Iterable[Pause]) -> list[date]:
    """The days of the questions that wait for their answer."""
    return [pause.asked for pause in pauses if pause.answered is None]
