"""The updates that wait for the bot, with getUpdates' own rules.

Theory of operation, after https://core.telegram.org/bots/api#getupdates and the open-source Bot API server:

* an update stays until a getUpdates call with a higher offset confirms it, or until it expires;
* a negative offset forgets all but the last -offset updates;
* an offset far beyond the newest update is taken for one from before a restart of the ids, and ignored;
* a taken-up getUpdates ends the one that still waits with 409;
* an update delivered again comes whatever the offset says, and is confirmed like any other.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import msgspec

from bot.sandbox.errors import ApiError

FIRST_UPDATE_ID = 100_000_001
DAY = 86_400.0
MOST_PER_CALL = 100
REMEMBERED = 10_000
FUTURE = 10

NEWS, CONFLICT, CLOSING = "news", "conflict", "closing"


@dataclass(slots=True)
class Waiting:
    """One update as it will be delivered: its JSON, its kind, the instant (epoch seconds) it is forgotten."""

    update_id: int
    kind: str
    payload: bytes
    expires: float
    twice: bool = False
    delivered: bool = False


def _payload(update_id: int, kind: str, body: bytes) -> bytes:
    return b'{"update_id":%d,"%s":%s}' % (update_id, kind.encode(), body)


class UpdateQueue:
    """Updates between people and the bot; `clock` gives epoch seconds."""

    def __init__(self, clock: Callable[[], float], first_id: int = FIRST_UPDATE_ID) -> None:
        self.confirmed = 0
        self.expired = 0
        self.polls = 0
        self.duplicate_every = 0
        self.duplicate_fresh = False
        self._clock = clock
        self._next_id = first_id
        self._added = 0
        self._allowed: frozenset[str] | None = None
        self._waiting: deque[Waiting] = deque()
        self._again: list[Waiting] = []
        self._known: OrderedDict[int, Waiting] = OrderedDict()
        self._soonest = float("inf")
        self._pending: asyncio.Future[str] | None = None

    def __len__(self) -> int:
        """How many updates wait, expired ones left out."""
        self._forget_expired()
        return len(self._waiting) + len(self._again)

    @property
    def next_id(self) -> int:
        """The id that the next update will carry."""
        return self._next_id

    def add(self, kind: str, body: dict[str, Any], *, lifetime: float = DAY) -> int | None:
        """Queue one update of `kind`; return its id, or None when allowed_updates leaves it out."""
        if self._allowed is not None and kind not in self._allowed:
            return None
        encoded = msgspec.json.encode(body)
        entry = self._append(kind, encoded, lifetime)
        self._added += 1
        if self.duplicate_every and self._added % self.duplicate_every == 0:
            if self.duplicate_fresh:
                self._append(kind, encoded, lifetime)
            else:
                entry.twice = True
        self._wake(NEWS)
        return entry.update_id

    def inject(self, update: dict[str, Any]) -> int:
        """Queue arbitrary JSON as an update; it gets an update_id only where it has none."""
        payload = msgspec.json.encode({"update_id": self._next_id, **update})
        entry = self._keep(Waiting(self._next_id, "injected", payload, self._clock() + DAY))
        self._wake(NEWS)
        return entry.update_id

    def redeliver(self, update_id: int, *, fresh: bool = False) -> int:
        """Deliver a known update again, under its own id (whatever the offset) or under a `fresh` one.

        Raises KeyError for an update that was never added or is no longer remembered.
        """
        known = self._known[update_id]
        if fresh:
            body = msgspec.json.decode(known.payload)
            body.pop("update_id", None)
            again = _fresh(self._next_id, body, known)
            self._keep(again)
        else:
            again = Waiting(update_id, known.kind, known.payload, known.expires)
            self._again.append(again)
        self._wake(NEWS)
        return again.update_id

    def restart_ids(self, next_id: int) -> None:
        """Let ids go on from `next_id`, as Telegram does after a week of silence; the queue must be empty."""
        if self._waiting:
            raise ValueError("updates_waiting")
        self._next_id = next_id
        self._known.clear()

    async def poll(self, offset: int, limit: int, seconds: float, allowed: list[str] | None) -> list[msgspec.Raw]:
        """Answer one getUpdates: at once when something waits, else within `seconds`."""
        self.polls += 1
        self._wake(CONFLICT)
        if allowed is not None:
            self._allowed = frozenset(allowed) or None
        limit = min(max(limit, 1), MOST_PER_CALL)
        batch = self.take(offset, limit)
        if batch or seconds <= 0:
            return batch
        if await self._wait(seconds) == CLOSING:
            return []
        return self.take(offset, limit)

    def take(self, offset: int, limit: int = MOST_PER_CALL) -> list[msgspec.Raw]:
        """Confirm what lies below `offset`, then give up to `limit` of what waits; nothing is removed yet."""
        self._forget_expired()
        first = self._first_wanted(offset)
        if first:
            self._confirm(first)
        batch = self._again[:limit]
        for entry in batch:
            entry.delivered = True
        batch += islice(self._waiting, limit - len(batch))
        return [msgspec.Raw(entry.payload) for entry in batch]

    def end_wait(self) -> None:
        """End a waiting getUpdates with an empty answer: the server is closing."""
        self._wake(CLOSING)

    def _first_wanted(self, offset: int) -> int:
        if offset < 0:
            return self._waiting[offset].update_id if len(self._waiting) >= -offset else 0
        return 0 if offset > self._next_id + FUTURE else offset

    def _confirm(self, first: int) -> None:
        if self._again:
            self._again = [entry for entry in self._again if not (entry.delivered and entry.update_id < first)]
        waiting = self._waiting
        while waiting and waiting[0].update_id < first:
            entry = waiting.popleft()
            self.confirmed += 1
            if entry.twice:
                entry.twice = False
                self._again.append(entry)

    def _append(self, kind: str, encoded: bytes, lifetime: float) -> Waiting:
        payload = _payload(self._next_id, kind, encoded)
        return self._keep(Waiting(self._next_id, kind, payload, self._clock() + lifetime))

    def _keep(self, entry: Waiting) -> Waiting:
        self._next_id += 1
        self._waiting.append(entry)
        self._known[entry.update_id] = entry
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        self._soonest = min(self._soonest, entry.expires)
        return entry

    def _forget_expired(self) -> None:
        now = self._clock()
        if now < self._soonest:
            return
        before = len(self._waiting)
        self._waiting = deque(entry for entry in self._waiting if entry.expires > now)
        self._again = [entry for entry in self._again if entry.expires > now]
        self.expired += before - len(self._waiting)
        self._soonest = min((entry.expires for entry in (*self._waiting, *self._again)), default=float("inf"))

    async def _wait(self, seconds: float) -> str:
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._pending = future
        try:
            async with asyncio.timeout(seconds):
                woken = await future
        except TimeoutError:
            return NEWS
        finally:
            if self._pending is future:
                self._pending = None
        if woken == CONFLICT:
            raise ApiError(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
        return woken

    def _wake(self, why: str) -> None:
        if self._pending is not None and not self._pending.done():
            self._pending.set_result(why)


def _fresh(update_id: int, body: dict[str, Any], known: Waiting) -> Waiting:
    payload = msgspec.json.encode({"update_id": update_id, **body})
    return Waiting(update_id, known.kind, payload, known.expires)
