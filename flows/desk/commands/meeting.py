"""From 已约好 to 诊后: the policyholder is told day, place and escort, and is met; what was booked takes place."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from flows.actors import SUPERVISOR
from flows.cases.arrangement import awaits_notice, new_booking, on
from flows.cases.bookings import ADMISSION, VISIT, Booking, Escort, advanced
from flows.cases.case import OP
from flows.cases.stages import AFTER_VISIT, ARRANGING, BOOKED, IN_PROGRESS, stage_after
from flows.desk import process_texts as texts
from flows.desk.facts import instant, words
from flows.desk.progress import (
    AT_REST,
    MISSED,
    OWNED,
    TOOK_PLACE,
    message_to,
    progressed,
    settled,
    the_booking,
)
from flows.desk.registry import BookingTrigger, Done, Invocation, command, done
from flows.messages import Lines, Text
from flows.terms.branch import BY_VISIT, WITH_NOTICE
from flows.terms.calendar import in_shanghai

EARLIER: Final = timedelta(hours=2)  # before the hospital's cut-off, to have time to cancel there
CITES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    (OP, VISIT): ("OP-P5a", "OP-P5b", "OP-P5c", "OP-N10"),
    (WITH_NOTICE, ADMISSION): ("IP-A5", "IP-N12"),
    (BY_VISIT, VISIT): ("IP-B6", "OP-N10"),
    (BY_VISIT, ADMISSION): ("IP-B9", "IP-N12"),
}
"""The clauses that are told with the details, by service or branch, and kind of booking."""


@command(
    stages=(ARRANGING, BOOKED),
    ownership=OWNED,
    needs=("escort", "escort_phone", "escort_place", "escort_time"),
    acts=BookingTrigger("tell"),
)
def tell_details(given: Invocation) -> Done:
    """Tell the policyholder day, place, escort and what to bring (已告知) [OP-P5a, OP-P5b, IP-A5, IP-B6, IP-B9].

    Arguments: `escort` (name), `escort_phone`, `escort_place`, `escort_time` (instant). Told again where it changes.
    """
    at = instant(given, "escort_time") or given.now
    escort = Escort(words(given, "escort"), words(given, "escort_phone"), words(given, "escort_place"), at)
    booking = advanced(the_booking(given), "tell", given.now, escort=escort)
    case = progressed(given, booking, stage_after("tell", given.case.stage))
    text = texts.TOLD[booking.kind](number=case.number, lines=Lines(tuple(_details(given, booking, escort))))
    way = OP if case.service == OP else case.answers["branch"]
    return done(given, case, "details_told", message_to(given, text, *CITES[way, booking.kind]))


def _details(given: Invocation, booking: Booking, escort: Escort) -> Iterator[Text]:
    yield from _visit(booking) if booking.kind == VISIT else _admission(booking)
    yield texts.LINE_ESCORT(name=escort.name, phone=escort.phone)
    yield texts.LINE_MEETING(at=in_shanghai(escort.at), place=escort.place)
    yield texts.LINE_DOCUMENTS(documents=booking.documents) if booking.documents else texts.LINE_BRING()
    if given.case.service == OP:
        yield texts.LINE_THROUGHOUT()
    if booking.cutoff is not None:
        yield texts.LINE_CUTOFF(until=in_shanghai(booking.cutoff - EARLIER))
    yield texts.LINE_MISSED()


def _visit(booking: Booking) -> Iterator[Text]:
    if booking.at is not None:
        yield texts.LINE_AT(at=in_shanghai(booking.at))
    yield texts.LINE_HOSPITAL(hospital=booking.hospital, campus=booking.campus)
    yield texts.LINE_DEPARTMENT(department=booking.department, title=booking.title)
    yield texts.LINE_ROOM(room=booking.room)
    yield texts.LINE_COLLECT(place=booking.collect_place, document=booking.collect_document)


def _admission(booking: Booking) -> Iterator[Text]:
    if booking.day is not None:
        yield texts.LINE_DAY(day=booking.day)
    yield texts.LINE_HOSPITAL(hospital=booking.hospital, campus=booking.campus)
    yield texts.LINE_WARD(ward=booking.ward)


@command(stages=(BOOKED,), ownership=OWNED, acts=BookingTrigger("confirm"))
def confirm_booking(given: Invocation) -> Done:
    """Record that the policyholder confirmed what was told (客户已确认)."""
    booking = advanced(the_booking(given), "confirm", given.now)
    return done(given, progressed(given, booking, given.case.stage), "booking_confirmed")


@command(stages=(BOOKED,), ownership=OWNED, acts=BookingTrigger("meet"))
def meet(given: Invocation) -> Done:
    """Record that escort and policyholder have met (已见面) [OP-P5a]."""
    booking = advanced(the_booking(given), "meet", given.now)
    return done(given, progressed(given, booking, stage_after("meet", given.case.stage)), "met")


@command(stages=(IN_PROGRESS,), ownership=OWNED, acts=BookingTrigger("complete"))
def complete(given: Invocation) -> Done:
    """Record that the visit or admission took place (已完成): its use is spent [G2, IP-N11]."""
    booking = advanced(the_booking(given), "complete", given.now)
    case = progressed(given, booking, stage_after("complete", given.case.stage))
    return done(given, case, "booking_completed", *settled(given, TOOK_PLACE[booking.kind]))


@command(
    stages=(BOOKED,),
    ownership=OWNED,
    needs=("reason",),
    offered=AT_REST,
    roles=frozenset({SUPERVISOR}),
    acts=BookingTrigger("miss"),
)
def miss(given: Invocation) -> Done:
    """Decide that the policyholder did not turn up (未赴约): the use is spent [OP-N10, IP-N12].

    Arguments: `reason` (the proof: told and acknowledged, escort on site, the call, 30 minutes' wait).
    """
    booking = advanced(the_booking(given), "miss", given.now, reason=words(given, "reason"))
    event = MISSED[booking.kind]
    case = progressed(given, booking, stage_after("miss", given.case.stage), **{event: on(given.now)})
    return done(given, case, "no_show_recorded", *settled(given, event))


@command(stages=(AFTER_VISIT,), ownership=OWNED, suits=awaits_notice)
def record_notice(given: Invocation) -> Done:
    """Record that the visit led to an admission notice (已开通知单): the admission follows at that hospital [IP-B7].

    The promise counts from the day of this record.
    """
    case = given.case
    visit = next(each for each in reversed(case.bookings) if each.kind == VISIT)
    booking = new_booking(case, ADMISSION, given.now, hospital=visit.hospital, campus=visit.campus)
    stage = stage_after("arrange_admission", case.stage)
    return done(given, progressed(given, booking, stage, notice_issued=on(given.now)), "notice_recorded")
