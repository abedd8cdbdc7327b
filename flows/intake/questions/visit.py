"""What kind of visit, in which city and at which hospitals; and whether originals may be handed over [OP-Tb, OP-N5]."""

import re
from collections.abc import Mapping
from typing import ClassVar

from flows.cases.answers import NAMES
from flows.intake.questions.choice_question import ChoiceQuestion
from flows.intake.questions.network import OUTSIDE, code_of, network, read_city
from flows.intake.questions.places import known_place
from flows.intake.questions.question import (
    NEEDS_BUTTON,
    Answer,
    Choice,
    Context,
    PartialAnswer,
    Prompt,
    Reading,
    in_rows,
)
from flows.intake.questions.visit_question import VisitQuestion
from flows.intake.questions.visit_words import TABLE, kept_words, plausible, says
from flows.intake.questions.visit_words import holds as has_word
from flows.messages import VERBATIM, MessageKey, message
from flows.reading.fold import plain
from flows.reading.refusal import Refusal

ASK_CITY = message("visit.ask_city")
WHICH_CITY = message("visit.which_city")
MORE = message("visit.more")

ASK_KIND = message("visit.ask_kind")
KINDS: dict[str, MessageKey] = {
    kind: message(f"visit.kind_{kind}") for kind in ("vip", "specialist", "either")
}  # 特需, 专家, 都可以

ASK_ORIGINALS = message("visit.ask_originals")
WILLING: dict[str, MessageKey] = {answer: message(f"visit.originals_{answer}") for answer in ("yes", "no")}

REFUSALS: dict[str, MessageKey] = {
    code: message(f"refusal.{code}") for code in ("city_unknown", "city_outside", "kind_unclear", "originals_unclear")
}

CITIES = 12  # a page of cities, three a row
ACROSS = 3
SHORT = 8  # characters of a piece that says which kind
LONGEST_NAME = 13  # characters of a city with its province
SEEKS = re.compile(TABLE["seeks"])
NOT_KIND = {kind: re.compile(TABLE[f"not_{kind}"]) for kind in ("vip", "specialist")}


class City(VisitQuestion):
    """The city of the visit by button, those with most network hospitals first, or typed.

    A place without a network hospital is kept: the next question tells that a neighbouring one may be offered.
    """

    state: ClassVar[str] = "city"
    also: ClassVar[tuple[str, ...]] = ("city_offered",)
    cites: ClassVar[tuple[str, ...]] = ("OP-Tb",)
    label: ClassVar[MessageKey | None] = message("visit.label_city")

    def ask(self, context: Context) -> Prompt:
        """Show a page of cities, or those that what was typed may mean."""
        if offered := NAMES.decode(context.session.answers.get("city_offered", "")):
            return Prompt(WHICH_CITY(), in_rows([_named(city) for city in offered], ACROSS))
        cities = _cities(context)
        pages = max(1, -(-len(cities) // CITIES))
        page = (max(context.page, 1) - 1) % pages + 1
        rows = in_rows([_named(city) for city in cities[(page - 1) * CITIES : page * CITIES]], ACROSS)
        return Prompt(ASK_CITY(), (*rows, (Choice(MORE(), page=page % pages + 1),)) if pages > 1 else rows)

    def read(self, text: str, context: Context) -> Reading:
        """Read a city, or a province; what no gazetteer has is asked for once more, then kept as it was said."""
        named = read_city(text, context.reference.hospitals) if _is_about_the_visit(text) else ()
        if named == (OUTSIDE,):
            return Refusal("city_outside")
        if len(named) > 1:
            return PartialAnswer({"city_offered": NAMES.encode(named[:CITIES])})
        words = kept_words(text)
        again = context.session.failed_answers > 0 and context.session.missed == "city_unknown"
        if not named and not (again and plausible(words, LONGEST_NAME)):
            return Refusal("city_unknown")
        return Answer(named[0] if named else words, {"city_offered": ""})

    def tells(self, piece: str) -> bool:
        """It is no hospital's name, which may hold a city's."""
        return not has_word("names_hospital", piece)

    def choose(self, value: str, context: Context) -> Reading:
        """Accept a city of the list, or one that was offered."""
        offered = NAMES.decode(context.session.answers.get("city_offered", ""))
        known = {code_of(city): city for city in (*_cities(context), *offered)}
        return Answer(known[value], {"city_offered": ""}) if value in known else NEEDS_BUTTON


def _is_about_the_visit(text: str) -> bool:
    """Return True if a city in `text` is where the visit shall be: hardly more is said, or one is treated there."""
    if SEEKS.search(text):
        return True
    return len(kept_words(text)) <= LONGEST_NAME and not has_word("elsewhere", text)


def _named(name: str) -> Choice:
    return Choice(VERBATIM(text=name), value=code_of(name))


def _cities(context: Context) -> tuple[str, ...]:
    """Return the cities of the network: first that of a hospital the person spoke of before, then by size."""
    cities = network(context.reference.hospitals).cities
    answers = context.session.answers
    spoken = (known_place(answers.get(name, ""), context).hospital for name in ("wanted", "record_hospital"))
    near = [hospital.city for hospital in spoken if hospital is not None and hospital.city in cities]
    return tuple(dict.fromkeys((*near, *cities)))


class VisitKind(VisitQuestion, ChoiceQuestion):
    """特需 or 专家: what the visit is to be; either will do, too."""

    state: ClassVar[str] = "visit_kind"
    cites: ClassVar[tuple[str, ...]] = ("OP-Tb",)
    label: ClassVar[MessageKey | None] = message("visit.label_kind")
    prompt: ClassVar[MessageKey] = ASK_KIND
    options: ClassVar[Mapping[str, MessageKey]] = KINDS
    abreast: ClassVar[int] = 3
    in_passing: ClassVar[bool] = False

    def read(self, text: str, _context: Context) -> Reading:
        """Read the word for it; both of them is either; who does not want 特需 is given 专家."""
        folded = plain(text).casefold()
        refused = [kind for kind, sign in NOT_KIND.items() if sign.search(folded)]
        kinds = [kind for kind in ("vip", "specialist") if has_word(kind, text) and kind not in refused]
        if len(kinds) > 1 or says("either", text):
            return Answer("either")
        if refused == ["vip"]:
            return Answer("specialist")
        return Answer(kinds[0]) if kinds else Refusal("kind_unclear")

    def tells(self, piece: str) -> bool:
        """It is hardly more than the word."""
        return len(piece) <= SHORT


class Originals(VisitQuestion, ChoiceQuestion):
    """Whether originals of documents may be handed to the hospital; a no is kept, and stands in nobody's way."""

    state: ClassVar[str] = "originals"
    cites: ClassVar[tuple[str, ...]] = ("OP-N5",)
    label: ClassVar[MessageKey | None] = message("visit.label_originals")
    prompt: ClassVar[MessageKey] = ASK_ORIGINALS
    options: ClassVar[Mapping[str, MessageKey]] = WILLING
    in_passing: ClassVar[bool] = False

    def read(self, text: str, _context: Context) -> Reading:
        """Read a plain yes or no."""
        answers = [answer for answer in WILLING if says(answer, text)]
        return Answer(answers[0]) if answers else Refusal("originals_unclear")
