"""How an answer is stored: a codec converts between its value and the text that sessions and cases hold.

A stored text may come from another release, and a button's value from anybody: `decode` returns None for a text that
is none of the codec's values and never raises. `decode(encode(value)) == value` for every value.
"""

from collections.abc import Mapping
from datetime import date
from typing import Generic, TypeVar, cast

from msgspec import Struct

from flows.messages import VERBATIM, MessageKey, Text, message

T = TypeVar("T")

SLASH = "/"  # between the first and the last day of a span (ISO 8601)
DIGITS = 9  # of a count
BETWEEN_DAYS = message("answer.between_days", "first", "last")


class Codec(Struct, Generic[T], frozen=True):
    """The base of all codecs."""

    def decode(self, text: str) -> T | None:
        """Return the value that `text` stores; None where it stores none."""
        raise NotImplementedError

    def encode(self, value: T) -> str:
        """Return the text that stores `value`."""
        raise NotImplementedError

    def in_words(self, _text: str) -> Text | None:
        """Return what an agent reads for a stored text; None where that is the text itself."""
        return None


class Plain(Codec[str], frozen=True):
    """Text as it was given; the empty text is no value."""

    def decode(self, text: str) -> str | None:
        """Return the text."""
        return text or None

    def encode(self, value: str) -> str:
        """Return the text."""
        return value


class Code(Codec[str], frozen=True):
    """One of a closed list of codes. `words` are all of them, each with what an agent reads; None: the code itself."""

    words: Mapping[str, MessageKey | None]

    def decode(self, text: str) -> str | None:
        """Return the code, where it is on the list."""
        return text if text in self.words else None

    def encode(self, value: str) -> str:
        """Return the code."""
        return value

    def in_words(self, text: str) -> Text | None:
        """Return the words for the code."""
        words = self.words.get(text)
        return words() if words else None


class Count(Codec[int], frozen=True):
    """A number from 0."""

    def decode(self, text: str) -> int | None:
        """Return the number."""
        return int(text) if text.isdecimal() and len(text) <= DIGITS else None

    def encode(self, value: int) -> str:
        """Return its digits."""
        return str(value)


class Day(Codec[date], frozen=True):
    """A day, as ISO 8601 writes it."""

    def decode(self, text: str) -> date | None:
        """Return the day."""
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None

    def encode(self, value: date) -> str:
        """Return the day as YYYY-MM-DD."""
        return value.isoformat()

    def in_words(self, text: str) -> Text | None:
        """Return the day, to be written as people here write days."""
        day = self.decode(text)
        return VERBATIM(text=day) if day else None


class Span(Struct, frozen=True):
    """Days in a row, both ends included; `first` is not after `last`."""

    first: date
    last: date


class Days(Codec[Span], frozen=True):
    """One day, or the first and the last of several with a slash between (ISO 8601)."""

    def decode(self, text: str) -> Span | None:
        """Return the days; None where the last is before the first, too."""
        first, _, last = text.partition(SLASH)
        try:
            span = Span(date.fromisoformat(first), date.fromisoformat(last or first))
        except ValueError:
            return None
        return span if span.first <= span.last else None

    def encode(self, value: Span) -> str:
        """Return YYYY-MM-DD, or two of them with a slash."""
        first = value.first.isoformat()
        return first if value.first == value.last else f"{first}{SLASH}{value.last.isoformat()}"

    def in_words(self, text: str) -> Text | None:
        """Return the day or both days, to be written as people here write days."""
        span = self.decode(text)
        if span is None:
            return None
        return VERBATIM(text=span.first) if span.first == span.last else BETWEEN_DAYS(first=span.first, last=span.last)


class Several(Codec[tuple[T, ...]], Generic[T], frozen=True):
    """Values of another codec in their order; no value's text may hold `between`, or be empty."""

    of: Codec[T]
    between: str

    def decode(self, text: str) -> tuple[T, ...]:
        """Return the values; parts that are none are left out."""
        found = (self.of.decode(part) for part in text.split(self.between))
        return tuple(value for value in found if value is not None)

    def encode(self, value: tuple[T, ...]) -> str:
        """Return the values' texts, joined."""
        return self.between.join(map(self.of.encode, value))


class Or(Codec[T | str], Generic[T], frozen=True):
    """A value of another codec, or one of a few words in place of it (`unknown` for a day); `words` as in Code."""

    of: Codec[T]
    words: Mapping[str, MessageKey | None]

    def decode(self, text: str) -> T | str | None:
        """Return the word, or else the value."""
        return text if text in self.words else self.of.decode(text)

    def encode(self, value: T | str) -> str:
        """Return the word, or else the text that stores the value."""
        return value if isinstance(value, str) and value in self.words else self.of.encode(cast("T", value))

    def in_words(self, text: str) -> Text | None:
        """Return the words for the word, or else for the value."""
        if text not in self.words:
            return self.of.in_words(text)
        words = self.words[text]
        return words() if words else None
