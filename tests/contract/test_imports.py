"""From a file into a real database, on SQLite and PostgreSQL: all or nothing, and what is replaced keeps its id."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

import main
from flows.errors import Duplicate
from flows.reading.hospitals.directory import Hospital
from flows.reading.id_numbers import upgrade_15_to_18
from flows.terms.policy import CONSUMED, SUSPENDED, Policy, Use
from storage.database import Database
from storage.directory import Directory
from storage.imports import (
    Imported,
    ImportFault,
    illnesses_in,
    industry_product,
    load_hospitals,
    load_illnesses,
    load_policies,
)
from storage.imports.policies import COLUMNS
from storage.progress import READING, WRITING
from tests.contract.samples import policy
from tests.fakes import Counter

SAMPLE = main.SAMPLE / "policies.csv"
TODAY = date(2026, 11, 23)
HOSPITAL = "北京协和医院,北京市,北京市,三级甲等,公立,是"
HEADINGS = "name,province,city,level,ownership,network"


@pytest.fixture(params=["database", "postgresql"])
def store(request: pytest.FixtureRequest) -> Database:
    found: Database = request.getfixturevalue(request.param)
    return found


def rows_of_sample() -> list[dict[str, str]]:
    with SAMPLE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write(file: Path, rows: Sequence[dict[str, str]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(COLUMNS))
        writer.writeheader()
        writer.writerows(rows)
    return file


async def load(store: Database, file: Path, ids: Counter | None = None) -> Imported:
    return await load_policies(store.directory, file, ids=ids or Counter(), today=TODAY)


async def kept(store: Database, *numbers: str) -> dict[str, Policy]:
    async with store.begin() as work:
        return await work.policies(list(numbers))


async def test_policies_of_a_file_are_found_by_their_numbers(store: Database) -> None:
    assert await load(store, SAMPLE) == Imported(7, 7)
    found = await kept(store, "P2026000003", "P2026000006")
    assert found["P2026000003"].uses == (Use("OP", date(2026, 9, 15)),)
    assert found["P2026000006"].insured.number == upgrade_15_to_18("330106620817203")


async def test_a_bad_last_row_imports_nothing(store: Database, tmp_path: Path) -> None:
    rows = rows_of_sample()
    rows[-1]["状态"] = "作废"
    with pytest.raises(ImportFault) as raised:
        await load(store, write(tmp_path / "file", rows))
    assert list(raised.value.faults) == [(len(rows) + 1, "状态", "unknown_value")]
    assert await store.directory.probe() == 0


async def test_a_write_that_fails_imports_nothing(store: Database) -> None:
    given = [policy(f"P-{n:05d}", id_=n) for n in range(1, 5002)]  # more than one call's rows
    given.append(policy("P-99999", id_=7))
    given[-2] = policy("P-00001", id_=9999)  # a number twice, which reading does not let through
    with pytest.raises(Duplicate):
        await store.directory.import_policies(given, Counter())
    assert await store.directory.probe() == 0


async def test_a_second_import_replaces_by_number_and_keeps_ids_and_uses(store: Database, tmp_path: Path) -> None:
    ids = Counter()
    await load(store, SAMPLE, ids)
    before = await kept(store, *(row["保单号"] for row in rows_of_sample()))
    rows = rows_of_sample()
    rows[2] |= {"状态": "中止", "门诊已用": "0", "住院已用": "1"}
    rows.append(rows[0] | {"保单号": "P2026000099"})
    assert await load(store, write(tmp_path / "file", rows[2:]), ids) == Imported(6, 1)
    after = await kept(store, *before, "P2026000099")
    assert len(after) == 8
    assert {number: after[number].id for number in before} == {number: p.id for number, p in before.items()}
    assert after["P2026000001"] == before["P2026000001"]  # what the file does not name stays
    assert after["P2026000003"].status == SUSPENDED
    assert after["P2026000003"].uses == (Use("OP", date(2026, 9, 15), CONSUMED),)


async def test_an_import_tells_what_was_read_and_written(store: Database, tmp_path: Path) -> None:
    rows = [rows_of_sample()[0] | {"保单号": f"P{n:09d}"} for n in range(1000)]
    seen: list[tuple[str, int, int]] = []
    await load_policies(
        store.directory,
        write(tmp_path / "file", rows),
        ids=Counter(),
        today=TODAY,
        progress=lambda *told: seen.append(told),
    )
    assert [part for part, _, _ in seen] == [READING, WRITING, WRITING]
    assert seen[-1] == (WRITING, 1000, 1000)


async def test_a_hospital_file_replaces_the_whole_directory_or_nothing(store: Database, tmp_path: Path) -> None:
    assert (await load_hospitals(store.directory, main.HOSPITALS)).made > 700
    all_of_them = await store.directory.hospitals()
    file = tmp_path / "file"
    for content in (HEADINGS, f"{HEADINGS}\n{HOSPITAL}\n{HOSPITAL}", f"{HEADINGS}\n{HOSPITAL}\n仁济医院,上海市,,,,是"):
        file.write_text(content, "utf-8")
        with pytest.raises(ImportFault):
            await load_hospitals(store.directory, file)
    assert await store.directory.hospitals() == all_of_them
    file.write_text(f"{HEADINGS}\n{HOSPITAL}", "utf-8")
    assert await load_hospitals(store.directory, file) == Imported(1, 1)
    only = Hospital("北京协和医院", "北京市", "北京市", "三级甲等", "公立", network=True)
    assert await store.directory.hospitals() == [only]


async def test_an_illness_file_replaces_the_lists_it_names_or_nothing(store: Database, tmp_path: Path) -> None:
    await store.directory.save_products([industry_product("A", "1"), industry_product("A", "2")])
    file = tmp_path / "file"
    good = "product,version,code,name,short,severity\nA,2,cancer,恶性肿瘤——重度,恶性肿瘤,重疾\nB,1,burn,烧伤,烧伤,轻症"
    file.write_text(f"{good}\nB,1,coma,深度昏迷,深度昏迷,不知道", "utf-8")
    with pytest.raises(ImportFault):
        await load_illnesses(store.directory, file)
    assert await lists(store.directory) == {"A/1": 31, "A/2": 31}
    file.write_text(good, "utf-8")
    assert await load_illnesses(store.directory, file) == Imported(2, 2)
    assert await lists(store.directory) == {"A/1": 31, "A/2": 1, "B/1": 1}


async def lists(directory: Directory) -> dict[str, int]:
    return {f"{p.id}/{p.version}": len(illnesses_in(p)) for p in await directory.products()}
