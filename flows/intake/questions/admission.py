"""An admission or an operation: where, with a notice (入院通知单) or without, and which way it goes [IP-T, IP-N8].

Who leaves the hospital to us (由客服推荐) will be offered one of the network. Without a notice that is IP-B [IP-N8.1].
With one, nobody can say yet whether the hospital recommended is the one that issued it [IP-N8.2], so a human decides:
the branch by visit costs an outpatient use. Only a notice from outside the network settles it [IP-N8.4].
"""

import re
from collections.abc import Mapping
from typing import ClassVar, Literal

from flows.cases.answers import LATER, RECOMMEND
from flows.cases.case import IP
from flows.intake.questions.choice_question import ChoiceQuestion, said
from flows.intake.questions.day_question import DayQuestion
from flows.intake.questions.file_question import DONE, FileQuestion
from flows.intake.questions.hospital_question import NETWORK, HospitalQuestion, doubts
from flows.intake.questions.places import Place, known_place
from flows.intake.questions.question import NEEDS_BUTTON, Answer, Choice, Context, Prompt, Question, Reading, When
from flows.messages import VERBATIM, MessageKey, Text, message
from flows.reading.fold import one_line
from flows.reading.refusal import Refusal
from flows.terms.branch import BY_VISIT, OTHER_CAMPUS, UNDECIDED, WITH_NOTICE, AdmissionNotice, Placement, place

SAME = "same"
OTHER = "other_campus"

KNOWN: Mapping[str, bool] = {"yes": True, "no": False}

YES = message("admission.yes")
NO = message("admission.no")
NOT_SURE = message("admission.unknown")

ASK_WANTED = message("ask.wanted")
RECOMMENDED = message("wanted.recommend")
ASK_ISSUER = message("ask.issuer")
ASK_SAME = message("ask.issuer_or_same", "hospital")
THE_SAME = message("issuer.same")
ASK_FILE = message("ask.notice_file")
FILE_MORE = message("ask.notice_more", "count")
FILE_DONE = message("notice_file.done")
FILE_LATER = message("notice_file.later")
FILE_MISSING = message("notice_file.missing")

WITH = message("branch.with_notice", "target", "days")
WITHOUT_FILE = message("branch.with_notice_later", "target", "days")
VISIT = message("branch.by_visit", "because", "least", "most", "days")
HUMAN = message("branch.human", "because")
LINE = message("branch.line", "reason")
LINES = message("branch.lines", "before", "reason")
NOTED = message("branch.noted")

REASONS: dict[str, MessageKey] = {
    "IP-N8.1": message("branch.IP-N8.1"),
    "IP-N8.2": message("branch.IP-N8.2"),
    "IP-N8.3": message("branch.IP-N8.3"),
    "IP-N8.4": message("branch.IP-N8.4"),
    "unknown_notice": message("branch.unknown_notice"),
    "unknown_issuer": message("branch.unknown_issuer"),
    "other_campus": message("branch.other_campus"),
    "unknown_hospital": message("branch.unknown_hospital"),
}

BRANCHES: dict[str, MessageKey] = {
    WITH_NOTICE: message("branch.shown.with_notice"),
    BY_VISIT: message("branch.shown.by_visit"),
    UNDECIDED: message("branch.shown.human"),
}

REFUSALS: dict[str, MessageKey] = {"notice_first": message("refusal.notice_first")}
"""The sentences of what is refused here and nowhere else."""


def _admission(context: Context) -> bool:
    """An admission is requested."""
    return context.session.answers.get("service") == IP


def _notice(context: Context) -> bool:
    """An admission is requested, and there is a notice to ask about."""
    return _admission(context) and context.session.answers.get("notice") == "yes"


ADMISSION = When("admission", _admission)
NOTICE = When("notice", _notice)


class OfAdmission(Question):
    """Asked for an admission only."""

    when: ClassVar[When] = ADMISSION
    rests_on: ClassVar[tuple[str, ...]] = ("service",)


class OfNotice(OfAdmission):
    """Asked where there is a notice."""

    when: ClassVar[When] = NOTICE
    rests_on: ClassVar[tuple[str, ...]] = ("notice",)
    cites: ClassVar[tuple[str, ...]] = ("IP-P2",)


