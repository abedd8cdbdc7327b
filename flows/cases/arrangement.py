"""How the bookings of a case stand to the case: which comes next, which can be acted on, what a change leads to."""

from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from flows.cases.bookings import ADMISSION, DATED, DONE, KINDS, TABLE, TO_BOOK, VISIT, Booking
from flows.cases.case import APPLICATION, IP, OP, Call, Case
from flows.cases.changes import changed
from flows.cases.promises import next_wake
from flows.reading.hospital_names import HospitalIndex
from flows.reading.hospitals.directory import Hospital
from flows.terms.branch import BY_VISIT
from flows.terms.calendar import Calendar, in_shanghai
from flows.terms.catalogue import Terms
from flows.terms.promises import Milestone

FIXED: Final = (*DATED, DONE)
DAY_OF: Final = {VISIT: "visit_day", ADMISSION: "admission_day"}  # the milestone of a booking's day
CALLED: Final = {VISIT: "visit_called", ADMISSION: "admission_called"}  # of the call on the day before [OP-P4, IP-A4]
TOOK_PLACE: Final = {VISIT: "visit_done", ADMISSION: "admission_done"}
OF_BOOKINGS: Final = frozenset({*DAY_OF.values(), *CALLED.values(), *TOOK_PLACE.values()})


def done(case: Case, kind: str) -> tuple[Booking, ...]:
    """Return the bookings of a kind that took place, the newest last."""
    return tuple(booking for booking in case.bookings if (booking.kind, booking.state) == (kind, DONE))


def next_kind(case: Case) -> str:
    """Return the kind of the booking that the case needs next; empty where it needs none (any more).

    By way of a visit (IP-B) a visit comes before the admission [IP-N10].
    """
    if case.request_type != APPLICATION or case.service not in {OP, IP}:
        return ""
    by_visit = case.service == OP or case.answers.get("branch") == BY_VISIT
    if by_visit and not done(case, VISIT):
        return VISIT
    return ADMISSION if case.service == IP and not done(case, ADMISSION) else ""


def is_fulfilled(case: Case) -> bool:
    """Return True if what was asked for took place: the visit of OP, the admission of IP."""
    return bool(done(case, VISIT if case.service == OP else ADMISSION))


def awaits_notice(case: Case) -> bool:
    """Return True if the visit of an admission took place, and a notice would lead to the admission [IP-B7]."""
    return case.service == IP and bool(done(case, VISIT)) and next_kind(case) == ADMISSION


def fitting(case: Case, trigger: str, kinds: tuple[str, ...] = KINDS) -> tuple[Booking, ...]:
    """Return the bookings for which `trigger` has a row in the table of bookings."""
    return tuple(each for each in case.bookings if each.kind in kinds and TABLE.can_fire(trigger, each.state))


def with_booking(case: Case, booking: Booking) -> tuple[Booking, ...]:
    """Return the case's bookings with this one in place of that of its number, or added."""
    others = tuple(each for each in case.bookings if each.number != booking.number)
    return tuple(sorted((*others, booking), key=lambda each: each.number))


def new_booking(case: Case, kind: str, now: datetime, **facts: object) -> Booking:
    """Return the next attempt, to be booked."""
    number = max((booking.number for booking in case.bookings), default=0) + 1
    return replace(Booking(number=number, kind=kind, times={TO_BOOK: now}), **facts)


def with_next_attempt(case: Case, now: datetime) -> Case:
    """Return the case with a booking to be made, where it needs one and none is under way."""
    kind = next_kind(case)
    if not kind or any(booking.is_live for booking in case.bookings):
        return case
    return replace(case, bookings=(*case.bookings, new_booking(case, kind, now)))


def dated(case: Case, now: datetime, terms: Terms, calendar: Calendar, **more: Milestone) -> Case:
    """Return the next version of a case whose milestones agree with its bookings, with `more` of them.

    Its clock is set to the next promise that is due after `now`.
    """
    others = {name: its for name, its in case.milestones.items() if name not in OF_BOOKINGS}
    after = changed(case, milestones=others | _milestones(case) | more)
    return replace(after, wake_at=next_wake(after, terms, calendar, after=now))


def _milestones(case: Case) -> dict[str, Milestone]:
    """Return the milestones of the bookings whose days are fixed; of several of a kind the newest counts."""
    newest = {each.kind: each for each in case.bookings if each.day is not None and each.state in FIXED}
    known: dict[str, Milestone] = {}
    for kind, booking in newest.items():
        if booking.day is not None:
            known[DAY_OF[kind]] = Milestone(booking.day)
        if (call := _call_before(case, booking)) is not None:
            known[CALLED[kind]] = on(call.at)
        if booking.state == DONE:
            known[TOOK_PLACE[kind]] = on(booking.times[DONE])
    return known


def _call_before(case: Case, booking: Booking) -> Call | None:
    """Return the answered call on the day before a booking's day, or on the day itself: the first of them."""
    days = () if booking.day is None else (booking.day - timedelta(days=1), booking.day)
    return next((call for call in case.calls if call.reached and in_shanghai(call.at).date() in days), None)


def on(instant: datetime) -> Milestone:
    """Return the milestone of something that happened at an instant."""
    return Milestone(in_shanghai(instant).date(), at=instant)


def hospital_named(index: HospitalIndex, name: str) -> Hospital | None:
    """Return the hospital of the directory with this official name."""
    return next((hospital for hospital in index.hospitals if hospital.name == name), None)
