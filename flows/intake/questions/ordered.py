"""Every question, by topic and in the order of asking: the one place where a new one is entered.

The transition table, the review card, the help and the diagram follow from here. `plan` gives the questions that a
request is asked, worked out once for each combination of the conditions that questions share, so that looking for the
next one costs as much with three hundred questions as with thirty.
"""

from collections.abc import Iterable
from itertools import filterfalse

from msgspec import Struct

from flows.cases.answers import FIELDS
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
from flows.intake.questions.question import Context, Question
from flows.intake.questions.record import BetterRecord, Record, RecordDate, RecordHospital, RecordKind
from flows.intake.questions.review import Review
from flows.intake.questions.terms import TermsQuestion
from flows.intake.questions.visit import City, Originals, VisitKind
from flows.intake.questions.visit_date import VisitDate
from flows.intake.questions.visit_hospitals import Hospitals
from flows.messages import MessageKey

TOPICS: dict[str, tuple[Question, ...]] = {
    "consent": (Consents(),),
    "applicant": (ServiceQuestion(), Applicant(), Relation(), Authority()),
    "identity": (Name(), IdNumberQuestion(), Guardian(), PhoneQuestion(), PolicyNumber()),
    "illness": (IllnessQuestion(), Condition()),
    "record": (Record(), RecordHospital(), BetterRecord(), RecordKind(), RecordDate()),
    "admission": (Stay(), Wanted(), HasNotice(), Issuer(), NoticeDate(), NoticeFile(), Branch()),
    "visit": (City(), Hospitals(), Department(), VisitKind(), VisitDate(), Originals()),
    "admission_risks": (Infectious(), Transfer()),
    "terms": (TermsQuestion(),),
}

ORDERED: tuple[Question, ...] = tuple(question for topic in TOPICS.values() for question in topic)
ALL: tuple[Question, ...] = (*ORDERED, Unmatched(), Review())  # the last two are outside of the order
QUESTIONS: dict[str, Question] = {question.state: question for question in ALL}


def check_declared(questions: Iterable[Question]) -> None:
    """Raise ValueError with the names of answers that questions store and that nobody declared."""
    if undeclared := {name for question in questions for name in question.stores} - FIELDS.keys():
        raise ValueError(sorted(undeclared))


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


class Plan(Struct, frozen=True):
    """The questions that a request is asked, in their order.

    `plain` have their answer as soon as one is kept under their name; `others` decide for themselves, each with the
    number of plain ones before it. `names` are all names under which the questions keep something.
    """

    questions: tuple[Question, ...]
    plain: tuple[str, ...]
    others: tuple[tuple[int, Question], ...]
    counted: tuple[str, ...]
    names: frozenset[str]

    def next_open(self, context: Context) -> str:
        """Return the first question without an answer; empty where there is none."""
        name = next(filterfalse(context.session.answers.__contains__, self.plain), "")
        before = self.plain.index(name) if name else len(self.plain)
        return next((q.state for at, q in self.others if at <= before and not q.answered(context)), name)


class Order:
    """Questions in the order of asking, and the plans that follow from it."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        self._questions = questions
        self._conditions = tuple(dict.fromkeys(question.when for question in questions))
        self._holding = tuple(condition.holds for condition in self._conditions)
        self._plans: dict[tuple[bool, ...], Plan] = {}

    def plan(self, context: Context) -> Plan:
        """Return the questions that this request is asked, by what was answered so far."""
        holding = tuple([holds(context) for holds in self._holding])  # a list: of each update this is called twice
        if (found := self._plans.get(holding)) is None:
            found = self._plans[holding] = self._planned(holding)
        return found

    def _planned(self, holding: tuple[bool, ...]) -> Plan:
        asked = {condition for condition, holds in zip(self._conditions, holding, strict=True) if holds}
        questions = tuple(question for question in self._questions if question.when in asked)
        plain: list[str] = []
        others = []
        for question in questions:
            if type(question).answered is Question.answered:
                plain.append(question.state)
            else:
                others.append((len(plain), question))
        counted = tuple(q.state for q in questions if q.counted)
        names = frozenset(name for q in questions for name in q.stores)
        return Plan(questions, tuple(plain), tuple(others), counted, names)


plan = Order(ORDERED).plan
