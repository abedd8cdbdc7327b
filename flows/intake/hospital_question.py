"""A question for one hospital: typed, and where several have the name, asked back by number, five at a time."""

import re
from collections.abc import Mapping
from unicodedata import numeric

from flows.intake.choice_question import said
from flows.intake.places import Place, read_place
from flows.intake.question import Answer, Asked, Choice, Gathered, Pose, Question, Reading
from flows.intake.visit_words import holds, kept_words, plausible, sounds_like_hospital
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

    def asks(self, asked: Asked) -> Pose:
        """Give the question while no name is in doubt."""
        raise NotImplementedError(self.state)

    def settled(self, place: Place, asked: Asked) -> Answer:
        """Give the answer that a hospital is."""
        raise NotImplementedError(self.state)

    def word(self, _word: str, _asked: Asked) -> Answer | None:
        """Give the answer that a usual word (由客服推荐) is here; None where it is none."""
        return None

    def pose(self, asked: Asked) -> Pose:
        """Ask, or ask which one is meant."""
        names = self.doubted(asked)
        if not names:
            return self.asks(asked)
        if len(names) == 1:
            buttons = (Choice(YES(), value="0"), Choice(NO(), value=NONE))
            return Pose(IS_IT(name=names[0]), (buttons,))
        return _which(names, asked.page)

    def volunteer(self, piece: str, asked: Asked) -> Answer | None:
        """Take a name that is one hospital's without doubt, where it is about the files that were just sent."""
        place = read_place(piece, asked) if self.at_hand(asked) and holds("names_hospital", piece) else None
        return self.settled(place, asked) if isinstance(place, Place) and place.hospital else None

    def at_hand(self, _asked: Asked) -> bool:
        """Say whether a hospital that is named can be no other than the one asked for here."""
        return False

    def read(self, text: str, asked: Asked) -> Reading:
        """Read a name, or where names were asked back, a number, 是的, 都不是, or the city."""
        word = said(text) or ""
        if found := self.word(word, asked):
            return self.closed(found)
        if word == "unknown" or not any(char.isalnum() for char in plain(text)):
            return UNCLEAR
        if (names := self.doubted(asked)) and (value := _pointed_at(plain(text), word, names)):
            return self.choose(value, asked)
        return self.understood(text, asked)

    def understood(self, text: str, asked: Asked) -> Reading:
        """Take a name; a city beside the words asked about narrows those down.

        Words that the directory does not hold must sound like a hospital's name; said a second time they are kept.
        """
        found = read_place(text, asked)
        names, words = self.doubted(asked), asked.session.answers.get(self._words, "")
        if names and not (isinstance(found, Place) and found.hospital):
            narrowed = read_place(words, asked, city=text)
            if isinstance(narrowed, Place) or len(narrowed) < len(names):
                found, text = narrowed, words
        if isinstance(found, Place):
            return self.closed(self.settled(found, asked)) if _is_name(found, asked) else UNCLEAR
        return Gathered({self._options: "\n".join(found), self._words: kept_words(text)})

    def choose(self, value: str, asked: Asked) -> Reading:
        """Take one of the names asked back by its place among them, or none of them: the words are kept."""
        if found := self.word(value, asked):
            return self.closed(found)
        names, words = self.doubted(asked), asked.session.answers.get(self._words, "")
        if names and value == NONE:
            return self.closed(self.settled(Place(words), asked))
        if (number := _number(value) if value.isascii() else None) is None or number >= len(names):
            return UNCLEAR
        name, hospitals = names[number], asked.reference.hospitals
        campus = read_hospital(words, hospitals).campus or ""
        return self.closed(self.settled(Place(name, hospitals.hospital(name), campus), asked))

    def doubted(self, asked: Asked) -> tuple[str, ...]:
        """Give the names that were asked back."""
        return tuple(asked.session.answers.get(self._options, "").splitlines())

    def closed(self, answer: Answer) -> Answer:
        """Give the answer with nothing in doubt any more."""
        return Answer(answer.value, {**answer.also, self._options: "", self._words: ""})

    @property
    def _options(self) -> str:
        return f"{self.state}_options"

    @property
    def _words(self) -> str:
        return f"{self.state}_words"


def doubts(state: str) -> tuple[str, str]:
    """Give the names under which a hospital in doubt is kept, for `Question.also`."""
    return f"{state}_options", f"{state}_words"


def _is_name(found: Place, asked: Asked) -> bool:
    """Say whether a place can be the answer: a hospital, or words that sound like one, or that are said once more."""
    again = asked.session.misses > 0 and asked.session.missed == UNCLEAR.code
    named = sounds_like_hospital(found.name) and len(found.name) <= NAME
    abroad = said(found.name) == "outside"  # 国外: which falls short by itself
    return found.hospital is not None or named or abroad or (again and plausible(found.name, NAME))


def _which(names: tuple[str, ...], page: int) -> Pose:
    pages = -(-len(names) // PAGE)
    page = min(max(page, 1), pages)
    first = (page - 1) * PAGE
    listed = list(enumerate(names, start=1))[first : first + PAGE]
    numbers = tuple(Choice(VERBATIM(text=str(number)), value=str(number - 1)) for number, _ in listed)
    last = [Choice(NEITHER(), value=NONE)]
    if pages > 1:
        last.insert(0, Choice(MORE(), page=page % pages + 1))
    return Pose(WHICH(names="\n".join(f"{number}. {name}" for number, name in listed)), (numbers, tuple(last)))


def _pointed_at(text: str, word: str, names: tuple[str, ...]) -> str:
    """Give the value of the button that a typed number or word stands for; empty for none."""
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
