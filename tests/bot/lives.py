"""One doomed bot after the other, from the side of the test that starts them (see `doomed`)."""

import asyncio
import base64
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from bot.settings import Settings
from tests.bot.doomed import LETTERS, Life
from tests.bot.process import PATIENCE, Town

ROOT = Path(__file__).parents[2]


def environment(settings: Settings) -> dict[str, str]:
    """Return settings as an operator would."""
    values = settings.model_dump(exclude_none=True)
    values["token"] = settings.token.get_secret_value()
    for name in ("sealing_keys", "hashing_keys"):
        values[name] = ",".join(f"{key}:{base64.b64encode(value).decode()}" for key, value in values[name].items())
    return {f"GREEN_CHANNEL_{name}".upper(): str(value) for name, value in values.items()}


@dataclass
class Lives:
    """One bot after the other. `in_doubt` counts what each left behind begun and not settled, by kind."""

    town: Town
    process: asyncio.subprocess.Process
    register: Path
    begun: int = 0
    waiting: int = 0  # updates that arrived while no bot lived
    in_doubt: Counter[str] = field(default_factory=Counter)

    async def begin(self, window: str = "", count: int = 1) -> int:
        """Begin a life; give its process id."""
        self.begun += 1
        self.waiting += len(self.town.stand_in.state.queue)
        life = Life(str(self.register), window, count)
        assert self.process.stdin
        self.process.stdin.write(msgspec.json.encode(life) + b"\n")
        return await self.read()

    async def read(self) -> int:
        """Return the next number the process says."""
        assert self.process.stdout
        async with asyncio.timeout(2 * PATIENCE):
            return int(await self.process.stdout.readline())

    async def killed(self) -> None:
        """Wait until the life under way has ended by its own hand."""
        assert await self.read() == -signal.SIGKILL
        left = self.town.rows("SELECT kind FROM outbox WHERE state = 'sending' AND method = 'sendMessage'")
        self.in_doubt.update(row["kind"] for row in left)
        self.in_doubt["file"] += len(self.town.rows("SELECT 1 FROM documents WHERE state = 'fetching'"))

    def counted(self) -> Counter[str]:
        """Return how often each window was hit, as the dying wrote it."""
        names = {letter.decode(): window for window, letter in LETTERS.items()}
        return Counter(names[letter] for letter in self.register.read_text("ascii"))


@asynccontextmanager
async def lives(town: Town, folder: Path) -> AsyncIterator[Lives]:
    """Start the process that bears them; at the end, end it and the life under way, each by its id."""
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bot.doomed",
            cwd=ROOT, env={**os.environ, **environment(town.settings)},
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=log,
        )  # fmt: skip
    try:
        yield Lives(town, process, folder / "register")
    finally:
        if process.stdin:
            process.stdin.close()
        async with asyncio.timeout(PATIENCE):
            await process.wait()


@asynccontextmanager
async def life(all_lives: Lives, window: str = "", count: int = 1) -> AsyncIterator[int]:
    """Live once, while the block lasts, at the longest."""
    pid = await all_lives.begin(window, count)
    over = False
    try:
        yield pid
        await (all_lives.killed() if window else ended(all_lives, pid))
        over = True
    finally:
        if not over:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


async def ended(all_lives: Lives, pid: int) -> None:
    """End a life as an operator would."""
    os.kill(pid, signal.SIGTERM)
    assert await all_lives.read() == 0
