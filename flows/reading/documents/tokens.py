"""Finding the number in an answer: people group its digits, put words around it, or give two at once."""

import re
from typing import Final

from flows.reading.fold import one_line
from flows.reading.spoken import spoken_digits

_CROSSES: Final = str.maketrans(dict.fromkeys("×✕✖╳╳❌ХΧ叉", "X"))
"""What stands for the X at the end, on keyboards without one; Cyrillic and Greek letters among them."""
_STAR: Final = re.compile(r"(?<=[0-9])[*](?![*0-9A-Z])")
_SEGMENT: Final = re.compile(r"[A-Z0-9](?:[A-Z0-9#*@$%^? ()._·-]*[A-Z0-9])?")
_PIECE: Final = re.compile(r"[A-Z0-9#*@$%^?]*[A-Z0-9][A-Z0-9#*@$%^?]*")
"""A stray sign inside stays, so that what it stands for is not passed over."""
_COMMAS: Final = str.maketrans(dict.fromkeys(",/、;", " "))
_WORDS: Final = frozenset({"IS", "NO", "ID", "MY", "NR", "NUM", "AND", "OR", "THE", "TEL", "SFZ", "CARD"})
_GLUED: Final = re.compile(r"(?:ID|NO|SFZH?|CARD)+#*(?=[0-9]{6})")
_LONGEST_PREFIX: Final = 3
_SHORT: Final = 6
_MARKER: Final = 2


def prepare(text: str) -> str:
    """Return `text` cleaned, in capitals, spoken digits as figures, and crosses as X."""
    return _STAR.sub("X", spoken_digits(one_line(text)).upper().translate(_CROSSES))


def tokens(text: str, whole: re.Pattern[str]) -> list[str]:
    """Return what may be numbers in the prepared `text`, in order, once each; each has a digit.

    Groups of one segment are put together until they match `whole`; a segment in which that leaves a short
    rest is one token.
    """
    found = [token for segment in _SEGMENT.findall(text) for token in _group(_pieces(segment, whole), whole)]
    return list(dict.fromkeys(token for token in found if any(map(str.isdecimal, token))))


def without_commas(prepared: str) -> str:
    """Return the text with commas and slashes as blanks; fit for numbers that have a check character."""
    return prepared.translate(_COMMAS)


def _pieces(segment: str, whole: re.Pattern[str]) -> list[str]:
    raw = [_unglued(piece, whole) for piece in _PIECE.findall(segment)]
    kept = [piece for n, piece in enumerate(raw) if not piece.isalpha() or _belongs(raw, n)]
    return kept if any(not piece.isalpha() for piece in kept) else raw


def _unglued(piece: str, whole: re.Pattern[str]) -> str:
    return piece if whole.fullmatch(piece) else _GLUED.sub("", piece)


def _belongs(pieces: list[str], n: int) -> bool:
    """Return True if letters on their own are part of a number: E 1234 5678, …983 X; not words."""
    piece = pieces[n]
    after_digits = n > 0 and pieces[n - 1].isdecimal()
    before_digits = n + 1 < len(pieces) and pieces[n + 1][0].isdecimal()
    if len(piece) == 1 and after_digits:
        return True
    return before_digits and len(piece) <= _LONGEST_PREFIX and piece not in _WORDS


def _group(pieces: list[str], whole: re.Pattern[str]) -> list[str]:
    groups: list[str] = []
    before: list[str] = []
    rest = ""
    for piece in pieces:
        alone = whole.fullmatch(piece) is not None
        prefixed = rest.isalpha() and whole.fullmatch(rest + piece) is not None
        if alone and rest and not prefixed:
            before.append(rest)
            rest = ""
        rest += piece
        if whole.fullmatch(rest):
            groups.append(rest)
            rest = ""
    if len(groups) == 1 and (_spoils(rest, 1) or any(_spoils(other, _MARKER + 1) for other in before)):
        return ["".join(pieces)]
    return [*before, *groups, *([rest] if rest else [])]


def _spoils(rest: str, least: int) -> bool:
    """Return True if a rest beside one whole number puts it in doubt: a digit too many, but not a list's 1."""
    return least <= len(rest) <= _SHORT and not rest.isalpha()
