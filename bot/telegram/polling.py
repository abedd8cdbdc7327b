"""Long polling that confirms an update only once what it caused is committed.

The kill tests interrupt at the points that `checkpoint` names: `fetched` (in memory, not handled), `committed`
(handled, not confirmed), `acknowledged` (confirmed).
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec
import structlog
from telegram import Bot

from bot.telegram.api import Post
from bot.telegram.inbox import Handle, Raw, read_batch
from bot.telegram.pacing import Backoff
from bot.telegram.translate import ALLOWED_UPDATES
from flows.errors import DeliveryError, IntakeError, Throttled, Unauthorized

LIMIT = 100  # updates in a batch, the most that the Bot API gives
LONG_POLL = 50  # seconds that Telegram holds a call open while nothing comes
GRACE = 10.0  # seconds more until a held call counts as lost
OUTAGE = timedelta(seconds=150)  # for so long Telegram keeps a tap for a bot that is away

_log = structlog.get_logger(__name__)
_T = TypeVar("_T")


class Malformed(IntakeError):
    """Telegram answered something that is no list of updates."""

    code = "malformed"


async def _ignore(_since: datetime) -> None:
    """Do nothing about an outage."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(eq=False)
class Poller:
    """Polls until stopped. One for a token: Telegram serves one poller.

    `poll` is `Api.post` over the pool of its own; `bot` is initialised, so that its username is known.
    `on_outage` is told, once, since when nothing was received, after a gap longer than `OUTAGE`, when what had piled
    up is handled. `last_heard` is when an earlier process last received, where that is known.
    """

    poll: Post
    bot: Bot
    handle: Handle
    _: KW_ONLY
    on_outage: Callable[[datetime], Awaitable[None]] = _ignore
    clock: Callable[[], datetime] = _now
    sleep: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep
    backoff: Backoff = field(default_factory=lambda: Backoff(chance=random.random))
    checkpoint: Callable[[str], None] = lambda _window: None
    last_heard: datetime | None = None

    _offset: int | None = field(default=None, init=False)  # to be confirmed with the next poll
    _failures: int = field(default=0, init=False)
    _away_since: datetime | None = field(default=None, init=False)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _idle: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    def __post_init__(self) -> None:
        """Start idle: stopping what never ran is nothing to wait for."""
        self._idle.set()

    async def run(self) -> None:
        """Receive until `stop`. Raises Unauthorized where the token is wrong; every other failure is waited out."""
        self._idle.clear()
        try:
            while not self._stopping.is_set():
                await self._cycle()
            await self._confirm()
        finally:
            self._idle.set()

    async def stop(self) -> None:
        """Finish the batch in hand, confirm it, and return when `run` has. A poll that is held open is given up."""
        self._stopping.set()
        await self._idle.wait()

    async def _cycle(self) -> None:
        try:
            updates = await self._unless_stopped(self._fetch())
            if updates is None:
                return
            await self._commit(updates)
        except Unauthorized:
            _log.error("receiver_stopped", code=Unauthorized.code)
            raise
        except Exception as error:  # noqa: BLE001 -- the edge: whatever failed, the updates are still with Telegram
            await self._wait_out(error)
        else:
            self._failures = 0

    async def _fetch(self) -> list[Raw]:
        """Return the next updates. The call also confirms what was committed before it."""
        hold = 0 if self._failures else LONG_POLL  # after a failure, know at once whether it is over
        confirming = self._offset is not None
        updates = await self._poll(hold)
        if confirming:
            # Ids start anew after a quiet week: an offset kept for longer than it takes could confirm what comes then.
            self._offset = None
            self.checkpoint("acknowledged")
        return updates

    async def _poll(self, hold: int) -> list[Raw]:
        ask: Raw = {"timeout": hold, "limit": LIMIT, "allowed_updates": ALLOWED_UPDATES}
        if self._offset is not None:
            ask["offset"] = self._offset
        updates = await self.poll("getUpdates", msgspec.json.encode(ask), patience=hold + GRACE)
        if not isinstance(updates, list) or not all(_identified(raw) for raw in updates):
            raise Malformed
        return updates

    async def _commit(self, updates: list[Raw]) -> None:
        if updates:
            self.checkpoint("fetched")
            await self.handle(*read_batch(updates, self.bot))
            self.checkpoint("committed")
            self._offset = max(raw["update_id"] for raw in updates) + 1
        self._note_gap()
        if len(updates) < LIMIT:
            await self._tell_outage()

    def _note_gap(self) -> None:
        now, before = self.clock(), self.last_heard
        self.last_heard = now
        if before is not None and now - before > OUTAGE and self._away_since is None:
            self._away_since = before

    async def _tell_outage(self) -> None:
        since = self._away_since
        if since is not None:
            _log.warning("outage_over", since=since.isoformat())
            await self.on_outage(since)
            self._away_since = None

    async def _wait_out(self, error: Exception) -> None:
        self._failures += 1
        wait = self.backoff.delay(self._failures)
        if isinstance(error, Throttled):
            wait = max(wait, error.retry_after)
        code = error.code if isinstance(error, IntakeError) else type(error).__name__
        _log.warning("receiving_failed", code=code, failures=self._failures, wait=round(wait, 3))
        await self._unless_stopped(self.sleep(wait))

    async def _confirm(self) -> None:
        """Confirm the last batch, so that nothing comes twice; where that fails, it is recognised as seen."""
        if self._offset is not None:
            with suppress(DeliveryError, Malformed):
                await self._poll(0)
                self._offset = None
                self.checkpoint("acknowledged")

    async def _unless_stopped(self, work: Coroutine[Any, Any, _T]) -> _T | None:
        """Return the result of `work`, or None where `stop` came first; then it is cancelled."""
        task = asyncio.create_task(work)
        stop = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            task.cancel()
            stop.cancel()
            await asyncio.gather(task, stop, return_exceptions=True)


def _identified(raw: object) -> bool:
    return isinstance(raw, dict) and isinstance(raw.get("update_id"), int)
