"""The use case: a batch of arrivals becomes one transaction. Async, ports only.

Load, step, save, commit: what was seen is dropped, the sessions are loaded, each chat is stepped in order, and
everything is written with a handful of statements, whatever the batch's size. A batch runs in rounds: step all until
each rests or asks; answer a round with one statement for each kind of ask; go on.

Steps are pure, so a busy database, a deadlock, or an ask out of the one order of locks runs the batch again. Any
other failure rolls back and runs again chat by chat, then event by event; the culprit alone is set aside.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from flows.engine.batch import Batch, LockFirst, Locks
from flows.engine.engine import Engine
from flows.errors import Busy, Duplicate, Rejected, StorageError, Unreadable
from flows.events import Arrival, Event, StepFailed
from flows.ids import ChatId, Ids, RowId
from flows.ports.outbox import OutboxRow
from flows.ports.rendering import Renderer
from flows.ports.unit_of_work import DeadLetter, Store

RERUNS = 5


class Handled(Struct, frozen=True):
    """What came of a batch: events stepped, arrivals dropped as seen, events set aside; what waits to be done."""

    stepped: int = 0
    seen: int = 0
    set_aside: tuple[str, ...] = ()
    rows: int = 0
    files: int = 0

    def plus(self, other: "Handled") -> "Handled":
        """Add up two parts of a batch."""
        return Handled(
            self.stepped + other.stepped,
            self.seen + other.seen,
            self.set_aside + other.set_aside,
            self.rows + other.rows,
            self.files + other.files,
        )


class BatchService:
    """Handles batches. `clock` gives the present as an aware datetime."""

    def __init__(
        self, store: Store, engine: Engine, renderer: Renderer, *, ids: Ids, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._engine = engine
        self._renderer = renderer
        self._ids = ids
        self._clock = clock

    async def handle(self, arrivals: Sequence[Arrival], dead: Sequence[DeadLetter] = ()) -> Handled:
        """Carry out everything that `arrivals` cause; when this returns, it is committed.

        `dead` are letters that could not even be read; they are kept. Raises StorageError where the database cannot
        be written to: nothing happened then, and the same batch may be handled again.
        """
        try:
            return await self._run(arrivals, dead)
        except Exception as error:
            if out_of_order(error):
                raise
        return await self._each_chat(arrivals, dead)

    async def _each_chat(self, arrivals: Sequence[Arrival], letters: Sequence[DeadLetter]) -> Handled:
        handled = await self._run((), letters) if letters else Handled()
        for mine in by_chat(arrivals):
            try:
                handled = handled.plus(await self._run(mine))
            except Exception as error:
                if out_of_order(error):
                    raise
                handled = handled.plus(await self._each_event(mine))
        return handled

    async def _each_event(self, arrivals: Sequence[Arrival]) -> Handled:
        handled = Handled()
        for arrival in arrivals:
            try:
                handled = handled.plus(await self._run([arrival]))
            except Exception as error:
                if out_of_order(error):
                    raise
                handled = handled.plus(await self._set_aside(arrival, type(error).__name__))
        return handled

    async def _set_aside(self, arrival: Arrival, code: str) -> Handled:
        """Keep the culprit as a dead letter, and say sorry, if at least that can be done."""
        chat = arrival.event.chat
        letter = DeadLetter(RowId(self._ids.new()), chat, code, written(arrival.event))
        apology = Arrival(arrival.keys, StepFailed(chat=chat))
        failure: Exception | None = None
        # As its own step; where its session cannot be loaded, without it; where it cannot even be told, not at all.
        for arrivals, sorry in (([apology], None), ((), chat), ((), None)):
            try:
                handled = await self._run(arrivals, [letter], keys=() if arrivals else arrival.keys, sorry=sorry)
            except Exception as error:
                if out_of_order(error):
                    raise
                failure = error
            else:
                return handled.plus(Handled(set_aside=(code,)))
        raise StorageError(code) from failure

    async def _run(
        self,
        arrivals: Sequence[Arrival],
        letters: Sequence[DeadLetter] = (),
        *,
        keys: Sequence[str] = (),
        sorry: ChatId | None = None,
    ) -> Handled:
        locks, failures = Locks(), 0
        while True:
            try:
                return await self._once(arrivals, letters, keys, locks, sorry)
            except LockFirst as ask:  # is no failure: what is locked grows with each, so it ends
                locks = ask.locks
            except (Busy, Duplicate):
                failures += 1
                if failures == RERUNS:
                    raise

    def _apology(self, chat: ChatId) -> OutboxRow:
        message = self._engine.apology(chat, self._ids)
        return OutboxRow(message.id, chat, message.kind, self._renderer.render(message))

    async def _once(
        self,
        arrivals: Sequence[Arrival],
        letters: Sequence[DeadLetter],
        keys: Sequence[str],
        locks: Locks,
        sorry: ChatId | None,
    ) -> Handled:
        now = self._clock()
        async with self._store.begin() as unit:
            batch = Batch(unit, self._engine, self._renderer, ids=self._ids, now=now)
            fresh = await batch.unseen(arrivals, [*keys, *(letter.key for letter in letters if letter.key)])
            await batch.run([arrival.event for arrival in fresh], locks)
            changes = batch.changes()
            changes.dead.extend(letter for letter in letters if not letter.key or letter.key in batch.new_keys)
            if sorry is not None:  # whose session cannot even be loaded is told without it
                changes.outbox.append(self._apology(sorry))
            await unit.save(changes, now)
            await unit.commit()
        return Handled(
            stepped=batch.stepped, seen=len(arrivals) - len(fresh), rows=len(changes.outbox), files=len(changes.files)
        )


def out_of_order(error: Exception) -> bool:
    """Say whether the database itself is at fault, so that no single event is to blame."""
    return isinstance(error, StorageError) and not isinstance(error, Unreadable | Rejected | Duplicate)


def written(event: Event) -> bytes:
    """Give an event as JSON; of one that no JSON can hold (half a surrogate pair) only what kind it was."""
    try:
        return msgspec.json.encode(event)
    except UnicodeEncodeError:
        return msgspec.json.encode({"type": type(event).__name__})


def by_chat(arrivals: Iterable[Arrival]) -> list[list[Arrival]]:
    """Give each chat's arrivals, in order, chats in the order of their first."""
    chats: dict[int, list[Arrival]] = {}
    for arrival in arrivals:
        chats.setdefault(arrival.event.chat, []).append(arrival)
    return list(chats.values())
