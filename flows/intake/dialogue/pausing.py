"""A draft that is left alone: resumed with a summary, reminded of after a day, deleted after thirty, told before."""

from datetime import datetime, timedelta
from typing import Final

from flows.intake import texts
from flows.intake.dialogue.asking import ask
from flows.intake.dialogue.filing import forget
from flows.intake.dialogue.moves import fire
from flows.intake.machine import ASKING
from flows.intake.questions.review import listed
from flows.intake.step import IntakeStep
from flows.messages import Listed, Text
from flows.terms.calendar import in_shanghai

LONG: Final = timedelta(hours=8)  # after which somebody who comes back is told where they are
NUDGED_AFTER: Final = timedelta(days=1)
WARNED_AFTER: Final = timedelta(days=27)
DELETED_AFTER: Final = timedelta(days=30)
DRAFTING: Final = frozenset({*ASKING, "locked", "refused"})
STAGES: Final = (NUDGED_AFTER, WARNED_AFTER, DELETED_AFTER)


def heard(step: IntakeStep) -> None:
    """The person did something: welcome them back after a while, and let the silence begin anew."""
    since = step.session.heard_at
    drafting = step.state in DRAFTING
    if drafting and since is not None and step.now - since >= LONG and (filled := _filled(step)):
        step.say(texts.WELCOME_BACK(filled=filled))
    step.update(heard_at=step.now, reminded=0)


def _filled(step: IntakeStep) -> Text | None:
    """Name what is filled in; None where nothing is."""
    labels = tuple(q.label() for q in listed(step.context()) if q.label and q.state in step.session.answers)
    return texts.FILLED(parts=Listed(labels)) if labels else None


def set_alarm(step: IntakeStep) -> None:
    """Say when this silence is to be noticed next: while a request is being filled in, in service hours."""
    since, stage = step.session.heard_at, step.session.reminded
    if step.state not in DRAFTING or since is None or stage >= len(STAGES):
        step.update(wake_at=None)
    else:
        step.update(wake_at=_by_day(step, since + STAGES[stage]))


def _by_day(step: IntakeStep, at: datetime) -> datetime:
    """Return `at`, or the next opening where nobody shall be disturbed."""
    calendar = step.reference.calendar
    return at if calendar.is_open(at) else calendar.next_opening(at)


def silence(step: IntakeStep) -> None:
    """A draft has been left alone: remind, warn, and in the end delete it."""
    since, stage, wake_at = step.session.heard_at, step.session.reminded, step.session.wake_at
    if wake_at is None or wake_at > step.now or step.state not in DRAFTING or since is None:
        return
    if step.agent_speaks:
        step.update(wake_at=_by_day(step, step.now + NUDGED_AFTER))
        return
    step.update(reminded=stage + 1)
    set_alarm(step)
    last_day = in_shanghai(since + DELETED_AFTER).date()
    if stage + 1 >= len(STAGES):
        fire(step, "expire")
        forget(step)
        ask(step, text=texts.EXPIRED())
        return
    if step.state in ASKING:
        step.say(texts.NUDGE(until=last_day) if stage == 0 else texts.LAST_CALL(until=last_day))
        ask(step)
