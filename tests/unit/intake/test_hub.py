"""The hub: from an answer to the next question, at a cost that does not grow with the number of questions."""

import sys
from typing import Any

import pytest

from flows.intake.machine import INTAKE, NAMES
from flows.intake.questions.ordered import ORDERED, Order
from flows.intake.questions.question import Context, Question
from flows.intake.step import IntakeStep
from flows.machine import Table, Transition
from tests.unit.play import Play, at
from tests.world import REFERENCE

MANY = 300


def more(number: int) -> Question:
    question: Question = type(f"More{number}", (Question,), {"state": f"more_{number}"})()
    return question


LONGER = Order((*ORDERED[:-1], *map(more, range(MANY)), ORDERED[-1]))


def context_of(play: Play) -> Context:
    return IntakeStep(play.session, now=play.now, ids=play.ids, reference=REFERENCE).context()


def evaluated(order: Order, context: Context) -> tuple[str, int]:
    """Where the hub leads, and how many Python functions ran on the way: conditions, answers of questions."""
    evaluations = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:  # noqa: ANN401 - the signature of sys.setprofile
        nonlocal evaluations
        evaluations += event == "call"

    order.plan(context)  # a plan is worked out once
    sys.setprofile(count)
    try:
        name = order.plan(context).next_open(context)
    finally:
        sys.setprofile(None)
    return name, evaluations


@pytest.mark.parametrize("state", ["service", "name", "record", "city", "terms"])
def test_the_hub_costs_as_much_with_three_hundred_questions_as_with_thirty(state: str) -> None:
    context = context_of(at(state))
    few, many = evaluated(Order(ORDERED), context), evaluated(LONGER, context)
    assert few[1] > 0
    if state == "terms":  # all that comes before is answered, but not the new ones
        assert (few[0], many[0]) == ("terms", "more_0")
        assert many[1] <= few[1]
    else:
        assert many == few


@pytest.mark.parametrize("state", NAMES)
def test_the_next_question_is_the_first_that_applies_and_has_no_answer(state: str) -> None:
    context = context_of(at(state))
    expected = next(q.state for q in ORDERED if q.applies(context) and not q.answered(context))
    assert Order(ORDERED).plan(context).next_open(context) == expected == state


def test_a_trigger_without_a_row_or_a_row_without_a_trigger_is_an_error_at_start() -> None:
    rows = (Transition[IntakeStep]("go", ("here",), "there"),)
    with pytest.raises(ValueError, match="stay"):
        Table(("here", "there"), rows, triggers={"go", "stay"})
    with pytest.raises(ValueError, match="go"):
        Table(("here", "there"), rows, triggers=())


def test_a_row_that_names_an_unknown_state_is_an_error_at_start() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        Table(("here",), (Transition[IntakeStep]("go", ("here",), "nowhere"),))


def test_each_question_has_one_row_from_the_hub() -> None:
    asks = [row for row in INTAKE.rows if row.sources == ("next_question",) and row.trigger.startswith("ask_")]
    assert [row.dest for row in asks] == [*NAMES, "review"]
    assert all(row.guard is None for row in asks)
