"""The words that are not names: places, fillers, negations, and the parts of which names are built."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Any

from flows.reading.hospitals.directory import DATA
from flows.reading.hospitals.sounds import syllables

_CITY_ENDINGS = ("市", "地区", "州")


class Kind(IntEnum):
    """What a stretch of a text is."""

    UNKNOWN = 0
    NAME = 1
    PLACE = 2
    SUFFIX = 3
    CAMPUS = 4
    CAMPUS_END = 5
    BRANCH = 6
    GLUE = 7
    FILLER = 8
    NEGATION = 9
    REFUSAL = 10
    CONNECTOR = 11
    DEPARTMENT = 12
    TITLE = 13
    INSTITUTION = 14
    SOFT_JOINT = 15
    HARD_JOINT = 16


@dataclass(frozen=True, slots=True)
class Place:
    """A place as written: `names` are the short names of the cities or provinces it stands for.

    `level` is province, city or outside (not the mainland); `ending` says that 省, 市 ... was written.
    """

    names: tuple[str, ...]
    level: str
    ending: str = ""


@dataclass(frozen=True)
class Lexicon:
    """All words of the lexicon and all places, by their spelling."""

    words: dict[str, tuple[Kind, ...]]
    places: dict[str, Place]
    place_sounds: dict[tuple[str, ...], str]
    generic_tails: frozenset[str]
    needs_suffix: frozenset[str]
    common: frozenset[str]
    parting: frozenset[str]
    universities: dict[str, tuple[str, ...]]
    municipalities: frozenset[str]

    def place_short(self, name: str) -> str:
        """Return the short name of a province or city of the directory (杭州市 → 杭州)."""
        place = self.places.get(name)
        return place.names[0] if place else name.removesuffix("市")


_SECTIONS = {
    "glue": Kind.GLUE,
    "fillers": Kind.FILLER,
    "negations": Kind.NEGATION,
    "refusals": Kind.REFUSAL,
    "connectors": Kind.CONNECTOR,
    "departments": Kind.DEPARTMENT,
    "titles": Kind.TITLE,
    "campuses": Kind.CAMPUS,
    "campus_ends": Kind.CAMPUS_END,
    "branches": Kind.BRANCH,
    "institutions": Kind.INSTITUTION,
    "suffixes": Kind.SUFFIX,
}


def _words(table: dict[str, Any]) -> dict[str, tuple[Kind, ...]]:
    words: dict[str, tuple[Kind, ...]] = {}
    for section, kind in _SECTIONS.items():
        for word in table[section].split():
            words[word] = (*words.get(word, ()), kind)
    return words


def _needing_suffix(table: dict[str, Any]) -> Iterator[str]:
    yield from table["needs_suffix"].split()
    yield from (tail for tail in table["generic_tails"].split() if not tail.endswith(("院", "中心")))


def _city_places(cities: dict[str, str]) -> Iterator[tuple[str, Place]]:
    for listed in cities.values():
        for city in listed.split():
            short = city.removesuffix("市")
            yield city, Place((short,), "city", "市" if city != short else "")
            if city == short:
                yield from ((city + end, Place((short,), "city", end)) for end in _CITY_ENDINGS)


def _province_places(table: dict[str, Any]) -> Iterator[tuple[str, Place]]:
    for short, others in table["provinces"].items():
        yield short, Place((short,), "province")
        for other in others:
            ending = "市" if other.endswith("市") else "省" if other.endswith(("省", "自治区")) else ""
            yield other, Place((short,), "province", ending)


def _districts(table: dict[str, Any]) -> Iterator[tuple[str, Place]]:
    cities: dict[str, tuple[str, ...]] = {}
    for city, listed in table["districts"].items():
        for district in listed.split():
            cities[district] = (*cities.get(district, ()), city)
    municipalities = table["municipalities"]["names"]
    for district, names in cities.items():
        yield district, Place(names, "province" if names[0] in municipalities else "city", "区")


def _places(table: dict[str, Any]) -> dict[str, Place]:
    places = dict(_districts(table))
    places |= dict(_city_places(table["cities"])) | dict(_province_places(table))
    places |= {name: Place((name,), "outside") for name in table["outside"]["names"].split()}
    places |= {other: Place((known,), "city") for other, known in table["also"].items()}
    return places


def _place_sounds(places: dict[str, Place]) -> dict[tuple[str, ...], str]:
    sounds: dict[tuple[str, ...], set[str]] = {}
    for name in (name for name, place in places.items() if not place.ending and place.level != "outside"):
        sounds.setdefault(syllables(name), set()).add(name)
    return {sound: min(names) for sound, names in sounds.items() if len(names) == 1}


@cache
def lexicon() -> Lexicon:
    """Load the shipped lexicon, once."""
    table = tomllib.loads((DATA / "hospital_lexicon.toml").read_text(encoding="utf-8"))
    gazetteer = tomllib.loads((DATA / "places.toml").read_text(encoding="utf-8"))
    places = _places(gazetteer)
    return Lexicon(
        words=_words(table),
        places=places,
        place_sounds=_place_sounds(places),
        generic_tails=frozenset(table["generic_tails"].split()),
        needs_suffix=frozenset(_needing_suffix(table)),
        common=frozenset(table["common"].split()),
        parting=frozenset(table["parting"].split()),
        universities={name: tuple(short) for name, short in table["universities"].items()},
        municipalities=frozenset(gazetteer["municipalities"]["names"]),
    )
