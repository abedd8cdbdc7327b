"""Which function writes which kind of record, one statement for all of a batch."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from flows.effects import Record, record_kinds
from flows.ports.unit_of_work import Changes, Entry
from storage.connection.connection import Connection

R = TypeVar("R", bound=Record)
Writer = Callable[[Connection, Sequence[Entry[R]], datetime], Awaitable[None]]

WRITERS: dict[type[Record], Writer[Any]] = {}


def writes(*kinds: type[R]) -> Callable[[Writer[R]], Writer[R]]:
    """Enter a function as the writer of each of these kinds. Raises ValueError where one has a writer already."""

    def enter(writer: Writer[R]) -> Writer[R]:
        if doubled := sorted(kind.__name__ for kind in kinds if kind in WRITERS):
            raise ValueError(f"two writers: {', '.join(doubled)}")
        WRITERS.update(dict.fromkeys(kinds, writer))
        return writer

    return enter


def check() -> None:
    """Raise LookupError for kinds of record that nothing writes."""
    if missing := [kind.__name__ for kind in record_kinds() if kind not in WRITERS]:
        raise LookupError(f"no writer: {', '.join(missing)}")


async def write_all(connection: Connection, changes: Changes, now: datetime) -> None:
    """Write every record, kinds in the order of their declaration. Raises LookupError for one that nothing writes."""
    if unknown := changes.records.keys() - WRITERS.keys():
        raise LookupError(f"no writer: {', '.join(sorted(kind.__name__ for kind in unknown))}")
    for kind in record_kinds():
        if entries := changes.of(kind):
            await WRITERS[kind](connection, entries, now)
