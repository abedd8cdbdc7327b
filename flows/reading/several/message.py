"""A message folded for all readers at once: each character keeps its place in what was typed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from flows.reading.fold import LINES

PAUSE: Final = "，"
_VALUES: Final = re.compile(r"[^,，.。;；!！?？、:：\n]+")
_CLAUSES: Final = re.compile(r"[^,，.。;；!！?？、\n]+")


@dataclass(frozen=True, slots=True)
class Message:
    """`text` is folded by `LINES`; `places[i]` is where `text[i]` stood in what was typed."""

    text: str
    places: Sequence[int]

    def typed(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in what was typed of a stretch of `text` that is not empty."""
        return self.places[start], self.places[end - 1] + 1


def message_of(typed: str) -> Message:
    """Fold what was typed, character by character; line breaks stay."""
    return Message(*LINES.placed(typed))


def masked(text: str, spans: list[tuple[int, int]]) -> str:
    """Return `text` with pauses in place of what is taken already; its length stays."""
    for start, end in spans:
        text = text[:start] + PAUSE * (end - start) + text[end:]
    return text


def clauses(text: str, *, labels: bool = True) -> Iterator[tuple[int, str]]:
    """Yield each stretch between pauses with its place, trimmed; without `labels` a colon is a pause, too."""
    for match in (_CLAUSES if labels else _VALUES).finditer(text):
        clause = match[0].strip()
        if clause:
            yield match.start() + match[0].index(clause[0]), clause
