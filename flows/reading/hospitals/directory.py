"""The hospital directory and its table of short names, as shipped or as an operator imports them."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent.parent / "data"
YES = "是"


@dataclass(frozen=True, slots=True)
class Hospital:
    """One hospital as the operator's table describes it; `name` is the official name and unique.

    `level` and `ownership` are the table's words (三级甲等, 公立 ...), "" where unknown. `network`
    says whether the hospital belongs to the service network [IP-N8.3, IP-N8.4].
    """

    name: str
    province: str
    city: str
    level: str
    ownership: str
    network: bool = False


@dataclass(frozen=True, slots=True)
class ShortName:
    """One other name of a hospital; `kind` is short, old, nickname or abbrev."""

    name: str
    short_name: str
    kind: str


def load_hospitals(path: Path = DATA / "hospitals.csv") -> tuple[Hospital, ...]:
    """Read a directory (CSV, UTF-8; name, province, city, level, ownership, network), in the file's order.

    Raises KeyError when a column is missing.
    """
    return tuple(_hospital(row) for row in _rows(path))


def load_short_names(path: Path = DATA / "hospital_short_names.csv") -> tuple[ShortName, ...]:
    """Read a table of short names (CSV, UTF-8; name, short_name, kind). Raises KeyError as above."""
    return tuple(ShortName(row["name"], row["short_name"], row["kind"]) for row in _rows(path))


def _rows(path: Path) -> Iterable[Mapping[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _hospital(row: Mapping[str, str]) -> Hospital:
    return Hospital(
        name=row["name"],
        province=row["province"],
        city=row["city"],
        level=row["level"],
        ownership=row["ownership"],
        network=row["network"] == YES,
    )
