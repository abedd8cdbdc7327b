"""Which hospitals a mention can mean: its name's entries, sifted by the places that stand with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice

from flows.reading.hospitals.cover import Piece
from flows.reading.hospitals.forms import Grade, Home
from flows.reading.hospitals.index import MANY, Entry, HospitalIndex
from flows.reading.hospitals.lexicon import Place

_FULL = 5


class Near(IntEnum):
    """How a written place lies to a hospital."""

    ELSEWHERE = 0
    PROVINCE = 1
    CITY = 2
    OWN = 3


@dataclass(frozen=True, slots=True)
class Meant:
    """The hospitals (positions in the directory) that a mention means: `sure` ones, or else `maybe`."""

    sure: tuple[int, ...] = ()
    maybe: tuple[int, ...] = ()

    @property
    def best(self) -> tuple[int, ...]:
        """The sure ones, the possible ones when there are none."""
        return self.sure or self.maybe

    def doubted(self) -> "Meant":
        """Return the same hospitals with nothing sure."""
        return Meant(maybe=self.best)


def near(place: Place, spot: Home, municipalities: frozenset[str]) -> Near:
    """Say how `place` lies to a hospital at `spot`."""
    if place.level == "province":
        if spot.province not in place.names:
            return Near.ELSEWHERE
        return Near.OWN if spot.province in municipalities else Near.PROVINCE
    if place.level == "city":
        if spot.own in place.names or (spot.city in place.names and spot.own in {"", spot.city}):
            return Near.OWN
        return Near.CITY if spot.city in place.names else Near.ELSEWHERE
    return Near.ELSEWHERE


def meant(names: list[Piece], places: list[Place], index: HospitalIndex) -> Meant:
    """Return what all of `names` together can mean at `places`; nothing when they exclude each other."""
    parts = [_meant_by(piece.key, places, index) for piece in names]
    sure = _common(part.sure for part in parts)
    if sure:
        return Meant(sure=sure)
    return Meant(maybe=_common((*part.sure, *part.maybe) for part in parts))


def _common(parts: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    first, *others = parts
    return tuple(position for position in first if all(position in other for other in others))


def _meant_by(name: str, places: list[Place], index: HospitalIndex) -> Meant:
    found, rivals = _sifted(name, places, index)
    if rivals and found.sure:
        return Meant(maybe=(*found.sure, *rivals))
    joined = _with_place(name, places, index)
    if found.sure or not joined:
        return found
    also = _sifted(joined, places, index)[0]
    agreed = not found.maybe or set(also.sure) <= set(found.maybe)
    return also if agreed else Meant(maybe=tuple(dict.fromkeys((*also.best, *found.maybe))))


def _sifted(name: str, places: list[Place], index: HospitalIndex) -> tuple[Meant, tuple[int, ...]]:
    """Return what `name` means at `places`, and its rivals: the province's hospital of the same words."""
    found: dict[bool, list[int]] = {True: [], False: []}
    rivals: list[int] = []
    for position, grade in _entries(name, places, index):
        worth = _worth(grade, places, index.homes[position], index.words.municipalities)
        if worth is not None:
            found[worth].append(position)
            rivals += [position] if places and grade is Grade.PROVINCE_BARE and not worth else []
    return Meant(tuple(found[True]), tuple(found[False])), tuple(rivals)


def _with_place(name: str, places: list[Place], index: HospitalIndex) -> str:
    """Return the name with its place before it where that is a name of its own (天津 + 肿瘤), else nothing."""
    for place in places:
        entries = index.entries.get(place.names[0] + name, ())
        if entries and entries[0][1] is Grade.NAME:
            return place.names[0] + name
    return ""


def _entries(name: str, places: list[Place], index: HospitalIndex) -> Iterable[Entry]:
    placed = index.by_place.get(name)
    if placed is None:
        return index.entries[name]
    if not places:
        return islice(index.entries[name], 2 * MANY)
    return [entry for short in places[0].names for entry in placed.get(short, ())]


def _worth(grade: Grade, places: list[Place], spot: Home, municipalities: frozenset[str]) -> bool | None:
    """Return whether the hospital is meant: True surely, False perhaps, None not at all."""
    if not places:
        return grade is Grade.NAME
    worths = [_worth_at(grade, place, near(place, spot, municipalities)) for place in places]
    return None if None in worths else any(worths)


_SURE_AT: dict[Grade, frozenset[Near]] = {
    Grade.NAME: frozenset({Near.PROVINCE, Near.CITY, Near.OWN}),
    Grade.COMMON: frozenset({Near.PROVINCE, Near.CITY, Near.OWN}),
    Grade.AFFILIATE: frozenset({Near.CITY, Near.OWN}),
    Grade.PROVINCE: frozenset({Near.PROVINCE, Near.CITY, Near.OWN}),
    Grade.PROVINCE_BARE: frozenset({Near.PROVINCE}),
    Grade.CITY: frozenset({Near.OWN}),
    Grade.LOOSE: frozenset(),
}
# A written 省 or 市 before a form says whose hospital it is: these forms are then not even perhaps meant.
_EXCLUDED_BY: dict[str, frozenset[Grade]] = {
    "省": frozenset({Grade.CITY, Grade.LOOSE}),
    "市": frozenset({Grade.CITY, Grade.PROVINCE_BARE, Grade.LOOSE}),
    "区": frozenset({Grade.CITY, Grade.PROVINCE, Grade.PROVINCE_BARE, Grade.LOOSE}),
}


def _worth_at(grade: Grade, place: Place, distance: Near) -> bool | None:
    if distance is Near.ELSEWHERE:
        return None
    if distance in _SURE_AT[grade] and not (place.ending == "区" and grade is Grade.CITY):
        return True
    return None if grade in _EXCLUDED_BY.get(place.ending, ()) else False


def is_full(piece: Piece, index: HospitalIndex) -> bool:
    """Return True if a name is long enough, or has its place in it, to stand against a place named elsewhere."""
    return len(piece.key) >= _FULL or piece.key[:2] in index.words.places
