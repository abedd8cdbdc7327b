"""Which illness of the contract's list [G3, G4, OP-N7]."""

from collections.abc import Mapping
from typing import ClassVar

from flows.cases.answers import CODES
from flows.intake.questions.choice_question import ChoiceQuestion, answer_in
from flows.intake.questions.question import Answer, Choice, Context, PartialAnswer, Prompt, Question, Reading, in_rows
from flows.messages import VERBATIM, MessageKey, Text, message
from flows.reading.fold import plain
from flows.reading.illnesses import Certainty, IllnessReading, IllnessStatus, read_illness
from flows.reading.refusal import Refusal
from flows.terms.facts import CONFIRMED, SUSPECTED, UNLISTED

WHICH_ILLNESS = message("ask.which_illness")
ASK_ILLNESS = message("ask.illness", "page", "pages")
MORE = message("illness.more")
OTHER = message("illness.other")

ILLNESS_OTHER = message("illness.not_listed")
CONDITION = message("ask.condition")

SHOWN = 24  # characters on the review card
PAGE = 10
NOT_ON_LIST = "illness_not_found"


class IllnessQuestion(Question):
    """The illness by button, ten at a time, or typed; what is not on the list is a human's to decide."""

    state: ClassVar[str] = "illness"
    also: ClassVar[tuple[str, ...]] = ("illness_standing", "illness_words", "illness_offered")
    rests_on: ClassVar[tuple[str, ...]] = ("product",)
    cites: ClassVar[tuple[str, ...]] = ("G3", "OP-Ta", "OP-P2", "IP-P2")
    label: ClassVar[MessageKey | None] = message("label.illness")

    def shown(self, context: Context) -> Text | None:
        """Return its name on the list, else the words in which it was given."""
        answers = context.session.answers
        name = context.reference.illness_name(context.session.product, answers.get(self.state, ""))
        words = name or answers.get("illness_words", "")
        return VERBATIM(text=words[:SHOWN]) if words else ILLNESS_OTHER()

    def ask(self, context: Context) -> Prompt:
        """Show one page of the list, two a row; or what the words that were typed may mean."""
        if offered := _offered(context):
            return self.ask_offered(offered, context)
        listed = context.reference.illnesses_of(context.session.product)
        pages = max(1, -(-len(listed) // PAGE))
        page = min(max(context.page, 1), pages)
        shown = listed[(page - 1) * PAGE : page * PAGE]
        buttons = [Choice(VERBATIM(text=illness.short), value=illness.code) for illness in shown]
        rows = [tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2)]
        last = [Choice(OTHER(), value=UNLISTED)]
        if pages > 1:
            last.insert(0, Choice(MORE(), page=page % pages + 1))
        return Prompt(ASK_ILLNESS(page=page, pages=pages), (*rows, tuple(last)))

    def ask_offered(self, offered: tuple[str, ...], context: Context) -> Prompt:
        """Ask which one it is."""
        product = context.session.product
        listed = context.reference.illnesses[product].illnesses
        short = {illness.code: illness.short or illness.name for illness in listed}
        buttons = [Choice(VERBATIM(text=short[code]), value=code) for code in offered if code in short]
        return Prompt(WHICH_ILLNESS(), (*in_rows(buttons, 2), (Choice(OTHER(), value=UNLISTED),)))

    def read(self, text: str, context: Context) -> Reading:
        """Read it in the person's own words; these are kept for whoever decides.

        What is not on the list is asked for once more, in the doctor's words, then a human decides [G4].
        """
        listed = context.reference.illnesses.get(context.session.product)
        neither = answer_in(text) in {"neither", "unknown"}
        if neither or listed is None:
            return self.kept(UNLISTED, "" if neither else text, IllnessStatus.UNCLEAR)
        reading = read_illness(text, listed)
        if reading.status is IllnessStatus.EMERGENCY:  # 120 was said already; the question waits
            return Refusal("illness_unclear")
        if len(reading.illnesses) > 1 or (reading.status is IllnessStatus.REVIEW and _may_be_meant(reading)):
            return self.offered(reading, text)
        if reading.illnesses or reading.status is IllnessStatus.CONTRACT_DEPENDENT:
            code = reading.illnesses[0].code if reading.illnesses else UNLISTED
            return self.kept(code, text, reading.status)
        again = context.session.failed_answers > 0 and context.session.missed == NOT_ON_LIST
        if again and reading.status in {IllnessStatus.NOT_LISTED, IllnessStatus.REVIEW}:
            return self.kept(UNLISTED, text, reading.status)
        return Refusal("illness_unclear" if reading.status is IllnessStatus.UNCLEAR else NOT_ON_LIST)

    def offered(self, reading: IllnessReading, text: str) -> PartialAnswer:
        """Ask which of several is meant, or whether it is this one, where it was only suspected or misspelt."""
        codes = CODES.encode(tuple(illness.code for illness in reading.illnesses))
        return PartialAnswer({"illness_offered": codes, "illness_words": plain(text), **_condition_in(reading)})

    def choose(self, value: str, context: Context) -> Reading:
        """Accept a code of the list; of one that was offered the words are kept with it."""
        answers, product = context.session.answers, context.session.product
        severe = {illness.code for illness in context.reference.illnesses_of(product)}
        offered = _offered(context)
        words = answers.get("illness_words", "") if offered else ""
        if value == UNLISTED:
            return self.kept(UNLISTED, words, IllnessStatus.UNCLEAR)
        if value not in severe | {*offered}:
            return Refusal("pick_a_button")
        kept = self.kept(value, words, IllnessStatus.LISTED if value in severe else IllnessStatus.MILD)
        said = {"condition": answers["condition"]} if offered and "condition" in answers else {}
        return Answer(kept.value, {**kept.also, **said})

    def kept(self, code: str, words: str, status: IllnessStatus) -> Answer:
        """Return the answer with how it stands to the list, and the words it was given in."""
        kept = {"illness_standing": str(status), "illness_words": plain(words), "illness_offered": ""}
        return Answer(code, kept)


def _may_be_meant(reading: IllnessReading) -> bool:
    """Return True if one on the list may be meant, and no stage has to decide it."""
    return bool(reading.illnesses) and not reading.asks_stage


def _condition_in(reading: IllnessReading) -> dict[str, str]:
    """Return the next question's answer where the words say that it is only suspected."""
    return {"condition": SUSPECTED} if reading.certainty is Certainty.SUSPECTED else {}


def _offered(context: Context) -> tuple[str, ...]:
    return CODES.decode(context.session.answers.get("illness_offered", ""))


class Condition(ChoiceQuestion):
    """Confirmed by a doctor, or suspected: 疑似 is enough [G3]."""

    state: ClassVar[str] = "condition"
    telling: ClassVar[bool] = True
    rests_on: ClassVar[tuple[str, ...]] = ("illness",)
    cites: ClassVar[tuple[str, ...]] = ("G3", "OP-Ta", "IP-P2")
    prompt: ClassVar[MessageKey] = CONDITION
    label: ClassVar[MessageKey | None] = message("label.condition")
    options: ClassVar[Mapping[str, MessageKey]] = {
        CONFIRMED: message("condition.confirmed"),
        SUSPECTED: message("condition.suspected"),
    }
