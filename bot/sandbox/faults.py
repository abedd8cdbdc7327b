"""Scripted faults and Telegram's rate limits: what goes wrong on the way to a bot's call."""

from collections.abc import Callable
from math import ceil
from typing import Literal

import msgspec

from bot.sandbox.errors import ApiError

Kind = Literal["error", "retry_after", "blocked", "cut_before", "cut_after", "delay", "delay_after"]

ANY_METHOD = "*"
OVERALL_A_SECOND = 30.0
OVERALL_BURST = 30
CHAT_A_SECOND = 1.0
CHAT_BURST = 3


class Fault(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One scripted fault: which calls it meets, how often (`times`, 0 = until cleared), what it does.

    cut_after and delay_after come after the effect: the bot does not know, or learns late, that it happened.
    """

    kind: Kind
    method: str = ANY_METHOD
    chat_id: int | None = None
    times: int = 1
    retry_after: int = 1
    seconds: float = 0.0
    error_code: int = 500
    description: str = "Internal Server Error"

    def meets(self, method: str, chat_id: int | None) -> bool:
        """Return True if this fault is meant for such a call."""
        if self.method not in (ANY_METHOD, method):
            return False
        return self.chat_id is None or self.chat_id == chat_id

    def error(self) -> ApiError | None:
        """Return the refusal this fault stands for, if it is one."""
        match self.kind:
            case "retry_after":
                return too_many(self.retry_after)
            case "blocked":
                return ApiError(403, "Forbidden: bot was blocked by the user")
            case "error":
                return ApiError(self.error_code, self.description)
            case _:
                return None


class Faults:
    """The faults still to come, the oldest first."""

    def __init__(self) -> None:
        self.scripted: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Script one more fault."""
        self.scripted.append(fault)

    def clear(self) -> None:
        """Script none."""
        self.scripted.clear()

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """Use up one turn of the first fault that meets this call."""
        for fault in self.scripted:
            if fault.meets(method, chat_id):
                self._count_down(fault)
                return fault
        return None

    def _count_down(self, fault: Fault) -> None:
        if fault.times == 1:
            self.scripted.remove(fault)
        elif fault.times > 1:
            fault.times -= 1


class Limits:
    """About 30 messages a second in all and 1 a second in a chat, short bursts forgiven; off unless `on`.

    A virtual schedule (GCRA): each message moves the chat's and everybody's earliest honest instant on.
    """

    def __init__(self, clock: Callable[[], float], *, on: bool = False) -> None:
        self.on = on
        self._clock = clock
        self._overall = 0.0
        self._chats: dict[int, float] = {}

    def check(self, chat_id: int) -> None:
        """Count one message to `chat_id`; raise 429 with retry_after when it comes too early."""
        now = self._clock()
        overall = max(self._overall, now)
        chat = max(self._chats.get(chat_id, 0.0), now)
        early = max(
            overall - now - (OVERALL_BURST - 1) / OVERALL_A_SECOND,
            chat - now - (CHAT_BURST - 1) / CHAT_A_SECOND,
        )
        if early > 0:
            raise too_many(max(1, ceil(early)))
        self._overall = overall + 1 / OVERALL_A_SECOND
        self._chats[chat_id] = chat + 1 / CHAT_A_SECOND


def too_many(seconds: int) -> ApiError:
    """429 as Telegram words it."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
