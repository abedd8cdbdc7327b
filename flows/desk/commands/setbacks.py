"""What comes in the way of a booking: 停诊, 改期, 取消, 录错. The case is arranged again [OP-N3, OP-N10]."""

from flows.cases.arrangement import on
from flows.cases.stages import ARRANGING, BOOKED, IN_PROGRESS
from flows.desk import process_texts as texts
from flows.desk.facts import instant, words
from flows.desk.progress import AT_REST, OWNED, message_to, set_back, the_booking
from flows.desk.registry import BookingTrigger, Done, Invocation, command


@command(
    stages=(ARRANGING, BOOKED, IN_PROGRESS),
    ownership=OWNED,
    needs=("learned", "reason"),
    offered=AT_REST,
    acts=BookingTrigger("stop"),
)
def clinic_stopped(given: Invocation) -> Done:
    """Record that the hospital stopped the booking (停诊), and tell the policyholder; no use is spent [OP-N3].

    Arguments: `learned` (instant), `reason`.
    """
    message = message_to(given, texts.STOPPED(number=given.case.number), "OP-N3")
    learned = instant(given, "learned")
    known = {"clinic_stopped": on(learned or given.now)}
    reason = words(given, "reason")
    return set_back(given, "stop", message, milestones=known, reason=reason, learned_at=learned)


@command(stages=(ARRANGING, BOOKED), ownership=OWNED, needs=("reason",), offered=AT_REST, acts=BookingTrigger("move"))
def move_booking(given: Invocation) -> Done:
    """Give a booking up for another day (改期); the next attempt is to be booked.

    Arguments: `reason`.
    """
    message = message_to(given, texts.MOVED(number=given.case.number))
    return set_back(given, "move", message, reason=words(given, "reason"))


@command(stages=(ARRANGING, BOOKED), ownership=OWNED, needs=("reason",), offered=AT_REST, acts=BookingTrigger("cancel"))
def cancel_booking(given: Invocation) -> Done:
    """Cancel a booking as the policyholder wants (取消预约); after the hospital's cut-off it is a late one [OP-N10].

    Arguments: `reason`. What becomes of the use of a late one is decided by a supervisor when the case is closed.
    """
    message = message_to(given, texts.CANCELLED(number=given.case.number))
    cutoff = the_booking(given).cutoff
    late = cutoff is not None and given.now > cutoff
    return set_back(given, "cancel", message, again=False, reason=words(given, "reason"), late=late)


@command(
    stages=(ARRANGING, BOOKED, IN_PROGRESS),
    ownership=OWNED,
    needs=("reason",),
    offered=AT_REST,
    acts=BookingTrigger("correct"),
)
def mistaken(given: Invocation) -> Done:
    """Mark a booking as entered in error (录错); who was told of it is told so.

    Arguments: `reason`.
    """
    message = message_to(given, texts.MISTAKEN(number=given.case.number))
    return set_back(given, "correct", message, reason=words(given, "reason"))
