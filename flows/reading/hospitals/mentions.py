"""Finding the hospitals that a text mentions, and what stands with them: places, campuses, negations."""

from dataclasses import dataclass, field
from enum import Enum

from flows.reading.hospitals.cover import Piece
from flows.reading.hospitals.lexicon import Kind, Lexicon

_CHAIN = frozenset({Kind.NAME, Kind.PLACE, Kind.SUFFIX, Kind.CAMPUS, Kind.GLUE, Kind.SOFT_JOINT})
_TRIMMED = frozenset({Kind.GLUE, Kind.SOFT_JOINT})
_CAMPUS = frozenset({Kind.CAMPUS, Kind.CAMPUS_END, Kind.BRANCH, Kind.UNKNOWN})
_CLOSING = ("院", "中心", "所", "区", "部")
_ORDINAL = "第"
_LONGEST_CAMPUS = 4
_LONGEST_PERSON = 3
_SHORT_NAME = 2
_SHORT_TEXT = 6


class Fit(Enum):
    """How a mention stands in its sentence."""

    CLEAN = "clean"  # everything around it is understood
    ASKED = "asked"  # a branch or a word of doubt stands with it: ask
    SPOILT = "spoilt"  # unknown characters touch it: it is another name


@dataclass(slots=True)
class Mention:
    """One hospital as mentioned: its names and places as written, and what was said about it.

    `bare`: the whole text is one word that is also a word of every day (南方).
    """

    names: list[Piece] = field(default_factory=list)
    places: list[Piece] = field(default_factory=list)
    campus: str = ""
    bare: bool = False
    negated: bool = False
    fit: Fit = Fit.CLEAN


@dataclass(slots=True)
class Scene:
    """All that a text says about hospitals.

    `elsewhere` are the places that stand apart from any name; `other` says that an institution is named which
    no directory entry explains.
    """

    mentions: list[Mention] = field(default_factory=list)
    elsewhere: list[Piece] = field(default_factory=list)
    other: bool = False


def scene(pieces: list[Piece], words: Lexicon) -> Scene:
    """Read the pieces of a text."""
    found = Scene()
    start = 0
    while start < len(pieces):
        if pieces[start].kind not in _CHAIN:
            found.other |= pieces[start].kind is Kind.INSTITUTION
            start += 1
            continue
        end = _chain_end(pieces, start)
        _read_chain(pieces, start, end, words, found)
        start = end
    return found


def _chain_end(pieces: list[Piece], start: int) -> int:
    end = start
    while end < len(pieces) and (pieces[end].kind in _CHAIN or _campus_length(pieces, end)):
        end += _campus_length(pieces, end) or 1
    return end


def _campus_length(pieces: list[Piece], at: int) -> int:
    """Return the number of pieces of a campus named by a word of its own (郑东 + 院区), 0 if there is none."""
    kind = pieces[at].kind
    following = pieces[at + 1].kind if at + 1 < len(pieces) else None
    if kind in {Kind.CAMPUS_END, Kind.BRANCH}:
        return 1
    named = kind is Kind.UNKNOWN and len(pieces[at].text) <= _LONGEST_CAMPUS
    return 2 if named and following in {Kind.CAMPUS_END, Kind.BRANCH} else 0


def _read_chain(pieces: list[Piece], start: int, end: int, words: Lexicon, found: Scene) -> None:
    chain = _with_campus(pieces[start:end])
    names = [piece for piece in chain if piece.kind is Kind.NAME and _stands(piece, chain, words, pieces)]
    places = [piece for piece in chain if piece.kind is Kind.PLACE]
    if not names:
        found.elsewhere.extend(places)
        found.other |= _is_other(pieces, start, chain)
        return
    found.mentions.append(
        Mention(
            names=names,
            places=places,
            campus=_campus(chain),
            bare=len(pieces) == 1 and names[0].key in words.needs_suffix,
            negated=_negated(pieces, start, end, words),
            fit=_fit(pieces, start, chain, names, words),
        )
    )


def _with_campus(chain: list[Piece]) -> list[Piece]:
    """Return the chain with a name that only says which campus (积水潭 ... 回龙观 + 院区) as a campus."""
    changed = list(chain)
    for at in range(1, len(chain) - 1):
        earlier = any(piece.kind is Kind.NAME for piece in chain[:at])
        if earlier and chain[at].kind is Kind.NAME and chain[at + 1].kind is Kind.CAMPUS_END:
            changed[at] = Piece(Kind.CAMPUS, chain[at].text)
    return changed


def _is_other(pieces: list[Piece], start: int, chain: list[Piece]) -> bool:
    before = pieces[start - 1].kind if start else None
    if before is Kind.CONNECTOR:
        return True
    return before is Kind.UNKNOWN and any(piece.kind is Kind.SUFFIX for piece in chain)


