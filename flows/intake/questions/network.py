"""The hospitals of the service network as lists to choose from: by city, with names short enough for a button."""

import re
from collections import Counter
from functools import lru_cache
from zlib import crc32

from msgspec import Struct

from flows.intake.questions.visit_words import TABLE
from flows.reading.hospital_names import HospitalIndex
from flows.reading.hospitals.directory import Hospital
from flows.reading.hospitals.lexicon import Place
from flows.reading.hospitals.text import SOFT, name_form

BUTTON = 8  # characters that a button shows on a small screen
OUTSIDE = "outside"

_GENERIC = re.compile(TABLE["generic"])


class Network(Struct, frozen=True):
    """The network of one directory.

    `cities`: those with a network hospital, the one with most first. `hospitals`: of a city or a province, in the
    directory's order. `labels`: a name of at most eight characters for a hospital that has one of its own in its city.
    """

    cities: tuple[str, ...]
    hospitals: dict[str, tuple[Hospital, ...]]
    labels: dict[str, str]

    def of(self, place: str) -> tuple[Hospital, ...]:
        """Return the network hospitals of a city or province; none where it has none."""
        return self.hospitals.get(place, ())

    def short(self, name: str) -> str:
        """Return the hospital's short name where it has one, else its name."""
        return self.labels.get(name, name)


@lru_cache(maxsize=4)
def network(index: HospitalIndex) -> Network:
    """Return the network of a directory, worked out once."""
    members = [hospital for hospital in index.hospitals if hospital.network]
    found: dict[str, list[Hospital]] = {}
    for hospital in members:
        for place in dict.fromkeys((hospital.city, hospital.province)):
            found.setdefault(place, []).append(hospital)
    counted = Counter(hospital.city for hospital in members)
    return Network(
        cities=tuple(city for city, _ in counted.most_common()),
        hospitals={place: tuple(hospitals) for place, hospitals in found.items()},
        labels=_labels(index),
    )


def code_of(name: str) -> str:
    """Return what a button carries for a name: eight characters that mean the same in every edition of a directory."""
    return f"{crc32(name.encode()):08x}"


def _labels(index: HospitalIndex) -> dict[str, str]:
    by_city: dict[str, list[str]] = {}
    for hospital in index.hospitals:
        by_city.setdefault(hospital.city, []).append(hospital.name)
    known = _known_forms(index)
    labels = {}
    for hospital in (h for h in index.hospitals if h.network):
        others = [name for name in by_city[hospital.city] if name != hospital.name]
        if label := _label(hospital, known.get(hospital.name, []), others):
            labels[hospital.name] = label
    return labels


def _known_forms(index: HospitalIndex) -> dict[str, list[str]]:
    """Return the other spellings of each network hospital that a button has room for."""
    known: dict[str, list[str]] = {}
    for form, entries in index.entries.items():
        if len(form) <= BUTTON and form.endswith(tuple(TABLE["ends"])):
            for position, _ in entries:
                hospital = index.hospitals[position]
                if hospital.network:
                    known.setdefault(hospital.name, []).append(form)
    return known


def _label(hospital: Hospital, forms: list[str], others: list[str]) -> str:
    """Return the name itself, its end, or a known short form, whichever fits first and no neighbour shares."""
    name = hospital.name
    if len(name) <= BUTTON:
        return name
    for candidate in (*_ends(hospital), *sorted(forms, key=lambda form: (-len(form), form))):
        shared = any(_within(candidate, other) for other in others)
        if _within(candidate, name) and not shared and not _GENERIC.fullmatch(candidate):
            return candidate
    return ""


def _ends(hospital: Hospital) -> list[str]:
    """Return the ends of a name, from where it may be cut, that a button has room for, the longest first."""
    name = hospital.name
    cuts = {place + len(cut) for cut in TABLE["cuts"] for place in range(len(name)) if name.startswith(cut, place)}
    cuts |= {len(place) for place in (hospital.province, hospital.city) if name.startswith(place)}
    ends = [name[cut:] for cut in sorted(cuts)]
    return [end for end in ends if len(end) <= BUTTON and end.endswith(tuple(TABLE["ends"]))]


def _within(short: str, name: str) -> bool:
    """Return True if the characters of `short` stand in `name` in their order."""
    rest = iter(name)
    return all(character in rest for character in short)


def read_city(text: str, index: HospitalIndex) -> tuple[str, ...]:
    """Return the city that `text` names as the directory writes it, or the several it may be; none where it names none.

    A province where no city is named; OUTSIDE for a place that is not in the mainland.
    """
    named = _places_in(name_form(text).replace(SOFT, ""), index)
    if any(place.level == "outside" for place in named):
        return (OUTSIDE,)
    cities = [place for place in named if _is_city(place, index)]
    meant = [dict.fromkeys(_official(place, index, name) for name in place.names) for place in cities or named]
    agreed = [name for name in (meant[0] if meant else ()) if all(name in others for others in meant)]
    return tuple(agreed or dict.fromkeys(name for names in meant for name in names))


def _places_in(text: str, index: HospitalIndex) -> list[Place]:
    places, found, at = index.words.places, [], 0
    longest = max(map(len, places))
    while at < len(text):
        end = next((e for e in range(min(at + longest, len(text)), at, -1) if text[at:e] in places), 0)
        if end:
            found.append(places[text[at:end]])
        at = end or at + 1
    return found


def _is_city(place: Place, index: HospitalIndex) -> bool:
    return place.level == "city" or any(name in index.words.municipalities for name in place.names)


def _official(place: Place, index: HospitalIndex, name: str) -> str:
    """Return a place's name as the directory writes it, or as the gazetteer does where that has none there."""
    cities, provinces = _spellings(index)
    found = cities.get(name) if _is_city(place, index) else provinces.get(name)
    full = f"{name}市"
    return found or (full if full in index.words.places else name)


@lru_cache(maxsize=4)
def _spellings(index: HospitalIndex) -> tuple[dict[str, str], dict[str, str]]:
    """Return the cities and the provinces of a directory by their short names."""
    short = index.words.place_short
    cities = {short(h.city): h.city for h in index.hospitals}
    return cities, {short(h.province): h.province for h in index.hospitals}
