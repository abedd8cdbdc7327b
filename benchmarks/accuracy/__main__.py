"""Scores the readers and rules on files of cases, of the shapes of tests/examples/*.json.

`python -m benchmarks.accuracy FILE... [--write PAGE]` prints each miss and a line a file; with --write it also renews
the tables of a page. Exits 1 where a file has no cases, or the page no place for the tables; they are named on stderr.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.accuracy import Report, miss, renewed, score, summary
from flows.terms.calendar import in_shanghai


@dataclass(frozen=True, slots=True)
class Accuracy:
    """What was measured: a report for each file that could be read, and the files that could not."""

    reports: Mapping[str, Report]
    unreadable: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield each miss, what was not scored, and at the end one line for each file."""
        for name, report in self.reports.items():
            yield from map(miss, report.misses)
            if report.unscored:
                yield f"{name}: not scored: {', '.join(report.unscored)}"
        for name, report in self.reports.items():
            yield summary(name, report)


def measure(files: Sequence[Path], *, today: date) -> Accuracy:
    """Score the readers on files of cases (JSON, UTF-8); `today` where a file names no day."""
    reports: dict[str, Report] = {}
    unreadable: list[str] = []
    for file in files:
        try:
            report = score(json.loads(file.read_text("utf-8-sig")), today=today)
        except (OSError, ValueError):
            unreadable.append(str(file))
            continue
        reports[str(file)] = report
        if not report.scored:
            unreadable.append(str(file))
    return Accuracy(reports, tuple(unreadable))


def _unwritten(page: Path | None, accuracy: Accuracy) -> list[str]:
    """Renew the tables of the page, if any; name it where it is not there or has no place for them."""
    if page is None:
        return []
    named = {Path(name).name: report for name, report in accuracy.reports.items()}
    try:
        page.write_text(renewed(page.read_text("utf-8"), named), "utf-8")
    except (OSError, ValueError):
        return [str(page)]
    return []


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description="Score the readers on cases.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="cases as in tests/examples (JSON)")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="a page whose tables are renewed")
    return parser.parse_args(words)


def main(words: Sequence[str]) -> int:
    """Score the files that `words` name; return the exit status."""
    asked = _arguments(words)
    accuracy = measure(asked.files, today=in_shanghai(datetime.now(UTC)).date())
    for line in accuracy.lines():
        print(line)
    unreadable = [*accuracy.unreadable, *_unwritten(asked.write, accuracy)]
    for name in unreadable:
        print(f"unreadable, or nothing in it to score or renew: {name}", file=sys.stderr)
    return 1 if unreadable else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
