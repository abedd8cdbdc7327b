"""A question with a few answers, each a button; the usual words for them may be typed."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from flows.intake.questions.question import NEEDS_BUTTON, Answer, Choice, Context, Prompt, Question, Reading, in_rows
from flows.intake.questions.visit_words import holds
from flows.messages import VERBATIM, MessageKey, Text
from flows.reading.fold import bare, plain, without_end_marks
from flows.reading.phrase_table import PhraseTable
from flows.reading.refusal import Refusal

_DATA = Path(__file__).parents[1] / "data"
answer_in = PhraseTable(_DATA / "answer_words.json", without_end_marks).meaning
_PAUSE = re.compile(r"[\s,.;:!、。]+")


def _choices() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, list[str]]] = json.loads((_DATA / "choices.json").read_text("utf-8"))
    return {state: {bare(word): value for value, words in of.items() for word in words} for state, of in table.items()}


GENERAL = frozenset(
    {"done", "yes", "no", "unknown", "neither", "skipped", "later", "noted", "same", "recommend", "other"}
)
"""Usual answers that fit many questions, and so tell nothing of one that was not asked."""

CHOICES: Mapping[str, Mapping[str, str]] = _choices()
"""What may be typed in place of a button: question -> words -> value."""


def _signs(file: str) -> dict[str, dict[str, re.Pattern[str]]]:
    table: dict[str, dict[str, str]] = json.loads((_DATA / file).read_text("utf-8"))
    return {state: {value: re.compile(sign) for value, sign in of.items()} for state, of in table.items()}


TELLINGS: Mapping[str, Mapping[str, re.Pattern[str]]] = _signs("tellings.json")
"""What tells an answer in passing (我替我爸申请门诊): question -> value -> sign."""

SIGNS: Mapping[str, Mapping[str, re.Pattern[str]]] = _signs("signs.json")
"""What tells an answer only while its question is open (我是她女儿): question -> value -> sign."""


def told(state: str, text: str) -> str:
    """Return the one value that signs in `text` tell while the question is open; empty for none, two, or a question."""
    if holds("asks", text):
        return ""
    words = plain(text)
    signs = (*TELLINGS.get(state, {}).items(), *SIGNS.get(state, {}).items())
    values = {value for value, sign in signs if sign.search(words)}
    return values.pop() if len(values) == 1 else ""


def said(text: str) -> str | None:
    """Return the one answer that a text says in usual words (有，上周开的 says 有); None for none, or for two."""
    whole = answer_in(text)
    parts = {word for part in _PAUSE.split(plain(text)) if (word := answer_in(part))}
    return whole or (parts.pop() if len(parts) == 1 else None)


class ChoiceQuestion(Question):
    """`options` are the values with what their buttons say; `means` are typed words that stand for a value here.

    Words of its own stand in data/choices.json. `telling`: these mean nothing else, wherever they are said.
    """

    prompt: ClassVar[MessageKey]
    options: ClassVar[Mapping[str, MessageKey]]
    means: ClassVar[Mapping[str, str]] = {}
    abreast: ClassVar[int] = 2  # buttons in a row
    telling: ClassVar[bool] = False
    in_passing: ClassVar[bool] = True

    def shown(self, context: Context) -> Text | None:
        """Return what the button said."""
        value = context.session.answers.get(self.state, "")
        return self.options[value]() if value in self.options else VERBATIM(text=value)

    def asks(self, _context: Context) -> Text:
        """Return the words of the question."""
        return self.prompt()

    def ask(self, context: Context) -> Prompt:
        """Show every answer as a button."""
        buttons = [Choice(label(), value=value) for value, label in self.options.items()]
        return Prompt(self.asks(context), in_rows(buttons, self.abreast))

    def read(self, text: str, context: Context) -> Reading:
        """Take words for a button, or a sentence that tells which one is meant."""
        reading = self.worded(text, context)
        if not isinstance(reading, Refusal) or not (value := told(self.state, text)):
            return reading
        return self.choose(value, context)

    def worded(self, text: str, context: Context) -> Reading:
        """Take the question's own words, or the usual ones, for a button."""
        own = CHOICES.get(self.state, {}).get(bare(text))
        if own is not None:
            return self.choose(own, context)
        word = said(text) or ""
        return self.choose(self.means.get(word, word), context)

    def volunteer(self, piece: str, context: Context) -> Answer | None:
        """Take words that are an answer to nothing else: its own; the usual ones (不知道, 其他) answer any question."""
        if not self.telling:
            return None
        own, usual = CHOICES.get(self.state, {}).get(bare(piece)), said(piece)
        word = own or (None if usual in GENERAL else usual)
        if word and isinstance(reading := self.choose(word, context), Answer):
            return reading
        found = [value for value, sign in TELLINGS.get(self.state, {}).items() if sign.search(piece)]
        return Answer(found[0]) if len(found) == 1 else None

    def choose(self, value: str, _context: Context) -> Reading:
        """Take one of the values."""
        return Answer(value) if value in self.options else NEEDS_BUTTON
