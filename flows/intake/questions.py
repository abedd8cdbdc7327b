"""Every question, in the order of asking: the one place where a new one is entered, besides its row in the table."""

from flows.intake import admission, department, record, texts, visit, visit_date, visit_hospitals
from flows.intake.admission import Branch, HasNotice, Infectious, Issuer, NoticeDate, NoticeFile, Stay, Transfer, Wanted
from flows.intake.applicant import Applicant, Authority, Guardian, Relation, Service
from flows.intake.consents import Consents
from flows.intake.department import Department
from flows.intake.identity import IdNumberQuestion, Name, PhoneQuestion, PolicyNumber, Unmatched
from flows.intake.illness import Condition, IllnessQuestion
from flows.intake.question import Question
from flows.intake.record import BetterRecord, Record, RecordDate, RecordHospital, RecordKind
from flows.intake.review import Review
from flows.intake.terms import TermsQuestion
from flows.intake.visit import City, Originals, VisitKind
from flows.intake.visit_date import VisitDate
from flows.intake.visit_hospitals import Hospitals
from flows.messages import MessageKey

ALL: tuple[Question, ...] = (
    Consents(),
    # who and what
    Service(), Applicant(), Relation(), Authority(),
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
