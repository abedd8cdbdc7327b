"""What a batch knows: what it looked up and locked, as it stands after the changes that the batch made so far."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from msgspec.structs import replace

from flows.actors import Duty
from flows.cases.case import Case
from flows.cases.codes import Codes
from flows.effects import (
    Ask,
    CasesAsk,
    CasesKnown,
    CodeRecord,
    ConfirmationAsk,
    ConfirmationKnown,
    DutyChange,
    OwnCasesAsk,
    OwnCasesKnown,
    PolicyAsk,
    PolicyKnown,
    PolicyRecord,
    QueueAsk,
    QueueKnown,
    Record,
)
from flows.engine.locks import LockFirst, Locks
from flows.events import Event
from flows.ids import AgentId, CaseId, ChatId
from flows.ports.unit_of_work import Changes, UnitOfWork
from flows.session import Session
from flows.terms.policy import Policy


class Known:
    """Everything that was read in one transaction. What is read once is not read again."""

    def __init__(self, unit: UnitOfWork, now: datetime) -> None:
        self._unit = unit
        self._now = now
        self._loaded: dict[ChatId, Session] = {}
        self._stored: dict[CaseId, Case] = {}
        self._sought: set[CaseId] = set()  # looked up, whether there is such a case or not
        self._policies: dict[str, Policy | None] = {}
        self._codes = Codes()
        self._first_due: list[Case] = []
        self._queued = 0
        self._duties: list[Duty] | None = None
        self._duty_changes: dict[AgentId, bool] = {}
        self._owned: dict[AgentId, list[Case]] = {}
        self.sessions: dict[ChatId, Session] = {}
        self.cases: dict[CaseId, Case] = {}

    # ---- look-ups ----

    async def lock(self, locks: Locks) -> None:
        """Lock in the one order: sessions by chat, cases, policies."""
        self._loaded = await self._unit.sessions(sorted(locks.chats)) if locks.chats else {}
        self.sessions = dict(self._loaded)
        await self._load_cases(locks.cases)
        await self._load_policies(locks.policies)

    @property
    def locks(self) -> Locks:
        """Return what is locked by now."""
        return Locks(frozenset(self._loaded), frozenset(self._sought), frozenset(self._policies))

    async def look_up(self, asks: Sequence[Ask]) -> None:
        """Look up what a round of asks needs, with one statement for each kind. Raises LockFirst."""
        cases = {case for ask in asks if isinstance(ask, CasesAsk) for case in ask.cases} - self._sought
        cases -= self.cases.keys()
        policies = {ask.number for ask in asks if isinstance(ask, PolicyAsk)} - self._policies.keys()
        self._check_order(cases, policies)
        await self._load_cases(cases)
        await self._load_policies(policies)
        await self._load_codes({ask.code for ask in asks if isinstance(ask, ConfirmationAsk)})
        await self._load_owned({ask.owner for ask in asks if isinstance(ask, OwnCasesAsk)})
        if shown := sum(ask.first for ask in asks if isinstance(ask, QueueAsk)):
            self._first_due, self._queued = await self._unit.queue(shown + len(self.cases))

    def _check_order(self, cases: set[CaseId], policies: set[str]) -> None:
        """Raise LockFirst where a row would be locked after one that comes later in the order."""
        late_case = cases and (self._policies or min(cases) < max(self._stored, default=CaseId(0)))
        late_policy = policies and self._policies
        if late_case or late_policy:
            raise LockFirst(self.locks.plus(cases=cases, policies=policies))

    async def _load_cases(self, cases: AbstractSet[CaseId]) -> None:
        if cases:
            found = await self._unit.cases(sorted(cases))
            self._sought |= cases
            self._stored.update(found)
            self.cases.update(found)

    async def _load_policies(self, numbers: AbstractSet[str]) -> None:
        if numbers:
            found = await self._unit.policies(sorted(numbers))
            self._policies.update({number: found.get(number) for number in numbers})

    async def _load_codes(self, codes: AbstractSet[str]) -> None:
        """Look codes up, without a lock: what a code confirms is a case, which the engine asks for, and locks, next."""
        if wanted := self._codes.unknown(codes):
            self._codes.note(wanted, await self._unit.confirmations(wanted, self._now))

    async def duties(self) -> list[Duty]:
        """Return who may work on cases, with what this batch changed; looked up once, without a lock."""
        if self._duties is None:
            self._duties = await self._unit.duties()
        changed = self._duty_changes
        return [replace(d, on_duty=changed.get(d.agent, d.on_duty)) for d in self._duties]

    async def _load_owned(self, owners: set[AgentId]) -> None:
        """Look up what these agents own, without a lock: for a list, and to find the case that is asked for next."""
        if wanted := owners - self._owned.keys():
            self._owned |= {owner: [] for owner in wanted}
            for case in await self._unit.owned(sorted(wanted)):
                if case.owner is not None:
                    self._owned[case.owner].append(case)

    # ---- answers ----

    def answer(self, ask: Ask) -> Event:
        """Answer an ask that was looked up, as things stand now."""
        chat, because = ask.because.chat, ask.because
        match ask:
            case CasesAsk():
                known = tuple(self.cases[case] for case in ask.cases if case in self.cases)
                return CasesKnown(chat=chat, cases=known, because=because)
            case PolicyAsk():
                return PolicyKnown(chat=chat, policy=self._policies[ask.number], because=because)
            case ConfirmationAsk():
                return ConfirmationKnown(chat=chat, case=self._codes.case_of(ask.code), because=because)
            case QueueAsk():
                return self._next_in_queue(because, ask.first)
            case OwnCasesAsk():
                return OwnCasesKnown(chat=chat, cases=self._cases_of(ask.owner), because=because)
        raise TypeError(type(ask).__name__)

    def _next_in_queue(self, because: Event, first: int) -> QueueKnown:
        """Return the cases that are due first, with what this batch changed so far taken into account."""
        here = [case for case in self.cases.values() if case.is_queued]
        others = [case for case in self._first_due if case.id not in self.cases]
        cases = tuple(sorted([*here, *others], key=lambda case: case.place_in_queue)[:first])
        was = sum(case.is_queued for case in self._stored.values())
        return QueueKnown(chat=because.chat, cases=cases, waiting=self._queued - was + len(here), because=because)

    def _cases_of(self, owner: AgentId) -> tuple[Case, ...]:
        """Return the open cases of an agent, with what this batch changed so far taken into account."""
        here = [case for case in self.cases.values() if case.is_open and case.owner == owner]
        others = [case for case in self._owned[owner] if case.id not in self.cases]
        return tuple(sorted([*here, *others], key=_by_due))

    # ---- changes ----

    def change(self, case: Case) -> None:
        """Take a case as it is from now on. Raises ValueError for one that was made from an older version of it."""
        current = self.cases.get(case.id)
        if current is not None and case.version <= current.version:
            raise ValueError("stale_case")  # it would undo what changed the case meanwhile
        self.cases[case.id] = case

    def note(self, record: Record) -> None:
        """Let what is known show a record, so that later chats of the batch see it."""
        if isinstance(record, PolicyRecord):
            for number, policy in self._policies.items():
                if policy is not None:
                    self._policies[number] = record.applied_to(policy, self._now)
        elif isinstance(record, CodeRecord):
            record.apply_to(self._codes, self._now)
        elif isinstance(record, DutyChange):
            self._duty_changes[record.agent] = record.since is not None

    def enter(self, changes: Changes) -> None:
        """Enter every session and case that is not as it was; a case that changed more than once is written once."""
        changes.sessions = [s for chat, s in self.sessions.items() if s is not self._loaded[chat]]
        for case in self.cases.values():
            stored = self._stored.get(case.id)
            if stored is None:
                changes.new_cases.append(replace(case, version=0))
            elif case is not stored:
                changes.changed_cases.append(replace(case, version=stored.version + 1))


def _by_due(case: Case) -> tuple[datetime, CaseId]:
    return case.due_at, case.id
