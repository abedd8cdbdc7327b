"""Illnesses typed by sound or with a wrong character: at most a guess, so at most for a human.

Pinyin input offers characters of the same sound, and many speakers do not tell zh from z, n from l or -ng
from -n. A whole word that sounds like an illness, or is one character away from it, is taken for it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise

from pypinyin import lazy_pinyin
from rapidfuzz import fuzz

from flows.reading.illnesses.context import CUES
from flows.reading.illnesses.finding import Finding, IllnessStatus, review
from flows.reading.illnesses.folded import Folded
from flows.reading.illnesses.lexicon import Entry, Lexicon, Mention

_KINDS = frozenset({"stands", "coma", "stroke", "ami", "copd", "cancer", "in_situ", "burn", "ckd"})
_LONGEST = 40
"""Only so much of a text is listened to: an answer, not a letter."""
_PAIR = 2
_WORD = 4
_LONG = 6
"""A word must have as many characters for one of them to be wrong."""
_ALIKE = {4: 75.0, 5: 78.0, 6: 80.0}
_ALIKE_LONG = 76.0
_CANDIDATES = 12
_SYLLABLE = 6
_WAYS = 64
_CANCER = Entry("cancer")
_RUNS = re.compile("(?P<chinese>[\u4e00-\u9fff]+)|[a-z]+|.", re.DOTALL)
_FOLDS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("xie", "xue"))


@dataclass(frozen=True, slots=True)
class _Sounds:
    """The words of a lexicon by their sound and by their pairs of neighbouring characters."""

    by_sound: Mapping[tuple[str, ...], tuple[str, ...]]
    by_pair: Mapping[str, tuple[str, ...]]
    syllables: frozenset[str]
    longest: int


def guess(text: Folded, mentions: Sequence[Mention], words: Lexicon, *, named: bool) -> tuple[Finding, int, int] | None:
    """Return what the text may have been meant to say, and from where to where, or None.

    What is spelt right is not guessed at: a guess must reach beyond every word that was found, and where an
    illness is named already (`named`) it must sound like the other one as a whole.
    """
    chars = text.text[:_LONGEST]
    sounds = _sounds(words)
    found = [one for one in mentions if one.entry.kind != "organ"]
    for listen in (_by_sound,) if named else (_by_sound, _by_letters, _by_likeness):
        heard = listen(chars, sounds, words)
        if heard and not any(one.start <= heard[1] and heard[2] <= one.end for one in found):
            if heard[2] - heard[1] <= _PAIR and not _is_answer(chars[: heard[1]] + chars[heard[2] :]):
                return None
            return _finding(words.entries.get(heard[0])), heard[1], heard[2]
    return None


def _is_answer(rest: str) -> bool:
    """Return True if what stands around a guess of two characters speaks of an illness, or of nothing."""
    return CUES["kin"].fullmatch(rest) is not None or CUES["ill"].search(rest) is not None


def _finding(entry: Entry | None) -> Finding:
    """Return what a guess amounts to, never `listed`; an organ with 癌 behind it has no entry."""
    if entry is None or entry.kind == "cancer":
        return review("cancer")
    if entry.kind == "in_situ":
        return Finding(IllnessStatus.NOT_LISTED)
    status = IllnessStatus(entry.status or IllnessStatus.REVIEW)
    if status in {IllnessStatus.LISTED, IllnessStatus.MILD}:
        status = IllnessStatus.REVIEW
    return Finding(status, entry.codes, entry.item)


@lru_cache(maxsize=16)
def _sounds(words: Lexicon) -> _Sounds:
    by_sound: dict[tuple[str, ...], list[str]] = defaultdict(list)
    by_pair: dict[str, list[str]] = defaultdict(list)
    for word in _audible(words):
        by_sound[_heard(word)].append(word)
        if len(word) >= _WORD and word in words.entries:
            for pair in _pairs(word):
                by_pair[pair].append(word)
    return _Sounds(
        {sound: tuple(of) for sound, of in by_sound.items()},
        {pair: tuple(of) for pair, of in by_pair.items()},
        frozenset(syllable for word in _audible(words) for syllable in lazy_pinyin(word)),
        max(map(len, by_sound)),
    )


def _audible(words: Lexicon) -> Iterator[str]:
    for word, entry in words.entries.items():
        if entry.kind in _KINDS and len(word) >= _PAIR and not any(char.isascii() for char in word):
            yield word
        elif entry.kind == "organ" and not word.isascii():
            yield f"{word}癌"


def _heard(word: str) -> tuple[str, ...]:
    return tuple(map(_fold, lazy_pinyin(word)))


def _fold(syllable: str) -> str:
    for spoken, folded in _FOLDS:
        syllable = syllable.replace(spoken, folded)
    return "l" + syllable[1:] if syllable.startswith("n") else syllable


def _pairs(word: str) -> list[str]:
    return [first + second for first, second in pairwise(word)]


def _by_sound(chars: str, sounds: _Sounds, words: Lexicon) -> tuple[str, int, int] | None:
    """Find the longest run of characters that sounds like a word and shares one of its characters."""
    return next(_runs(chars, sounds, words), None)


def _runs(chars: str, sounds: _Sounds, words: Lexicon) -> Iterator[tuple[str, int, int]]:
    """Yield each run that sounds like a word with the word and its place, the longest first."""
    syllables, starts = _syllables(chars)
    ends = [*starts[1:], len(chars)]
    for length in range(min(sounds.longest, len(syllables)), 1, -1):
        for at in range(len(syllables) - length + 1):
            typed = chars[starts[at] : ends[at + length - 1]]
            for word in sounds.by_sound.get(tuple(syllables[at : at + length]), ()):
                if _close(typed, word, words):
                    yield word, starts[at], ends[at + length - 1]


def misspelt(text: Folded, mentions: Sequence[Mention], words: Lexicon) -> list[tuple[int, int]]:
    """Return the runs that sound like a word and are not spelt as one: more than was found may be meant."""
    chars = text.text[:_LONGEST]
    explained = {place for one in mentions for place in range(one.start, one.end)}
    runs = [(start, end) for word, start, end in _runs(chars, _sounds(words), words) if chars[start:end] != word]
    return [run for run in runs if any(_is_slip(chars[: at + 1]) for at in range(*run) if at not in explained)]


def _is_slip(upto: str) -> bool:
    """Return True if the last character is none of those that stand beside an illness in any sentence."""
    return not CUES["leads_in"].search(upto)


def _syllables(chars: str) -> tuple[list[str], list[int]]:
    """Return the sounds and where each starts; letters in a row are one sound, other signs are none."""
    syllables: list[str] = []
    starts: list[int] = []
    for run in _RUNS.finditer(chars):
        spoken = lazy_pinyin(run.group()) if run["chinese"] else [run.group()]
        syllables.extend(map(_fold, spoken))
        starts.extend(range(run.start(), run.start() + len(spoken)))
    return syllables, starts


def _close(typed: str, word: str, words: Lexicon) -> bool:
    same = sum(first == second for first, second in zip(typed, word, strict=False))
    if len(word) > _PAIR:
        return same > 0
    entry = words.entries.get(typed[:1])
    return same > 0 and typed[0] == word[0] and entry is not None and entry.kind == "organ"


def _by_letters(chars: str, sounds: _Sounds, words: Lexicon) -> tuple[str, int, int] | None:
    """Read an answer typed in pinyin letters only."""
    if not (chars.isascii() and chars.isalpha()):
        return None
    for split in islice(_splits(chars, sounds.syllables), _WAYS):
        for word in sounds.by_sound.get(tuple(map(_fold, split)), ()):
            if words.entries.get(word, _CANCER).status != "not_listed":
                return word, 0, len(chars)
    return None


def _splits(letters: str, syllables: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """Yield the ways to split letters into syllables, long ones first."""
    if not letters:
        yield ()
    for length in range(min(_SYLLABLE, len(letters)), 0, -1):
        if letters[:length] in syllables:
            for rest in _splits(letters[length:], syllables):
                yield (letters[:length], *rest)


def _by_likeness(chars: str, sounds: _Sounds, words: Lexicon) -> tuple[str, int, int] | None:
    """Find a word of which one character is wrong, missing or too many."""
    if len(chars) < _WORD - 1:
        return None
    shared = Counter(word for pair in set(_pairs(chars)) for word in sounds.by_pair.get(pair, ()))
    for word, _count in shared.most_common(_CANDIDATES):
        found = fuzz.partial_ratio_alignment(word, chars, score_cutoff=_ALIKE.get(len(word), _ALIKE_LONG))
        if found and _alike(word, chars[found.dest_start : found.dest_end], words):
            return word, found.dest_start, found.dest_end
    return None


def _alike(word: str, typed: str, words: Lexicon) -> bool:
    """Return True if all but one character are there; of a cancer, the last one must be."""
    missing = Counter(word) - Counter(typed)
    entry = words.entries[word]
    named = word[-1] in typed if entry.kind == "cancer" else entry.status != "not_listed"
    return named and missing.total() <= (1 if len(word) <= _LONG else _PAIR)
