"""The use case: a batch of arrivals becomes one transaction. Async, ports only.

Load, step, save, commit: what was seen is dropped, the sessions are loaded, each chat is stepped in order, and
everything is written with a handful of statements, whatever the batch's size. A batch runs in rounds: step all until
each rests or asks; answer a round with one statement for each kind of ask; go on. Each arrival gets an answer.

Steps are pure, so a busy database, a deadlock, or an ask out of the one order of locks runs the batch again. Any
other failure rolls back and runs again subject by subject, then event by event; the culprit alone is set aside.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from flows.desk.registry import Refused
from flows.effects import FileFetch
from flows.engine.batch import Batch
from flows.engine.engine import Engine
from flows.engine.locks import LockFirst, Locks
from flows.errors import Busy, Duplicate, Rejected, StorageError, Unreadable
from flows.events import Arrival, Event, Happening, StepFailed, Subject
from flows.ids import ChatId, Ids, RowId
from flows.ports.outbox import OutboxRow
from flows.ports.rendering import Renderer
from flows.ports.unit_of_work import DeadLetter, Store

RERUNS = 5


DONE = "done"
ALREADY_SEEN = "already_seen"
REFUSED = "refused"
SET_ASIDE = "set_aside"


class Answered(Struct, frozen=True):
    """What came of one arrival: DONE, ALREADY_SEEN, REFUSED (code and parameters) or SET_ASIDE (code).

    Of what is refused nothing is written, but that it was seen, and that a chat's event was illegal.
    """

    outcome: str
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


class Handled(Struct, frozen=True):
    """What came of a batch: an answer for each arrival, in their order; how many rows and files wait to be done."""

    answers: tuple[Answered, ...] = ()
    rows: int = 0
    files: int = 0

    @property
    def seen(self) -> int:
        """Return how many arrivals were dropped as seen before."""
        return sum(answer.outcome == ALREADY_SEEN for answer in self.answers)

    @property
    def set_aside(self) -> tuple[str, ...]:
        """Return the codes of what was set aside."""
        return tuple(answer.code for answer in self.answers if answer.outcome == SET_ASIDE)

    def plus(self, other: "Handled") -> "Handled":
        """Add up two parts of a batch."""
        return Handled(self.answers + other.answers, self.rows + other.rows, self.files + other.files)

    def at(self, places: Sequence[int]) -> "Handled":
        """Return it with its answers in order of `places`, which has the place of each in the batch."""
        ordered = sorted(zip(places, self.answers, strict=True), key=lambda placed: placed[0])
        return replace(self, answers=tuple(answer for _, answer in ordered))


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
        return await self._each_subject(arrivals, dead)

    async def _each_subject(self, arrivals: Sequence[Arrival], letters: Sequence[DeadLetter]) -> Handled:
        handled = await self._run((), letters) if letters else Handled()
        groups = by_subject(arrivals)
        for places in groups:
            mine = [arrivals[place] for place in places]
            try:
                handled = handled.plus(await self._run(mine))
            except Exception as error:
                if out_of_order(error):
                    raise
                handled = handled.plus(await self._each_event(mine))
        return handled.at([place for places in groups for place in places])

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
        """Keep the culprit as a dead letter, and say sorry to its chat, if at least that can be done."""
        chat = arrival.event.chat if isinstance(arrival.event, Event) else None
        letter = DeadLetter(RowId(self._ids.new()), chat, code, written(arrival.event))
        failure: Exception | None = None
        # As its own step; where its session cannot be loaded, without it; where it cannot even be told, not at all.
        for told, sorry in apologies(arrival.keys, chat):
            try:
                handled = await self._run(told, [letter], keys=() if told else arrival.keys, sorry=sorry)
            except Exception as error:
                if out_of_order(error):
                    raise
                failure = error
            else:
                return replace(handled, answers=(Answered(SET_ASIDE, code),))
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
            refusals = await batch.run([each.event for each, new in zip(arrivals, fresh, strict=True) if new], locks)
            changes = batch.changes()
            changes.dead.extend(letter for letter in letters if not letter.key or letter.key in batch.new_keys)
            if sorry is not None:  # whose session cannot even be loaded is told without it
                changes.outbox.append(self._apology(sorry))
            await unit.save(changes, now)
            await unit.commit()
        return Handled(answers(fresh, refusals), rows=len(changes.outbox), files=len(changes.of(FileFetch)))


def answers(fresh: Sequence[bool], refusals: Sequence[Refused | None]) -> tuple[Answered, ...]:
    """Return the answer to each arrival; `refusals` has an entry for each that is fresh."""
    rest = iter(refusals)
    return tuple(answered(next(rest)) if each else Answered(ALREADY_SEEN) for each in fresh)


def answered(refused: Refused | None) -> Answered:
    """Return the answer to what was stepped."""
    return Answered(DONE) if refused is None else Answered(REFUSED, refused.code, refused.params)


def apologies(keys: tuple[str, ...], chat: ChatId | None) -> list[tuple[Sequence[Arrival], ChatId | None]]:
    """Return the ways to tell a chat that something of it was set aside, the best first; a case is told nothing."""
    if chat is None:
        return [((), None)]
    return [([Arrival(keys, StepFailed(chat=chat))], None), ((), chat), ((), None)]


def out_of_order(error: Exception) -> bool:
    """Return True if the database itself is at fault, so that no single event is to blame."""
    return isinstance(error, StorageError) and not isinstance(error, Unreadable | Rejected | Duplicate)


def written(event: Happening) -> bytes:
    """Return an event as JSON; of one that no JSON can hold (half a surrogate pair) only what kind it was."""
    try:
        return msgspec.json.encode(event)
    except UnicodeEncodeError:
        return msgspec.json.encode({"type": type(event).__name__})


def by_subject(arrivals: Iterable[Arrival]) -> list[list[int]]:
    """Return the places of each subject's arrivals, in order, subjects in the order of their first."""
    subjects: dict[Subject, list[int]] = {}
    for place, arrival in enumerate(arrivals):
        subjects.setdefault(arrival.event.subject, []).append(place)
    return list(subjects.values())
