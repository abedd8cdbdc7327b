"""The measured part of docs/reading.md: a confusion table for each reader, from the reports on files of cases."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from benchmarks.accuracy.model import Report, Scored

BEGIN = "<!-- measured by `make accuracy`: do not edit -->"
END = "<!-- end of what was measured -->"
_MEASURED = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)


def summary(name: str, report: Report) -> str:
    """Return the one line of a file."""
    return f"{name}: wrong acceptances {report.wrong_acceptances}, right {report.right}/{len(report.scored)}"


def miss(one: Scored) -> str:
    """Return the line of a case that counts against: what was typed, what was expected, what came out."""
    mark = "ACCEPTED" if one.accepted else "MISS"
    return f"{mark} {one.id}: {one.given!r} expected: {one.judged.expected} got: {one.judged.got}"


def renewed(page: str, reports: Mapping[str, Report]) -> str:
    """Return the page with its measured part made anew. Raises ValueError where the page has no such part."""
    if not _MEASURED.search(page):
        raise ValueError("no_measured_part")
    part = "\n\n".join([BEGIN, _totals(reports), *_tables(reports), END])
    return _MEASURED.sub(lambda _: part, page)


def _totals(reports: Mapping[str, Report]) -> str:
    lines = ["| cases | right | wrong acceptances | misses |", "| --- | --- | --- | --- |"]
    for name, report in reports.items():
        misses = ", ".join(one.id for one in report.misses) or "none"
        lines.append(f"| {name} | {report.right}/{len(report.scored)} | {report.wrong_acceptances} | {misses} |")
    return "\n".join(lines)


def _tables(reports: Mapping[str, Report]) -> Iterator[str]:
    by_reader: dict[str, list[Scored]] = {}
    for report in reports.values():
        for one in report.scored:
            by_reader.setdefault(one.reader, []).append(one)
    for reader, scored in by_reader.items():
        yield f"### {reader}\n\n{_table(scored)}"


def _table(scored: Sequence[Scored]) -> str:
    """Return expected (rows) against read (columns); a cell counts cases, those not right in bold."""
    cells = Counter((one.judged.expected.label, one.judged.got.label) for one in scored)
    wrong = {(one.judged.expected.label, one.judged.got.label) for one in scored if not one.right}
    rows = list(dict.fromkeys(expected for expected, _ in cells))
    columns = sorted({got for _, got in cells}, key=lambda got: rows.index(got) if got in rows else len(rows))
    lines = [f"| expected \\ read | {' | '.join(columns)} |", "| --- |" + " ---: |" * len(columns)]
    for expected in rows:
        counts = [_cell(cells[expected, got], bold=(expected, got) in wrong) for got in columns]
        lines.append(f"| {expected} | {' | '.join(counts)} |")
    return "\n".join(lines)


def _cell(count: int, *, bold: bool) -> str:
    return f"**{count}**" if bold else str(count or "")
