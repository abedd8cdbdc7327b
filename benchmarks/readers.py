"""How long a reader takes: p95 over the shown cases and our own, hospitals in a directory of 10,000.

`python -m benchmarks.readers` prints a table; with `--write` it also renews the one in docs/reading.md.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from statistics import quantiles

from flows.reading.all import read_all
from flows.reading.dates import DateContext, read_date
from flows.reading.departments import read_department
from flows.reading.hospital_names import HospitalIndex, load_short_names, read_hospital
from flows.reading.id_numbers import IdKind, read_id_number
from flows.reading.illnesses import load_illnesses, prepare_illnesses, read_illness
from flows.reading.named_doctor import read_doctor_wish
from flows.reading.names import read_name
from flows.reading.phones import read_phone
from flows.reading.policy_numbers import read_policy_number
from flows.reading.urgency import read_urgency
from tests.unit.synthetic_hospitals import synthetic_hospitals

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reading.md"
BEGIN, END = "<!-- times: begin -->", "<!-- times: end -->"
TODAY = date(2026, 11, 22)
DIRECTORY = 10_000
TRIES = 3  # of each text; the best counts, as what else the machine does is not the reader's


def texts(*names: str) -> list[str]:
    """Return what is typed in these files of cases."""
    return [text for name in names for text in _typed(json.loads((ROOT / "tests" / name).read_text("utf-8")))]


def _typed(document: object) -> Iterator[str]:
    if isinstance(document, list):
        for each in document:
            yield from _typed(each)
    elif isinstance(document, dict):
        yield from (document[key] for key in ("input", "phrase", "text") if isinstance(document.get(key), str))
        for value in document.values():
            yield from _typed(value)


def p95(read: Callable[[str], object], given: list[str]) -> float:
    """Return the 95th percentile in milliseconds."""
    return quantiles([min(_once(read, text) for _ in range(TRIES)) for text in given], n=20)[-1]


def _once(read: Callable[[str], object], text: str) -> float:
    begun = time.perf_counter()
    read(text)
    return (time.perf_counter() - begun) * 1000


def measured() -> str:
    """Return the table."""
    illnesses, index = load_illnesses(), HospitalIndex(synthetic_hospitals(DIRECTORY), load_short_names())
    prepare_illnesses(illnesses)
    own = "unit/data/"
    rows: list[tuple[str, Callable[[str], object], list[str]]] = [
        (
            "document numbers",
            lambda t: read_id_number(t, declared=IdKind.RESIDENT_ID, as_of=TODAY),
            texts("examples/id_numbers.json"),
        ),
        ("phones", read_phone, texts("examples/phones.json")),
        (
            "dates",
            lambda t: read_date(t, today=TODAY, context=DateContext.ANY),
            texts("examples/dates.json", own + "dates_more.json"),
        ),
        (
            "illnesses",
            lambda t: read_illness(t, illnesses),
            texts("examples/illnesses.json", own + "illnesses_more.json"),
        ),
        (
            "hospitals (10,000)",
            lambda t: read_hospital(t, index),
            texts("examples/hospital_names.json", own + "hospital_names_more.json"),
        ),
        ("departments", read_department, texts(own + "departments_more.json")),
        ("named doctors", read_doctor_wish, texts(own + "doctors_more.json")),
        ("names", read_name, texts(own + "read_all.json")),
        ("policy numbers", read_policy_number, texts(own + "read_all.json")),
        ("urgency", read_urgency, texts("examples/illnesses.json", own + "read_all.json")),
        (
            "several answers",
            lambda t: read_all(t, today=TODAY, hospitals=index, illnesses=illnesses),
            texts(own + "read_all.json"),
        ),
    ]
    lines = ["| reader | texts | p95 ms |", "| --- | ---: | ---: |"]
    return "\n".join([*lines, *(f"| {name} | {len(given)} | {p95(read, given):.3f} |" for name, read, given in rows)])


def main() -> None:
    """Print the table; keep it, if that was asked for."""
    table = measured()
    print(table)
    if "--write" in sys.argv:
        page = PAGE.read_text("utf-8")
        before, rest = page.split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.split(END)[1]}", "utf-8")


if __name__ == "__main__":
    main()
