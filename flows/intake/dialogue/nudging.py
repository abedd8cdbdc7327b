"""催单: the policyholder asks where their case is; the bot answers at once with facts, and the desk hears of it."""

from collections.abc import Sequence

from flows.cases.alerts import NUDGED
from flows.cases.case import Case
from flows.cases.notices import TELL_NUDGED
from flows.cases.nudging import is_possible, nudged, possible_from
from flows.effects import Button
from flows.events import ButtonTapped, Event
from flows.intake import texts
from flows.intake.dialogue import relay
from flows.intake.step import IntakeStep
from flows.messages import Text, message
from flows.terms.calendar import in_shanghai

BUTTON = message("button.nudge")
QUEUED = message("nudge.queued", "number", "at", "due")
OWNED = message("nudge.owned", "number", "owner", "at", "due")
DUE = message("status.nudge_due", "due")
LATE = message("status.nudge_late", "due")
AGAIN = message("nudge.again", "at")

PREFIX = "nudge:"  # before the case's id, in the button's token


def is_nudge(event: Event) -> bool:
    """Return True if an event is a tap on the button."""
    return isinstance(event, ButtonTapped) and event.data.startswith(PREFIX)


def rows(step: IntakeStep, cases: Sequence[Case]) -> list[list[Button]]:
    """Return the button under the progress of the chat's open cases, where it is time for it."""
    case = relay.meant(cases)
    if not is_possible(case, step.now, step.reference.calendar):
        return []
    return [[Button(label=BUTTON(), data=f"{PREFIX}{case.id}")]]


def receive(step: IntakeStep, event: ButtonTapped) -> None:
    """Take a tap on the button: once, and not again before some hours of service have gone by."""
    case = next((case for case in step.cases if event.data == f"{PREFIX}{case.id}"), None)
    calendar = step.reference.calendar
    if case is None or case.restricted_at is not None:
        step.answer_tap(event, texts.OLD_BUTTON())
    elif not is_possible(case, step.now, calendar):
        step.answer_tap(event, AGAIN(at=in_shanghai(possible_from(case, calendar))))
    else:
        step.answer_tap(event)
        _nudge(step, case)


def _nudge(step: IntakeStep, case: Case) -> None:
    step.change_case(nudged(case, step.now))
    step.audit("nudged", case=case.id)
    offered = () if case.agent_speaks else ("take_over",)
    step.tell_owner(case, TELL_NUDGED(number=case.number), *offered)
    step.alert(case.id, NUDGED)
    step.say(_facts(case, late=case.due_at < step.now))


def _facts(case: Case, *, late: bool) -> Text:
    """Say what was done last, who is waited for, and until when."""
    due = (LATE if late else DUE)(due=in_shanghai(case.due_at))
    if case.owner is None:
        return QUEUED(number=case.number, at=in_shanghai(case.created_at), due=due)
    at = in_shanghai(case.claimed_at or case.created_at)
    return OWNED(number=case.number, owner=case.owner_name, at=at, due=due)
