"""One batch inside one transaction: rounds of steps and look-ups, and what they add up to."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flows.desk.registry import Refused
from flows.effects import (
    QUESTION,
    AgentNotice,
    Ask,
    AuditEntry,
    ButtonsRemoval,
    CaseChange,
    CopyRemoval,
    DeskAlert,
    DocumentCopy,
    Effect,
    Message,
    Nudge,
    Record,
    TapAnswer,
)
from flows.engine.engine import Engine
from flows.engine.known import Known
from flows.engine.locks import LockFirst, Locks
from flows.errors import IllegalEvent
from flows.events import Arrival, ButtonTapped, CaseEvent, Event, Happening, Subject
from flows.ids import ChatId, Ids, RowId
from flows.ports.outbox import OutboxRow
from flows.ports.rendering import Renderer, Sendable
from flows.ports.unit_of_work import Changes, UnitOfWork

TAP = "tap"


class Queued(NamedTuple):
    """An event that waits for its step; `place` is its own in the batch, None where the batch made it."""

    event: Happening
    place: int | None


class Asked(NamedTuple):
    """What a subject waits for, because of the event in this place."""

    ask: Ask
    place: int | None


class Batch:
    """The state of one run. Later subjects see what earlier ones of the same batch changed."""

    def __init__(self, unit: UnitOfWork, engine: Engine, renderer: Renderer, *, ids: Ids, now: datetime) -> None:
        self._unit = unit
        self._engine = engine
        self._renderer = renderer
        self._ids = ids
        self._now = now
        self._known = Known(unit, now)
        self._queues: dict[Subject, deque[Queued]] = {}
        self._asks: dict[Subject, Asked] = {}
        self._nudged: set[ChatId] = set()  # chats that events of this batch are for, and that are not locked
        self._refused: dict[int, Refused] = {}
        self._alerts: list[DeskAlert] = []
        self._changes = Changes()
        self.new_keys: frozenset[str] = frozenset()  # of those given to `unseen`

    async def unseen(self, arrivals: Sequence[Arrival], keys: Sequence[str] = ()) -> list[bool]:
        """Remember every key, and say of each arrival whether none of its keys was there before."""
        every = list(dict.fromkeys([*keys, *(key for arrival in arrivals for key in arrival.keys)]))
        left = await self._unit.unseen(every, self._now) if every else set()
        self.new_keys = frozenset(left)
        fresh = []
        for arrival in arrivals:
            fresh.append(left.issuperset(arrival.keys))
            if fresh[-1]:
                left.difference_update(arrival.keys)
        return fresh

    async def run(self, events: Sequence[Happening], locks: Locks) -> list[Refused | None]:
        """Step every event of every subject, in rounds, until all rest; say of each whether it was refused, and why.

        Raises LockFirst.
        """
        for place, event in enumerate(events):
            self._enqueue(event, place)
        chats = {event.chat for event in events if isinstance(event, Event)}
        await self._known.lock(locks.plus(chats=chats, cases={e.case for e in events if isinstance(e, CaseEvent)}))
        while self._asks or any(self._queues.values()):
            await self._round()
        await self._push_alerts()
        return [self._refused.get(place) for place in range(len(events))]

    def changes(self) -> Changes:
        """Return all that is to be written. To be called once, at the end."""
        self._known.enter(self._changes)
        return self._changes

    # ---- rounds ----

    async def _round(self) -> None:
        """Answer what was asked, then step each subject until it rests or asks."""
        asked, self._asks = self._asks, {}
        await self._known.look_up([each.ask for each in asked.values()])
        for subject in list(self._queues):
            self._go_on(subject, asked.get(subject))
        if self._nudged:
            raise LockFirst(self._known.locks.plus(chats=self._nudged))

    def _go_on(self, subject: Subject, asked: Asked | None) -> None:
        """Step a subject until it rests or asks; its own last ask is answered as things stand now."""
        queue = self._queues[subject]
        if asked is not None:
            self._step(self._known.answer(asked.ask), asked.place)
        while queue and subject not in self._asks:
            self._step(*queue.popleft())

    def _step(self, event: Happening, place: int | None) -> None:
        effects = self._in_chat(event, place) if isinstance(event, Event) else self._on_case(event, place)
        for effect in effects:
            self._apply(effect, place)

    def _in_chat(self, event: Event, place: int | None) -> Sequence[Effect]:
        session = self._known.sessions[event.chat]
        try:
            self._known.sessions[event.chat], effects = self._engine.step(session, event, self._now, self._ids)
        except IllegalEvent as error:
            self._refuse(place, Refused(IllegalEvent.code, {"trigger": error.trigger, "state": error.state}))
            return illegal(event, error)
        return effects

    def _on_case(self, event: CaseEvent, place: int | None) -> Sequence[Effect]:
        result = self._engine.step_case(self._known.cases.get(event.case), event, self._now, self._ids)
        if isinstance(result, Refused):
            self._refuse(place, result)
            return ()
        return result.effects

    def _refuse(self, place: int | None, refused: Refused) -> None:
        if place is not None:
            self._refused[place] = refused

    def _enqueue(self, event: Happening, place: int | None = None) -> None:
        self._queues.setdefault(event.subject, deque()).append(Queued(event, place))

    async def _push_alerts(self) -> None:
        """Push what the desk is to hear of; without such an alert nothing is looked up."""
        for alert in self._alerts:
            case = self._known.cases[alert.case]
            if self._engine.is_timely(case, alert, self._now):
                duties = await self._known.duties()
                self._known.cases[case.id], pushed = self._engine.push(case, alert, duties, self._now, self._ids)
                self._changes.outbox.extend(map(self._row, pushed))

    # ---- effects ----

    def _apply(self, effect: Effect, place: int | None) -> None:
        if isinstance(effect, Ask):
            self._asks[effect.because.subject] = Asked(effect, place)
        elif isinstance(effect, Sendable):
            self._changes.outbox.append(self._row(effect))
        elif isinstance(effect, DeskAlert):
            self._alerts.append(effect)
        elif isinstance(effect, CaseChange):
            self._known.change(effect.case)
        elif isinstance(effect, Record):
            self._known.note(effect)
            self._changes.add(self._new_row(), effect)
        elif isinstance(effect, Nudge):
            self._nudge(effect.event)
        else:
            raise TypeError(type(effect).__name__)

    def _nudge(self, event: Event) -> None:
        if event.chat in self._known.sessions:
            self._enqueue(event)
        else:
            self._nudged.add(event.chat)  # all of a round at once: of fifty that hand back, each would rerun the batch

    def _row(self, effect: Sendable) -> OutboxRow:
        payload = self._renderer.render(effect)
        match effect:
            case Message():
                return OutboxRow(effect.id, effect.chat, effect.kind, payload, doubt=effect.doubt)
            case AgentNotice():
                return OutboxRow(effect.id, self._renderer.chat_of(effect.agent), QUESTION, payload)
            case DocumentCopy():
                chat = self._renderer.chat_of(effect.agent)
                return OutboxRow(effect.id, chat, QUESTION, payload, document=effect.document)
            case CopyRemoval():
                chat = self._renderer.chat_of(effect.agent)
                return OutboxRow(self._new_row(), chat, QUESTION, payload, refers=effect.row)
            case ButtonsRemoval():
                return OutboxRow(self._new_row(), effect.chat, QUESTION, payload, refers=effect.row)
            case TapAnswer():
                return OutboxRow(self._new_row(), effect.chat, TAP, payload)

    def _new_row(self) -> RowId:
        return RowId(self._ids.new())


def illegal(event: Event, error: IllegalEvent) -> list[Effect]:
    """What an event without a row in the table leaves behind: a line in the audit, and a tap that is answered."""
    left: list[Effect] = [
        AuditEntry(action="illegal_event", chat=event.chat, codes={"trigger": error.trigger, "state": error.state})
    ]
    if isinstance(event, ButtonTapped):
        left.append(TapAnswer(chat=event.chat, query=event.query))
    return left
