"""Every question, in the order of asking: the one place where a new one is entered, besides its row in the table."""

from flows.intake.applicant import Applicant, Authority, Guardian, Relation, Service
from flows.intake.consents import Consents
from flows.intake.identity import IdNumberQuestion, Name, PhoneQuestion, PolicyNumber, Unmatched
from flows.intake.illness import Condition, IllnessQuestion
from flows.intake.question import Question
from flows.intake.record import Record
from flows.intake.review import Review

ALL: tuple[Question, ...] = (
    Consents(),
    Service(),
    Applicant(),
    Relation(),
    Authority(),
    Name(),
    IdNumberQuestion(),
    Guardian(),
    PhoneQuestion(),
    PolicyNumber(),
    IllnessQuestion(),
    Condition(),
    Record(),
    Unmatched(),
    Review(),
)

QUESTIONS: dict[str, Question] = {question.state: question for question in ALL}
