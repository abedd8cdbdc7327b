"""What is known about words: the shipped table, a contract's own names, and where they occur in a text."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from flows.reading.illnesses.folded import DATA, Folded
from flows.reading.illnesses.listing import Illness, IllnessList, Severity

_SHORT_LATIN = 2
"""An abbreviation of so few letters may mean something else: at most a human decides."""
_MEASURED = frozenset({"rads", "marker", "level", "ckd"})
_STEM = 3
"""A word must have as many characters to be looked for in the names of a contract's list."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a word means: how it is weighed (`kind`, `group`), and what it amounts to if that is all there is.

    `item` is the entry of the contract's own list that the word is the name of.
    """

    kind: str
    group: str = ""
    status: str = ""
    codes: tuple[str, ...] = ()
    item: Illness | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A word that was found, from `start` to before `end` in the folded text."""

    word: str
    start: int
    end: int
    entry: Entry


@dataclass(frozen=True, eq=False, slots=True)
class Lexicon:
    """All words of one list, and the lengths to try at each first character, longest first."""

    entries: Mapping[str, Entry]
    lengths: Mapping[str, tuple[int, ...]]

    def scan(self, text: Folded) -> list[Mention]:
        """Return what is in the text, left to right, the longest word at each place; none overlap."""
        found = _phrases(text.text)
        taken = {place for one in found for place in range(one.start, one.end)}
        found.extend(self._words(text, taken))
        return sorted(found, key=lambda one: one.start)

    def _words(self, text: Folded, taken: Collection[int]) -> Iterator[Mention]:
        place = 0
        while place < len(text.text):
            one = None if place in taken else self._longest(text, place)
            if one:
                yield one
            place = one.end if one else place + 1

    def _longest(self, text: Folded, start: int) -> Mention | None:
        for length in self.lengths.get(text.text[start], ()):
            word = text.text[start : start + length]
            entry = self.entries.get(word)
            if entry and (_stands_alone(text, start, start + len(word)) or _measured(text, start, word, entry)):
                return Mention(word, start, start + len(word), entry)
        return None


def _stands_alone(text: Folded, start: int, end: int) -> bool:
    """Return True if letters at either end of a word do not run on into others: 「PD」, but not in 「PDF」."""
    chars = text.text
    if _letter(chars[start]) and start > 0 and _runs_on(text, start, chars[start - 1]):
        return False
    if end == len(chars) or not chars[end - 1].isascii():
        return True
    if chars[end - 1].isdigit():
        return not chars[end].isdigit()
    return not _runs_on(text, end, chars[end])


def _measured(text: Folded, start: int, word: str, entry: Entry) -> bool:
    """Return True if a figure belongs right behind the word: 「CEA12」, 「BI-RADS4b」."""
    end = start + len(word)
    figure = end < len(text.text) and text.text[end].isdigit()
    return figure and entry.kind in _MEASURED and not (start > 0 and _letter(text.text[start - 1]))


def _runs_on(text: Folded, between: int, neighbour: str) -> bool:
    return (neighbour.isdigit() and neighbour.isascii()) or (_letter(neighbour) and between not in text.gaps)


def _letter(char: str) -> bool:
    return char.isascii() and char.isalpha()


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((DATA / "illnesses_words.toml").read_text("utf-8"))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Entry], ...]:
    rows = tomllib.loads((DATA / "illnesses_context.toml").read_text("utf-8"))["phrase"]
    return tuple((re.compile(row["pattern"]), _entry(row)) for row in rows)


def _phrases(text: str) -> list[Mention]:
    found: list[Mention] = []
    for pattern, entry in _patterns():
        for one in pattern.finditer(text):
            if all(one.end() <= other.start or one.start() >= other.end for other in found):
                found.append(Mention(one.group(), one.start(), one.end(), entry))
    return found


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(row.get("kind", "stands"), row.get("group", ""), row.get("status", ""), tuple(row.get("codes", ())))


@cache
def known_words() -> Mapping[str, Entry]:
    """Return the shipped words, those of two letters at most for review."""
    return {word: _cautious(word, _entry(row)) for row in _table()["entry"] for word in row["words"].split()}


def _cautious(word: str, entry: Entry) -> Entry:
    if entry.status == "listed" and word.isascii() and len(word) <= _SHORT_LATIN:
        return Entry("stands", entry.group, "review", entry.codes)
    return entry


@lru_cache(maxsize=16)
def lexicon(illnesses: IllnessList) -> Lexicon:
    """Build the lexicon of one list: the shipped words, what the list adds to them, and its own names."""
    words = dict(known_words())
    words.update(_on_this_list(illnesses))
    words.update(_own_names(illnesses))
    lengths: dict[str, set[int]] = defaultdict(set)
    for word in words:
        lengths[word[0]].add(len(word))
    return Lexicon(words, {first: tuple(sorted(of, reverse=True)) for first, of in lengths.items()})


def _own_names(illnesses: IllnessList) -> Iterator[tuple[str, Entry]]:
    known = known_words()
    for name, item in illnesses.by_name.items():
        weighed = known.get(name)
        if weighed is None or weighed.kind == "stands":
            status = "listed" if item.severity is Severity.SEVERE else "mild"
            yield name, Entry("stands", status=status, item=item)


def _on_this_list(illnesses: IllnessList) -> Iterator[tuple[str, Entry]]:
    """Yield the words of illnesses that only longer lists have, where this list has them: for a human."""
    for row in _table()["entry"]:
        if row.get("status") == "contract_dependent":
            words = row["words"].split()
            item = _named_after(words, illnesses)
            if item:
                yield from ((word, Entry("stands", status="review", item=item)) for word in words)


def _named_after(words: list[str], illnesses: IllnessList) -> Illness | None:
    stems = [word for word in words if len(word) >= _STEM and not word.isascii()]
    names = illnesses.by_name.items()
    return next((item for stem in stems for name, item in names if stem in name), None)
