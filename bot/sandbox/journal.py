"""What the bot called, in order, for tests to assert on."""

from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec

MOST_CALLS = 100_000


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call: its place, instant (epoch seconds), method, chat, parameters, and what came of it.

    `status` is 200 or the error code; `message_id` the message it made or changed; `cut` that the effect
    happened while the bot was left without an answer.
    """

    seq: int
    at: float
    method: str
    chat_id: int | None
    params: dict[str, Any]
    status: int
    message_id: int | None = None
    cut: bool = False


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a call; the fields are Call's."""

    chat_id: int | None = None
    status: int = 200
    message_id: int | None = None
    cut: bool = False


class Journal:
    """The latest calls, up to MOST_CALLS; getUpdates is not written down."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.on = True
        self._clock = clock
        self._seq = 0
        self._calls: deque[Call] = deque(maxlen=MOST_CALLS)

    def note(self, method: str, params: dict[str, Any], outcome: Outcome) -> None:
        """Write down one call with what came of it."""
        self._seq += 1
        if self.on:
            self._calls.append(
                Call(
                    seq=self._seq,
                    at=self._clock(),
                    method=method,
                    chat_id=outcome.chat_id,
                    params=params,
                    status=outcome.status,
                    message_id=outcome.message_id,
                    cut=outcome.cut,
                )
            )

    def calls(self, *, chat_id: int | None = None, method: str | None = None, since: int = 0) -> list[Call]:
        """Return the calls after place `since`, of one chat or method if named, oldest first."""
        return [
            call
            for call in self._calls
            if call.seq > since
            and (chat_id is None or call.chat_id == chat_id)
            and (method is None or call.method == method)
        ]

    def clear(self) -> None:
        """Forget the calls; places go on counting."""
        self._calls.clear()
