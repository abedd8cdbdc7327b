"""Every answer that a session or a case may hold, each declared once, in the order of the agent's card.

A question names what it stores (`Question.stores`); a name that is not declared here is an error when the engine is
built. What follows from a declaration is derived: the lines of the agent's card, what an anonymous case keeps, what a
case takes besides the answers to its questions.
"""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from flows.cases.case import IP, OP
from flows.cases.codecs import Code, Codec, Count, Day, Days, Or, Plain, Several
from flows.messages import MessageKey, message
from flows.reading.id_numbers import IdKind
from flows.reading.illnesses import IllnessStatus
from flows.reading.named_doctor import DoctorWish
from flows.terms.branch import BY_VISIT, UNDECIDED, WITH_NOTICE
from flows.terms.facts import IN_NETWORK, OUTSIDE, UNLISTED


class AnswerField(Struct, frozen=True):
    """The declaration of one answer.

    `label` is that of its line on the agent's card; without one it has no line. `masked`: the line shows its last
    characters. `beside` names the answer behind which its words stand in brackets. `identifies`: it may say whose the
    case is, so an anonymous case does not keep it. `working`: only its question uses it, while it asks. `asked`: a
    question stores it; others follow from the policy or from a decision.
    """

    name: str
    codec: Codec[Any]  # of whichever type its values have
    label: MessageKey | None = None
    masked: bool = False
    beside: str = ""
    identifies: bool = True
    working: bool = False
    asked: bool = True


TEXT: Final = Plain()
DAY: Final = Day()
DAYS: Final = Days()
NAMES: Final = Several(TEXT, "、")  # no official name holds it
CODES: Final = Several(TEXT, ",")
NAME_OPTIONS: Final = Several(TEXT, "\n")
DAY_OPTIONS: Final = Several(DAY, " ")
DAYS_OPTIONS: Final = Several(DAYS, ",")

UNKNOWN: Final = "unknown"
RECOMMEND: Final = "recommend"
SOONEST: Final = "soonest"
LATER: Final = "later"

_NETWORK: Final = {code: message(f"answer.network.{code}") for code in ("yes", "no", UNKNOWN)}


def _label(name: str) -> MessageKey:
    return message(f"answer.{name}")


def _words(name: str, *codes: str) -> dict[str, MessageKey | None]:
    """Return the codes of a list with the words that an agent reads for each."""
    return {code: message(f"answer.{name}.{code}") for code in codes}


def _codes(*codes: str) -> dict[str, MessageKey | None]:
    """Return the codes of a list that no agent reads, or reads as they are."""
    return dict.fromkeys(codes)


def _choice(name: str, *codes: str) -> Code:
    return Code(_words(name, *codes))


def _options(name: str) -> tuple[AnswerField, AnswerField]:
    """Declare the hospitals that may be meant, and the words in which one was named."""
    names = AnswerField(f"{name}_options", NAME_OPTIONS, working=True)
    return names, AnswerField(f"{name}_words", TEXT, working=True)


