"""What the questions about the visit share: they are asked for a visit, and for an admission by way of one."""

from typing import ClassVar

from flows.cases.case import OP
from flows.intake.questions.question import Answer, Context, Question, When
from flows.terms.branch import BY_VISIT


def _visit(context: Context) -> bool:
    """A visit is to be arranged: the service itself, or the way to an admission."""
    answers = context.session.answers
    return answers.get("service") == OP or answers.get("branch") == BY_VISIT


VISIT = When("visit", _visit)


class VisitQuestion(Question):
    """A question about the visit [OP-Tb, IP-B4, IP-N10]."""

    when: ClassVar[When] = VISIT

    def volunteer(self, piece: str, context: Context) -> Answer | None:
        """Take a piece that tells, once the record is given: a place named before may be where one was examined."""
        told = "record_date" in context.session.answers and self.tells(piece)
        reading = self.read(piece, context) if told else None
        return reading if isinstance(reading, Answer) else None

    def tells(self, _piece: str) -> bool:
        """Return True if a piece of a longer message can be an answer to this question and to no other."""
        return False
