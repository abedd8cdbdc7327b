"""How the intake asks: the question of the state with its step and its ways out, every button made for this turn."""

from msgspec.structs import replace

from flows.cases.case import OP
from flows.events import ButtonTapped
from flows.intake import texts
from flows.intake.dialogue import cards
from flows.intake.questions.ordered import QUESTIONS, plan
from flows.intake.questions.question import Choice, Prompt, Question
from flows.intake.step import IntakeStep
from flows.messages import Text
from flows.terms.branch import BY_VISIT

USUAL = {"service": OP, "branch": BY_VISIT}  # taken, before it is known, for how many questions there will be


def ask(
    step: IntakeStep,
    page: int = 1,
    *,
    instead_of: ButtonTapped | None = None,
    text: Text | None = None,
    cites: tuple[str, ...] = (),
) -> None:
    """Ask, or say `text` with the state's buttons; each carries conversation, state and turn it was made for."""
    if instead_of is None:
        step.clear_buttons()
    step.update(turn=step.session.turn + 1)
    prompt = prompt_of(step, page)
    if text is not None:
        prompt = Prompt(text, prompt.rows, cites=cites)
    if step.session.keyboard and prompt.contact is None:
        step.say(texts.GOING_ON(), keyboard_gone=True)
    row = cards.send(step, prompt, _place(step), replaces=instead_of.message if instead_of else None)
    step.update(keyboard=prompt.contact is not None, asked=None if prompt.contact else row)


def ask_beside(step: IntakeStep, text: Text, rows: tuple[tuple[Choice, ...], ...]) -> None:
    """Ask something beside the question, which goes on waiting."""
    step.clear_buttons()
    step.update(turn=step.session.turn + 1)
    step.update(asked=cards.send(step, Prompt(text, rows), _place(step)))


def prompt_of(step: IntakeStep, page: int = 1) -> Prompt:
    """Return the question of the state with its number and its ways out, or the card of a resting state."""
    question = QUESTIONS.get(step.state)
    if question is None:
        card = cards.resting(step, step.cases)
        return Prompt(card.text, (*card.rows, (Choice(texts.HUMAN(), fires="human"),)))
    prompt = question.ask(step.context(page))
    number, count = number_of(step, question)
    text = texts.STEP(step=number, steps=count, question=prompt.text) if number else prompt.text
    return Prompt(text, (*prompt.rows, _ways_out(question)), prompt.contact, prompt.cites)


def _ways_out(question: Question) -> tuple[Choice, ...]:
    human = Choice(texts.HUMAN(), fires="human")
    return (Choice(texts.BACK(), fires="back"), human) if question.has_back else (human,)


def number_of(step: IntakeStep, question: Question) -> tuple[int, int]:
    """Return the number of a question among those that this request is asked, 0 for one outside, and their number."""
    context = step.context()
    session = replace(context.session, answers={**USUAL, **context.session.answers})
    counted = plan(replace(context, session=session)).counted
    return (counted.index(question.state) + 1 if question.state in counted else 0), len(counted)


def offered(step: IntakeStep) -> set[str]:
    """Return the tokens of every trigger that the state's buttons offer, and of every question that they reopen."""
    question = QUESTIONS.get(step.state)
    asked = (*question.ask(step.context()).rows, _ways_out(question)) if question else prompt_of(step).rows
    return {choice.token() for row in asked for choice in row if choice.fires or choice.opens}


def _place(step: IntakeStep) -> str:
    """Return what goes before each button's token: the conversation, the state and the turn it is made for."""
    return f"{step.session.conversation}:{step.state}:{step.session.turn}:"
