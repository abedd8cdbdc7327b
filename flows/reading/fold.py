"""The one folding of what people type: a single form for what looks the same or means the same.

A fold is NFKC and then a chain of steps, each from one character to what stands in its place. The steps and the folds
that are shared are declared here; a reader that needs more adds its own step to a shared fold with `Fold.then`, beside
its own code. Every fold is one table for `str.translate`, filled as characters are met.

| fold         | blanks             | accents | digits, dashes | case, script      |
| ------------ | ------------------ | ------- | -------------- | ----------------- |
| `plain`      | space, line break  | kept    | kept           | kept              |
| `bare`       | dropped            | kept    | kept           | kept              |
| `one_line`   | space              | dropped | ASCII          | kept              |
| `simplified` | space, line break  | dropped | kept           | lower, simplified |

Each drops what is invisible, and each is idempotent; `bare` drops the punctuation of a short answer, too.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final, Self

from opencc import OpenCC

Step = Callable[[str], str]
"""From one character to what stands in its place; "" drops it."""

_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs"})
_ACCENTS: Final = frozenset({"Mn", "Me"})
_PUNCTUATION: Final = frozenset(",.!?~、。")
_END_MARKS: Final = re.compile(r"[\s。.!~]+$")

_HAN: Final = (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))
_SCRIPTS: Final = ("t2s", "tw2s", "hk2s")
"""Tables of OpenCC: the general one, then what only Taiwan and only Hong Kong write differently."""
_FURTHER: Final = {"甦": "苏", "甯": "宁", "礆": "硷", "逕": "迳"}
"""What OpenCC leaves alone or resolves otherwise than names of hospitals and illnesses do."""


# ---- the steps ----


def drop_invisible(char: str) -> str:
    """Drop control and formatting characters; a character for private use may stand for a rare one and stays."""
    return "" if unicodedata.category(char) in _INVISIBLE and not char.isspace() else char


def blank_to_space(char: str) -> str:
    """Make a carriage return a line break, which stays, and any other blank a space."""
    if char in "\r\n":
        return "\n"
    return " " if char.isspace() else char


def break_to_space(char: str) -> str:
    """Make a line break a space."""
    return " " if char == "\n" else char


def drop_blanks(char: str) -> str:
    """Drop spaces and line breaks."""
    return "" if char.isspace() else char


def drop_accents(char: str) -> str:
    """Drop accents that have no letter of their own, and variation selectors."""
    return "" if unicodedata.category(char) in _ACCENTS else char


def drop_punctuation(char: str) -> str:
    """Drop the punctuation of a short answer."""
    return "" if char in _PUNCTUATION else char


def digit_to_ascii(char: str) -> str:
    """Make a decimal digit of any script one of 0 to 9."""
    return str(unicodedata.decimal(char)) if unicodedata.category(char) == "Nd" else char


def dash_to_hyphen(char: str) -> str:
    """Make a dash or a minus sign a hyphen."""
    return "-" if unicodedata.category(char) == "Pd" or char == "\N{MINUS SIGN}" else char


def to_lower(char: str) -> str:
    """Make a letter small."""
    return char.lower()


def to_simplified(char: str) -> str:
    """Make a traditional character its simplified one."""
    return simplified_forms().get(char, char)


@cache
def simplified_forms() -> dict[str, str]:
    """Return each traditional character with its simplified one; no simplified one is a key.

    A regional table adds a character only where GB 2312 has no such simplified one: 著 (显著) and 么 stay.
    """
    general, *regional = map(_converted, _SCRIPTS)
    forms = general | _FURTHER
    for table in regional:
        forms |= {char: form for char, form in table.items() if char not in forms and not _is_in("gb2312", char)}
    return {char: forms.get(form, form) for char, form in forms.items()}


def _converted(script: str) -> dict[str, str]:
    """Return what one table of OpenCC changes. On lines of one character each, no phrase can match.

    A form outside GBK (㖊 for 噚) is in no word list and on no keyboard: the traditional one stays.
    """
    chars = list(map(chr, _HAN))
    forms = OpenCC(script).convert("\n".join(chars)).split("\n")
    changed = {char: form for char, form in zip(chars, forms, strict=True) if form != char}
    return {char: form for char, form in changed.items() if len(form) == 1 and _is_in("gbk", form)}


def _is_in(charset: str, char: str) -> bool:
    return bool(char.encode(charset, "ignore"))


# ---- a fold ----


class _Table(dict[int, str]):
    """A table for `str.translate`; it remembers the characters of the basic plane that it has met."""

    def __init__(self, steps: Sequence[Step], *, keep_length: bool) -> None:
        super().__init__()
        self._steps = steps
        self._keep_length = keep_length

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = unicodedata.normalize("NFKC", char)
        for step in self._steps:
            folded = "".join(map(step, folded))
        if self._keep_length and len(folded) != 1:
            folded = char
        if code <= 0xFFFF:  # noqa: PLR2004 - the last of the basic plane: bounds what is remembered
            self[code] = folded
        return folded


class Fold:
    """NFKC and then `steps`, in their order.

    With `keep_length` each character is folded by itself, and one that is not exactly one character then stays as it
    is: the text keeps its length, and places in it are places in what was typed.
    """

    def __init__(self, *steps: Step, keep_length: bool = False) -> None:
        self._steps = steps
        self._keep_length = keep_length
        self._table = _Table(steps, keep_length=keep_length)

    def then(self, *steps: Step) -> Self:
        """Return this fold with further steps behind its own."""
        return type(self)(*self._steps, *steps, keep_length=self._keep_length)

    def __call__(self, text: str) -> str:
        """Fold a text as a whole: a letter and the accent behind it become one character first."""
        if self._keep_length or text.isascii():
            return text.translate(self._table)
        folded = unicodedata.normalize("NFKC", text).translate(self._table)
        return unicodedata.normalize("NFC", folded)

    def placed(self, text: str) -> tuple[str, Sequence[int]]:
        """Fold character by character: the text, and for each of its characters the place of what was typed."""
        parts = list(map(self._table.__getitem__, map(ord, text)))
        folded = "".join(parts)
        if len(folded) == len(parts) and "" not in parts:
            return folded, range(len(folded))
        return folded, tuple(place for place, part in enumerate(parts) for _ in part)


PLAIN: Final = Fold(drop_invisible, blank_to_space)
LINES: Final = PLAIN.then(drop_accents, digit_to_ascii, dash_to_hyphen)
SIMPLIFIED: Final = PLAIN.then(to_lower, drop_accents, to_simplified)
_ONE_LINE: Final = LINES.then(break_to_space)
_BARE: Final = PLAIN.then(drop_blanks, drop_punctuation)


def plain(text: str) -> str:
    """Return `text` as it may be kept and shown: line breaks stay, other blanks are spaces; trimmed."""
    return PLAIN(text).strip()


def bare(text: str) -> str:
    """Return `text` for comparison with another short answer: without blanks and the punctuation in and around it."""
    return _BARE(text)


def without_end_marks(text: str) -> str:
    """Return the plain text without the blanks and full stops at its end."""
    return _END_MARKS.sub("", plain(text))


def one_line(text: str) -> str:
    """Return `text` on one line, digits of any script in ASCII, every dash a hyphen, without accents; trimmed."""
    return _ONE_LINE(text).strip()


def simplified(text: str) -> str:
    """Return `text` in lower case and simplified script, without accents; line breaks stay; trimmed."""
    return SIMPLIFIED(text).strip()
