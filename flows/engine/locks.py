"""What a batch locks, and the one order in which it does: sessions by chat, cases, policies."""

from collections.abc import Set as AbstractSet

from msgspec import Struct

from flows.ids import CaseId, ChatId


class Locks(Struct, frozen=True):
    """What is to be locked before the first step."""

    chats: frozenset[ChatId] = frozenset()
    cases: frozenset[CaseId] = frozenset()
    policies: frozenset[str] = frozenset()

    def plus(
        self,
        *,
        chats: AbstractSet[ChatId] = frozenset(),
        cases: AbstractSet[CaseId] = frozenset(),
        policies: AbstractSet[str] = frozenset(),
    ) -> "Locks":
        """Return these locks, and more."""
        return Locks(self.chats | chats, self.cases | cases, self.policies | policies)


class LockFirst(Exception):
    """An ask would break the order of locks: run the batch again with these rows locked first."""

    def __init__(self, locks: Locks) -> None:
        super().__init__("lock first")
        self.locks = locks
