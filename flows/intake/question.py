"""A question is one object: how it asks, how it reads an answer, what it stores."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from msgspec import Struct, field

from flows.messages import Text
from flows.reading.refusal import Refusal
from flows.reference import Reference
from flows.session import Session

NEEDS_BUTTON = Refusal("pick_a_button")
NEEDS_WORDS = Refusal("answer_in_words")


class Choice(Struct, frozen=True):
    """A button: what it says, and the trigger it fires, the value it answers with, or the page it turns to."""

    label: Text
    fires: str = ""
    value: str = ""
    page: int = 0

    def token(self) -> str:
        """What the button carries: at most 40 bytes of ASCII."""
        if self.fires:
            return f"!{self.fires}"
        return f"#{self.page}" if self.page else f"={self.value}"


class Pose(Struct, frozen=True):
    """A question as it is asked: its words, and rows of buttons."""

    text: Text
    rows: tuple[tuple[Choice, ...], ...] = ()


class Asked(Struct, frozen=True):
    """What a question may look at when it asks or reads; `today` in Asia/Shanghai."""

    session: Session
    reference: Reference
    today: date
    page: int = 1


class Answer(Struct, frozen=True):
    """A value understood; `also` holds what else it says, under names of their own."""

    value: str
    also: Mapping[str, str] = field(default_factory=dict)


class Question:
    """The base of all questions. `state` is its state in the table and the name under which its answer is kept."""

    state: ClassVar[str]
    takes_files: ClassVar[bool] = False
    has_back: ClassVar[bool] = True
    counted: ClassVar[bool] = True  # has a number in 第 3/9 步

    def pose(self, asked: Asked) -> Pose:
        """Give its words and buttons."""
        raise NotImplementedError(self.state)

    def read(self, _text: str, _asked: Asked) -> Answer | Refusal:
        """Read what was typed; by default only buttons answer."""
        return NEEDS_BUTTON

    def choose(self, _value: str, _asked: Asked) -> Answer | Refusal:
        """Read a button's value, which anybody could have made up; by default only words answer."""
        return NEEDS_WORDS
