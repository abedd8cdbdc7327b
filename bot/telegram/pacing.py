"""How fast, and how soon again after a failure. No clock and no randomness of its own: both are arguments.

Telegram's limits (core.telegram.org/bots/faq, Broadcasting) are windows over the last so many seconds, not buckets: a
bucket that refills lets nearly twice the figure through in its first window.
"""

from collections import deque
from collections.abc import Callable

from msgspec import Struct

from flows.ids import ChatId

_CHATS_KEPT = 4096


class Rate(Struct, frozen=True):
    """At most `count` in any `seconds`."""

    count: int
    seconds: float


class Limits(Struct, frozen=True):
    """Telegram's limits: in all, in one chat (a small burst, then one a second), in one group. None is no limit."""

    total: Rate | None = Rate(30, 1.0)
    chat: Rate | None = Rate(3, 3.0)
    group: Rate | None = Rate(20, 60.0)


class Pacer:
    """Remembers what was sent lately. Times are seconds on one clock that never goes back."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._total = _times(limits.total)
        self._chats: dict[ChatId, deque[float]] = {}
        self._groups: dict[ChatId, deque[float]] = {}

    def delay(self, chat: ChatId, now: float) -> float:
        """Return the seconds until a message to `chat` is within every limit; 0 where it is now."""
        return max(self.delay_of_chat(chat, now), self.delay_of_all(now))

    def delay_of_chat(self, chat: ChatId, now: float) -> float:
        """Return the seconds that the chat's own limits ask for."""
        own = _delay(self._chats.get(chat), self._limits.chat, now)
        return max(own, _delay(self._groups.get(chat), self._limits.group, now))

    def delay_of_all(self, now: float) -> float:
        """Return the seconds that the limit over all chats asks for."""
        return _delay(self._total, self._limits.total, now)

    def take(self, chat: ChatId, now: float) -> None:
        """Count a message to `chat`, sent now."""
        self._total.append(now)
        if self._limits.chat:
            _note(self._chats, chat, self._limits.chat, now)
        if self._limits.group and chat < 0:  # a group's id is negative
            _note(self._groups, chat, self._limits.group, now)


def _times(rate: Rate | None) -> deque[float]:
    return deque(maxlen=rate.count if rate else 0)


def _delay(times: deque[float] | None, rate: Rate | None, now: float) -> float:
    if rate is None or times is None or len(times) < rate.count:
        return 0.0
    return max(0.0, times[0] + rate.seconds - now)


def _note(chats: dict[ChatId, deque[float]], chat: ChatId, rate: Rate, now: float) -> None:
    times = chats.get(chat)
    if times is None:
        if len(chats) >= _CHATS_KEPT:
            _forget(chats, now - rate.seconds)
        times = chats[chat] = _times(rate)
    times.append(now)


def _forget(chats: dict[ChatId, deque[float]], before: float) -> None:
    for chat in [chat for chat, times in chats.items() if times[-1] <= before]:
        del chats[chat]


class Backoff(Struct, frozen=True):
    """Seconds to wait before another attempt: doubled each time from `first` up to `most`, then spread.

    `chance` returns a number in [0, 1): it takes away up to half, so that many do not return at the same moment.
    """

    chance: Callable[[], float]
    first: float = 1.0
    most: float = 60.0

    def delay(self, attempts: int) -> float:
        """Return the seconds to wait after so many failed attempts, one or more."""
        full = min(self.most, self.first * 2.0 ** min(attempts - 1, 32))
        return full * (1.0 - self.chance() / 2.0)
