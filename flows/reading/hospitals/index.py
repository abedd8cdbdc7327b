"""The index of a directory: every form of every name, ready for look-ups that do not grow with its size."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from flows.reading.hospitals.directory import Hospital, ShortName
from flows.reading.hospitals.forms import HOSPITAL, Grade, Home, forms, home
from flows.reading.hospitals.lexicon import Lexicon, lexicon
from flows.reading.hospitals.sounds import broad_syllables, syllables
from flows.reading.hospitals.text import solid

# Entry: a hospital's position in the directory, and what the form is worth for it.
Entry = tuple[int, Grade]
MANY = 48
_SHORTEST = 2
_CUT = tuple("肿心总儿医院附一二三四五六七八九十")


@dataclass(frozen=True, slots=True)
class Lengths:
    """For the first two units of every key, the lengths of the keys that begin with them, longest first."""

    by_start: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, starts: Iterable[tuple[str, int]]) -> "Lengths":
        """Collect the lengths of (first two units, length) pairs."""
        found: dict[str, set[int]] = {}
        for start, length in starts:
            found.setdefault(start, set()).add(length)
        return cls({start: tuple(sorted(lengths, reverse=True)) for start, lengths in found.items()})


class HospitalIndex:
    """An immutable index of `hospitals` and their `short_names`; built once, then only read.

    A short name of a hospital that is not in the directory is left out. Raises ValueError for two hospitals
    of one name.
    """

    __slots__ = (
        "_by_name",
        "by_place",
        "entries",
        "homes",
        "hospitals",
        "latin",
        "lengths",
        "sound_lengths",
        "sounds",
        "words",
    )

    def __init__(self, hospitals: Iterable[Hospital], short_names: Iterable[ShortName]) -> None:
        self.words: Lexicon = lexicon()
        self.hospitals: tuple[Hospital, ...] = tuple(hospitals)
        self._by_name = _positions(self.hospitals)
        self.homes: tuple[Home, ...] = tuple(home(hospital, self.words) for hospital in self.hospitals)
        gathered = self._collect(short_names)
        self.entries: Mapping[str, tuple[Entry, ...]] = gathered.entries()
        self.by_place: Mapping[str, Mapping[str, tuple[Entry, ...]]] = self._spread()
        self.lengths = Lengths.of((name[:_SHORTEST], len(name)) for name in self.entries)
        self.sounds: Mapping[str, tuple[str, ...]] = _sounds(self.entries.keys() - gathered.unheard)
        self.sound_lengths = Lengths.of(_sound_starts(self.sounds))
        self.latin: Mapping[str, str] = _latin(self.entries, self.words)

    def hospital(self, name: str) -> Hospital | None:
        """Return the hospital of this official name, None when the directory has none."""
        position = self._by_name.get(name)
        return None if position is None else self.hospitals[position]

    def _collect(self, short_names: Iterable[ShortName]) -> "_Gathering":
        gathering = _Gathering(self.words.common)
        for position, hospital in enumerate(self.hospitals):
            for form, grade in forms(hospital, self.words):
                gathering.add(form, position, grade)
        for row in short_names:
            if row.name in self._by_name:
                gathering.add(solid(row.short_name), self._by_name[row.name], Grade.NAME)
                gathering.limit(solid(row.short_name), row.kind)
        gathering.share()
        return gathering

    def _spread(self) -> Mapping[str, Mapping[str, tuple[Entry, ...]]]:
        return MappingProxyType(
            {name: self._placed(entries) for name, entries in self.entries.items() if len(entries) > MANY}
        )

    def _placed(self, entries: tuple[Entry, ...]) -> Mapping[str, tuple[Entry, ...]]:
        placed: dict[str, list[Entry]] = {}
        for entry in entries:
            spot = self.homes[entry[0]]
            for place in {spot.province, spot.city, spot.own} - {""}:
                placed.setdefault(place, []).append(entry)
        return {place: tuple(found) for place, found in placed.items()}


@dataclass
class _Gathering:
    """The entries while they are collected: the best grade of each form for each hospital."""

    common: frozenset[str]
    unheard: set[str] = field(default_factory=set)
    _grades: dict[str, dict[int, Grade]] = field(default_factory=dict)

    def add(self, form: str, position: int, grade: Grade) -> None:
        if len(form) < _SHORTEST:
            return
        worth = Grade.COMMON if grade is Grade.NAME and form in self.common else grade
        known = self._grades.setdefault(form, {})
        known[position] = min(worth, known.get(position, worth))

    def limit(self, form: str, kind: str) -> None:
        """Keep a two-character name from being recognised by sound when few know it or it is cut short."""
        core = form.removesuffix(HOSPITAL)
        if len(core) <= _SHORTEST and (kind != "short" or core.endswith(_CUT)):
            self.unheard.add(form)

    def share(self) -> None:
        """Share a common name with 医院 to all who bear it without (中山医院: whoever is called 中山)."""
        for form in self.common & self._grades.keys():
            bare = self._grades.get(form.removesuffix(HOSPITAL), {}) if form.endswith(HOSPITAL) else {}
            for position, grade in bare.items():
                if grade <= Grade.COMMON:
                    self.add(form, position, Grade.COMMON)

    def entries(self) -> Mapping[str, tuple[Entry, ...]]:
        return MappingProxyType(
            {
                form: tuple(sorted(grades.items(), key=lambda entry: (entry[1], entry[0])))
                for form, grades in self._grades.items()
            }
        )


def _positions(hospitals: tuple[Hospital, ...]) -> dict[str, int]:
    positions = {hospital.name: position for position, hospital in enumerate(hospitals)}
    if len(positions) != len(hospitals):
        raise ValueError("duplicate_hospital_name")
    return positions


def _sounds(names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        found.setdefault(" ".join(broad_syllables(name)), []).append(name)
    return MappingProxyType({sound: tuple(names) for sound, names in found.items()})


def _sound_starts(sounds: Mapping[str, tuple[str, ...]]) -> Iterable[tuple[str, int]]:
    for sound in sounds:
        units = sound.split(" ")
        yield " ".join(units[:_SHORTEST]), len(units)


def _latin(entries: Mapping[str, tuple[Entry, ...]], words: Lexicon) -> Mapping[str, str]:
    """Return the spelling in letters of the names and places that one string alone has."""
    found: dict[str, set[str]] = {}
    for name in (*entries, *words.places):
        found.setdefault("".join(syllables(name)), set()).add(name)
    return MappingProxyType({letters: min(names) for letters, names in found.items() if len(names) == 1})
