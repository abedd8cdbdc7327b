"""From an answer to what comes next: the next question is worked out once, and one trigger leads there."""

from flows.effects import PolicyAsk
from flows.events import Event
from flows.intake.dialogue.asking import ask
from flows.intake.dialogue.deciding import decide, is_refused_already
from flows.intake.dialogue.moves import fire, fire_ask
from flows.intake.machine import BEFORE_MATCHING, IDENTITY
from flows.intake.step import IntakeStep

HUB = "next_question"


def answered(step: IntakeStep, event: Event) -> None:
    """Leave a question whose answer was kept, and go on from the hub."""
    fire(step, "answer")
    advance(step, event)


def advance(step: IntakeStep, event: Event) -> None:
    """Go on from the hub until the conversation waits for the person or for a look-up; elsewhere nothing is done."""
    while step.state == HUB:
        leave_hub(step)
        if step.state in {"matching", "deciding"}:
            look_up(step, event)
        else:
            ask(step)


def leave_hub(step: IntakeStep) -> None:
    """Fire the trigger of what comes next."""
    if is_refused_already(step):
        fire(step, "decide_now")
        return
    name = step.plan.next_open(step.context())
    if step.session.policy is None and name not in BEFORE_MATCHING:
        fire(step, "match_identity")
    elif name:
        fire_ask(step, name)
    else:
        fire(step, "ask_review")


def look_up(step: IntakeStep, event: Event) -> None:
    """Ask for the policy that the state waits for; decide where none was matched yet.

    Nobody learns anything of a stranger's policy: a decision asks for the one that was matched alone.
    """
    number = step.session.answers.get(IDENTITY)
    if number and (step.state == "matching" or step.session.policy is not None):
        step.add(PolicyAsk(because=event, number=number))
    else:
        decide(step, None)