class Stay(OfAdmission, ChoiceQuestion):
    """To be treated, or to be operated on."""

    state: ClassVar[str] = "stay"
    telling: ClassVar[bool] = True
    cites: ClassVar[tuple[str, ...]] = ("IP-T",)
    prompt: ClassVar[MessageKey] = message("ask.stay")
    options: ClassVar[Mapping[str, MessageKey]] = {
        "admission": message("stay.admission"),
        "surgery": message("stay.surgery"),
    }
    label: ClassVar[MessageKey | None] = message("label.stay")


class Wanted(OfAdmission, HospitalQuestion):
    """The hospital wanted, or one that is recommended; and whether it is in the network [IP-N8.3]."""

    state: ClassVar[str] = "wanted"
    also: ClassVar[tuple[str, ...]] = ("wanted_network", "wanted_campus", *doubts("wanted"))
    cites: ClassVar[tuple[str, ...]] = ("IP-T", "IP-P2", "IP-N8.3")
    label: ClassVar[MessageKey | None] = message("label.wanted")

    def asks(self, _context: Context) -> Prompt:
        """Ask for its name."""
        return Prompt(ASK_WANTED(), ((Choice(RECOMMENDED(), value=RECOMMEND),),))

    def shown(self, context: Context) -> Text | None:
        """Return its name with its campus."""
        answers = context.session.answers
        if answers.get(self.state) == RECOMMEND:
            return RECOMMENDED()
        return _named(answers.get(self.state, ""), answers.get("wanted_campus", ""))

    def word(self, word: str, _context: Context) -> Answer | None:
        """Take 由客服推荐: it will be one of the network."""
        return Answer(RECOMMEND, {"wanted_network": "yes", "wanted_campus": ""}) if word == RECOMMEND else None

    def settled(self, place: Place, _context: Context) -> Answer:
        """Keep it, and whether it is in the network."""
        return Answer(place.name, {"wanted_network": NETWORK[place.network], "wanted_campus": place.campus})


class HasNotice(OfAdmission, ChoiceQuestion):
    """Whether there is an admission notice [IP-N8.1]."""

    state: ClassVar[str] = "notice"
    cites: ClassVar[tuple[str, ...]] = ("IP-P2", "IP-N8.1")
    prompt: ClassVar[MessageKey] = message("ask.notice")
    options: ClassVar[Mapping[str, MessageKey]] = {"yes": YES, "no": NO, "unknown": NOT_SURE}
    abreast: ClassVar[int] = 3
    label: ClassVar[MessageKey | None] = message("label.notice")


class Issuer(OfNotice, HospitalQuestion):
    """The hospital that issued the notice, and whether it is the one wanted [IP-N8.2, IP-N8.4]."""

    state: ClassVar[str] = "issuer"
    also: ClassVar[tuple[str, ...]] = ("issuer_network", "issuer_campus", "issuer_is_wanted", *doubts("issuer"))
    rests_on: ClassVar[tuple[str, ...]] = ("notice", "wanted")
    cites: ClassVar[tuple[str, ...]] = ("IP-P2", "IP-N8.2", "IP-N8.4")
    label: ClassVar[MessageKey | None] = message("label.issuer")

    def asks(self, context: Context) -> Prompt:
        """Ask whether it is the one wanted, or which; where none is wanted in particular, which."""
        if context.session.answers["wanted"] == RECOMMEND:
            return Prompt(ASK_ISSUER())
        wanted = wanted_place(context)
        hospital = _named(wanted.name, wanted.campus)
        return Prompt(ASK_SAME(hospital=hospital), ((Choice(THE_SAME(), value=SAME),),))

    def shown(self, context: Context) -> Text | None:
        """Return its name with its campus."""
        answers = context.session.answers
        return _named(answers.get(self.state, ""), answers.get("issuer_campus", ""))

    def word(self, word: str, context: Context) -> Answer | None:
        """Take 就是这家, where one is wanted; 是的 says the same while no other name is in doubt."""
        if context.session.answers["wanted"] == RECOMMEND:
            return None
        meant = word == SAME or (word == "yes" and not self.doubted(context))
        return self.settled(wanted_place(context), context) if meant else None

    def settled(self, place: Place, context: Context) -> Answer:
        """Keep it, with how it stands to the network and to the hospital wanted."""
        known = {"issuer_network": NETWORK[place.network], "issuer_campus": place.campus}
        return Answer(place.name, known | {"issuer_is_wanted": compared(place, wanted_place(context))})


