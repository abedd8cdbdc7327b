"""Which service, and who asks for whom: the patient must be the insured, a relative may type [G3]."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Final

from flows.cases.case import IP, OP
from flows.intake.questions.choice_question import CHOICES, ChoiceQuestion, told
from flows.intake.questions.question import NEEDS_BUTTON, Answer, Choice, Context, Prompt, Reading, When
from flows.messages import MessageKey, message
from flows.reading.documents import gb11643
from flows.reading.fold import bare

SELF: Final = "self"
RELATIVE: Final = "relative"
OTHER: Final = "other"  # the patient is not the insured
GUARDED_UNDER: Final = 14  # years (个人信息保护法 31)
CITIZEN_NUMBER: Final = 18  # characters

ASK_SERVICE = message("ask.service")
ASK_APPLICANT = message("ask.applicant")
ASK_RELATION = message("ask.relation")
ASK_AUTHORITY = message("ask.authority")
ASK_GUARDIAN = message("ask.guardian")
DECLINE_GUARDIAN = message("guardian.no")
ASK_AGE = message("ask.guardian_age")
DECLINE_UNDER_AGE = message("guardian.under_age_no")
OF_AGE: Final = "of_age"
AGE: Final = "guardian_age"  # under which its words stand where the age is asked for


class ServiceQuestion(ChoiceQuestion):
    """特需、专家门诊 or 住院、手术 [OP-T, IP-T]."""

    state: ClassVar[str] = "service"
    telling: ClassVar[bool] = True
    cites: ClassVar[tuple[str, ...]] = ("OP-Tb", "OP-P2", "IP-T")
    has_back: ClassVar[bool] = False
    prompt: ClassVar[MessageKey] = ASK_SERVICE
    label: ClassVar[MessageKey | None] = message("label.service")
    options: ClassVar[Mapping[str, MessageKey]] = {OP: message("service.op"), IP: message("service.ip")}
    abreast: ClassVar[int] = 1


class Applicant(ChoiceQuestion):
    """Who types: the insured, or a relative; and whether the patient is the insured [G3]."""

    state: ClassVar[str] = "applicant"
    telling: ClassVar[bool] = True
    cites: ClassVar[tuple[str, ...]] = ("G3",)
    prompt: ClassVar[MessageKey] = ASK_APPLICANT
    label: ClassVar[MessageKey | None] = message("label.applicant")
    options: ClassVar[Mapping[str, MessageKey]] = {
        SELF: message("applicant.self"),
        RELATIVE: message("applicant.relative"),
        OTHER: message("applicant.other"),
    }
    abreast: ClassVar[int] = 1


def _relative(context: Context) -> bool:
    """A relative types."""
    return context.session.answers.get("applicant") == RELATIVE


class Relation(ChoiceQuestion):
    """What the one who types is to the insured."""

    state: ClassVar[str] = "relation"
    when: ClassVar[When] = When("relative", _relative)
    telling: ClassVar[bool] = True
    rests_on: ClassVar[tuple[str, ...]] = ("applicant",)
    cites: ClassVar[tuple[str, ...]] = ("G3",)
    prompt: ClassVar[MessageKey] = ASK_RELATION
    label: ClassVar[MessageKey | None] = message("label.relation")
    options: ClassVar[Mapping[str, MessageKey]] = {
        "spouse": message("relation.spouse"),
        "parent": message("relation.parent"),
        "child": message("relation.child"),
        "sibling": message("relation.sibling"),
        "other": message("relation.other"),
    }


class Authority(Relation):
    """The relative declares to act with the insured's consent."""

    state: ClassVar[str] = "authority"
    telling: ClassVar[bool] = False
    rests_on: ClassVar[tuple[str, ...]] = ("relation",)
    prompt: ClassVar[MessageKey] = ASK_AUTHORITY
    label: ClassVar[MessageKey | None] = None
    options: ClassVar[Mapping[str, MessageKey]] = {"yes": message("authority.yes")}


def _guarded(context: Context) -> bool:
    """The document says that the patient is under 14, or does not say."""
    number = context.session.answers.get("id_number", "")
    if not number:
        return False
    born = born_on(number)
    return born is None or gb11643.age_on(born, context.today) < GUARDED_UNDER


class Guardian(ChoiceQuestion):
    """The patient is under 14: only a guardian can consent (个人信息保护法 31).

    A document that does not say when the patient was born (a passport) leaves the age to be asked for: `of_age` then
    says that nobody else must consent.
    """

    state: ClassVar[str] = "guardian"
    when: ClassVar[When] = When("guardian", _guarded)
    rests_on: ClassVar[tuple[str, ...]] = ("id_number",)
    prompt: ClassVar[MessageKey] = ASK_GUARDIAN
    options: ClassVar[Mapping[str, MessageKey]] = {"yes": message("guardian.yes")}
    ages: ClassVar[Mapping[str, MessageKey]] = {
        OF_AGE: message("guardian.of_age"),
        "yes": message("guardian.under_age"),
    }

    def ask(self, context: Context) -> Prompt:
        """Ask; whoever is no guardian cannot go on."""
        if not _is_age_open(context):
            asks = super().ask(context)
            return Prompt(asks.text, (*asks.rows, (Choice(DECLINE_GUARDIAN(), fires="decline"),)))
        rows = tuple((Choice(label(), value=value),) for value, label in self.ages.items())
        return Prompt(ASK_AGE(), (*rows, (Choice(DECLINE_UNDER_AGE(), fires="decline"),)))

    def read(self, text: str, context: Context) -> Reading:
        """Take words for a button; where the age is asked for, 是的 says that the patient is 14."""
        if not _is_age_open(context):
            return super().read(text, context)
        return self.choose(CHOICES[AGE].get(bare(text), "") or told(AGE, text), context)

    def choose(self, value: str, context: Context) -> Reading:
        """Take one of the values that are offered."""
        return Answer(value) if value in (self.ages if _is_age_open(context) else self.options) else NEEDS_BUTTON


def _is_age_open(context: Context) -> bool:
    """Return True if the document does not say how old the patient is."""
    return born_on(context.session.answers.get("id_number", "")) is None


def born_on(number: str) -> date | None:
    """Return the birthday that a citizen number states; None for a document of another kind."""
    return gb11643.day_of(number[6:14]) if len(number) == CITIZEN_NUMBER else None