DECLARED: Final[tuple[AnswerField, ...]] = (
    AnswerField("service", Code(_codes(OP, IP)), identifies=False),
    # who
    AnswerField("name", TEXT, label=_label("name")),
    AnswerField(
        "applicant",
        _choice("applicant", "self", "relative", "other"),
        label=_label("applicant"),
        identifies=False,
    ),
    AnswerField(
        "relation",
        _choice("relation", "spouse", "parent", "child", "sibling", "other"),
        beside="applicant",
    ),
    AnswerField("authority", Code(_codes("yes"))),
    AnswerField("guardian", Code(_codes("yes", "of_age"))),
    AnswerField("phone", TEXT, label=_label("phone")),
    AnswerField("phone_verified", _choice("phone_verified", "insured", "holder"), beside="phone"),
    AnswerField("phone_shared", Code(_codes("yes"))),
    AnswerField("phone_on_file", TEXT, asked=False),
    AnswerField("id_number", TEXT, label=_label("id_number"), masked=True),
    AnswerField("id_kind", Code(_codes(*IdKind))),
    AnswerField("policy_number", TEXT, label=_label("policy_number"), masked=True),
    AnswerField("uses_left", CODES, asked=False),
    # the illness and its record
    AnswerField("illness", Or(TEXT, _codes(UNLISTED)), label=_label("illness"), identifies=False),
    AnswerField("condition", _choice("condition", "confirmed", "suspected"), beside="illness", identifies=False),
    AnswerField("illness_standing", Code(_codes(*IllnessStatus)), identifies=False),
    AnswerField("illness_words", TEXT),
    AnswerField("illness_offered", CODES, working=True),
    AnswerField("record", Count(), label=_label("record")),
    AnswerField("record_hospital", TEXT, label=_label("record_hospital")),
    AnswerField("record_source", CODES, identifies=False),
    *_options("record_hospital"),
    AnswerField("better_record", Code(_codes("no"))),
    AnswerField(
        "record_kind",
        _choice(
            "record_kind",
            "outpatient_record",
            "discharge_summary",
            "examination_report",
            "diagnosis_report",
            "other",
        ),
        label=_label("record_kind"),
        identifies=False,
    ),
    AnswerField("record_date", Or(DAY, _words("record_date", UNKNOWN)), label=_label("record_date")),
    AnswerField("record_date_options", DAY_OPTIONS, working=True),
    # an admission
    AnswerField("stay", _choice("stay", "admission", "surgery"), label=_label("stay"), identifies=False),
    AnswerField("wanted", Or(TEXT, _codes(RECOMMEND)), label=_label("wanted")),
    AnswerField("wanted_network", Code(_NETWORK), beside="wanted"),
    AnswerField("wanted_campus", TEXT),
    *_options("wanted"),
    AnswerField("notice", _choice("notice", "yes", "no", UNKNOWN), label=_label("notice"), identifies=False),
    AnswerField("issuer", TEXT, label=_label("issuer")),
    AnswerField("issuer_network", Code(_NETWORK), beside="issuer"),
    AnswerField(
        "issuer_is_wanted",
        Code(_words("issuer_is_wanted", "yes", "no", "other_campus") | _codes(UNKNOWN)),
        beside="issuer",
    ),
    AnswerField("issuer_campus", TEXT),
    *_options("issuer"),
    AnswerField("notice_date", Or(DAY, _codes(UNKNOWN)), label=_label("notice_date")),
    AnswerField("notice_date_options", DAY_OPTIONS, working=True),
    AnswerField("notice_file", Or(Count(), _codes(LATER))),
    AnswerField("branch", Code(_codes(WITH_NOTICE, BY_VISIT, UNDECIDED)), identifies=False),
    # a visit
    AnswerField("city", TEXT, label=_label("city")),
    AnswerField("city_offered", NAMES, working=True),
    AnswerField("hospitals", Or(NAMES, _words("hospitals", RECOMMEND)), label=_label("hospitals")),
    AnswerField(
        "hospitals_network",
        Code({IN_NETWORK: _NETWORK["yes"], OUTSIDE: _NETWORK["no"], UNKNOWN: _NETWORK[UNKNOWN]}),
        beside="hospitals",
    ),
    AnswerField("hospitals_chosen", NAMES, working=True),
    AnswerField("hospitals_offered", NAMES, working=True),
    AnswerField("hospitals_page", Count(), working=True),
    AnswerField("department", Or(TEXT, _codes(RECOMMEND)), label=_label("department")),
    AnswerField("department_insists", _choice("department_insists", "yes"), beside="department"),
    AnswerField("department_ground", TEXT),
    AnswerField("department_asked", TEXT, working=True),
    AnswerField("department_options", NAMES, working=True),
    AnswerField(
        "visit_kind",
        _choice("visit_kind", "vip", "specialist", "either"),
        label=_label("visit_kind"),
        identifies=False,
    ),
    AnswerField("visit_date", Or(DAYS, _words("visit_date", SOONEST)), label=_label("visit_date")),
    AnswerField("visit_date_meant", DAYS_OPTIONS, working=True),
    AnswerField("visit_date_why", Code(_codes("early", "rest", "doubt")), working=True),
    AnswerField("originals", _choice("originals", "yes", "no"), label=_label("originals"), identifies=False),
    AnswerField("doctor_words", TEXT, label=_label("doctor_words")),
    AnswerField("doctor_wish", Code(_codes(*DoctorWish))),
    # what an admission may depend on
    AnswerField(
        "infectious",
        _choice("infectious", "yes", "no", "skipped"),
        label=_label("infectious"),
        identifies=False,
    ),
    AnswerField("transfer", _choice("transfer", "yes", "no"), label=_label("transfer"), identifies=False),
    # what was decided
    AnswerField("refused_for", TEXT, asked=False),
)

FIELDS: Final[Mapping[str, AnswerField]] = {field.name: field for field in DECLARED}

UNASKED: Final = frozenset(field.name for field in DECLARED if not field.asked)
"""What no question asks for."""


def identifying_nobody(answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers that are declared to identify nobody; one that is not declared may identify somebody."""
    return {name: text for name, text in answers.items() if name in FIELDS and not FIELDS[name].identifies}