def wanted_place(context: Context) -> Place:
    """Return the hospital wanted, as it was answered; with 由客服推荐 it is none that can be compared."""
    answers = context.session.answers
    if answers["wanted"] == RECOMMEND:
        return Place("")
    known = known_place(answers["wanted"], context)
    return Place(known.name, known.hospital, answers.get("wanted_campus", ""))


def compared(issuer: Place, wanted: Place) -> str:
    """Return whether the issuer is the hospital wanted: yes, no, other_campus, or unknown [IP-N8.2].

    Where only one of the two names a campus it may be another one, and a human looks at it.
    """
    if issuer.hospital and wanted.hospital:
        if issuer.hospital != wanted.hospital:
            return "no"
        return "yes" if _campus(issuer.campus) == _campus(wanted.campus) else OTHER
    same = issuer.hospital == wanted.hospital and _folded(issuer.name) == _folded(wanted.name) != ""
    return "yes" if same else "unknown"


def _campus(words: str) -> str:
    """Fold a campus: 东院, 东院区 and 东区 are one."""
    return re.sub("(院区|分院|院|区)$", "", _folded(words))


def _folded(words: str) -> str:
    return one_line(words).replace(" ", "").lower()


def _named(name: str, campus: str) -> Text:
    return VERBATIM(text=f"{name}（{campus}）" if campus else name)


class NoticeDate(OfNotice, DayQuestion):
    """The day on the notice."""

    state: ClassVar[str] = "notice_date"
    also: ClassVar[tuple[str, ...]] = ("notice_date_options",)
    rests_on: ClassVar[tuple[str, ...]] = ("notice", "issuer")
    prompt: ClassVar[MessageKey] = message("ask.notice_date")
    label: ClassVar[MessageKey | None] = message("label.notice_date")


class NoticeFile(OfNotice, FileQuestion):
    """A picture of the notice; it may be given later, and the working days count only from then [IP-A3]."""

    state: ClassVar[str] = "notice_file"
    files: ClassVar[str] = "notice"
    cites: ClassVar[tuple[str, ...]] = ("IP-P2", "IP-A3")
    label: ClassVar[MessageKey | None] = message("label.notice_file")
    nothing_yet: ClassVar[Refusal] = Refusal("notice_first")

    def answered(self, context: Context) -> bool:
        """Return True if it was given, or put off."""
        return super().answered(context) or context.session.answers.get(self.state) == LATER

    def shown(self, context: Context) -> Text | None:
        """Return how many there are, or that it is still to come."""
        return super().shown(context) if self.count(context) else FILE_MISSING()

    def ask(self, context: Context) -> Prompt:
        """Ask for the first, or whether there are more."""
        if not (count := self.count(context)):
            return Prompt(ASK_FILE(), ((Choice(FILE_LATER(), value=LATER),),))
        return Prompt(FILE_MORE(count=count), ((Choice(FILE_DONE(), value=DONE),),))

    def read(self, text: str, context: Context) -> Reading:
        """Take the words for either button; 没有 puts it off as long as there is none."""
        word = said(text) or ""
        return self.choose(LATER if word in {"no", "unknown"} else word, context)

    def choose(self, value: str, context: Context) -> Reading:
        """Take that it comes later, or that it is all there."""
        if value == LATER and not self.count(context):
            return Answer(LATER)
        return super().choose(value, context)


def notice_of(answers: Mapping[str, str]) -> AdmissionNotice:
    """Return what the answers say of the notice and the two hospitals, for the decision [IP-N8].

    Of the issuer only where there is a notice, whatever was answered before it was taken back.
    """
    has = KNOWN.get(answers.get("notice", ""))
    issuer = answers if has else {}
    return AdmissionNotice(
        has_notice=has,
        issuer_is_wanted=_same(issuer.get("issuer_is_wanted", "")),
        wanted_in_network=KNOWN.get(answers.get("wanted_network", "")),
        issuer_in_network=KNOWN.get(issuer.get("issuer_network", "")),
    )


