"""办结: a case ends with an outcome, a reason and a confirming second act; what is still reserved is freed [G2]."""

from datetime import datetime, timedelta
from typing import Final

from flows.actors import SUPERVISOR
from flows.cases import outcomes
from flows.cases.arrangement import awaits_notice, is_fulfilled, on
from flows.cases.bookings import NO_SHOW, NOT_OBTAINED, Booking
from flows.cases.case import APPLICATION, BOT, Case
from flows.cases.changes import KEPT_FOR, changed
from flows.cases.outcomes import OF_APPLICATIONS, SPENT, USE_DECISIONS
from flows.cases.promises import terms_of
from flows.cases.stages import WORKED_ON, stage_after
from flows.cases.uses import uses_of
from flows.desk import process_texts, texts
from flows.desk.facts import words
from flows.desk.progress import AT_REST, MISSED, OWNED, message_to, settled
from flows.desk.registry import Done, Invocation, command, done, fact
from flows.effects import Message, Nudge, UseRelease, UseSettlement
from flows.events import ConversationReturned
from flows.terms.calendar import in_shanghai

CALLS: Final = 3  # unanswered, before somebody counts as unreachable
DAYS: Final = 2  # on which they are made, at least
APART: Final = timedelta(hours=2)
BY_CUSTOMER: Final = {outcomes.CANCELLED, outcomes.WENT_ELSEWHERE, outcomes.WITHDRAWN, outcomes.UNREACHABLE}
INQUIRIES: Final = 2  # hospitals that gave nothing, before nothing can be arranged


def outcome_of(given: Invocation) -> str:
    """Return the outcome that was given, empty for none that there is; what is no application can only be settled."""
    if given.case.request_type != APPLICATION:
        return outcomes.SETTLED
    found = given.arguments.get("outcome")
    return str(found) if found in OF_APPLICATIONS else ""


@fact
def outcome(given: Invocation) -> bool:
    """Return True for an outcome that there is."""
    return bool(outcome_of(given))


@fact
def outcome_fits(given: Invocation) -> bool:
    """Return True if the case bears its outcome out.

    completed: what was asked for took place. no_indication: the visit of an admission did [IP-N4]. no_show: a
    supervisor decided so. impossible: two hospitals gave nothing, and a supervisor closes it. unreachable: three
    unanswered calls on two days, two hours apart.
    """
    case = given.case
    match outcome_of(given):
        case outcomes.COMPLETED:
            return is_fulfilled(case)
        case outcomes.NO_INDICATION:
            return awaits_notice(case)
        case outcomes.NO_SHOW:
            return any(booking.state == NO_SHOW for booking in case.bookings)
        case outcomes.IMPOSSIBLE:
            asked = {each.hospital for each in case.bookings if each.state == NOT_OBTAINED}
            return len(asked) >= INQUIRIES and given.actor.role == SUPERVISOR
        case outcomes.UNREACHABLE:
            return _is_unreachable(case)
    return True


def _is_unreachable(case: Case) -> bool:
    """Return True if there were calls enough since the last one that was answered; of those too close one counts."""
    counted: list[datetime] = []
    for call in case.calls:
        if call.reached:
            counted = []
        elif not counted or call.at - counted[-1] >= APART:
            counted.append(call.at)
    return len(counted) >= CALLS and len({in_shanghai(at).date() for at in counted}) >= DAYS


@fact
def end_reason(given: Invocation) -> bool:
    """Return True for the argument `reason`; what is no application needs none."""
    return given.case.request_type != APPLICATION or bool(words(given, "reason").strip())


@fact
def use_decided(given: Invocation) -> bool:
    """Return True unless a booking was cancelled late: then a supervisor decides about the use [OP-N10]."""
    if outcome_of(given) not in BY_CUSTOMER or _cancelled_late(given.case) is None:
        return True
    return given.actor.role == SUPERVISOR and given.arguments.get("use") in USE_DECISIONS


def _cancelled_late(case: Case) -> Booking | None:
    return next((booking for booking in reversed(case.bookings) if booking.late), None)


@command(
    stages=WORKED_ON,
    ownership=OWNED,
    needs=("outcome", "outcome_fits", "end_reason", "use_decided", "confirmed"),
    offered=AT_REST,
)
def close(given: Invocation) -> Done:
    """End the case (办结), with an outcome, a reason and a second act; a restricted one is made anonymous weeks later.

    Arguments: `outcome` (one of OF_APPLICATIONS), `reason`, `confirmed` (True), and `use` (spent or freed) of a late
    cancellation. Uses that are still reserved are released [G2, OP-N3, IP-N4].
    """
    case, end = given.case, outcome_of(given)
    told = {"no_indication": on(given.now)} if end == outcomes.NO_INDICATION else {}
    case = changed(
        case,
        milestones={**case.milestones, **told},
        stage=stage_after("close", case.stage),
        speaker=BOT,
        forget_at=given.now + KEPT_FOR if case.restricted_at else case.forget_at,
        outcome=end,
        outcome_reason=words(given, "reason"),
    )
    return done(given, case, "closed", *_uses(given, end), *_said(given, end), returned(given))


def returned(given: Invocation) -> Nudge:
    """Return the event that gives the conversation back to the bot."""
    return Nudge(event=ConversationReturned(chat=given.case.chat))


def _said(given: Invocation, end: str) -> tuple[Message, ...]:
    """Return what the policyholder is told; nothing where they died."""
    number = given.case.number
    if end == outcomes.DECEASED:
        return ()
    if end == outcomes.NO_INDICATION:
        return (message_to(given, process_texts.NO_INDICATION(number=number), "IP-N4"),)
    return (message_to(given, texts.CASE_CLOSED(number=number)),)


def _uses(given: Invocation, end: str) -> tuple[UseSettlement, ...]:
    """Return what becomes of the uses: those that a late cancellation spends first, then all that is still reserved."""
    case = given.case
    late = _cancelled_late(case) if end in BY_CUSTOMER and given.arguments.get("use") == SPENT else None
    spent = settled(given, MISSED[late.kind]) if late is not None else ()
    kept = uses_of(case, terms_of(case, given.reference.terms))
    return (*spent, *(UseRelease(case=case.id, service=service) for service in kept))
