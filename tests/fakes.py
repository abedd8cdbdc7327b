"""Ports in memory, for tests: the same promises as storage, kept by the same contract suite, and nothing on a disk.

A unit of work changes a copy of the state, which takes the place of the original on commit; units of work run one after
another, as on SQLite.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self, TypeVar

from msgspec import structs

from flows.actors import AUDITOR, Duty
from flows.cases.anonymising import NOBODY, anonymous
from flows.cases.case import Case
from flows.effects import RELAY, record_kinds
from flows.errors import Busy, Duplicate, StorageError, Unreadable
from flows.ids import AgentId, CaseId, ChatId, DocumentId, Ids, MessageId, PolicyId
from flows.ports.documents import FileJob
from flows.ports.outbox import Delivered, FileReference, OutboxRow
from flows.ports.rendering import Payload
from flows.ports.unit_of_work import Changes, DeadLetter
from flows.session import Agent, Session
from flows.terms.policy import Policy, Use
from storage.database import Purged
from storage.records.outbox import startable
from tests.fake_queries import FakeQueries
from tests.fake_records import WRITERS
from tests.fake_state import EPOCH, Kept, Lane, State, insert

_WAITING = {"queued", "sending"}
_HALTING = {"blocked", "retry"}
_K = TypeVar("_K")
_V = TypeVar("_V")


class Counter:
    """`flows.ids.Ids` that counts in steps; in steps of 4096 two cases of a day have different numbers."""

    def __init__(self, step: int = 1) -> None:
        self._last = 0
        self._step = step

    def new(self) -> int:
        self._last += self._step
        return self._last

    def code(self) -> str:
        return f"{self.new():08d}"


class FakeStore:
    """`flows.ports.unit_of_work.Store` in memory. `state` is what was committed."""

    def __init__(self) -> None:
        self.state = State()
        self.lock = asyncio.Lock()
        self.outbox = FakeOutbox(self)
        self.documents = FakeDocuments(self)
        self.queries = FakeQueries(self)
        self.directory = FakeDirectory(self)

    def begin(self) -> "FakeUnitOfWork":
        return FakeUnitOfWork(self)

    def add_policy(self, policy: Policy) -> None:
        """Have a policy, with the uses it brings."""
        known = policy.number in self.state.policies
        self.state.policies[policy.number] = structs.replace(policy, uses=(), identity_failures=())
        if not known:
            self.state.uses |= {-len(self.state.uses) - 1 - i: (policy.id, use) for i, use in enumerate(policy.uses)}

    def add_agent(self, agent: Agent) -> None:
        self.state.agents[agent.id] = agent

    def rows(self, chat: ChatId) -> list[Kept]:
        """Return the outbox rows of a chat in their order."""
        return [self.state.outbox[row] for row in sorted(self.state.outbox) if self.state.outbox[row].row.chat == chat]

    async def to_wake(self, now: datetime, limit: int) -> list[ChatId]:
        due = [(s.wake_at, chat) for chat, s in self.state.sessions.items() if s.wake_at and s.wake_at <= now]
        return [chat for _, chat in sorted(due)][:limit]

    async def cases_to_wake(self, now: datetime, limit: int) -> list[CaseId]:
        due = [(case.wake_at, case.id) for case in self.state.cases.values() if case.wake_at and case.wake_at <= now]
        return [case for _, case in sorted(due)][:limit]

    async def cases_shown_until(self, now: datetime, limit: int) -> list[CaseId]:
        shown = [(case.shown_until, case.id) for case in self.state.cases.values()]
        return [case for until, case in sorted((u, c) for u, c in shown if u and u <= now)][:limit]

    async def purge(self, now: datetime, *, keep_sent: timedelta) -> Purged:
        state = self.state
        forgotten = _forget_cases(state, now)
        dropped = [document for document, file in state.files.items() if file.state == "dropped"]
        seen = [key for key, at in state.seen.items() if at < now - timedelta(hours=48)]
        done = [row for row, kept in state.outbox.items() if kept.done_at and kept.done_at < now - keep_sent]
        misses = [row for row, (_, at) in state.failures.items() if at < now - timedelta(hours=48)]
        codes = [case for case, each in state.confirmations.items() if each.until <= now]
        _delete(state.seen, seen)
        _delete(state.outbox, done)
        _delete(state.files, dropped)
        _delete(state.failures, misses)
        _delete(state.confirmations, codes)
        letters = 0  # it does not know when one came
        return Purged(len(seen), len(done), len(dropped), letters, forgotten, len(misses), len(codes))


def _delete(table: dict[_K, _V], keys: Iterable[_K]) -> None:
    for key in list(keys):
        del table[key]


def _forget_cases(state: State, now: datetime) -> int:
    due = [case for case in state.cases.values() if case.forget_at and case.forget_at <= now]
    for case in due:
        state.cases[case.id] = anonymous(case)
        _delete(state.transcript, [row for row, line in state.transcript.items() if line.case == case.id])
        state.confirmations.pop(case.id, None)
        state.uses |= {
            row: (policy, structs.replace(use, case=CaseId(-case.id)))
            for row, (policy, use) in state.uses.items()
            if use.case == case.id
        }
        state.files |= {i: structs.replace(f, state="dropped") for i, f in state.files.items() if f.case == case.id}
        for row, entry in state.audit.items():
            if entry.case == case.id and entry.chat == case.chat:
                state.audit[row] = structs.replace(entry, chat=NOBODY)
    return len(due)


class FakeUnitOfWork:
    """`flows.ports.unit_of_work.UnitOfWork` on a copy of the state."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store
        self._copy: State | None = None
        self._loaded: set[ChatId] = set()

    async def __aenter__(self) -> Self:
        await self._store.lock.acquire()
        self._copy = self._store.state.copy()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._copy = None
        self._store.lock.release()

    @property
    def _state(self) -> State:
        if self._copy is None:
            raise StorageError("no transaction")
        return self._copy

    async def unseen(self, keys: Sequence[str], now: datetime) -> set[str]:
        new = {key for key in keys if key not in self._state.seen}
        self._state.seen |= dict.fromkeys(new, now)
        return new

    async def sessions(self, chats: Sequence[ChatId]) -> dict[ChatId, Session]:
        state = self._state
        self._loaded |= set(chats)
        found = {chat: state.sessions.get(chat, Session(chat)) for chat in sorted(set(chats))}
        return {
            chat: structs.replace(session, agent=state.agents.get(AgentId(chat))) for chat, session in found.items()
        }

    async def cases(self, cases: Sequence[CaseId]) -> dict[CaseId, Case]:
        return {case: self._state.cases[case] for case in sorted(set(cases)) if case in self._state.cases}

    async def queue(self, limit: int) -> tuple[list[Case], int]:
        queued = [case for case in self._state.cases.values() if case.is_queued]
        return sorted(queued, key=lambda case: case.place_in_queue)[:limit], len(queued)

    async def duties(self) -> list[Duty]:
        working = [agent for _, agent in sorted(self._state.agents.items()) if agent.role != AUDITOR]
        return [Duty(agent.id, agent.role, agent.on_duty_since is not None) for agent in working]

    async def owned(self, owners: Sequence[AgentId]) -> list[Case]:
        return [case for case in self._state.cases.values() if case.is_open and case.owner in owners]

    async def policies(self, numbers: Sequence[str]) -> dict[str, Policy]:
        state = self._state
        found = [state.policies[number] for number in set(numbers) if number in state.policies]
        return {policy.number: whole(state, policy) for policy in found}

    async def confirmations(self, codes: Sequence[str], now: datetime) -> dict[str, CaseId]:
        kept = self._state.confirmations.values()
        return {each.code: each.case for each in kept if each.code in codes and each.until > now}

    async def save(self, changes: Changes, now: datetime) -> None:
        state = self._state
        state.sessions |= {session.chat: structs.replace(session, agent=None) for session in changes.sessions}
        _save_cases(state, changes)
        for kind in record_kinds():
            if entries := changes.of(kind):
                WRITERS[kind](state, entries, now)
        _open_lanes(state, changes, self._loaded)
        insert(state.outbox, ((row.id, Kept(row)) for row in changes.outbox), "outbox")
        insert(state.dead, ((letter.id, letter) for letter in changes.dead), "dead_letters")

    async def commit(self) -> None:
        self._store.state, self._copy = self._state, None


