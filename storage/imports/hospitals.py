"""The hospital directory as an operator keeps it. It replaces the one that is there."""

from pathlib import Path
from typing import Final

from flows.reading.hospitals.directory import Hospital
from flows.reading.record_source import MAINLAND, record_source
from storage.imports.faults import ImportFault, RowFault
from storage.imports.table import Columns, SheetRow, read_rows
from storage.progress import Progress, unwatched

COLUMNS: Final[Columns] = {
    "name": ("医院名称", "名称"),
    "province": ("省份",),
    "city": ("城市",),
    "level": ("等级",),
    "ownership": ("性质",),
    "network": ("网络内",),
}
NETWORK: Final = {"是": True, "否": False}
PUBLIC: Final = "公立"
UNRATED: Final = frozenset({"未定级", "未评级", "未评", "无等级", "未知"})
_LONGEST: Final = {"province": 32, "city": 32, "level": 16, "ownership": 16}  # as the table has them


def read_hospitals(file: Path, *, progress: Progress = unwatched) -> list[Hospital]:
    """Read the directory from a CSV or XLSX file. Raises ImportFault naming every bad cell.

    A level is a word that `record_source` understands, or empty where none is known, and so may the ownership be: a
    human then judges a record from there [OP-N1, IP-N1].
    """
    faults: list[RowFault] = []
    hospitals: dict[str, Hospital] = {}
    for row in read_rows(file, COLUMNS, faults, progress):
        hospital = _hospital(row)
        if hospital.name and hospitals.setdefault(hospital.name, hospital) is not hospital:
            row.fault("name", "twice")
    if faults:
        raise ImportFault(faults)
    return list(hospitals.values())


def _hospital(row: SheetRow) -> Hospital:
    return Hospital(
        name=row.text("name"),
        province=row.text("province", longest=_LONGEST["province"]),
        city=row.text("city", longest=_LONGEST["city"]),
        level=_level(row),
        ownership=row.optional("ownership", longest=_LONGEST["ownership"]),
        network=bool(row.one_of("network", NETWORK)),
    )


def _level(row: SheetRow) -> str:
    level = row.optional("level", longest=_LONGEST["level"])
    if level in UNRATED:
        return ""
    if level and "level_unknown" in record_source(level, PUBLIC, MAINLAND).op.reasons:
        row.fault("level", "unknown_value")
    return level
