"""Whoever types what stands on a button is understood as if it had been tapped."""

import pytest

from bot.texts import Texts
from flows.intake.questions.ordered import ALL, QUESTIONS
from flows.intake.questions.question import Context
from flows.reading.refusal import Refusal
from flows.terms.calendar import in_shanghai
from tests.unit.play import at
from tests.world import REFERENCE

ONES_OWN = {"visit_date", "review"}  # a calendar (a number alone says no month); a card
ASKED = [question.state for question in ALL if question.state not in ONES_OWN]
TEXTS = Texts.load()


@pytest.mark.parametrize("state", ASKED)
def test_the_label_of_a_button_may_be_typed(state: str) -> None:
    play = at(state)
    context = Context(play.session, REFERENCE, in_shanghai(play.now).date(), 1, play.now, ALL)
    question = QUESTIONS[state]
    choices = [choice for row in question.ask(context).rows for choice in row if choice.token().startswith("=")]
    refused = [TEXTS(c.label) for c in choices if isinstance(question.read(TEXTS(c.label), context), Refusal)]
    answerable = [TEXTS(c.label) for c in choices if not isinstance(question.choose(c.token()[1:], context), Refusal)]
    assert not {*refused} & {*answerable}
