"""`python -m benchmarks [--write]`: every row in one run."""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from benchmarks import runs
from benchmarks.parts import measured
from benchmarks.report import Report
from bot.logs import quiet_logs

MOST_SECONDS = 90


async def everything(folder: Path) -> Report:
    """Run it all. TimeoutError where it takes longer than it may."""
    began = time.monotonic()
    for name in ("parts", "ours", "limited"):
        (folder / name).mkdir()
    async with asyncio.timeout(MOST_SECONDS):
        parts = await measured(folder / "parts")
        rows, record = await runs.ours(folder / "ours")
        file = runs.keep(record, folder / "conversation.json")
        rows += await runs.bare(file, edits=True)
        rows += await runs.bare(file, edits=False)
        limited = await runs.limited(folder / "limited")
    return Report(rows, limited, parts, time.monotonic() - began)


def run() -> None:
    """Measure, print, and with --write keep the table in docs/performance.md."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the table in docs/performance.md")
    arguments = parser.parse_args()
    quiet_logs("warning")
    with tempfile.TemporaryDirectory() as folder:
        report = asyncio.run(everything(Path(folder)))
    print(report.text())
    if arguments.write:
        report.write()


run()
