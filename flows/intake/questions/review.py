"""The last look before the request is submitted: every answer on one numbered card, each to be changed by its number.

Numbers are masked, as anybody may look over a shoulder.
"""

import json
import re
from pathlib import Path
from typing import ClassVar, Final

from flows.intake.questions.question import Choice, Context, Prompt, Question, in_rows
from flows.messages import Lines, message
from flows.reading.fold import bare

REVIEW = message("ask.review", "lines")
LINE = message("review.line", "number", "label", "answer")
SUBMIT = message("review.submit")
CHANGE = message("review.change", "number")

A_ROW: Final = 6
LABELS: Final[dict[str, list[str]]] = json.loads(
    (Path(__file__).parents[1] / "data" / "labels.json").read_text("utf-8")
)
"""What the lines of the card are called when somebody wants one changed: question -> words."""

_ITEM: Final = "(?:项|条|个|题|行)?"
_WISH: Final = "(?:我?(?:想|要)?(?:改|修改|更改|改一下|换|改改))"
_WRONG: Final = "(?:写|填|弄|搞)?(?:错了?|不对|有误|有问题|要改|改一下|需要改|需要修改|要修改)了?"
_NUMBER: Final = re.compile(
    f"{_WISH}第?([0-9]{{1,2}}){_ITEM}|第?([0-9]{{1,2}}){_ITEM}{_WRONG}|第?([0-9]{{1,2}}){_ITEM}"
)
_LABEL: Final = re.compile(f"{_WISH}(?:我的|一下|患者的)*(.+?)(?:一下)?|(?:我的|患者的)?(.+?){_WRONG}")


class Review(Question):
    """Submit, or change an answer: 改3, 电话错了."""

    state: ClassVar[str] = "review"
    keeps: ClassVar[bool] = False
    counted: ClassVar[bool] = False

    def ask(self, context: Context) -> Prompt:
        """Show the card."""
        lines = [
            LINE(number=number, label=question.label(), answer=shown)
            for number, question in enumerate(listed(context), start=1)
            if question.label and (shown := question.shown(context))
        ]
        changes = [
            Choice(CHANGE(number=number), opens=question.state)
            for number, question in enumerate(listed(context), start=1)
        ]
        return Prompt(
            REVIEW(lines=Lines(tuple(lines))), ((Choice(SUBMIT(), fires="submit"),), *in_rows(changes, A_ROW))
        )


def listed(context: Context) -> tuple[Question, ...]:
    """Return the questions that have a line on the card, in their order; the first has number 1."""
    return tuple(q for q in context.questions if q.label and q.applies(context) and q.shown(context) is not None)


def to_change(text: str, context: Context) -> str:
    """Return the question that 改3, 第3项错了, 改电话 or 电话错了 means; empty for none, or for more than one."""
    words, questions = bare(text), listed(context)
    if found := _NUMBER.fullmatch(words):
        number = int(next(filter(None, found.groups())))
        return questions[number - 1].state if 0 < number <= len(questions) else ""
    found = _LABEL.fullmatch(words)
    label = found[1] or found[2] if found else ""
    meant = [question.state for question in questions if label in LABELS.get(question.state, ())]
    return meant[0] if len(meant) == 1 else ""
