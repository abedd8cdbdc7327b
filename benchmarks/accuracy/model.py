"""What scoring a case comes to, and a file's cases together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Case = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """One side of a comparison: the kind, status or outcome, and the value with it ("" where there is none)."""

    label: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.label} {self.value}".strip()


@dataclass(frozen=True, slots=True)
class Judged:
    """A case's expectation beside what was read; `accepted` says that it was taken though it must not be."""

    expected: Said
    got: Said
    right: bool
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """A judged case of a file. `reader` names what was tried; a lenient or optional case is never a miss."""

    reader: str
    id: str
    given: str
    judged: Judged
    lenient: bool = False

    @property
    def right(self) -> bool:
        """Whether it does not count against."""
        return self.judged.right or self.lenient

    @property
    def accepted(self) -> bool:
        """Whether it is a wrong acceptance."""
        return self.judged.accepted and not self.lenient


@dataclass(frozen=True, slots=True)
class Report:
    """All cases of a file, in its order; `unscored` names the sections that are none of ours."""

    scored: tuple[Scored, ...]
    unscored: tuple[str, ...] = ()

    @property
    def misses(self) -> tuple[Scored, ...]:
        """The cases that count against."""
        return tuple(one for one in self.scored if not one.right)

    @property
    def wrong_acceptances(self) -> int:
        """How many were taken that must not be."""
        return sum(one.accepted for one in self.scored)

    @property
    def right(self) -> int:
        """How many were right."""
        return sum(one.right for one in self.scored)


def also(case: Case) -> set[str]:
    """Return the further kinds, statuses or reasons that a case calls right."""
    places = [case, case["expect"]] if isinstance(case.get("expect"), Mapping) else [case]
    return {word for place in places for key in ("also_ok", "also_kinds") for word in place.get(key) or ()}


def is_lenient(case: Case) -> bool:
    """Return True if a case never counts against."""
    places = [case, case["expect"]] if isinstance(case.get("expect"), Mapping) else [case]
    return any(place.get(key) is True for place in places for key in ("lenient", "optional"))
