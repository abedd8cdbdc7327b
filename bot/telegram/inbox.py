"""What a batch of raw updates becomes: arrivals, and dead letters for what cannot be read.

`telegram.Bot` reads a batch whole: there one update that cannot be read fails the batch for ever, and logs its content.
Here each is read for itself, so that one which fails does not delay the others.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import msgspec
import structlog
from telegram import Bot

from bot.telegram.translate import parse, translate
from flows.events import Arrival

_log = structlog.get_logger(__name__)

Raw = dict[str, Any]
"""An update as the Bot API gives it; its `update_id` is an int."""


class Unread(NamedTuple):
    """An update that could not be read: its id, itself as JSON, and the code of what went wrong."""

    update: int
    body: bytes
    code: str


class Handle(Protocol):
    """Commits a batch. Where it returns, the batch is committed; where it raises, it is not, and is received again."""

    async def __call__(self, arrivals: Sequence[Arrival], dead: Sequence[Unread]) -> None:
        """Commit what the arrivals cause, in their order, and the dead letters."""


def read_batch(updates: Sequence[Raw], bot: Bot) -> tuple[list[Arrival], list[Unread]]:
    """Return what happened, in order, and the updates that could not be read. `bot` knows its username."""
    arrivals: list[Arrival] = []
    dead: list[Unread] = []
    for raw in updates:
        try:
            arrival = translate(parse(raw, bot), bot.username)
        except Exception as error:  # noqa: BLE001 -- the edge: one update must not hold up the others
            code = type(error).__name__
            dead.append(Unread(raw["update_id"], msgspec.json.encode(raw), code))
            _log.error("update_unread", update=raw["update_id"], code=code)  # its text may quote the update
        else:
            arrivals.extend([arrival] if arrival else [])
    return arrivals, dead