def _save_cases(state: State, changes: Changes) -> None:
    for case in changes.new_cases:
        if any(case.number == other.number for other in state.cases.values()):
            raise Duplicate("uq_cases_number")
        insert(state.cases, [(case.id, case)], "cases")
    for case in changes.changed_cases:
        if case.id not in state.cases or state.cases[case.id].version != case.version - 1:
            raise Busy("case version")
        state.cases[case.id] = case


def whole(state: State, policy: Policy) -> Policy:
    """Return a policy with its uses and identity failures."""
    return structs.replace(policy, uses=_used(state, policy.id), identity_failures=_missed(state, policy.id))


def _used(state: State, policy: PolicyId) -> tuple[Use, ...]:
    return tuple(use for _, (of, use) in sorted(state.uses.items(), key=lambda item: item[0]) if of == policy)


def _missed(state: State, policy: PolicyId) -> tuple[datetime, ...]:
    rows = sorted((at, row) for row, (of, at) in state.failures.items() if of == policy)
    return tuple(at for at, _ in rows)


def _open_lanes(state: State, changes: Changes, loaded: set[ChatId]) -> None:
    for chat in loaded | {session.chat for session in changes.sessions}:
        state.lanes[chat] = structs.replace(state.lanes.get(chat, Lane()), blocked=False)
    for row in changes.outbox:
        state.lanes.setdefault(row.chat, Lane())


