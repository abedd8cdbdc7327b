"""Every question, in the order of asking: the one place where a new one is entered, besides its row in the table."""

from flows.intake import texts
from flows.intake.questions import admission, department, record, visit, visit_date, visit_hospitals
from flows.intake.questions.admission import (
    Branch,
    HasNotice,
    Infectious,
    Issuer,
    NoticeDate,
    NoticeFile,
    Stay,
    Transfer,
    Wanted,
)
from flows.intake.questions.applicant import Applicant, Authority, Guardian, Relation, ServiceQuestion
from flows.intake.questions.consents import Consents
from flows.intake.questions.department import Department
from flows.intake.questions.identity import IdNumberQuestion, Name, PhoneQuestion, PolicyNumber, Unmatched
from flows.intake.questions.illness import Condition, IllnessQuestion
from flows.intake.questions.question import Question
from flows.intake.questions.record import BetterRecord, Record, RecordDate, RecordHospital, RecordKind
from flows.intake.questions.review import Review
from flows.intake.questions.terms import TermsQuestion
from flows.intake.questions.visit import City, Originals, VisitKind
from flows.intake.questions.visit_date import VisitDate
from flows.intake.questions.visit_hospitals import Hospitals
from flows.messages import MessageKey

ALL: tuple[Question, ...] = (
    Consents(),
    # who and what
    ServiceQuestion(), Applicant(), Relation(), Authority(),
    Name(), IdNumberQuestion(), Guardian(), PhoneQuestion(), PolicyNumber(),
    # the illness and its record
    IllnessQuestion(), Condition(), Record(), RecordHospital(), BetterRecord(), RecordKind(), RecordDate(),
    # an admission
    Stay(), Wanted(), HasNotice(), Issuer(), NoticeDate(), NoticeFile(), Branch(),
    # a visit
    City(), Hospitals(), Department(), VisitKind(), VisitDate(), Originals(),
    # what an admission may depend on
    Infectious(), Transfer(),
    # the clauses to be acknowledged
    TermsQuestion(),
    # what is outside of the order
    Unmatched(), Review(),
)  # fmt: skip

QUESTIONS: dict[str, Question] = {question.state: question for question in ALL}

REFUSALS: dict[str, MessageKey] = {
    **texts.REFUSALS,
    **record.REFUSALS,
    **admission.REFUSALS,
    **visit.REFUSALS,
    **visit_hospitals.REFUSALS,
    **department.REFUSALS,
    **visit_date.REFUSALS,
}
"""What is said to an answer that was not understood, by its code."""
