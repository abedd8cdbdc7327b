"""Our bot as the process under test, over SQLite with synchronous=FULL, its statements counted."""

import asyncio
import cProfile
import os
import sys
from collections import Counter
from pathlib import Path

from sqlalchemy import Connection, Engine, event

import main
from benchmarks.child import Counters, answer_marks
from benchmarks.script import policy
from bot.demo import AGENTS, demo_settings
from bot.logs import quiet_logs
from bot.sandbox import StandIn
from bot.settings import Settings
from storage.migrations import migrate

POLICIES = 3000
KINDS = (("INSERT INTO processed_updates", "batch"), ("SELECT outbox", "lease"), ("SELECT lanes", "settle"))


class Statements:
    """Counts transactions of the writer by kind, and the statements in each, BEGIN and COMMIT left out."""

    def __init__(self) -> None:
        self._now: list[str] = []
        self._begun: Counter[str] = Counter()
        self._statements: Counter[str] = Counter()
        self._most: Counter[str] = Counter()
        event.listen(Engine, "before_cursor_execute", self._note)
        event.listen(Engine, "commit", self._committed)

    def take(self) -> Counters:
        """Return what was counted, and count anew."""
        counted = {
            kind: {"count": count, "statements": self._statements[kind], "most": self._most[kind]}
            for kind, count in self._begun.items()
        }
        self._begun.clear()
        self._statements.clear()
        self._most.clear()
        return {"transactions": counted}

    def _note(self, *given: object) -> None:
        statement = str(given[2])
        if statement.startswith("BEGIN"):
            self._now = []
        else:
            self._now.append(statement)

    def _committed(self, connection: Connection) -> None:
        del connection
        first = self._now[0] if self._now else ""
        kind = next((kind for start, kind in KINDS if first.startswith(start)), "other")
        self._begun[kind] += 1
        self._statements[kind] += len(self._now)
        self._most[kind] = max(self._most[kind], len(self._now))
        self._now = []


def settings_for(folder: Path, url: str, *, limits: bool) -> Settings:
    """Return the demo's settings, with Telegram's limits or without."""
    settings = demo_settings(folder, StandIn(), url)
    return settings.model_copy(update={"limit_total": 30, "limit_chat": 1, "limit_group": 20}) if limits else settings


async def fill(settings: Settings) -> None:
    """Make the database, with the sample and a policy for every player."""
    await migrate.upgrade(settings.database_url)
    await main.seed(settings, agents=AGENTS)
    database = main.open_database(settings)
    await database.directory.import_policies([policy(index) for index in range(POLICIES)], main.new_ids())
    await database.close()


async def run(folder: Path, url: str, *, limits: bool) -> None:
    """Fill, open, serve until stdin ends."""
    settings, stop = settings_for(folder, url, limits=limits), asyncio.Event()
    await fill(settings)
    statements = Statements()
    async with main.open_process(settings) as process:
        serving = asyncio.create_task(process.run_until(stop))
        await answer_marks(statements.take)
        stop.set()
        await serving


if __name__ == "__main__":
    quiet_logs("warning")
    work = run(Path(sys.argv[1]), sys.argv[2], limits="limits" in sys.argv)
    profile = os.environ.get("BENCH_PROFILE")
    if profile:
        profiler = cProfile.Profile()
        profiler.runcall(asyncio.run, work)
        profiler.dump_stats(profile)
    else:
        asyncio.run(work)