class FakeOutbox:
    """`flows.ports.outbox.Outbox` over the fake's state."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def lease(self, *, holder: str, limit: int, now: datetime, until: datetime) -> list[OutboxRow]:
        async with self._store.lock:
            state = self._store.state
            free = {chat for chat, lane in state.lanes.items() if not lane.blocked and _due(lane) <= now}
            waiting = [kept for _, kept in sorted(state.outbox.items()) if kept.state in _WAITING]
            leasable = [kept for kept in waiting if kept.row.chat in free][:limit]
            taken = startable(leasable, lambda kept: kept.row.chat, lambda kept: kept.row.kind == RELAY)
            return [self._take(kept, Lane(holder, until)) for kept in taken]

    async def settle(self, results: Sequence[Delivered], *, holder: str, free: Sequence[ChatId], now: datetime) -> None:
        async with self._store.lock:
            lanes = self._store.state.lanes
            held = {chat for chat, lane in lanes.items() if lane.holder == holder}
            halting = [result for result in results if result.outcome in _HALTING and result.chat in held]
            for result in results:
                self._finish(result, now, held=result.chat in held)
            for result in halting:
                self._halt(result)
            for chat in {*free, *(result.chat for result in halting)} & held:
                self._leave(chat)

    async def next_due(self, now: datetime) -> datetime | None:
        state = self._store.state
        chats = {kept.row.chat for kept in state.outbox.values() if kept.state in _WAITING}
        dues = [_due(state.lanes[chat]) for chat in chats if not state.lanes[chat].blocked]
        return max(now, min(dues)) if dues else None

    def _take(self, kept: Kept, lane: Lane) -> OutboxRow:
        state = self._store.state
        row = structs.replace(kept.row, attempts=kept.row.attempts + 1)
        state.lanes[row.chat] = structs.replace(lane, not_before=state.lanes[row.chat].not_before)
        state.outbox[row.id] = structs.replace(kept, row=row, state="sending")
        earlier = state.outbox.get(row.refers) if row.refers else None
        message = earlier and earlier.message
        return structs.replace(row, doubted=kept.state == "sending", message=message, file=_file_of(state, row))

    def _finish(self, result: Delivered, now: datetime, *, held: bool) -> None:
        kept = self._store.state.outbox.get(result.row)
        if kept is None or kept.state == "sent" or result.outcome in _HALTING or not (held or result.outcome == "sent"):
            return
        self._store.state.outbox[result.row] = Kept(
            row=structs.replace(kept.row, payload=Payload(kept.row.payload.method, b""), doubt=None),
            state=result.outcome,
            message=None if result.message is None else MessageId(result.message),
            code=result.code,
            done_at=now,
        )

    def _halt(self, result: Delivered) -> None:
        state = self._store.state
        lane = state.lanes[result.chat]
        if result.outcome == "blocked":
            state.lanes[result.chat] = structs.replace(lane, blocked=True)
        else:
            state.lanes[result.chat] = structs.replace(lane, not_before=result.not_before or EPOCH)
        kept = state.outbox[result.row]
        if kept.state in _WAITING:
            state.outbox[result.row] = structs.replace(kept, state="queued")

    def _leave(self, chat: ChatId) -> None:
        """Free a lane; what its holder did not settle was never begun."""
        state = self._store.state
        state.lanes[chat] = structs.replace(state.lanes[chat], holder="", leased_until=EPOCH)
        for kept in [kept for kept in state.outbox.values() if kept.row.chat == chat and kept.state == "sending"]:
            row = structs.replace(kept.row, attempts=kept.row.attempts - 1)
            state.outbox[row.id] = structs.replace(kept, row=row, state="queued")


def _file_of(state: State, row: OutboxRow) -> FileReference | None:
    file = state.files.get(row.document) if row.document else None
    return None if file is None or file.state == "dropped" else FileReference(file.fetch.kind, file.fetch.file_id)


def _due(lane: Lane) -> datetime:
    return max(lane.leased_until, lane.not_before)


class FakeDocuments:
    """`flows.ports.documents.Documents` over the fake's state."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def lease(self, *, limit: int, now: datetime, until: datetime) -> list[FileJob]:
        async with self._store.lock:
            files = sorted(self._store.state.files.items())
            taken = [id_ for id_, file in files if file.state in {"pending", "fetching"} and file.not_before <= now]
            return [self._take(document, until) for document in taken[:limit]]

    async def keep(self, document: DocumentId, content: bytes, now: datetime) -> None:
        del now
        await self._change(document, state="stored", content=content)

    async def postpone(self, document: DocumentId, not_before: datetime) -> None:
        await self._change(document, state="pending", not_before=not_before)

    async def give_up(self, document: DocumentId, code: str) -> None:
        await self._change(document, state="failed", code=code)

    async def read(self, document: DocumentId) -> bytes:
        file = self._store.state.files.get(document)
        if file is None or file.content is None:
            raise Unreadable("documents|content")
        return file.content

    async def same_content(self, content: bytes, *, chat: ChatId) -> list[DocumentId]:
        files = sorted(self._store.state.files.items())
        same = [(document, file) for document, file in files if file.content == content and file.state == "stored"]
        return [document for document, file in same if file.fetch.chat == chat]

    def _take(self, document: DocumentId, until: datetime) -> FileJob:
        file = self._store.state.files[document]
        file = structs.replace(file, state="fetching", attempts=file.attempts + 1, not_before=until)
        self._store.state.files[document] = file
        fetch = file.fetch
        return FileJob(
            document, fetch.chat, fetch.file_id, fetch.name, fetch.mime, fetch.size, file.attempts, fetch.kind
        )

    async def _change(self, document: DocumentId, **values: object) -> None:
        async with self._store.lock:
            files = self._store.state.files
            if document in files and files[document].state not in {"stored", "dropped"}:
                files[document] = structs.replace(files[document], **values)


class FakeDirectory:
    """What of `storage.directory.Directory` tests need."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def add_agent(self, agent: Agent) -> None:
        known = self._store.state.agents.get(agent.id)
        self._store.add_agent(structs.replace(agent, on_duty_since=known.on_duty_since) if known else agent)

    async def retire_agent(self, user: AgentId) -> None:
        self._store.state.agents.pop(user, None)

    async def agents(self) -> list[Agent]:
        return [agent for _, agent in sorted(self._store.state.agents.items())]

    async def import_policies(self, given: Sequence[Policy], ids: Ids) -> int:
        del ids
        known = self._store.state.policies
        new = sum(policy.number not in known for policy in given)
        for policy in given:
            same = known.get(policy.number)
            self._store.add_policy(structs.replace(policy, id=same.id) if same else policy)
        return new

    async def dead_letters(self, limit: int) -> list[DeadLetter]:
        return [letter for _, letter in sorted(self._store.state.dead.items())][:limit]
