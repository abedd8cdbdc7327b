"""Reading the hospital that a person names, to the directory's official name.

Never a guess: what several hospitals are called is ambiguous, what the directory does not explain is unknown
and kept in the person's words. Used for records [OP-N1, IP-N1] and for the wanted hospital [IP-N8].
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from flows.reading.hospitals.cover import Piece, cover
from flows.reading.hospitals.directory import Hospital, ShortName, load_hospitals, load_short_names
from flows.reading.hospitals.fitting import Meant, is_full, meant
from flows.reading.hospitals.index import HospitalIndex
from flows.reading.hospitals.latin import respelt
from flows.reading.hospitals.lexicon import Place
from flows.reading.hospitals.mentions import Fit, Mention, Scene, scene
from flows.reading.hospitals.text import SOFT, name_form
from flows.reading.hospitals.typos import mistyped

__all__ = [
    "Hospital",
    "HospitalIndex",
    "HospitalReading",
    "ShortName",
    "load_hospitals",
    "load_short_names",
    "read_hospital",
    "shipped_index",
]


@dataclass(frozen=True, slots=True)
class HospitalReading:
    """What an answer says about a hospital.

    kind unique: `names` is the one official name. ambiguous: `names` are the candidates (one, when it only
    may be meant), to be asked back. unknown: no names; `words` keeps what the person wrote.
    campus: as written, None without one; another campus of one hospital goes to a human [IP-N8.2].
    negated: the text says which hospital it is not (不去协和), and no other; `excluded` are those refused.
    by_sound: the name was recognised by its sound, or through a slip of the pen: repeat it to the person.
    """

    kind: Literal["unique", "ambiguous", "unknown"]
    names: tuple[str, ...]
    words: str
    campus: str | None = None
    negated: bool = False
    excluded: tuple[str, ...] = ()
    by_sound: bool = False


@cache
def shipped_index() -> HospitalIndex:
    """Build the index of the shipped tables, once."""
    return HospitalIndex(load_hospitals(), load_short_names())


def read_hospital(text: str, index: HospitalIndex, *, city: str | None = None) -> HospitalReading:
    """Read the hospital in `text`; `city` is the city or province the person has named before, as written.

    Any text gives a reading, never an exception.
    """
    words = text.strip()
    hints = _places_in(city or "", index)
    for attempt in _attempts(name_form(text), index):
        outcome = _outcome(attempt, index, hints)
        if outcome is not None:
            return replace(outcome, words=words)
    return replace(_mistyped(name_form(text), index), words=words)


def _mistyped(text: str, index: HospitalIndex) -> HospitalReading:
    position = mistyped(text.replace(SOFT, ""), index)
    if position is None:
        return HospitalReading("unknown", (), "")
    return HospitalReading("unique", (index.hospitals[position].name,), "", by_sound=True)


def _places_in(text: str, index: HospitalIndex) -> list[Place]:
    pieces = cover(name_form(text), index)
    named = [index.words.places[piece.text] for piece in pieces if piece.text in index.words.places]
    return [replace(place, ending="") for place in named]


def _attempts(text: str, index: HospitalIndex) -> Iterator[Scene]:
    """Yield the readings of a text, the plainest first: spelling before sound, whole before in its parts."""
    spelt = respelt(text, index)
    gapless = spelt.replace(SOFT, "")
    spellings = (gapless,) if gapless == spelt else (gapless, spelt)
    yield scene(cover(gapless, index), index.words)
    yield scene(cover(gapless, index, few=True), index.words)
    for by_sound in (False, True):
        for spelling in spellings[not by_sound :]:
            yield scene(cover(spelling, index, by_sound=by_sound), index.words)


def _outcome(found: Scene, index: HospitalIndex, hints: list[Place]) -> HospitalReading | None:
    """Return what a scene says, None when it names no hospital that can be looked up."""
    clean = [mention for mention in found.mentions if mention.fit is not Fit.SPOILT]
    if not clean:
        return None
    spoilt = found.other or len(clean) < len(found.mentions)
    around = [index.words.places[piece.key] for piece in found.elsewhere]
    read = [(mention, _meant(mention, index, around, hints)) for mention in clean]
    excluded = _names({position for mention, means in read if mention.negated for position in means.best}, index)
    wanted = [(mention, means) for mention, means in read if not mention.negated]
    if not wanted:
        return HospitalReading("unknown", (), "", negated=True, excluded=excluded)
    if any(not means.best for _, means in wanted):
        return None if len(wanted) == 1 and _may_be_a_list(wanted[0][0]) else HospitalReading("unknown", (), "")
    total = _together([means for _, means in wanted])
    return replace(
        _reading(total.doubted() if spoilt else total, index, [mention for mention, _ in wanted]),
        excluded=excluded,
    )


def _may_be_a_list(mention: Mention) -> bool:
    return len(mention.names) > 1


def _together(all_meant: list[Meant]) -> Meant:
    """Join the mentions: what they agree on, otherwise all of them, to be asked."""
    total = all_meant[0]
    for other in all_meant[1:]:
        both = tuple(position for position in total.best if position in other.best)
        if both:
            total = Meant(sure=both) if total.sure or other.sure else Meant(maybe=both)
        else:
            total = Meant(maybe=tuple(dict.fromkeys((*total.best, *other.best))))
    return total


def _reading(means: Meant, index: HospitalIndex, mentions: list[Mention]) -> HospitalReading:
    campus = "".join(mention.campus for mention in mentions) or None
    heard = any(piece.doubt for mention in mentions for piece in (*mention.names, *mention.places))
    names = tuple(index.hospitals[position].name for position in means.best)
    kind: Literal["unique", "ambiguous"] = "unique" if len(means.sure) == 1 else "ambiguous"
    return HospitalReading(kind, names, "", campus=campus, by_sound=heard)


def _names(positions: set[int], index: HospitalIndex) -> tuple[str, ...]:
    return tuple(index.hospitals[position].name for position in sorted(positions))


# --- one mention -------------------------------------------------------------------------------------------


def _meant(mention: Mention, index: HospitalIndex, around: list[Place], hints: list[Place]) -> Meant:
    places = [index.words.places[piece.key] for piece in mention.places]
    found = _at(mention.names, places, index, around=around, hints=hints)
    bare = mention.bare and not hints
    doubtful = bare or mention.fit is Fit.ASKED or any(piece.doubt > 1 for piece in (*mention.names, *mention.places))
    return found.doubted() if doubtful else found


def _at(
    names: list[Piece], places: list[Place], index: HospitalIndex, *, around: list[Place], hints: list[Place]
) -> Meant:
    """Return what the names mean: at the places written with them, else around them, else at the hints.

    A hint that no hospital of a short name agrees with leaves a doubt.
    """
    plain = meant(names, places, index)
    if len(plain.sure) == 1 and places:
        return plain
    for others in (around, hints):
        sifted = [meant(names, [*places, replace(place, ending="")], index) for place in others]
        agreeing = [means for means in sifted if means.best]
        if agreeing:
            return agreeing[0]
    contradicted = hints and not places and not any(is_full(piece, index) for piece in names)
    return plain.doubted() if contradicted else plain
