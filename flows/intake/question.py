"""A question is one object: how it asks, how it reads an answer, what it stores."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import ClassVar

from msgspec import Struct, field

from flows.messages import VERBATIM, MessageKey, Text
from flows.reading.refusal import Refusal
from flows.reference import Reference
from flows.session import Session
from flows.words import plain

NEEDS_BUTTON = Refusal("pick_a_button")
NEEDS_WORDS = Refusal("answer_in_words")


class Choice(Struct, frozen=True):
    """A button: its label, and the trigger it fires, the value it gives, the page it turns to, or what it reopens."""

    label: Text
    fires: str = ""
    value: str = ""
    page: int = 0
    opens: str = ""

    def token(self) -> str:
        """What the button carries: at most 40 bytes of ASCII."""
        if self.fires or self.opens:
            return f"!{self.fires}" if self.fires else f"@{self.opens}"
        return f"#{self.page}" if self.page else f"={self.value}"


class Pose(Struct, frozen=True):
    """A question as it is asked: its words, and rows of buttons.

    `contact` is the label of a button that shares the person's own number; there are no other buttons then, as Telegram
    has room for one kind. `cites` are the clauses that the words tell.
    """

    text: Text
    rows: tuple[tuple[Choice, ...], ...] = ()
    contact: Text | None = None
    cites: tuple[str, ...] = ()


class Asked(Struct, frozen=True):
    """What a question may look at when it asks or reads: `today` in Asia/Shanghai, `now` the instant, if known.

    `questions` are all there are, in their order.
    """

    session: Session
    reference: Reference
    today: date
    page: int = 1
    now: datetime | None = None
    questions: "tuple[Question, ...]" = ()


class Answer(Struct, frozen=True):
    """A value understood; `also` holds what else it says, under names of their own."""

    value: str
    also: Mapping[str, str] = field(default_factory=dict)


class Gathered(Struct, frozen=True):
    """Part of an answer (the first of three hospitals): kept, and the same question goes on in its place."""

    also: Mapping[str, str]


Reading = Answer | Gathered | Refusal
"""What comes of a typed answer or a tapped one."""


class Question:
    """The base of all questions.

    `state` is its state in the table and the name under which its answer is kept; `also` are further names under
    which it keeps something. When one of `rests_on` changes, what was answered here is asked for again. `cites` are
    the clauses for which it collects. `files` is what its files are for; empty where it takes none.
    """

    state: ClassVar[str]
    also: ClassVar[tuple[str, ...]] = ()
    rests_on: ClassVar[tuple[str, ...]] = ()
    cites: ClassVar[tuple[str, ...]] = ()
    files: ClassVar[str] = ""
    has_back: ClassVar[bool] = True
    counted: ClassVar[bool] = True  # has a number in 第 3/9 步
    label: ClassVar[MessageKey | None] = None  # its line on the review card, without parameters; None: has no line

    def applies(self, _asked: Asked) -> bool:
        """Say whether it is to be asked at all, by what was answered before."""
        return True

    def answered(self, asked: Asked) -> bool:
        """Say whether it has its answer."""
        return self.state in asked.session.answers

    def shown(self, asked: Asked) -> Text | None:
        """Give its answer for the review card, masked where it must be."""
        return VERBATIM(text=asked.session.answers.get(self.state, ""))

    def pose(self, asked: Asked) -> Pose:
        """Give its words and buttons."""
        raise NotImplementedError(self.state)

    def read(self, _text: str, _asked: Asked) -> Reading:
        """Read what was typed; by default only buttons answer."""
        return NEEDS_BUTTON

    def volunteer(self, _piece: str, _asked: Asked) -> Answer | None:
        """Read a piece of a longer message, given before it was asked for: only what can mean nothing else."""
        return None

    def choose(self, _value: str, _asked: Asked) -> Reading:
        """Read a button's value, which anybody could have made up; by default only words answer."""
        return NEEDS_WORDS


class Closed(Question):
    """A question with a few answers, each a button; what may be typed instead stands in data/choices.json."""

    options: ClassVar[Mapping[str, MessageKey]]
    text: ClassVar[MessageKey]
    a_row: ClassVar[int] = 2

    def pose(self, _asked: Asked) -> Pose:
        """Ask, a button for each answer."""
        buttons = [Choice(label(), value=value) for value, label in self.options.items()]
        return Pose(self.text(), in_rows(buttons, self.a_row))

    def read(self, text: str, _asked: Asked) -> Reading:
        """Read an answer in words."""
        value = CHOICES.get(self.state, {}).get(bare(text))
        return Answer(value) if value is not None and value in self.options else NEEDS_BUTTON

    def volunteer(self, piece: str, asked: Asked) -> Answer | None:
        """Take words that are an answer to nothing else."""
        reading = self.read(piece, asked) if self.state in VOLUNTEERED else None
        return reading if isinstance(reading, Answer) else None

    def choose(self, value: str, _asked: Asked) -> Reading:
        """Take one of the options."""
        return Answer(value) if value in self.options else NEEDS_BUTTON

    def shown(self, asked: Asked) -> Text | None:
        """Give the label of what was chosen."""
        chosen = self.options.get(asked.session.answers.get(self.state, ""))
        return chosen() if chosen else None


def in_rows(buttons: Sequence[Choice], a_row: int) -> tuple[tuple[Choice, ...], ...]:
    """Lay buttons out, so many a row."""
    return tuple(tuple(buttons[i : i + a_row]) for i in range(0, len(buttons), a_row))


def bare(text: str) -> str:
    """Give words without spaces and the marks around them."""
    return re.sub(r"[\s，,。.！!~～、？?]+", "", plain(text))


def _choices() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, list[str]]] = json.loads(_FILE.read_text("utf-8"))
    return {state: {word: value for value, words in of.items() for word in words} for state, of in table.items()}


_FILE = Path(__file__).parent / "data" / "choices.json"
CHOICES: Mapping[str, Mapping[str, str]] = _choices()
"""What may be typed in place of a button: question -> words -> value."""

VOLUNTEERED = frozenset({"service", "applicant", "condition", "record_kind", "stay", "visit_kind"})
"""Closed questions whose words mean nothing else: 是 and 不 answer too many."""
