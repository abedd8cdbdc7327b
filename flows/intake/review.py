"""The last look before the request is submitted: every answer on one numbered card, each to be changed by its number.

Numbers are masked, as anybody may look over a shoulder.
"""

import re
from typing import ClassVar, Final

from flows.intake.question import Asked, Choice, Pose, Question, in_rows
from flows.messages import Lines, message

REVIEW = message("ask.review", "lines")
LINE = message("review.line", "number", "label", "answer")
SUBMIT = message("review.submit")
CHANGE = message("review.change", "number")

A_ROW: Final = 6
_CHANGE: Final = re.compile(r"(?:我?要?(?:改|修改|更改|改一下|换)第?([0-9]{1,2})(?:项|条|个|题)?|([0-9]{1,2}))")


class Review(Question):
    """Submit, or change an answer: 改3."""

    state: ClassVar[str] = "review"
    counted: ClassVar[bool] = False

    def pose(self, asked: Asked) -> Pose:
        """Show the card."""
        lines = [
            LINE(number=number, label=question.label(), answer=shown)
            for number, question in enumerate(listed(asked), start=1)
            if question.label and (shown := question.shown(asked))
        ]
        changes = [
            Choice(CHANGE(number=number), opens=question.state)
            for number, question in enumerate(listed(asked), start=1)
        ]
        return Pose(REVIEW(lines=Lines(tuple(lines))), ((Choice(SUBMIT(), fires="submit"),), *in_rows(changes, A_ROW)))


def listed(asked: Asked) -> tuple[Question, ...]:
    """Give the questions that have a line on the card, in their order; the first has number 1."""
    return tuple(q for q in asked.questions if q.label and q.applies(asked) and q.shown(asked) is not None)


def to_change(text: str, asked: Asked) -> str:
    """Give the question that 改3 means; empty where it means none."""
    found = _CHANGE.fullmatch(re.sub(r"[\s。.,，]+", "", text))
    if found is None:
        return ""
    number = int(found[1] or found[2])
    questions = listed(asked)
    return questions[number - 1].state if 0 < number <= len(questions) else ""
