"""What a running bot is given by the composition root: a backend, a clock, checkpoints for tests."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from flows.ids import CaseId, ChatId
from flows.ports.documents import Documents
from flows.ports.outbox import Outbox
from flows.ports.unit_of_work import Store

Checkpoint = Callable[[str], None]
"""Called with the name of a point at which a process may die; the kill tests do so there."""

Clock = Callable[[], datetime]


class Backend(Store, Protocol):
    """A store with all that a running bot needs of it."""

    @property
    def outbox(self) -> Outbox:
        """The messages to be sent."""

    @property
    def documents(self) -> Documents:
        """The files to be fetched, and those that were."""

    @property
    def last_beat(self) -> datetime | None:
        """When an earlier process was last at work, where that is known."""

    def beat(self) -> None:
        """Record that this process is at work."""

    async def waiting(self, states: Sequence[str], since: datetime) -> list[ChatId]:
        """Return the chats that rest in one of `states`, and were heard of since then."""

    async def to_wake(self, now: datetime, limit: int) -> list[ChatId]:
        """Return up to `limit` chats whose session's `wake_at` has come, the longest ago first."""

    async def cases_to_wake(self, now: datetime, limit: int) -> list[CaseId]:
        """Return up to `limit` cases whose `wake_at` has come, the longest ago first."""

    async def cases_shown_until(self, now: datetime, limit: int) -> list[CaseId]:
        """Return up to `limit` cases whose `shown_until` has come, the longest ago first."""

    async def recover(self, now: datetime) -> bool:
        """Release the leases of a dead process; return True if this one is surely the only one alive and did so."""

    async def purge(self, now: datetime, *, keep_sent: timedelta) -> object:
        """Delete what is old enough."""
