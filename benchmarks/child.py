"""A bot under test in a process of its own, and the wire to it: a line in asks for its counters and resets them."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec

STARTING = 30.0  # seconds
Counters = dict[str, Any]


class Child:
    """The parent's end."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def mark(self) -> Counters:
        """Return what was counted since the last mark; `cpu` is in seconds."""
        if self._process.stdin is None:
            raise RuntimeError("no stdin")
        self._process.stdin.write(b"\n")
        return await self.answer()

    async def answer(self) -> Counters:
        """Return the next line that the child printed. RuntimeError where it died."""
        if self._process.stdout is None:
            raise RuntimeError("no stdout")
        async with asyncio.timeout(STARTING):
            line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the bot under test died")
        counters: Counters = msgspec.json.decode(line)
        return counters


@contextlib.asynccontextmanager
async def started(module: str, *arguments: str) -> AsyncIterator[Child]:
    """Run `python -m module arguments` until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    child = Child(process)
    try:
        await child.answer()
        yield child
    finally:
        if process.stdin is not None:
            process.stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(10):
                await process.wait()
        if process.returncode is None:
            process.kill()
            await process.wait()


async def answer_marks(count: Callable[[], Counters]) -> None:
    """The child's end: say that it is ready, answer every line, return when there are no more."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    cpu = _say({}, time.process_time())
    while await reader.readline():
        cpu = _say(count(), cpu)


def _say(counters: Counters, since: float) -> float:
    cpu = time.process_time()
    sys.stdout.write(msgspec.json.encode({**counters, "cpu": cpu - since}).decode() + "\n")
    sys.stdout.flush()
    return cpu
