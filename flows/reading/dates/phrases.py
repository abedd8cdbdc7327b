"""Which builder reads which shape, and the walk over a text that finds them all."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType

from flows.reading.dates import figures, named, relative
from flows.reading.dates.calendar import Meaning
from flows.reading.dates.grammar import PATTERNS
from flows.reading.dates.model import Clock, Frame

Builder = Callable[[re.Match[str], Frame], Meaning | Clock | None]
BUILDERS: MappingProxyType[str, Builder] = MappingProxyType(
    {
        "month_day_year": figures.month_day_year,
        "numeric": figures.numeric,
        "short_numeric": figures.short_numeric,
        "same_day": relative.same_day,
        "lunar": named.lunar,
        "new_year": named.new_year,
        "calendar": named.calendar,
        "festival": named.festival,
        "short_festival": named.festival,
        "month_day_range": figures.month_day_range,
        "month_numeric": figures.month_numeric,
        "year_part": named.year_part,
        "passed_time": relative.passed_time,
        "hours": relative.duration,
        "season": named.season,
        "day_pair": relative.day_pair,
        "day_word": relative.day_word,
        "cantonese": relative.cantonese,
        "week": relative.week,
        "weekday": relative.weekday,
        "day_range": figures.day_range,
        "day": figures.day,
        "month_day": figures.month_day,
        "compact": figures.compact,
        "english": figures.english,
        "clock": relative.clock,
        "period": relative.period,
    }
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A date or a time found in a text, and where."""

    start: int
    end: int
    meaning: Meaning | Clock


def find_phrases(text: str, frame: Frame) -> Iterator[Phrase]:
    """Yield the phrases of a folded text from left to right, none overlapping; linear in its length."""
    nexts = {name: PATTERNS[name].search(text) for name in BUILDERS}
    place = 0
    while True:
        found = _first(nexts, text, place)
        if found is None:
            return
        name, match = found
        meaning = BUILDERS[name](match, frame)
        if meaning is None:
            nexts[name] = PATTERNS[name].search(text, match.start() + 1)
            continue
        yield Phrase(match.start(), match.end(), meaning)
        place = match.end()


def _first(nexts: dict[str, re.Match[str] | None], text: str, place: int) -> tuple[str, re.Match[str]] | None:
    """Return the earliest match from `place` on, of those the first in the table's order."""
    best: tuple[str, re.Match[str]] | None = None
    for name, held in nexts.items():
        match = held
        if match is not None and match.start() < place:
            match = nexts[name] = PATTERNS[name].search(text, place)
        if match is not None and (best is None or match.start() < best[1].start()):
            best = name, match
    return best
