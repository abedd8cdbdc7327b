"""A question with a few answers, each a button; the usual words for them may be typed."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from flows.intake.question import NEEDS_BUTTON, Answer, Asked, Choice, Pose, Question, Reading
from flows.messages import VERBATIM, MessageKey, Text
from flows.words import Words, plain

answer_in = Words(Path(__file__).parent / "data" / "answer_words.json").command_in
_PAUSE = re.compile(r"[\s,.;:!、。]+")


def said(text: str) -> str | None:
    """Give the one answer that a text says in usual words (有，上周开的 says 有); None for none, or for two."""
    whole = answer_in(text)
    parts = {word for part in _PAUSE.split(plain(text)) if (word := answer_in(part))}
    return whole or (parts.pop() if len(parts) == 1 else None)


class ChoiceQuestion(Question):
    """`options` are the values with what their buttons say; `means` are typed words that stand for a value here."""

    prompt: ClassVar[MessageKey]
    options: ClassVar[Mapping[str, MessageKey]]
    means: ClassVar[Mapping[str, str]] = {}
    abreast: ClassVar[int] = 2  # buttons in a row

    def shown(self, asked: Asked) -> Text | None:
        """Give what the button said."""
        value = asked.session.answers.get(self.state, "")
        return self.options[value]() if value in self.options else VERBATIM(text=value)

    def asks(self, _asked: Asked) -> Text:
        """Give the words of the question."""
        return self.prompt()

    def pose(self, asked: Asked) -> Pose:
        """Show every answer as a button."""
        buttons = [Choice(label(), value=value) for value, label in self.options.items()]
        rows = (tuple(buttons[i : i + self.abreast]) for i in range(0, len(buttons), self.abreast))
        return Pose(self.asks(asked), tuple(rows))

    def read(self, text: str, asked: Asked) -> Reading:
        """Take the usual words for a button."""
        word = said(text) or ""
        return self.choose(self.means.get(word, word), asked)

    def choose(self, value: str, _asked: Asked) -> Reading:
        """Take one of the values."""
        return Answer(value) if value in self.options else NEEDS_BUTTON
