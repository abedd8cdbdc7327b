"""The facts that commands need: each tells whether what its name says was given, or is known of the booking already.

An argument has the name of its fact. Texts are str, instants aware datetimes, days dates. What the booking holds from
an earlier command need not be given again.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from flows.cases.arrangement import done, hospital_named, next_kind
from flows.cases.bookings import ADMISSION, REASONS, VISIT
from flows.cases.case import APPLICATION, IP, OP
from flows.cases.promises import promises_of, terms_of
from flows.desk.registry import FACTS, Fact, Invocation, fact
from flows.reading.departments import DepartmentStatus, read_department
from flows.reading.phones import Phone, read_phone
from flows.terms.branch import BY_VISIT, WITH_NOTICE
from flows.terms.calendar import in_shanghai
from flows.terms.promises import promised

TEXTS: Final = (
    "hospital",
    "campus",
    "department",
    "collect_place",
    "collect_document",
    "room",
    "ward",
    "documents",
    "escort",
    "escort_place",
    "note",
    "reason",
)
LONGEST: Final = 200  # characters of one fact


def value(given: Invocation, name: str) -> Any:  # noqa: ANN401 - of whichever type the argument has
    """Return an argument, or else what the booking holds under this name; None where neither does."""
    found = given.arguments.get(name)
    return getattr(given.booking, name, None) if found is None else found


def words(given: Invocation, name: str) -> str:
    """Return a fact that is a text; empty where it is none, or longer than LONGEST."""
    found = value(given, name)
    return found if isinstance(found, str) and len(found) <= LONGEST else ""


def instant(given: Invocation, name: str) -> datetime | None:
    """Return an argument that is an aware datetime."""
    found = given.arguments.get(name)
    return found if isinstance(found, datetime) and found.tzinfo is not None else None


def kind(given: Invocation) -> str:
    """Return the kind of the booking that the command acts on, or else of the one that the case needs next."""
    return given.booking.kind if given.booking is not None else next_kind(given.case)


def _in_words(name: str) -> Fact:
    return lambda given: bool(words(given, name).strip())


FACTS.update({name: _in_words(name) for name in TEXTS})


# ---- where ----


@fact
def hospital_in_network(given: Invocation) -> bool:
    """Return True if the hospital is of the service network [OP-Tb, IP-T]; True where none was named."""
    name = words(given, "hospital")
    found = hospital_named(given.reference.hospitals, name) if name else None
    return not name or (found is not None and found.network)


@fact
def hospital_level(given: Invocation) -> bool:
    """Return True unless a visit before an admission has a hospital below the level to be offered [IP-B3]."""
    services = terms_of(given.case, given.reference.terms).services
    offer = services[given.case.service].offer if given.case.service else None
    found = hospital_named(given.reference.hospitals, words(given, "hospital"))
    if offer is None or found is None or given.case.answers.get("branch") != BY_VISIT:
        return True
    return found.level == offer.level


@fact
def transfer_agreed(given: Invocation) -> bool:
    """Return True unless an admission is at another hospital than the visit that led to it [IP-B7].

    The argument `transfer` is True where the policyholder agreed to that for want of beds [IP-N6].
    """
    visits = done(given.case, VISIT)
    if kind(given) != ADMISSION or not visits or given.arguments.get("transfer") is True:
        return True
    return words(given, "hospital") in {"", visits[-1].hospital}


@fact
def department_covered(given: Invocation) -> bool:
    """Return True unless the service does not cover the department [OP-N4]; True where none was named."""
    name = words(given, "department")
    return not name or read_department(name).status is not DepartmentStatus.EXCLUDED


@fact
def title(given: Invocation) -> bool:
    """Return True for a title that the terms promise: 副主任医师 or 主任医师 [OP-N6]."""
    return words(given, "title") in terms_of(given.case, given.reference.terms).services[OP].titles


# ---- when ----


@fact
def time(given: Invocation) -> bool:
    """Return True for an instant that is still to come."""
    found = instant(given, "time")
    return found is not None and found > given.now


@fact
def date_to_come(given: Invocation) -> bool:
    """Return True if the argument `date` is today or later (Asia/Shanghai)."""
    found = given.arguments.get("date")
    return isinstance(found, date) and not isinstance(found, datetime) and found >= in_shanghai(given.now).date()


@fact
def cutoff(given: Invocation) -> bool:
    """Return True if the argument says until when the hospital lets one cancel: not after the visit itself."""
    found, visit = instant(given, "cutoff"), instant(given, "time")
    return found is not None and (visit is None or found <= visit)


@fact
def early_agreed(given: Invocation) -> bool:
    """Return True unless a visit of OP comes before its fifth working day and nobody agreed to that [OP-P1a].

    The argument `agreed` is True where the policyholder did.
    """
    case, at = given.case, instant(given, "time")
    if case.service != OP or at is None or at <= given.now or given.arguments.get("agreed") is True:
        return True
    first = promised(promises_of(case, given.reference.terms, given.reference.calendar), "earliest_visit")
    return first is None or first.target is None or in_shanghai(at).date() >= first.target


# ---- who comes along ----


@fact
def escort_phone(given: Invocation) -> bool:
    """Return True for a telephone number that can be called."""
    return isinstance(read_phone(words(given, "escort_phone")), Phone)


@fact
def escort_time(given: Invocation) -> bool:
    """Return True if the escort waits at an instant still to come: on the day of the booking, before a visit."""
    found, booking = instant(given, "escort_time"), given.booking
    if found is None or booking is None or found <= given.now:
        return False
    return in_shanghai(found).date() == booking.day and (booking.at is None or found <= booking.at)


# ---- what was said, and why ----


@fact
def application(given: Invocation) -> bool:
    """Return True for a request for a service."""
    return given.case.request_type == APPLICATION


@fact
def details_call(given: Invocation) -> bool:
    """Return True if a call was answered: personal details are confirmed in one [OP-P2, IP-P2]."""
    return any(call.reached for call in given.case.calls)


@fact
def branch(given: Invocation) -> bool:
    """Return True unless an admission's branch is open [IP-N8].

    The argument `branch` settles it where the notice was looked at: IP-A. By way of a visit a second use is needed,
    which only a new request reserves [IP-N10].
    """
    known = given.case.answers.get("branch") in {WITH_NOTICE, BY_VISIT}
    return given.case.service != IP or known or given.arguments.get("branch") == WITH_NOTICE


@fact
def reached(given: Invocation) -> bool:
    """Return True if the argument says whether the call was answered."""
    return isinstance(given.arguments.get("reached"), bool)


@fact
def not_obtained_reason(given: Invocation) -> bool:
    """Return True for one of the reasons for which a booking is not obtained; originals concern visits [OP-N5]."""
    found = given.arguments.get("not_obtained_reason")
    return found in REASONS and (found != "beds" or kind(given) != VISIT)


@fact
def learned(given: Invocation) -> bool:
    """Return True for the instant at which a stopped clinic was learned of: not after now [OP-N3]."""
    found = instant(given, "learned")
    return found is not None and found <= given.now


def _flag(name: str) -> Callable[[Invocation], bool]:
    return lambda given: given.arguments.get(name) is True


FACTS["confirmed"] = _flag("confirmed")
