"""One way to write for every way to type: the text the readers work on, and where each character stood."""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"

_SCRIPT = tomllib.loads((DATA / "illnesses_script.toml").read_text("utf-8"))
_SIMPLIFIED = str.maketrans(_SCRIPT["traditional"], _SCRIPT["simplified"])
_DROPPED = frozenset(_SCRIPT["dropped"])
_PAUSES = frozenset(_SCRIPT["pauses"])


@dataclass(frozen=True, slots=True)
class Plain:
    """`text` is NFKC, lower case, simplified, without blanks, brackets, hyphens and emoji.

    `places[i]` is the index of `text[i]` in what was typed; `gaps` holds each i before which a blank stood.
    """

    text: str
    places: tuple[int, ...]
    gaps: frozenset[int]


def plain(typed: str) -> Plain:
    """Fold what was typed; commas, full stops, semicolons and line breaks all become 「，」."""
    chars: list[str] = []
    places: list[int] = []
    gaps: set[int] = set()
    for place, char in enumerate(typed):
        folded = _fold(char)
        if not folded:
            gaps.add(len(chars))
        chars.extend(folded)
        places.extend([place] * len(folded))
    return Plain("".join(chars), tuple(places), frozenset(gaps))


def plain_name(name: str) -> str:
    """Fold the name of an illness as a list has it, dashes and brackets gone."""
    return plain(name).text


@lru_cache(maxsize=8192)
def _fold(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char).lower().translate(_SIMPLIFIED)
    if char in _PAUSES or folded in _PAUSES:
        return "，"
    return "".join(one for one in folded if one not in _DROPPED and _kept(one))


def _kept(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char) not in {"Cc", "Cf", "So", "Sk", "Cs", "Mn", "Co"}
