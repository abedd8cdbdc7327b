"""The list of illnesses that a contract covers [G4, OP-N7]: data of a product, never fixed in the code."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from flows.reading.illnesses.folded import DATA, fold_name


class Severity(StrEnum):
    """重度 counts as a major illness; 轻度 goes to a human."""

    SEVERE = "severe"
    MILD = "mild"


@dataclass(frozen=True, slots=True)
class Illness:
    """One entry: its code, its full name on the list, a name for a button (at most 8 characters).

    `also` holds other names under which the entry is meant as a whole.
    """

    code: str
    name: str
    short: str
    severity: Severity
    also: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class IllnessList:
    """A contract's list; compared by identity, so build it once and keep it.

    Knowledge about words speaks in the codes of the revision of 2020. An entry answers to one of those by its
    own code, or when it bears the name of that entry.
    """

    revision: str
    illnesses: tuple[Illness, ...]
    by_name: MappingProxyType[str, Illness] = field(init=False, repr=False)
    _by_code: MappingProxyType[str, Illness] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        named = {name: one for one in self.illnesses for name in _names(one)}
        object.__setattr__(self, "by_name", MappingProxyType(named))
        coded = {code: named[name] for name, code in _industry_names() if name in named}
        coded |= {one.code: one for one in self.illnesses}
        object.__setattr__(self, "_by_code", MappingProxyType(coded))

    def find(self, code: str) -> Illness | None:
        """Return the entry that answers to this code of the 2020 revision, or None if the list lacks it."""
        return self._by_code.get(code)


@cache
def load_illnesses() -> IllnessList:
    """Return the industry's list of 2020: 28 severe illnesses and 3 mild ones, in its order."""
    return IllnessList(_industry()["revision"], tuple(_rows()))


@cache
def _industry() -> dict[str, str]:
    return tomllib.loads((DATA / "illnesses_2020.toml").read_text("utf-8"))


def _rows() -> Iterator[Illness]:
    for row in tomllib.loads((DATA / "illnesses_2020.toml").read_text("utf-8"))["illness"]:
        yield Illness(row["code"], row["name"], row["short"], Severity(row["severity"]), tuple(row["also"]))


@cache
def _industry_names() -> tuple[tuple[str, str], ...]:
    return tuple((name, one.code) for one in _rows() for name in _names(one))


def _names(one: Illness) -> Iterator[str]:
    for name in (one.name, *one.also):
        yield fold_name(name)
