"""A question is one object: how it asks, how it reads an answer, what it stores."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar

from msgspec import Struct, field

from flows.messages import VERBATIM, MessageKey, Text
from flows.reading.refusal import Refusal
from flows.reference import Reference
from flows.session import Session

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


class Prompt(Struct, frozen=True):
    """A question as it is asked: its words, and rows of buttons.

    `contact` is the label of a button that shares the person's own number; there are no other buttons then, as Telegram
    has room for one kind. `cites` are the clauses that the words tell.
    """

    text: Text
    rows: tuple[tuple[Choice, ...], ...] = ()
    contact: Text | None = None
    cites: tuple[str, ...] = ()


class Context(Struct, frozen=True):
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


class PartialAnswer(Struct, frozen=True):
    """Part of an answer (the first of three hospitals): kept, and the same question goes on in its place."""

    also: Mapping[str, str]


Reading = Answer | PartialAnswer | Refusal
"""What comes of a typed answer or a tapped one."""


class When(Struct, frozen=True):
    """A condition under which questions are asked, by what was answered before. Questions share it by its object."""

    name: str
    holds: Callable[[Context], bool]


def _always(_context: Context) -> bool:
    return True


ALWAYS = When("always", _always)


class Question:
    """The base of all questions.

    `state` is its state in the table and the name under which its answer is kept; `also` are further names under
    which it keeps something, each declared in `flows.cases.answers`; `keeps` is False where it keeps nothing. When one
    of `rests_on` changes, what was answered here is asked for again. `cites` are the clauses for which it collects.
    `files` is what its files are for; empty where it takes none. `when` says whether it is asked at all.
    """

    state: ClassVar[str]
    when: ClassVar[When] = ALWAYS
    also: ClassVar[tuple[str, ...]] = ()
    rests_on: ClassVar[tuple[str, ...]] = ()
    cites: ClassVar[tuple[str, ...]] = ()
    files: ClassVar[str] = ""
    keeps: ClassVar[bool] = True
    has_back: ClassVar[bool] = True
    counted: ClassVar[bool] = True  # has a number in 第 3/9 步
    in_passing: ClassVar[bool] = False  # a piece of a message may tell it beside something else
    label: ClassVar[MessageKey | None] = None  # its line on the review card, without parameters; None: has no line

    @property
    def stores(self) -> tuple[str, ...]:
        """Return the names of the answers that it may store."""
        return (self.state, *self.also) if self.keeps else ()

    def applies(self, context: Context) -> bool:
        """Return True if it is to be asked at all, by what was answered before."""
        return self.when.holds(context)

    def answered(self, context: Context) -> bool:
        """Return True if it has its answer."""
        return self.state in context.session.answers

    def shown(self, context: Context) -> Text | None:
        """Return its answer for the review card, masked where it must be."""
        return VERBATIM(text=context.session.answers.get(self.state, ""))

    def ask(self, context: Context) -> Prompt:
        """Return its words and buttons."""
        raise NotImplementedError(self.state)

    def read(self, _text: str, _context: Context) -> Reading:
        """Read what was typed; by default only buttons answer."""
        return NEEDS_BUTTON

    def volunteer(self, _piece: str, _context: Context) -> Answer | None:
        """Read a piece of a longer message, given before it was asked for: only what can mean nothing else."""
        return None

    def choose(self, _value: str, _context: Context) -> Reading:
        """Read a button's value, which anybody could have made up; by default only words answer."""
        return NEEDS_WORDS


def in_rows(buttons: Sequence[Choice], across: int) -> tuple[tuple[Choice, ...], ...]:
    """Lay buttons out, so many a row."""
    return tuple(tuple(buttons[i : i + across]) for i in range(0, len(buttons), across))
