"""`python -m benchmarks [--write]`: every row in one run."""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import runs
from benchmarks.parts import measured
from benchmarks.report import Report
from bot.logs import quiet_logs

MOST_SECONDS = 240
STAT = Path("/proc/stat")


async def everything(folder: Path) -> Report:
    """Run it all. TimeoutError where it takes longer than it may."""
    began, busy, own = time.monotonic(), machine_seconds(), own_seconds()
    for name in ("parts", "ours", "limited"):
        (folder / name).mkdir()
    async with asyncio.timeout(MOST_SECONDS):
        parts = await measured(folder / "parts")
        rows, record = await runs.ours(folder / "ours")
        file = runs.keep(record, folder / "conversation.json")
        rows += await runs.bare(file, edits=True)
        rows += await runs.bare(file, edits=False)
        limited = await runs.limited(folder / "limited")
    seconds = time.monotonic() - began
    others = (machine_seconds() - busy - (own_seconds() - own)) / seconds
    return Report(rows, limited, parts, seconds, max(0.0, others))


def machine_seconds() -> float:
    """Return the CPU seconds of all processes since the machine started; 0 where it does not say (Linux does)."""
    if not STAT.exists():
        return 0.0
    user, nice, system, _idle, _wait, irq, soft, steal = map(int, STAT.read_text("utf-8").split()[1:9])
    return (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")


def own_seconds() -> float:
    """Return the CPU seconds of this process and of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def run() -> None:
    """Measure, print, and with --write keep the table in docs/performance.md."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the table in docs/performance.md")
    arguments = parser.parse_args()
    quiet_logs("warning")
    with tempfile.TemporaryDirectory() as folder:
        try:
            report = asyncio.run(everything(Path(folder)))
        except TimeoutError:
            sys.exit(f"not done within {MOST_SECONDS} s: the machine does too much else")
    print(report.text())
    if arguments.write:
        report.write()


run()
