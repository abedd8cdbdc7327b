"""The table, and its place in docs/performance.md."""

import os
import platform
import re
import sqlite3
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from msgspec import Struct

from benchmarks.parts import Parts
from benchmarks.runs import BARE, BARE_EDITS, OURS, Limited, Row

DOCUMENT = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
PACKAGES = ("python-telegram-bot", "sqlalchemy", "aiohttp", "httpx", "transitions", "cryptography")


class Report(Struct, frozen=True):
    """Everything that one run measured."""

    rows: list[Row]
    limited: Limited
    parts: Parts
    seconds: float
    others: float  # cores that other processes used meanwhile

    def text(self) -> str:
        """Return it as Markdown."""
        return "\n".join(
            [
                where(self.seconds, self.others),
                "",
                *loads(self.rows),
                "",
                *ratios(self.rows),
                "",
                *below(self.limited, self.parts),
            ]
        )

    def write(self) -> None:
        """Replace what the last run left in docs/performance.md. ValueError where its place is not marked."""
        text = DOCUMENT.read_text("utf-8")
        found = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
        if not found.search(text):
            raise ValueError(DOCUMENT)
        DOCUMENT.write_text(found.sub(lambda _: f"{BEGIN}\n{self.text()}\n{END}", text), "utf-8")


def where(seconds: float, others: float) -> str:
    """Say on what, and when."""
    cpu = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text("utf-8")) if os.name == "posix" else None
    versions = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {cpu[1] if cpu else platform.processor()}, {os.cpu_count()} cores, "
        f"{platform.system()}; Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}. "
        f"One run of {seconds:.0f} s; other work on the machine meanwhile: {others:.2f} cores."
    )


LOADS = """\
| bot | chats | updates/s | CPU ms/update | wait ms: median | p95 | cores: bot | players | updates/batch \
| statements/batch (most) | transactions/update |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"""

RATIOS = f"""\
| chats | updates/s: ours / {BARE_EDITS} | ours / {BARE} | CPU: {BARE_EDITS} / ours | {BARE} / ours \
| wait: {BARE_EDITS} / ours | {BARE} / ours |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |"""


def loads(rows: list[Row]) -> list[str]:
    """One line for each load on each bot."""
    return [LOADS, *(cells(row.bot, row.chats, *figures(row)) for row in rows)]


def figures(row: Row) -> list[str]:
    """Return the cells of a load."""
    batch = f"{row.updates_a_batch:.1f}", f"{row.statements:.1f} ({row.most_statements})", f"{row.transactions:.2f}"
    return [
        "-" if row.paused else f"{row.updates_a_second:.0f}",
        f"{row.cpu:.2f}",
        f"{row.median:.1f}",
        f"{row.p95:.1f}",
        f"{row.busy:.2f}",
        f"{row.load:.2f}",
        *(batch if row.statements else "---"),
    ]


def ratios(rows: list[Row]) -> list[str]:
    """What counts: how we stand to the bots that save nothing; more than 1 is better than they are."""
    by = {(row.bot, row.chats): row for row in rows}
    lines = [RATIOS]
    for mine in [row for row in rows if row.bot == OURS]:
        others = [by[bot, mine.chats] for bot in (BARE_EDITS, BARE)]
        speed = [f"{mine.updates_a_second / other.updates_a_second:.2f}" for other in others]
        cpu = [f"{other.cpu / mine.cpu:.2f}" for other in others]
        wait = [f"{other.median / mine.median:.2f}" for other in others]
        lines.append(cells(mine.chats, *("--" if mine.paused else speed), *cpu, *wait))
    return lines


def cells(*texts: str) -> str:
    """Return a line of a table."""
    return f"| {' | '.join(texts)} |"


def below(limited: Limited, parts: Parts) -> list[str]:
    """The rest, a line each."""
    return [
        "| by itself | |",
        "| --- | ---: |",
        (
            f"| with Telegram's limits on, {limited.chats} chats for {limited.seconds:.0f} s: sends and edits a second "
            f"(429s) | {limited.calls_a_second:.1f} ({limited.refused}) |"
        ),
        f"| engine, steps a second | {parts.steps_a_second:.0f} |",
        f"| an update read by python-telegram-bot and translated, ms | {parts.parse_ms:.3f} |",
        (
            f"| a batch of 100 chats through service and SQLite, ms, median (slowest) "
            f"| {parts.batch_ms:.1f} ({parts.slowest_batch_ms:.1f}) |"
        ),
        f"| a commit of one row with synchronous=FULL, ms, median | {parts.commit_ms:.3f} |",
    ]
