"""Cutting a text into names, places and filling words, with as little left unexplained as can be."""

from collections.abc import Iterator
from dataclasses import dataclass

from flows.reading.hospitals.index import HospitalIndex
from flows.reading.hospitals.lexicon import Kind
from flows.reading.hospitals.sounds import broad_syllables, syllables
from flows.reading.hospitals.text import HARD, SOFT

_LONGEST_WORD = 9
_LONGEST_PLACE = 12
_DIGITS = frozenset("一二三四五六七八九十0123456789")
_LEVELS = frozenset("省市县区州")
_SUFFIX = "医院"
# What a piece costs; the cheapest cover is taken. An unexplained character is dearer than any piece, a long
# piece cheaper than two short ones, and a name as spelt cheaper than one that only sounds so.
_UNKNOWN_COST = 100
_SINGLE_COST = 14
_WORD_COST = 10
_PLACE_COST = 12
_FULL_PLACE_COST = 9
_SOUND_COST = 26
_MISMATCH_COST = 4
_RARE_COST = 30
# Between covers that cost the same the one with the longer names is taken: 东方肝胆 + 外科, not 东方 + 肝胆外科.
_FINE = 1000
_SHORT = 2
_LONG = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text: what it is, and for names and places the key to look up.

    `doubt`: 0 as spelt, 1 the same sound, 2 a similar sound or too many other characters.
    """

    kind: Kind
    text: str
    key: str = ""
    doubt: int = 0


Candidate = tuple[int, Piece]


def cover(text: str, index: HospitalIndex, *, by_sound: bool = False, few: bool = False) -> list[Piece]:
    """Cut `text` (normalised) into pieces.

    With `by_sound` names may be spelt by their sound; with `few` a cover of fewer names is preferred
    (长沙 + 湘雅附二 to 长沙湘雅 + 附二).
    """
    name_cost = _RARE_COST if few else 0
    sounds = broad_syllables(text) if by_sound else ()
    costs = [0] + [1 << 40] * len(text)
    last: list[Piece | None] = [None] * (len(text) + 1)
    for start in range(len(text)):
        for cost, piece in _pieces_at(text, start, index, sounds):
            end = start + len(piece.text)
            named = name_cost * _FINE - len(piece.text) if piece.kind is Kind.NAME else 0
            total = costs[start] + cost * _FINE + named
            if total < costs[end]:
                costs[end], last[end] = total, piece
    return _backtrack(last)


def _backtrack(last: list[Piece | None]) -> list[Piece]:
    pieces: list[Piece] = []
    end = len(last) - 1
    while end and (piece := last[end]):
        pieces.append(piece)
        end -= len(piece.text)
    pieces.reverse()
    return _merged(pieces)


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Join neighbouring unknown characters to one piece."""
    joined: list[Piece] = []
    for piece in pieces:
        if piece.kind is Kind.UNKNOWN and joined and joined[-1].kind is Kind.UNKNOWN:
            joined[-1] = Piece(Kind.UNKNOWN, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined


def _pieces_at(text: str, start: int, index: HospitalIndex, sounds: tuple[str, ...]) -> Iterator[Candidate]:
    character = text[start]
    if character in {SOFT, HARD}:
        yield 0, Piece(Kind.SOFT_JOINT if character == SOFT else Kind.HARD_JOINT, character)
        return
    yield from _names(text, start, index)
    yield from _places(text, start, index)
    yield from _words(text, start, index)
    if sounds:
        yield from _sounding_names(text, start, index, sounds)
        yield from _sounding_places(text, start, index)
    yield _UNKNOWN_COST, Piece(Kind.UNKNOWN, character)


def _names(text: str, start: int, index: HospitalIndex) -> Iterator[Candidate]:
    for length in index.lengths.by_start.get(text[start : start + 2], ()):
        name = text[start : start + length]
        if name in index.entries:
            yield _WORD_COST, Piece(Kind.NAME, name, name)


def _places(text: str, start: int, index: HospitalIndex) -> Iterator[Candidate]:
    for end in range(start + 2, min(len(text), start + _LONGEST_PLACE) + 1):
        place = index.words.places.get(text[start:end])
        if place:
            cost = _FULL_PLACE_COST if place.ending else _PLACE_COST
            yield cost, Piece(Kind.PLACE, text[start:end], text[start:end])


def _words(text: str, start: int, index: HospitalIndex) -> Iterator[Candidate]:
    for end in range(start + 1, min(len(text), start + _LONGEST_WORD) + 1):
        kinds = index.words.words.get(text[start:end])
        if kinds:
            cost = _SINGLE_COST if end == start + 1 else _WORD_COST
            yield cost, Piece(kinds[0], text[start:end])


# --- by sound ----------------------------------------------------------------------------------------------


def _sounding_names(text: str, start: int, index: HospitalIndex, sounds: tuple[str, ...]) -> Iterator[Candidate]:
    first = " ".join(sounds[start : start + 2])
    for length in index.sound_lengths.by_start.get(first, ()):
        spelt = text[start : start + length]
        for name in index.sounds.get(" ".join(sounds[start : start + length]), ()):
            other = sum(a != b for a, b in zip(spelt, name, strict=True))
            if other and _may_stand_for(spelt, name) and _is_no_phrase(spelt, name, index):
                piece = Piece(Kind.NAME, spelt, name, _doubt(spelt, name, other))
                yield _SOUND_COST + _MISMATCH_COST * other * piece.doubt, piece


def _may_stand_for(spelt: str, name: str) -> bool:
    """Return True if no numeral, level or 医院 was changed: 第四 is not 第十, 市一院 is not 市医院."""
    changed = [(a, b) for a, b in zip(spelt, name, strict=True) if a != b]
    fixed = _DIGITS | _LEVELS
    kept = not any(a in fixed or b in fixed for a, b in changed) or _is_one_inside(changed, name)
    return kept and (_SUFFIX in spelt) == (_SUFFIX in name)


def _is_no_phrase(spelt: str, name: str, index: HospitalIndex) -> bool:
    """Return True if the spelling is neither a place (宿州, 苏州) nor a word of the sentence (的大, 德达)."""
    words = index.words
    if any(a != b and a in words.words for a, b in zip(spelt, name, strict=True)):
        return False
    windows = (spelt[at : at + size] for size in (2, 3, 4) for at in range(len(spelt) - size + 1))
    return all(window in name for window in windows if window in words.places)


def _is_one_inside(changed: list[tuple[str, str]], name: str) -> bool:
    """Return True if the only change is a 一 for the sound yi inside a longer name (邵一夫), not before 院."""
    inside = len(changed) == 1 and changed[0][0] == "一" and len(name) > _SHORT
    return inside and changed[0][1] not in _DIGITS | _LEVELS | {"医"}


def _doubt(spelt: str, name: str, other: int) -> int:
    few = other * 3 <= len(name.removesuffix(_SUFFIX)) * 2
    long = other == 1 and len(name) >= _LONG
    return 1 if long or (few and syllables(spelt) == syllables(name)) else 2


def _sounding_places(text: str, start: int, index: HospitalIndex) -> Iterator[Candidate]:
    for length in (2, 3, 4):
        spelt = text[start : start + length]
        if len(spelt) < length or spelt in index.words.places or _DIGITS.intersection(spelt):
            continue
        place = index.words.place_sounds.get(syllables(spelt))
        if place and (length == _SHORT or place[-1] == spelt[-1]):
            yield _SOUND_COST + _MISMATCH_COST, Piece(Kind.PLACE, spelt, place, 1)
