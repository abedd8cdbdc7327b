"""The lines of an agent's card about the stage of a case and its bookings."""

from collections.abc import Iterator
from typing import Final

from flows.cases.bookings import OBTAINED, Booking
from flows.cases.case import Case
from flows.desk import process_texts as texts
from flows.desk import texts as desk_texts
from flows.messages import VERBATIM, Listed, Text
from flows.terms.calendar import in_shanghai

SHOWN: Final = 4  # bookings, the newest


def stage_line(case: Case) -> Text:
    """Return the line with the stage."""
    return desk_texts.FIELD(name=texts.FIELD_STAGE(), value=texts.STAGE_NAMES[case.stage]())


def booking_lines(case: Case) -> Iterator[Text]:
    """Yield a line for each of the newest bookings: its number, state, and what is known of it."""
    for booking in case.bookings[-SHOWN:]:
        state = texts.OBTAINED_OF[booking.kind] if booking.state == OBTAINED else texts.STATE_NAMES[booking.state]
        known = (state(), *_facts(booking))
        line = desk_texts.WITH_MORE(value=texts.KIND_NAMES[booking.kind](), more=Listed(known))
        yield desk_texts.FIELD(name=texts.FIELD_BOOKING(booking=booking.number), value=line)


def _facts(booking: Booking) -> Iterator[Text]:
    when = in_shanghai(booking.at) if booking.at else booking.day
    if when is not None:
        yield VERBATIM(text=when)
    for fact in (booking.hospital, booking.campus, booking.department, booking.title, booking.room, booking.ward):
        if fact:
            yield VERBATIM(text=fact)
    if booking.escort is not None:
        yield VERBATIM(text=booking.escort.name)
