"""Leases lanes of the outbox, sends them concurrently, and writes the outcomes in groups.

What has finished while the last group was written is the next group: a lane that waits does not delay the
others. The kill tests interrupt at the point `sent`: Telegram has the message, and the outbox does not know yet.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from bot.telegram.api import Post
from bot.telegram.lane import LaneWorker, LeasedLane
from bot.telegram.pacing import Backoff, Limits, Pacer
from bot.telegram.wakeup import Wakeup
from flows.errors import IntakeError
from flows.ids import AgentId, ChatId
from flows.ports.outbox import Delivered, Outbox, OutboxRow

LEASE = timedelta(seconds=120)
POLL = 5.0  # seconds after which rows written by other processes are found
SOON = 0.02  # seconds; what is due but not given is held by another sender: no busy loop
LAST_ATTEMPTS = 3  # to write the last results while stopping

_log = structlog.get_logger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(eq=False)
class Sender:
    """Sends until stopped. Any number of them may share an outbox, each with a `holder` of its own.

    `on_doubt` is told whose words, about which case, may not have arrived (the row's `doubt`). `lanes` bounds how many
    chats are served at once. `halt_all`: a 429 halts every chat, not its own alone.
    """

    outbox: Outbox
    post: Post
    _: KW_ONLY
    holder: str
    on_doubt: Callable[[AgentId, str], Awaitable[None]]
    limits: Limits = field(default_factory=Limits)
    lanes: int = 64
    halt_all: bool = False
    clock: Callable[[], datetime] = _now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep
    backoff: Backoff = field(default_factory=lambda: Backoff(chance=random.random))
    checkpoint: Callable[[str], None] = lambda _window: None

    _worker: LaneWorker = field(init=False)
    _wakeup: Wakeup = field(default_factory=Wakeup, init=False)
    _idle: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set, init=False)
    _results: list[Delivered] = field(default_factory=list, init=False)
    _done: list[ChatId] = field(default_factory=list, init=False)  # lanes to be released with the next group
    _look: bool = field(default=True, init=False)  # there may be something to lease
    _due: datetime | None = field(default=None, init=False)
    _failures: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Start idle: stopping what never ran is nothing to wait for."""
        self._idle.set()
        self._worker = LaneWorker(
            post=self.post,
            pacer=Pacer(self.limits),
            on_doubt=self.on_doubt,
            clock=self.clock,
            monotonic=self.monotonic,
            sleep=self.sleep,
            backoff=self.backoff,
            checkpoint=self.checkpoint,
            halt_all=self.halt_all,
        )

    def wake(self) -> None:
        """Look for rows now: some were committed. Cheap; any number of calls make one query."""
        self._look = True
        self._wakeup.set()

    async def run(self) -> None:
        """Send until `stop`. Failures of the outbox are waited out; nothing is forgotten meanwhile."""
        self._idle.clear()
        try:
            while not self._worker.stopping:
                await self._settle_and_lease()
                if not await self._wakeup.wait(self._pause()):
                    self._look = True
            await self._finish()
        finally:
            for task in self._tasks:
                task.cancel()
            self._idle.set()

    async def stop(self) -> None:
        """Let what is being sent end, give back the rest, and return when `run` has."""
        self._worker.stopping = True
        self._wakeup.set()
        await self._idle.wait()

    async def flush(self) -> None:
        """Send what can be sent now, and return when it is settled; never beside `run`. Raises the outbox's errors."""
        self._look = True
        while self._look or self._tasks or self._results or self._done:
            await self._settle()
            await self._lease()
            if self._tasks:
                await self._wakeup.wait(POLL)
            elif self._worker.halted():
                return

    async def _settle_and_lease(self) -> None:
        try:
            await self._settle()
            await self._lease()
        except Exception as error:  # noqa: BLE001 -- the edge: the results are kept, and written the next time
            self._failures += 1
            code = error.code if isinstance(error, IntakeError) else type(error).__name__
            _log.warning("outbox_failed", code=code, failures=self._failures)
        else:
            self._failures = 0

    def _room(self) -> int:
        return self.lanes - len(self._tasks)

    def _pause(self) -> float:
        """Return the seconds until there is a reason to look again, if nothing wakes the sender."""
        if self._failures:
            return self.backoff.delay(self._failures)
        if self._worker.halted():
            return min(POLL, self._worker.halted())
        if self._look and self._room() > 0:
            return 0.0
        if self._due is None:
            return POLL
        return min(POLL, max(SOON, (self._due - self.clock()).total_seconds()))

    async def _lease(self) -> None:
        room = self._room()
        if self._worker.stopping or not self._look or room <= 0 or self._worker.halted():
            return
        now = self.clock()
        self._look = False  # before the query: a wake-up meanwhile counts
        rows = await self._asked(room, now)
        self._look |= len(rows) == room
        self._due = None if rows else await self.outbox.next_due(now)
        for lane in _lanes(rows, until=now + LEASE):
            task = asyncio.create_task(self._deliver(lane))
            self._tasks.add(task)

    async def _asked(self, room: int, now: datetime) -> list[OutboxRow]:
        try:
            return await self.outbox.lease(holder=self.holder, limit=room, now=now, until=now + LEASE)
        except BaseException:
            self._look = True
            raise

    async def _deliver(self, lane: LeasedLane) -> None:
        try:
            await self._worker.deliver(lane, self._report)
            if not lane.abandoned:
                self._done.append(lane.chat)
        finally:
            task = asyncio.current_task()
            if task is not None:
                self._tasks.discard(task)
            self._wakeup.set()

    def _report(self, result: Delivered) -> None:
        self._results.append(result)
        self._wakeup.set()

    async def _settle(self) -> None:
        """Write what has finished, and release the lanes that are done. Where that fails, both are kept."""
        results, done = self._results, self._done
        if not results and not done:
            return
        self._results, self._done = [], []
        try:
            await self.outbox.settle(results, holder=self.holder, free=done, now=self.clock())
        except BaseException:
            self._results[:0], self._done[:0] = results, done
            raise
        self._look |= bool(done)

    async def _finish(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks)
        for _ in range(LAST_ATTEMPTS):
            await self._settle_and_lease()
            if not self._failures:
                return
            await self.sleep(self.backoff.delay(self._failures))


def _lanes(rows: list[OutboxRow], *, until: datetime) -> list[LeasedLane]:
    lanes: dict[ChatId, LeasedLane] = {}
    for row in rows:
        lanes.setdefault(row.chat, LeasedLane(row.chat, until)).rows.append(row)
    return list(lanes.values())
