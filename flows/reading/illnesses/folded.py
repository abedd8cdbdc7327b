"""One way to write for every way to type: the text the readers work on, and where each character stood."""

import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.reading.fold import SIMPLIFIED

DATA = Path(__file__).parents[1] / "data"

_SCRIPT = tomllib.loads((DATA / "illnesses_script.toml").read_text("utf-8"))
_DROPPED = frozenset(_SCRIPT["dropped"])
_PAUSES = frozenset(_SCRIPT["pauses"])
_SIGNS = frozenset({"So", "Sk", "Co"})


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is simplified, without blanks, brackets, hyphens and emoji.

    `places[i]` is the index of `text[i]` in what was typed; `gaps` holds each i before which something was dropped.
    """

    text: str
    places: Sequence[int]
    gaps: frozenset[int]


def _spoken_part(char: str) -> str:
    """Make every pause 「，」, 著 the particle 着 that it is in what patients tell, and drop what is not pronounced."""
    if char in _PAUSES:
        return "，"
    if char == "著":
        return "着"
    silent = char in _DROPPED or char.isspace() or unicodedata.category(char) in _SIGNS
    return "" if silent else char


_FOLD = SIMPLIFIED.then(_spoken_part)


def fold_words(typed: str) -> Folded:
    """Fold what was typed; commas, full stops, semicolons and line breaks all become 「，」."""
    text, places = _FOLD.placed(typed)
    return Folded(text, places, _gaps(places, len(typed)))


def _gaps(places: Sequence[int], typed: int) -> frozenset[int]:
    """Return the places in the folded text before which a character was dropped."""
    if isinstance(places, range):
        return frozenset()
    edges = [-1, *places, typed]
    return frozenset(i for i in range(len(edges) - 1) if edges[i + 1] - edges[i] > 1)


def fold_name(name: str) -> str:
    """Fold the name of an illness as a list has it, dashes and brackets gone."""
    return fold_words(name).text
