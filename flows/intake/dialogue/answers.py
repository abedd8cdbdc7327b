"""How answers are kept: what rests on one that changed is dropped and asked for again."""

from collections.abc import Iterable, Mapping

from flows.events import Event, MessageReceived
from flows.intake.questions.ordered import ALL, QUESTIONS
from flows.intake.questions.question import Answer
from flows.intake.step import IntakeStep
from flows.reasons import REASONS
from flows.terms.facts import DECLINED, TOLD_NO_CHOICE, TOLD_TITLE

RESTING = tuple((q.state, frozenset(q.rests_on), frozenset({q.state, *q.also})) for q in ALL if q.rests_on)
"""The questions that rest on others, in their order: each with what it rests on, and what it stores."""
IDENTITIES = frozenset({"name", "id_number", "policy_number", "phone"})
WISHES = {
    DECLINED: ("doctor_declined", ("OP-N6a", "IP-N5")),
    TOLD_NO_CHOICE: ("doctor_no_choice", ("OP-N6a", "IP-N5")),
    TOLD_TITLE: ("doctor_title", ("OP-N6b",)),
}


def keep(step: IntakeStep, readings: Mapping[str, Answer], event: Event) -> None:
    """Keep answers, each under its question; what rests on one that changed is dropped."""
    spared = {*readings, *(key for reading in readings.values() for key in reading.also)}
    for name, reading in readings.items():
        before = step.session.answers
        after = _with_answer(before, name, reading)
        changed = _changed(before, after)
        step.update(answers=without(after, changed, spared=spared))
        say_about_doctor(step, before)
        if IDENTITIES & changed:
            step.update(policy=None)
        given_by = {name: event.message} if isinstance(event, MessageReceived) else {}
        others = {key: message for key, message in step.session.sources.items() if key != name}
        step.update(sources={**others, **given_by})
    step.update(failed_answers=0, missed="", amending="", overtaken=None)


def say_about_doctor(step: IntakeStep, before: Mapping[str, str]) -> None:
    """Say at once that no doctor can be named, or which title is promised [OP-N6, IP-N5]; the words are kept."""
    wish = step.session.answers.get("doctor_wish", "")
    if wish in WISHES and wish != before.get("doctor_wish"):
        code, clauses = WISHES[wish]
        step.say(REASONS[code](), cites=clauses)


def without(answers: Mapping[str, str], changed: set[str], *, spared: Iterable[str]) -> dict[str, str]:
    """Return the answers less those that rest on something that changed, directly or by way of others."""
    left, gone, kept = dict(answers), set(changed), frozenset(spared)
    for name, rests_on, stored in RESTING:
        if name not in kept and not gone.isdisjoint(rests_on):
            mine = stored & left.keys()
            left = {key: value for key, value in left.items() if key not in mine}
            gone |= mine
    return left


def _with_answer(before: Mapping[str, str], name: str, reading: Answer) -> dict[str, str]:
    also = QUESTIONS[name].also
    return {**{key: value for key, value in before.items() if key not in also}, name: reading.value, **reading.also}


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
