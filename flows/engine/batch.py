"""One batch inside one transaction: rounds of steps and look-ups, and what they add up to."""

from collections import deque
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from flows.cases.case import Case
from flows.effects import (
    QUESTION,
    AgentNotice,
    Ask,
    AuditEntry,
    ButtonsRemoval,
    CaseChange,
    CasesAsk,
    CasesKnown,
    Confirmation,
    ConfirmationAsk,
    ConfirmationKnown,
    Effect,
    FileClaim,
    FileDrop,
    FileFetch,
    IdentityMiss,
    Message,
    Nudge,
    PolicyAsk,
    PolicyKnown,
    QueueAsk,
    QueueKnown,
    TapAnswer,
    TranscriptLine,
    UseConsumption,
    UseRelease,
    UseReservation,
    UseSettlement,
)
from flows.engine.engine import Engine
from flows.errors import IllegalEvent
from flows.events import Arrival, ButtonTapped, Event
from flows.ids import CaseId, ChatId, Ids, RowId
from flows.ports.outbox import OutboxRow
from flows.ports.rendering import Renderer, Sendable
from flows.ports.unit_of_work import Changes, UnitOfWork
from flows.session import Session
from flows.terms.policy import CONSUMED, RELEASED, RESERVED, Policy, Use

TAP = "tap"


class Locks(Struct, frozen=True):
    """What is to be locked before the first step, in the one order: sessions by chat, cases, policies."""

    chats: frozenset[ChatId] = frozenset()
    cases: frozenset[CaseId] = frozenset()
    policies: frozenset[str] = frozenset()


class LockFirst(Exception):
    """An ask would break the order of locks: run the batch again with these rows locked first."""

    def __init__(self, locks: Locks) -> None:
        super().__init__("lock first")
        self.locks = locks


