"""Every sentence that a person reads is named here and stands in the catalogue (locales/zh_CN).

A message is declared once, with its parameters; `message(...)` is what the catalogue's extraction looks for, and
a test compares the declared parameters with those of the text. `WELCOME(name=...)` fills one in.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Union

from msgspec import Struct

Value = Union[str, int, date, datetime, "Text", "Listed", "Lines"]


class Text(Struct, frozen=True):
    """A filled-in message: the catalogue's key, and its parameters. A parameter may be a text, a date, an instant."""

    key: str
    params: Mapping[str, Value]


class Listed(Struct, frozen=True):
    """Texts in a row, joined as the language joins them."""

    texts: tuple[Text, ...]


class Lines(Struct, frozen=True):
    """Texts below one another."""

    texts: tuple[Text, ...]


class MessageKey(Struct, frozen=True):
    """A declared message: its key in the catalogue, and the parameters its text may use."""

    key: str
    params: frozenset[str]
    bare: Text  # filled in with nothing: the same object each time, since buttons are made by the dozen

    def __call__(self, **params: Value) -> Text:
        """Fill it in. Raises ValueError where the parameters are not those declared."""
        if params.keys() != self.params:
            raise ValueError(self.key)
        return Text(self.key, params) if params else self.bare


DECLARED: dict[str, MessageKey] = {}


def message(key: str, *params: str) -> MessageKey:
    """Declare a message. Raises ValueError where the key is taken."""
    if key in DECLARED:
        raise ValueError(key)
    DECLARED[key] = MessageKey(key, frozenset(params), Text(key, {}))
    return DECLARED[key]


VERBATIM = message("verbatim", "text")

ROOM = 3900  # of the 4,096 characters of a message, what is left for words that are passed on


def parts(text: Text) -> Iterator[Text]:
    """Cut words that are passed on so that each part fits into a message with its heading."""
    words = text.params.get("text") if text.key == VERBATIM.key else None
    if not isinstance(words, str) or len(words) <= ROOM:
        yield text
        return
    for start in range(0, len(words), ROOM):
        yield VERBATIM(text=words[start : start + ROOM])
