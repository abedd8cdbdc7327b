"""Sends the rows of one leased lane (one chat), in order, each once, and reports the outcome of each.

A question whose outcome is unknown is sent once more; an agent's words never are, and the agent is told. An answer to a
tap waits for no limit, and is not sent again where its outcome is unknown.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog
from msgspec import Struct

from bot.telegram.api import Post
from bot.telegram.filling import filled
from bot.telegram.pacing import Backoff, Pacer
from bot.telegram.request import CONNECT_PATIENCE, PATIENCE
from flows.effects import QUESTION
from flows.errors import (
    Blocked,
    Conflicted,
    DeliveryError,
    IntakeError,
    Refused,
    Throttled,
    Unauthorized,
    Unavailable,
    Uncertain,
)
from flows.ids import AgentId, ChatId, RowId
from flows.ports.outbox import Delivered, OutboxRow
from flows.ports.rendering import Payload

TAP = "tap"
SENT, FAILED, BLOCKED, UNCERTAIN, RETRY = "sent", "failed", "blocked", "uncertain", "retry"
UNPACED = "deleteMessage"  # what only takes something away

HOLD = 3.0  # seconds that a lane is held while its chat's limit asks to wait; for longer, it is given back
MARGIN = timedelta(seconds=2 * (CONNECT_PATIENCE + PATIENCE) + 2 * HOLD)  # the longest that one row can take
TAP_ATTEMPTS = 3  # by then the clock on the button has run out
MOST_ATTEMPTS = 10  # of a row at which we fail ourselves

OUTCOMES: dict[type[DeliveryError], str] = {
    Refused: FAILED,
    Blocked: BLOCKED,
    Throttled: RETRY,
    Unauthorized: RETRY,
    Conflicted: RETRY,
    Unavailable: RETRY,
    Uncertain: UNCERTAIN,
}

_log = structlog.get_logger(__name__)
Report = Callable[[Delivered], None]


class LeasedLane(Struct):
    """The rows of one chat that were leased together, in order, until when, and what they have become so far."""

    chat: ChatId
    until: datetime
    rows: list[OutboxRow] = msgspec.field(default_factory=list)
    messages: dict[RowId, int] = msgspec.field(default_factory=dict)
    abandoned: bool = False


@dataclass(eq=False, kw_only=True)
class LaneWorker:
    """Sends leased lanes. `monotonic` gives seconds for pacing, `clock` the instants that are stored."""

    post: Post
    pacer: Pacer
    on_doubt: Callable[[AgentId, str], Awaitable[None]]
    clock: Callable[[], datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], Coroutine[Any, Any, None]]
    backoff: Backoff
    checkpoint: Callable[[str], None]
    halt_all: bool = False
    stopping: bool = False

    _resume: float = field(default=0.0, init=False)  # nothing is sent before then, in seconds of `monotonic`
    _send_lock: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)  # first come, first served

    async def deliver(self, lane: LeasedLane, report: Report) -> None:
        """Send the rows and report the outcome of each.

        Where a row failed by our own fault, it is not reported, and the lane is `abandoned`: it must not be released.
        Its lease runs out, and the row is leased again as one in doubt.
        """
        for row in filter(_lost, lane.rows):
            await self._guarded(row, lane, self._doubt(row), report)
        rows = [row for row in lane.rows if not _lost(row)]
        taps = [row for row in rows if row.kind == TAP]
        async with asyncio.TaskGroup() as beside:
            if taps:
                beside.create_task(self._in_order(taps, lane, report))
            # No task for these: so the last result and the end of its lane are written in one group.
            await self._in_order([row for row in rows if row.kind != TAP], lane, report)

    def halted(self) -> float:
        """Return the seconds for which nothing may be sent to anybody."""
        return max(0.0, self._resume - self.monotonic())

    async def _in_order(self, rows: Sequence[OutboxRow], lane: LeasedLane, report: Report) -> None:
        for place, row in enumerate(rows):
            result = await self._guarded(row, lane, self._attempt(row, lane), report)
            if result is None or result.outcome in {RETRY, BLOCKED}:
                for later in rows[place + 1 :]:
                    report(self._returned(later, like=result))
                return

    async def _guarded(
        self, row: OutboxRow, lane: LeasedLane, work: Coroutine[Any, Any, Delivered], report: Report
    ) -> Delivered | None:
        try:
            result = await work
        except Exception as error:  # noqa: BLE001 -- the edge: one row must not end the sender
            code = error.code if isinstance(error, IntakeError) else type(error).__name__
            _log.error("row_abandoned", row=row.id, code=code, attempts=row.attempts)  # its text may quote the row
            if row.attempts < MOST_ATTEMPTS:
                lane.abandoned = True
                return None
            result = _outcome(row, UNCERTAIN, code=code)
        if result.code:
            _log.info("row_not_sent", row=row.id, outcome=result.outcome, code=result.code, attempts=row.attempts)
        report(result)
        return result

    def _returned(self, row: OutboxRow, *, like: Delivered | None) -> Delivered:
        """Return the outcome of a row that was not begun: it waits in its place, behind the one that was."""
        if like is None:
            return _outcome(row, RETRY, not_before=self.clock())
        return _outcome(row, like.outcome, not_before=like.not_before)

    async def _attempt(self, row: OutboxRow, lane: LeasedLane) -> Delivered:
        if self.stopping or self.clock() + MARGIN > lane.until:
            return _outcome(row, RETRY, not_before=self.clock())
        payload = filled(row, lane.messages)
        if isinstance(payload, str):
            return _outcome(row, FAILED, code=payload)
        wait = 0.0 if row.kind == TAP or payload.method == UNPACED else await self._pace(row.chat)
        if wait > 0:
            return _outcome(row, RETRY, not_before=self._after(wait))
        result = await self._send(row, payload)
        if result.message is not None:
            lane.messages[row.id] = result.message
        return result

    async def _send(self, row: OutboxRow, payload: Payload) -> Delivered:
        once_more = row.kind == QUESTION and not row.doubted
        for _ in range(2 if once_more else 1):
            try:
                answer = await self.post(payload.method, payload.body)
            except Uncertain:
                continue
            except DeliveryError as error:
                return self._refusal(row, error)
            self.checkpoint(SENT)
            return _outcome(row, SENT, message=_message_id(answer))
        return await self._doubt(row)

    async def _doubt(self, row: OutboxRow) -> Delivered:
        """Settle a row whose outcome stays unknown. The agent is told before it is written: rather twice than never."""
        if row.kind == TAP:
            return _outcome(row, SENT, code=Uncertain.code)
        if row.doubt is not None:
            await self.on_doubt(*row.doubt)
        return _outcome(row, UNCERTAIN, code=Uncertain.code)

    def _refusal(self, row: OutboxRow, error: DeliveryError) -> Delivered:
        outcome = OUTCOMES[type(error)]
        if outcome != RETRY:
            return _outcome(row, outcome, code=error.code)
        if row.kind == TAP and row.attempts >= TAP_ATTEMPTS:
            return _outcome(row, FAILED, code=error.code)
        wait = error.retry_after if isinstance(error, Throttled) else self.backoff.delay(max(row.attempts, 1))
        if isinstance(error, Unauthorized) or (self.halt_all and isinstance(error, Throttled)):
            self._resume = max(self._resume, self.monotonic() + wait)
        return _outcome(row, RETRY, not_before=self._after(wait), code=error.code)

    async def _pace(self, chat: ChatId) -> float:
        """Wait until the limits allow a message, and count it; return the seconds to wait where those are too many."""
        while (wait := max(self.pacer.delay_of_chat(chat, self.monotonic()), self.halted())) > 0:
            if wait > HOLD:
                return wait
            await self.sleep(wait)
        async with self._send_lock:
            while (wait := self.pacer.delay_of_all(self.monotonic())) > 0:
                await self.sleep(wait)
            self.pacer.take(chat, self.monotonic())
        return 0.0

    def _after(self, seconds: float) -> datetime:
        return self.clock() + timedelta(seconds=seconds)


def _lost(row: OutboxRow) -> bool:
    """Return True if its sender died while sending it and it is not to be sent again."""
    return row.doubted and row.kind != QUESTION


def _outcome(
    row: OutboxRow, outcome: str, *, message: int | None = None, not_before: datetime | None = None, code: str = ""
) -> Delivered:
    return Delivered(row.id, row.chat, outcome, message=message, not_before=not_before, code=code)


def _message_id(answer: object) -> int | None:
    message = answer.get("message_id") if isinstance(answer, dict) else None
    return message if isinstance(message, int) else None