def _same(answer: str) -> bool | Literal["other campus"] | None:
    return OTHER_CAMPUS if answer == OTHER else KNOWN.get(answer)


class Branch(OfAdmission):
    """Which way it goes, told with its reasons and taken note of; told anew when another way comes out [IP-N8]."""

    state: ClassVar[str] = "branch"
    rests_on: ClassVar[tuple[str, ...]] = ("wanted", "notice", "issuer")
    cites: ClassVar[tuple[str, ...]] = ("IP-N8", "IP-N8.1", "IP-N8.2", "IP-N8.3", "IP-N8.4", "IP-N10", "IP-N11")
    label: ClassVar[MessageKey | None] = message("label.branch")

    def answered(self, context: Context) -> bool:
        """Return True if note was taken of the branch that it is now."""
        return context.session.answers.get(self.state) == placement(context).branch

    def shown(self, context: Context) -> Text | None:
        """Return the branch in words."""
        return BRANCHES[placement(context).branch]()

    def ask(self, context: Context) -> Prompt:
        """Tell it."""
        return Prompt(told(placement(context), context), ((Choice(NOTED(), value=placement(context).branch),),))

    def read(self, text: str, context: Context) -> Reading:
        """Take 明白了 in words."""
        return Answer(placement(context).branch) if said(text) in {"noted", "yes"} else NEEDS_BUTTON

    def choose(self, value: str, context: Context) -> Reading:
        """Take note of the branch, which is the one that it is now."""
        return Answer(value) if value == placement(context).branch else NEEDS_BUTTON


def placement(context: Context) -> Placement:
    """Return the branch with its reasons."""
    return place(notice_of(context.session.answers))


def told(placed: Placement, context: Context) -> Text:
    """Tell a branch: why, what follows, what it costs [IP-A3, IP-B3, IP-B4, IP-N10, IP-N11]."""
    if placed.branch == WITH_NOTICE:
        return _with_notice(context)
    because = _lines(placed.because)
    if placed.branch == UNDECIDED:
        return HUMAN(because=because)
    terms, product = context.reference.terms, context.session.product
    offer = terms.services[IP].offer
    least, most = (offer.least, offer.most) if offer else (1, 1)
    days = terms.limit(IP, "specialist_visit", product).days
    return VISIT(because=because, least=least, most=most, days=days)


def _with_notice(context: Context) -> Text:
    limit = context.reference.terms.limit(IP, "admission", context.session.product)
    given = any(attachment.question == NoticeFile.files for attachment in context.session.attachments)
    return (WITH if given else WITHOUT_FILE)(target=limit.target or limit.days, days=limit.days)


def _lines(because: tuple[str, ...]) -> Text:
    """Return the reasons, a line each."""
    first, *others = (REASONS[reason]() for reason in because)
    text = LINE(reason=first)
    for reason in others:
        text = LINES(before=text, reason=reason)
    return text


class Infectious(OfAdmission, ChoiceQuestion):
    """An infectious disease: sensitive, and need not be said; it decides nothing [IP-N2]."""

    state: ClassVar[str] = "infectious"
    cites: ClassVar[tuple[str, ...]] = ("IP-N2",)
    prompt: ClassVar[MessageKey] = message("ask.infectious")
    options: ClassVar[Mapping[str, MessageKey]] = {"no": NO, "yes": YES, "skipped": message("infectious.skipped")}
    means: ClassVar[Mapping[str, str]] = {"unknown": "skipped"}
    abreast: ClassVar[int] = 3
    label: ClassVar[MessageKey | None] = message("label.infectious")


class Transfer(OfAdmission, ChoiceQuestion):
    """Whether another hospital of the same grade would do, where beds are short [IP-N6]."""

    state: ClassVar[str] = "transfer"
    cites: ClassVar[tuple[str, ...]] = ("IP-N6",)
    prompt: ClassVar[MessageKey] = message("ask.transfer")
    options: ClassVar[Mapping[str, MessageKey]] = {
        "yes": message("transfer.accepted"),
        "no": message("transfer.declined"),
    }
    label: ClassVar[MessageKey | None] = message("label.transfer")
