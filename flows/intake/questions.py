"""Every question, by its state: the one place where a new one is entered (and the table gets its rows)."""

from flows.intake.consents import Consents
from flows.intake.identity import IdNumberQuestion, Name, PolicyNumber, Unmatched
from flows.intake.illness import IllnessQuestion
from flows.intake.question import Question
from flows.intake.record import Record
from flows.intake.review import Review

_ALL: tuple[Question, ...] = (
    Consents(),
    Name(),
    IdNumberQuestion(),
    PolicyNumber(),
    Unmatched(),
    IllnessQuestion(),
    Record(),
    Review(),
)

QUESTIONS: dict[str, Question] = {question.state: question for question in _ALL}

STEPS: dict[str, int] = {
    question.state: number
    for number, question in enumerate((question for question in _ALL if question.counted), start=1)
}