class Batch:
    """The state of one run. Later chats see what earlier ones of the same batch changed."""

    def __init__(self, unit: UnitOfWork, engine: Engine, renderer: Renderer, *, ids: Ids, now: datetime) -> None:
        self._unit = unit
        self._engine = engine
        self._renderer = renderer
        self._ids = ids
        self._now = now
        self._loaded: dict[ChatId, Session] = {}
        self._sessions: dict[ChatId, Session] = {}
        self._stored: dict[CaseId, Case] = {}
        self._cases: dict[CaseId, Case] = {}
        self._sought: set[CaseId] = set()  # looked up, whether there is such a case or not
        self._policies: dict[str, Policy | None] = {}
        self._confirmed: dict[str, CaseId | None] = {}  # by code: what was looked up, or left by this batch
        self._first_due: list[Case] = []
        self._queued = 0
        self._queues: dict[ChatId, deque[Event]] = {}
        self._asks: dict[ChatId, Ask] = {}
        self._changes = Changes()
        self._nudged: set[ChatId] = set()  # chats that events of this batch are for, and that are not locked
        self.stepped = 0
        self.new_keys: frozenset[str] = frozenset()  # of those given to `unseen`

    # ---- in ----

    async def unseen(self, arrivals: Sequence[Arrival], keys: Sequence[str] = ()) -> list[Arrival]:
        """Remember every key, and give the arrivals none of whose keys was there before."""
        every = list(dict.fromkeys([*keys, *(key for arrival in arrivals for key in arrival.keys)]))
        left = await self._unit.unseen(every, self._now) if every else set()
        self.new_keys = frozenset(left)
        fresh = []
        for arrival in arrivals:
            if left.issuperset(arrival.keys):
                left.difference_update(arrival.keys)
                fresh.append(arrival)
        return fresh

    async def run(self, events: Sequence[Event], locks: Locks) -> None:
        """Step every event of every chat, in rounds, until all rest. Raises LockFirst."""
        for event in events:
            self._queues.setdefault(event.chat, deque()).append(event)
        await self._lock(locks)
        while self._asks or any(self._queues.values()):
            await self._look_up()
            asks, self._asks = self._asks, {}
            for chat in list(self._queues):
                self._go_on(chat, asks.get(chat))
            if self._nudged:
                raise LockFirst(self._locks(chats=self._nudged))

    def _go_on(self, chat: ChatId, ask: Ask | None) -> None:
        """Step a chat until it rests or asks; its own last ask is answered as things stand now."""
        queue = self._queues[chat]
        if ask is not None:
            self._step(chat, self._answer(ask))
        while queue and chat not in self._asks:
            self._step(chat, queue.popleft())

    def _step(self, chat: ChatId, event: Event) -> None:
        self.stepped += 1
        try:
            session, effects = self._engine.step(self._sessions[chat], event, self._now, self._ids)
        except IllegalEvent as error:
            session, effects = self._sessions[chat], illegal(event, error)
        self._sessions[chat] = session
        for effect in effects:
            self._apply(effect)

    # ---- look-ups ----

    async def _lock(self, locks: Locks) -> None:
        """Lock in the one order: sessions by chat, cases, policies."""
        chats = sorted({*self._queues, *locks.chats})
        self._loaded = await self._unit.sessions(chats) if chats else {}
        self._sessions = dict(self._loaded)
        await self._load_cases(locks.cases)
        await self._load_policies(locks.policies)

    async def _look_up(self) -> None:
        """Answer a round of asks with one statement for each kind."""
        asks = list(self._asks.values())
        cases = {case for ask in asks if isinstance(ask, CasesAsk) for case in ask.cases} - self._sought
        cases -= self._cases.keys()
        policies = {ask.number for ask in asks if isinstance(ask, PolicyAsk)} - self._policies.keys()
        self._check_order(cases, policies)
        await self._load_cases(cases)
        await self._load_policies(policies)
        await self._load_confirmations({ask.code for ask in asks if isinstance(ask, ConfirmationAsk)})
        if shown := sum(isinstance(ask, QueueAsk) for ask in asks):
            self._first_due, self._queued = await self._unit.queue(shown + len(self._cases))

    def _check_order(self, cases: set[CaseId], policies: set[str]) -> None:
        """Raise LockFirst where a row would be locked after one that comes later in the order."""
        late_case = cases and (self._policies or min(cases) < max(self._stored, default=CaseId(0)))
        late_policy = policies and self._policies
        if late_case or late_policy:
            raise LockFirst(self._locks(cases=cases, policies=policies))

    def _locks(
        self,
        *,
        chats: AbstractSet[ChatId] = frozenset(),
        cases: AbstractSet[CaseId] = frozenset(),
        policies: AbstractSet[str] = frozenset(),
    ) -> Locks:
        """What is locked by now, and what is wanted besides."""
        return Locks(
            frozenset(self._loaded | dict.fromkeys(chats)),
            frozenset(self._sought | cases),
            frozenset(self._policies.keys() | policies),
        )

    async def _load_cases(self, cases: AbstractSet[CaseId]) -> None:
        if cases:
            found = await self._unit.cases(sorted(cases))
            self._sought |= cases
            self._stored.update(found)
            self._cases.update(found)

    async def _load_policies(self, numbers: AbstractSet[str]) -> None:
        if numbers:
            found = await self._unit.policies(sorted(numbers))
            self._policies.update({number: found.get(number) for number in numbers})

    async def _load_confirmations(self, codes: AbstractSet[str]) -> None:
        """Look codes up, without a lock: what a code confirms is a case, which the engine asks for, and locks, next."""
        if wanted := codes - self._confirmed.keys():
            found = await self._unit.confirmations(sorted(wanted), self._now)
            replaced = {each.case for each in self._changes.confirmations}
            self._confirmed |= {code: None if found.get(code) in replaced else found.get(code) for code in wanted}

    def _answer(self, ask: Ask) -> Event:
        chat, because = ask.because.chat, ask.because
        match ask:
            case CasesAsk():
                known = tuple(self._cases[case] for case in ask.cases if case in self._cases)
                return CasesKnown(chat=chat, cases=known, because=because)
            case PolicyAsk():
                return PolicyKnown(chat=chat, policy=self._policies[ask.number], because=because)
            case ConfirmationAsk():
                return ConfirmationKnown(chat=chat, case=self._confirmed[ask.code], because=because)
            case QueueAsk():
                return self._next_in_queue(because)
        raise TypeError(type(ask).__name__)

    def _next_in_queue(self, because: Event) -> QueueKnown:
        """The first case due, with what this batch changed so far taken into account."""
        here = [case for case in self._cases.values() if case.is_queued]
        others = [case for case in self._first_due if case.id not in self._cases]
        first = min([*here, *others], key=lambda case: (case.due_at, case.id), default=None)
        was = sum(case.is_queued for case in self._stored.values())
        return QueueKnown(chat=because.chat, case=first, waiting=self._queued - was + len(here), because=because)

    # ---- effects ----

    def _apply(self, effect: Effect) -> None:
        match effect:
            case Ask():
                self._asks[effect.because.chat] = effect
            case Message() | AgentNotice() | ButtonsRemoval() | TapAnswer():
                self._changes.outbox.append(self._row(effect))
            case CaseChange():
                self._cases[effect.case.id] = effect.case
            case UseReservation():
                self._reserve(effect)
            case UseConsumption():
                self._changes.consumed.append(effect)
                self._settle(effect, CONSUMED)
            case UseRelease():
                self._changes.released.append(effect)
                self._settle(effect, RELEASED)
            case IdentityMiss():
                self._miss(effect)
            case Confirmation():
                self._confirm(effect)
            case Nudge():
                self._nudge(effect.event)
            case _:
                self._write(effect)

    def _write(self, effect: Effect) -> None:
        """What is only written, and changes nothing that a later chat of this batch could see."""
        match effect:
            case FileFetch():
                self._changes.files.append(effect)
            case FileClaim():
                self._changes.claimed_files.append(effect)
            case FileDrop():
                self._changes.dropped_files.append(effect)
            case AuditEntry():
                self._changes.audit.append((self._new_row(), effect))
            case TranscriptLine():
                self._changes.transcript.append((self._new_row(), effect))
            case _:
                raise TypeError(type(effect).__name__)

    def _row(self, effect: Sendable) -> OutboxRow:
        payload = self._renderer.render(effect)
        match effect:
            case Message():
                return OutboxRow(effect.id, effect.chat, effect.kind, payload, doubt=effect.doubt)
            case AgentNotice():
                return OutboxRow(effect.id, self._renderer.chat_of(effect.agent), QUESTION, payload)
            case ButtonsRemoval():
                return OutboxRow(self._new_row(), effect.chat, QUESTION, payload, refers=effect.row)
            case TapAnswer():
                return OutboxRow(self._new_row(), effect.chat, TAP, payload)

    def _reserve(self, use: UseReservation) -> None:
        self._changes.uses.append(use)
        reserved = Use(use.service, use.year, RESERVED, use.case)
        for number, policy in self._policies.items():
            if policy is not None and policy.id == use.policy:
                self._policies[number] = replace(policy, uses=(*policy.uses, reserved))

    def _settle(self, settled: UseSettlement, state: str) -> None:
        """Let the policies that are known here show it, so that later chats of the batch count right."""
        key = (settled.service, RESERVED, settled.case)
        for number, policy in self._policies.items():
            if policy is not None:
                after = (replace(u, state=state) if (u.service, u.state, u.case) == key else u for u in policy.uses)
                self._policies[number] = replace(policy, uses=tuple(after))

    def _miss(self, miss: IdentityMiss) -> None:
        """Note it, so that later chats of the batch count it."""
        self._changes.misses.append((self._new_row(), miss.policy))
        for number, policy in self._policies.items():
            if policy is not None and policy.id == miss.policy:
                self._policies[number] = replace(policy, identity_failures=(*policy.identity_failures, self._now))

    def _confirm(self, given: Confirmation) -> None:
        """Keep the code in place of the one its case had; later chats of the batch know the new one alone."""
        self._changes.confirmations.append(given)
        for code, case in self._confirmed.items():
            if case == given.case:
                self._confirmed[code] = None
        self._confirmed[given.code] = given.case if given.until > self._now else None

    def _nudge(self, event: Event) -> None:
        if event.chat in self._loaded:
            self._queues.setdefault(event.chat, deque()).append(event)
        else:
            self._nudged.add(event.chat)  # all of a round at once: of fifty that hand back, each would rerun the batch

    def _new_row(self) -> RowId:
        return RowId(self._ids.new())

    # ---- out ----

    def changes(self) -> Changes:
        """Give all that is to be written; a case changed more than once is written once."""
        changes = self._changes
        changes.sessions = [s for chat, s in self._sessions.items() if s is not self._loaded[chat]]
        for case in self._cases.values():
            stored = self._stored.get(case.id)
            if stored is None:
                changes.new_cases.append(replace(case, version=0))
            elif case is not stored:
                changes.changed_cases.append(replace(case, version=stored.version + 1))
        return changes


def illegal(event: Event, error: IllegalEvent) -> list[Effect]:
    """What an event without a row in the table leaves behind: a line in the audit, and a tap that is answered."""
    left: list[Effect] = [
        AuditEntry(action="illegal_event", chat=event.chat, codes={"trigger": error.trigger, "state": error.state})
    ]
    if isinstance(event, ButtonTapped):
        left.append(TapAnswer(chat=event.chat, query=event.query))
    return left
