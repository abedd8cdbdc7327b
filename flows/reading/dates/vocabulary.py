"""The reader's word tables (data/dates.json) and the text made even before reading."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from flows.reading.dates import numerals
from flows.reading.fold import Fold, to_lower, to_simplified

WORDS: dict[str, Any] = json.loads((Path(__file__).parent.parent / "data" / "dates.json").read_text(encoding="utf-8"))
ZERO_LETTER = re.compile(rf"(?<=[0-9{numerals.CHINESE}])[oO](?=[0-9{numerals.CHINESE}])")


_MARKS: dict[str, str] = WORDS["fold"]


def _mark_or_numeral(char: str) -> str:
    """Make a punctuation mark or a formal numeral (贰) what the grammar knows; 參 is one only in traditional script."""
    return _MARKS.get(char, char)


_FOLD = Fold(_mark_or_numeral, to_lower, to_simplified, keep_length=True)


def fold(text: str) -> str:
    """Return `text` in one form of each character, as long as it was."""
    return ZERO_LETTER.sub("0", _FOLD(text))


def squeeze(text: str) -> tuple[str, list[int]]:
    """Drop spaces but between two digits, and invisible characters; return the text and where each was."""
    shown = [i for i, c in enumerate(text) if c.isprintable() or c.isspace()]
    kept: list[int] = []
    for place, i in enumerate(shown):
        behind_digit = bool(kept) and text[kept[-1]].isdecimal()
        if not text[i].isspace() or (behind_digit and _digit_follows(text, shown, place)):
            kept.append(i)
    return "".join(" " if text[i].isspace() else text[i] for i in kept), kept


def _digit_follows(text: str, shown: list[int], place: int) -> bool:
    """Whether a digit stands directly behind this space."""
    return place + 1 < len(shown) and text[shown[place + 1]].isdecimal()


@cache
def any_of(key: str) -> str:
    """Return a pattern for any word of a table, the longest first."""
    words = sorted(WORDS[key], key=len, reverse=True)
    return "|".join(map(re.escape, words)) if isinstance(WORDS[key], dict) else "|".join(words)


def has(key: str, *, before: str = "", after: str = "") -> re.Pattern[str]:
    """Return the compiled pattern of a list of patterns, anchored by `before` and `after`."""
    return re.compile(f"{before}(?:{any_of(key)}){after}")
