"""安排中: a visit or an admission is requested at a hospital, and obtained or not [OP-P3, IP-A3, IP-B4, IP-B7]."""

from flows.cases.arrangement import new_booking, next_kind, on
from flows.cases.bookings import ADMISSION, TO_BOOK, VISIT, Booking, advanced
from flows.cases.case import Case
from flows.cases.stages import ARRANGING, BOOKED
from flows.desk.facts import instant, words
from flows.desk.progress import AT_REST, OWNED, progressed, set_back, the_booking
from flows.desk.registry import BookingTrigger, Done, Invocation, command, done
from flows.terms.calendar import in_shanghai

WHERE = ("hospital", "hospital_in_network", "hospital_level", "transfer_agreed")


def _needs_booking(case: Case) -> bool:
    return bool(next_kind(case))


@command(stages=(ARRANGING,), ownership=OWNED, needs=(*WHERE, "department_covered"), suits=_needs_booking)
def request_booking(given: Invocation) -> Done:
    """Record that a visit or an admission was requested at a hospital (已申请), also beside one that is under way.

    Arguments: `hospital` (official name), `campus`, `department`.
    """
    facts = {name: found for name in ("hospital", "campus", "department") if (found := words(given, name))}
    booking = advanced(_to_book(given), "request", given.now, **facts)
    return done(given, progressed(given, booking, given.case.stage), "booking_requested")


def _to_book(given: Invocation) -> Booking:
    """Return the booking to be made, or else a further one."""
    waiting = (booking for booking in given.case.bookings if booking.state == TO_BOOK)
    return next(waiting, None) or new_booking(given.case, next_kind(given.case), given.now)


@command(
    stages=(ARRANGING,),
    ownership=OWNED,
    needs=(
        *WHERE,
        "campus",
        "department",
        "department_covered",
        "title",
        "time",
        "early_agreed",
        "collect_place",
        "collect_document",
        "room",
        "cutoff",
    ),
    acts=BookingTrigger("obtain", (VISIT,)),
)
def record_number(given: Invocation) -> Done:
    """Record the appointment of a visit (已出号) [OP-N4, OP-N6, IP-B4].

    Arguments: `hospital`, `campus`, `department`, `title`, `time` (instant), `collect_place`, `collect_document`
    (取号), `room` (or 到院告知), `cutoff` (instant), `agreed` (True for a day before the fifth working day [OP-P1a]).
    """
    at, until = instant(given, "time"), instant(given, "cutoff")
    names = ("hospital", "campus", "department", "title", "collect_place", "collect_document", "room")
    facts = {name: words(given, name) for name in names}
    day = in_shanghai(at).date() if at else None
    booking = advanced(the_booking(given), "obtain", given.now, at=at, day=day, cutoff=until, **facts)
    return done(given, progressed(given, booking, given.case.stage), "number_recorded")


@command(
    stages=(ARRANGING,),
    ownership=OWNED,
    needs=(*WHERE, "campus", "ward", "date_to_come", "documents"),
    acts=BookingTrigger("obtain", (ADMISSION,)),
)
def record_bed(given: Invocation) -> Done:
    """Record the bed of an admission (已排床) [IP-A3, IP-B7].

    Arguments: `hospital`, `campus`, `ward` (or 到院告知), `date` (day), `documents` (to be brought),
    `transfer` (True where another hospital than that of the visit was agreed to [IP-N6]).
    """
    facts = {name: words(given, name) for name in ("hospital", "campus", "ward", "documents")}
    booking = advanced(the_booking(given), "obtain", given.now, day=given.arguments["date"], **facts)
    return done(given, progressed(given, booking, given.case.stage), "bed_recorded")


@command(
    stages=(ARRANGING, BOOKED),
    ownership=OWNED,
    needs=("not_obtained_reason",),
    offered=AT_REST,
    acts=BookingTrigger("refuse"),
)
def not_obtained(given: Invocation) -> Done:
    """Record that a hospital gave nothing (未约上), and why; the next attempt is to be booked [OP-N5, IP-N2, IP-N6].

    Arguments: `not_obtained_reason` (one of REASONS).
    """
    reason = given.arguments["not_obtained_reason"]
    short = {"beds_short": on(given.now)} if reason == "beds" else {}
    return set_back(given, "refuse", milestones=short, reason=reason)
