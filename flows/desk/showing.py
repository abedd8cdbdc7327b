"""Copies of a case's documents in an agent's chat: how long they stay there, and when they are taken out again."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from msgspec.structs import replace

from flows.cases.case import Case, ShownDocument
from flows.effects import CaseChange, CopyRemoval, Effect

SHOWN_FOR: Final = timedelta(minutes=30)


def removals(copies: Iterable[ShownDocument]) -> Iterator[CopyRemoval]:
    """Return what takes copies out of the chats that they are in."""
    for copy in copies:
        yield CopyRemoval(agent=copy.agent, row=copy.row)


def has_left(before: Case, after: Case) -> bool:
    """Return True if the owner of a case gave it up with this change, or its conversation."""
    returned = before.agent_speaks and not after.agent_speaks
    return returned or not after.is_open or after.owner != before.owner


def ended_on_leaving(before: Case, after: Case, effects: Sequence[Effect]) -> tuple[Case, tuple[Effect, ...]]:
    """Return a command's case and effects with every copy taken out of its chat, if the owner left the case."""
    if not after.shown or not has_left(before, after):
        return after, tuple(effects)
    bare = replace(after, shown=())
    others = (CaseChange(case=bare) if isinstance(effect, CaseChange) else effect for effect in effects)
    return bare, (*others, *removals(after.shown))