def _stands(piece: Piece, chain: list[Piece], words: Lexicon, pieces: list[Piece]) -> bool:
    """Return True if a name may stand as it does: a word of every day needs 医院 or a place beside it."""
    kinds = {other.kind for other in chain}
    if piece.key[-2:-1] == _ORDINAL and len(pieces) > 1:
        return Kind.SUFFIX in kinds
    supported = len(pieces) == 1 or bool(kinds & {Kind.SUFFIX, Kind.PLACE, Kind.CAMPUS})
    if piece.doubt and len(piece.key) <= _SHORT_NAME:
        return supported or sum(len(other.text) for other in pieces) <= _SHORT_TEXT
    return supported or piece.key not in words.needs_suffix


def _campus(chain: list[Piece]) -> str:
    first = next(at for at, piece in enumerate(chain) if piece.kind is Kind.NAME)
    after = chain[first:]
    found = ""
    for piece, following in zip(after, [*after[1:], None], strict=True):
        ends = following is not None and following.kind in {Kind.CAMPUS_END, Kind.BRANCH}
        found += piece.text if piece.kind in _CAMPUS or (ends and piece.kind is Kind.PLACE) else ""
    return found


# --- the neighbours ----------------------------------------------------------------------------------------


def _fit(pieces: list[Piece], start: int, chain: list[Piece], names: list[Piece], words: Lexicon) -> Fit:
    if _spoilt_before(pieces, start, words) or _spoilt_within(chain, names):
        return Fit.SPOILT
    closed = _is_closed(chain)
    if not closed and _runs_on(pieces[start + len(chain) :], words):
        return Fit.SPOILT
    speciality = any(names[-1].key.endswith(tail) for tail in words.generic_tails)
    after = pieces[start + len(chain)].kind if start + len(chain) < len(pieces) else None
    if speciality and not closed and after is Kind.DEPARTMENT:
        return Fit.SPOILT  # 上海 + 肿瘤内科
    if _spoilt_after(pieces, start + len(chain), closed=closed):
        return Fit.SPOILT
    return Fit.ASKED if any(piece.kind is Kind.BRANCH for piece in chain) else Fit.CLEAN


def _spoilt_before(pieces: list[Piece], start: int, words: Lexicon) -> bool:
    """Return True if what stands before belongs to the name: unknown or loose characters (明悦和中医)."""
    if pieces[start].kind in _TRIMMED:
        return False
    loose = start
    while loose and _is_loose(pieces[loose - 1], words):
        loose -= 1
    before = pieces[loose - 1].kind if loose else None
    if loose < start and before in {None, Kind.PLACE}:
        return True
    return before in {Kind.UNKNOWN, Kind.INSTITUTION}


def _runs_on(after: list[Piece], words: Lexicon) -> bool:
    """Return True if a loose character ties the name to what follows (华山 + 和 + 医院)."""
    loose = len(after) > 1 and _is_loose(after[0], words)
    return loose and after[1].kind in {Kind.UNKNOWN, Kind.SUFFIX, Kind.INSTITUTION}


def _is_loose(piece: Piece, words: Lexicon) -> bool:
    """Return True if a piece is one character that a name may have as well (人, 和, 地)."""
    return piece.kind in {Kind.FILLER, Kind.CONNECTOR} and len(piece.text) == 1 and piece.text not in words.parting


def _spoilt_within(chain: list[Piece], names: list[Piece]) -> bool:
    """Return True if a name of the chain was not taken as one: its characters then belong to another name."""
    return any(piece.kind is Kind.NAME and piece not in names for piece in chain)


def _is_closed(chain: list[Piece]) -> bool:
    trimmed = [piece for piece in chain if piece.kind not in _TRIMMED]
    final = trimmed[-1]
    ends = final.kind in {Kind.SUFFIX, Kind.CAMPUS, Kind.CAMPUS_END, Kind.BRANCH}
    return ends or final.text.endswith(_CLOSING) or chain[-1].kind in _TRIMMED


def _spoilt_after(pieces: list[Piece], end: int, *, closed: bool) -> bool:
    after = pieces[end : end + 3]
    kinds = [piece.kind for piece in after] + [Kind.HARD_JOINT] * 2
    if kinds[0] is Kind.INSTITUTION:
        return True
    if kinds[0] is Kind.DEPARTMENT:
        return kinds[1] is Kind.SUFFIX
    if kinds[0] is not Kind.UNKNOWN:
        return False
    if kinds[1] is Kind.TITLE and len(after[0].text) <= _LONGEST_PERSON:
        return False
    return not closed or kinds[1] in {Kind.SUFFIX, Kind.INSTITUTION, Kind.NAME}


def _negated(pieces: list[Piece], start: int, end: int, words: Lexicon) -> bool:
    if end < len(pieces) and _refuses(pieces[end], pieces[end + 1 : end + 2], words):
        return True
    for piece in reversed(pieces[:start]):
        if piece.kind in {Kind.NEGATION, Kind.REFUSAL}:
            return piece.kind is Kind.NEGATION
        if piece.kind not in {Kind.FILLER, Kind.GLUE, Kind.DEPARTMENT}:
            return False
    return False


def _refuses(piece: Piece, after: list[Piece], words: Lexicon) -> bool:
    """Return True if the piece after a name refuses it; one that may refuse what follows must end there."""
    if Kind.REFUSAL not in words.words.get(piece.text, ()):
        return False
    return piece.kind is Kind.REFUSAL or not after or after[0].kind not in _CHAIN
