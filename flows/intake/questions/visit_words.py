"""The words of the questions about the visit, read from data/visit.json, and how an answer is held against them."""

import json
import re
from pathlib import Path
from typing import Any

from flows.reading.fold import bare, plain

TABLE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "visit.json").read_text("utf-8"))
LONGEST = 60  # characters that are kept of somebody's own words
BESIDE = 6  # characters beside a day, at most
SHORTEST = 2  # characters of a name

_TAIL = re.compile(r"[\s。.!！~～,，吧啊呀哦了]+$")
_HEAD = re.compile(r"^(?:我|就|那|请|要|选|\s)+")


def says(key: str, text: str) -> bool:
    """Return True if the whole of `text` is one of the answers under `key`; a 我 before and a 吧 behind it aside."""
    folded = plain(text).casefold()
    forms = {folded, bare := _TAIL.sub("", folded), _HEAD.sub("", bare)}
    return bool(forms & set(TABLE[key]))


def holds(key: str, text: str) -> bool:
    """Return True if `text` has one of the words under `key` in it."""
    folded = plain(text).casefold()
    return any(word in folded for word in TABLE[key])


def kept_words(text: str) -> str:
    """Return somebody's own words as they are kept: on one line, and no longer than a name is."""
    return plain(text).replace("\n", " ")[:LONGEST].strip()


def sounds_like_hospital(words: str) -> bool:
    """Return True if words that the directory does not hold may be a hospital's name, and no question or remark."""
    return holds("names_hospital", words) and not holds("asks", words) and not holds("no_hospital", words)


def hardly_more(piece: str, day: tuple[int, int], about_else: tuple[str, ...]) -> bool:
    """Return True if a piece says hardly more than the day that stands in it from one place to the other.

    A day of something else (出结果) is not the one asked for: `about_else` are the keys of its words.
    """
    first, last = day
    left = bare(piece[:first] + piece[last:])
    return len(left) <= BESIDE and not any(holds(key, left) for key in about_else)


def plausible(words: str, longest: int) -> bool:
    """Return True if words that nothing knows may be the name of something: short, no question, no thanks."""
    said = kept_words(words)
    return SHORTEST <= len(said) <= longest and not (holds("asks", said) or holds("no_name", said) or _is_remark(said))


def _is_remark(words: str) -> bool:
    return any(says(key, words) for key in ("yes", "no", "done", "remarks"))
