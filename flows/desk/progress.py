"""What the commands of the process share: the case after a booking has changed, and what becomes of its uses."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from flows.cases.arrangement import dated, with_booking, with_next_attempt
from flows.cases.bookings import ADMISSION, CONFIRMED, MET, TOLD, VISIT, Booking, advanced
from flows.cases.case import AGENT_SPEAKS, BOT_SPEAKS, Case
from flows.cases.promises import terms_of
from flows.cases.stages import stage_after
from flows.desk.registry import Done, Invocation, done
from flows.effects import Message, UseConsumption, UseRelease, UseSettlement
from flows.ids import RowId
from flows.messages import Text
from flows.terms.promises import Milestone
from flows.terms.uses import events_of

OWNED: Final = (AGENT_SPEAKS, BOT_SPEAKS)
AT_REST: Final = (BOT_SPEAKS,)  # where what is seldom done is offered
KNOWN: Final = (TOLD, CONFIRMED, MET)  # a booking that the policyholder was told of
ACTIONS: Final = {  # of the audit, by the trigger that ends a booking
    "refuse": "booking_not_obtained",
    "stop": "booking_stopped",
    "move": "booking_moved",
    "cancel": "booking_cancelled",
    "correct": "booking_mistaken",
}
TOOK_PLACE: Final = {VISIT: "visited", ADMISSION: "admitted"}  # events of the terms
MISSED: Final = {VISIT: "visit_missed", ADMISSION: "admission_missed"}  # events of the terms, and milestones


def the_booking(given: Invocation) -> Booking:
    """Return the booking that a command acts on. Raises ValueError for a command that acts on none."""
    if given.booking is None:
        raise ValueError("no_booking")
    return given.booking


def progressed(given: Invocation, booking: Booking, stage: str, **milestones: Milestone) -> Case:
    """Return the next version of the case with this booking, in this stage, with these milestones besides its days."""
    case = replace(given.case, bookings=with_booking(given.case, booking), stage=stage)
    return dated(case, given.now, given.reference.terms, given.reference.calendar, **milestones)


def set_back(
    given: Invocation,
    trigger: str,
    *messages: Message,
    milestones: Mapping[str, Milestone] = MappingProxyType({}),
    again: bool = True,
    **facts: object,
) -> Done:
    """End a booking that came to nothing; the case is arranged again, unless another booking of it stands.

    `messages` are for the policyholder: sent only where the booking had been told. `facts` are those of the booking.
    `again`: the next attempt is to be booked.
    """
    booking = the_booking(given)
    ended = advanced(booking, trigger, given.now, **facts)
    stands = any(each.state in KNOWN and each.number != booking.number for each in given.case.bookings)
    stage = given.case.stage if stands else stage_after("arrange_again", given.case.stage)
    case = progressed(given, ended, stage, **milestones)
    case = with_next_attempt(case, given.now) if again else case
    return done(given, case, ACTIONS[trigger], *(messages if booking.state in KNOWN else ()))


def message_to(given: Invocation, text: Text, *cites: str) -> Message:
    """Return a message to the policyholder that tells these clauses."""
    return Message(id=RowId(given.ids.new()), chat=given.case.chat, text=text, cites=cites)


def settled(given: Invocation, event: str) -> tuple[UseSettlement, ...]:
    """Return what an event of the terms does to the uses that the case has reserved [OP-N10, IP-N11, IP-N12]."""
    case = given.case
    terms = terms_of(case, given.reference.terms)
    branch = case.answers.get("branch", "")
    known = branch if branch in terms.services[case.service].branches else ""
    happened = events_of(terms, case.service, known)[event]
    spent = tuple(UseConsumption(case=case.id, service=service) for service in happened.consumes)
    return (*spent, *(UseRelease(case=case.id, service=service) for service in happened.releases))
