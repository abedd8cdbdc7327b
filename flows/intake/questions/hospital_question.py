"""A question for one hospital: typed, and where several have the name, asked back by number, five at a time."""

import re
from collections.abc import Mapping
from unicodedata import numeric

from flows.cases.answers import NAME_OPTIONS
from flows.intake.questions.choice_question import said
from flows.intake.questions.places import Place, read_place
from flows.intake.questions.question import Answer, Choice, Context, PartialAnswer, Prompt, Question, Reading
from flows.intake.questions.visit_words import holds, kept_words, plausible, sounds_like_hospital
from flows.messages import VERBATIM, MessageKey, message
from flows.reading.fold import plain
from flows.reading.hospital_names import read_hospital
from flows.reading.refusal import Refusal

PAGE = 5
DIGITS = 3  # of a number that is typed for a name
POINTING = re.compile("第?([0-9]{1,3}|[一二两三四五六七八九十])[个家]?")
NAME = 25  # characters of a hospital's name, with its city
NONE = "none"  # no hospital of those asked back

WHICH = message("hospital.which", "names")
IS_IT = message("hospital.is_it", "name")
NEITHER = message("hospital.neither")
YES = message("hospital.yes")
NO = message("hospital.no")
MORE = message("hospital.more")

UNCLEAR = Refusal("hospital_unclear")
REFUSALS: dict[str, MessageKey] = {"hospital_unclear": message("refusal.hospital_unclear")}

NETWORK: Mapping[bool | None, str] = {True: "yes", False: "no", None: "unknown"}


class HospitalQuestion(Question):
    """The names asked back wait in `{state}_options`, a line each; what they were asked for in `{state}_words`."""

    def asks(self, context: Context) -> Prompt:
        """Return the question while no name is in doubt."""
        raise NotImplementedError(self.state)

    def settled(self, place: Place, context: Context) -> Answer:
        """Return the answer that a hospital is."""
        raise NotImplementedError(self.state)

    def word(self, _word: str, _context: Context) -> Answer | None:
        """Return the answer that a usual word (由客服推荐) is here; None where it is none."""
        return None

    def ask(self, context: Context) -> Prompt:
        """Ask, or ask which one is meant."""
        names = self.doubted(context)
        if not names:
            return self.asks(context)
        if len(names) == 1:
            buttons = (Choice(YES(), value="0"), Choice(NO(), value=NONE))
            return Prompt(IS_IT(name=names[0]), (buttons,))
        return _which(names, context.page)

    def volunteer(self, piece: str, context: Context) -> Answer | None:
        """Take a name that is one hospital's without doubt, where it is about the files that were just sent."""
        place = read_place(piece, context) if self.at_hand(context) and holds("names_hospital", piece) else None
        return self.settled(place, context) if isinstance(place, Place) and place.hospital else None

    def at_hand(self, _context: Context) -> bool:
        """Return True if a hospital that is named can be no other than the one asked for here."""
        return False

    def read(self, text: str, context: Context) -> Reading:
        """Read a name, or where names were asked back, a number, 是的, 都不是, or the city."""
        word = said(text) or ""
        if found := self.word(word, context):
            return self.closed(found)
        if word == "unknown" or not any(char.isalnum() for char in plain(text)):
            return UNCLEAR
        if (names := self.doubted(context)) and (value := _pointed_at(plain(text), word, names)):
            return self.choose(value, context)
        return self.understood(text, context)

    def understood(self, text: str, context: Context) -> Reading:
        """Take a name; a city beside the words asked about narrows those down.

        Words that the directory does not hold must sound like a hospital's name; said a second time they are kept.
        """
        found = read_place(text, context)
        names, words = self.doubted(context), context.session.answers.get(self._words, "")
        if names and not (isinstance(found, Place) and found.hospital):
            narrowed = read_place(words, context, city=text)
            if isinstance(narrowed, Place) or len(narrowed) < len(names):
                found, text = narrowed, words
        if isinstance(found, Place):
            return self.closed(self.settled(found, context)) if _is_name(found, context) else UNCLEAR
        return PartialAnswer({self._options: NAME_OPTIONS.encode(found), self._words: kept_words(text)})

    def choose(self, value: str, context: Context) -> Reading:
        """Take one of the names asked back by its place among them, or none of them: the words are kept."""
        if found := self.word(value, context):
            return self.closed(found)
        names, words = self.doubted(context), context.session.answers.get(self._words, "")
        if names and value == NONE:
            return self.closed(self.settled(Place(words), context))
        if (number := _number(value) if value.isascii() else None) is None or number >= len(names):
            return UNCLEAR
        name, hospitals = names[number], context.reference.hospitals
        campus = read_hospital(words, hospitals).campus or ""
        return self.closed(self.settled(Place(name, hospitals.hospital(name), campus), context))

    def doubted(self, context: Context) -> tuple[str, ...]:
        """Return the names that were asked back."""
        return NAME_OPTIONS.decode(context.session.answers.get(self._options, ""))

    def closed(self, answer: Answer) -> Answer:
        """Return the answer with nothing in doubt any more."""
        return Answer(answer.value, {**answer.also, self._options: "", self._words: ""})

    @property
    def _options(self) -> str:
        return f"{self.state}_options"

    @property
    def _words(self) -> str:
        return f"{self.state}_words"


def doubts(state: str) -> tuple[str, str]:
    """Return the names under which a hospital in doubt is kept, for `Question.also`."""
    return f"{state}_options", f"{state}_words"


def _is_name(found: Place, context: Context) -> bool:
    """Return True if a place can be the answer: a hospital, or words that sound like one or are said once more."""
    again = context.session.failed_answers > 0 and context.session.missed == UNCLEAR.code
    named = sounds_like_hospital(found.name) and len(found.name) <= NAME
    abroad = said(found.name) == "outside"  # 国外: which falls short by itself
    return found.hospital is not None or named or abroad or (again and plausible(found.name, NAME))


def _which(names: tuple[str, ...], page: int) -> Prompt:
    pages = -(-len(names) // PAGE)
    page = min(max(page, 1), pages)
    first = (page - 1) * PAGE
    listed = list(enumerate(names, start=1))[first : first + PAGE]
    numbers = tuple(Choice(VERBATIM(text=str(number)), value=str(number - 1)) for number, _ in listed)
    last = [Choice(NEITHER(), value=NONE)]
    if pages > 1:
        last.insert(0, Choice(MORE(), page=page % pages + 1))
    return Prompt(WHICH(names="\n".join(f"{number}. {name}" for number, name in listed)), (numbers, tuple(last)))


def _pointed_at(text: str, word: str, names: tuple[str, ...]) -> str:
    """Return the value of the button that a typed number or word stands for; empty for none."""
    if word in {"no", "other"}:
        return NONE
    if word == "yes" and len(names) == 1:
        return "0"
    pointing = POINTING.fullmatch(text)
    number = _number(pointing[1]) if pointing else None
    return str(number - 1) if number and number <= len(names) else ""


def _number(text: str) -> int | None:
    if text.isascii():
        return int(text) if text.isdecimal() and len(text) <= DIGITS else None
    return int(numeric(text, 0)) if len(text) == 1 else None
