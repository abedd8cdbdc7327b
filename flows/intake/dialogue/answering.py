"""How what a person says is taken as answers: one or several in a message, changed later, given out of order."""

from collections.abc import Iterable, Mapping
from typing import Final

from flows.events import ButtonTapped, Event, TextReceived
from flows.intake import texts
from flows.intake.dialogue.answers import keep, say_about_doctor
from flows.intake.dialogue.asking import ask
from flows.intake.dialogue.hub import answered
from flows.intake.dialogue.moves import fire_open
from flows.intake.dialogue.several import has_several_pieces, several_answers
from flows.intake.machine import ASKING, IDENTITY
from flows.intake.questions.ordered import ALL, QUESTIONS, REFUSALS
from flows.intake.questions.question import NEEDS_BUTTON, Answer, PartialAnswer, Question, Reading
from flows.intake.step import IntakeStep
from flows.messages import Listed
from flows.reading.refusal import Refusal

OFTEN: Final = 3  # failed answers, until a human is offered
CORRECTABLE: Final = ("id_number", "policy_number", "name")

# ---- one answer ----


def take(step: IntakeStep, reading: Reading, event: Event) -> None:
    """Keep an answer and go on, or say what was wrong and ask again."""
    if isinstance(reading, Refusal):
        refuse_answer(step, reading, event)
    elif isinstance(reading, PartialAnswer):
        before = step.session.answers
        step.update(answers={**before, **reading.also}, failed_answers=0, missed="")
        say_about_doctor(step, before)
        ask(step, instead_of=event if isinstance(event, ButtonTapped) else None)
    else:
        keep(step, {step.state: reading}, event)
        answered(step, event)


def refuse_answer(step: IntakeStep, refusal: Refusal, event: Event | None = None) -> None:
    """Say what was wrong and what a right answer looks like, then ask the same again; nothing is lost.

    What was typed where a button was wanted is kept: it may have overtaken a tap that is still on its way.
    """
    overtaken = event if isinstance(event, TextReceived) and refusal == NEEDS_BUTTON else None
    step.update(failed_answers=step.session.failed_answers + 1, missed=refusal.code, overtaken=overtaken)
    step.say(REFUSALS.get(refusal.code, REFUSALS["unclear"])())
    if step.session.failed_answers == OFTEN:
        step.say(texts.MISSED_OFTEN())
    ask(step)


def read_overtaken(step: IntakeStep, overtaken: TextReceived | None) -> None:
    """After a tap: read what overtook it as the answer to what is asked now, if it is one."""
    question = QUESTIONS.get(step.state)
    if overtaken is None or question is None:
        return
    reading = question.read(overtaken.text, step.context())
    if isinstance(reading, Answer):
        take(step, reading, overtaken)


# ---- several answers ----


def typed(step: IntakeStep, event: TextReceived, *, urgent: bool) -> None:
    """Read an answer, or several at once; a call for help is no name, nor told that it was no answer."""
    reading = QUESTIONS[step.state].read(event.text, step.context())
    alone = isinstance(reading, Answer) and not has_several_pieces(event.text)  # then it says nothing else
    others = {} if urgent or alone else several_answers(event.text, step.context()) or _corrected(step, event.text)
    if isinstance(reading, Answer) and others and step.state not in others:
        others = {step.state: reading, **others}
    if len(others) > 1 or (others and isinstance(reading, Refusal)):
        take_several(step, others, event)
    elif not urgent or (step.state != "name" and isinstance(reading, Answer)):
        take(step, reading, event)


def _corrected(step: IntakeStep, text: str) -> dict[str, Answer]:
    """Where the identity fits no policy: read what was typed as that part of it which it can be."""
    if step.state != "unmatched":
        return {}
    context = step.context()
    readings = ((name, QUESTIONS[name].read(text, context)) for name in CORRECTABLE)
    return next(({name: reading} for name, reading in readings if isinstance(reading, Answer)), {})


def take_several(step: IntakeStep, answers: Mapping[str, Answer], event: Event) -> None:
    """Keep all that a message says, say which that was, and go on to the first question that it leaves open."""
    keep(step, answers, event)
    say_understood(step, (QUESTIONS[name] for name in answers))
    answered(step, event)


def say_understood(step: IntakeStep, questions: Iterable[Question]) -> None:
    """Name the answers that were understood, in the order in which they are asked."""
    labels = tuple(question.label() for question in questions if question.label)
    if labels:
        understood = texts.UNDERSTOOD if len(labels) > 1 else texts.UNDERSTOOD_ONE
        step.say(understood(parts=Listed(labels)))


# ---- the way back ----


def back(step: IntakeStep, event: Event) -> None:
    """One question back; where there is none, the same again. From a change, back to the review with it undone."""
    if step.state not in ASKING:
        ask(step)
    elif step.session.amending:
        step.update(amending="")
        answered(step, event)
    elif before := _question_before(step):
        open_again(step, before)
    else:
        ask(step)


def _question_before(step: IntakeStep) -> str:
    """Return the question that was answered before this one; empty where there is none."""
    if step.state == "unmatched":
        return IDENTITY
    context = step.context()
    names = [question.state for question in ALL if question.has_back or question.state == "service"]
    here = names.index(step.state) if step.state in names else 0
    earlier = (QUESTIONS[name] for name in reversed(names[:here]))
    return next((q.state for q in earlier if q.state in step.session.answers and q.applies(context)), "")


def open_again(step: IntakeStep, name: str, *, amending: bool = False) -> None:
    """Ask a question again; its answer stays until there is another."""
    step.update(failed_answers=0, missed="", overtaken=None, amending=name if amending else "")
    fire_open(step, name)
    ask(step)
