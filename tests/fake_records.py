"""The writers of records for the ports in memory, registered as those of storage are."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from msgspec import structs

from flows.effects import (
    AuditEntry,
    Confirmation,
    DutyChange,
    FileClaim,
    FileDrop,
    FileFetch,
    IdentityFailure,
    Record,
    TranscriptLine,
    UseConsumption,
    UseRelease,
    UseReservation,
    UseSettlement,
)
from flows.errors import Duplicate, StorageError
from flows.ids import PolicyId
from flows.ports.unit_of_work import Entry
from flows.terms.policy import RESERVED, Use
from tests.fake_state import File, State, insert

R = TypeVar("R", bound=Record)
Writer = Callable[[State, Sequence[Entry[R]], datetime], None]

WRITERS: dict[type[Record], Writer[Any]] = {}


def writes(*kinds: type[R]) -> Callable[[Writer[R]], Writer[R]]:
    def enter(writer: Writer[R]) -> Writer[R]:
        WRITERS.update(dict.fromkeys(kinds, writer))
        return writer

    return enter


@writes(UseReservation)
def _reserve(state: State, entries: Sequence[Entry[UseReservation]], now: datetime) -> None:
    del now
    _check_policies(state, (use.policy for _, use in entries))
    uses = ((row, (use.policy, Use(use.service, use.year, RESERVED, use.case))) for row, use in entries)
    insert(state.uses, uses, "uses")


@writes(UseConsumption, UseRelease)
def _settle(state: State, entries: Sequence[Entry[UseSettlement]], now: datetime) -> None:
    del now
    settled = {(use.case, use.service): use.state for _, use in entries}
    for row, (policy, use) in state.uses.items():
        if use.case is not None and (use.case, use.service) in settled and use.state == RESERVED:
            state.uses[row] = policy, structs.replace(use, state=settled[use.case, use.service])


@writes(IdentityFailure)
def _fail(state: State, entries: Sequence[Entry[IdentityFailure]], now: datetime) -> None:
    _check_policies(state, (failure.policy for _, failure in entries))
    insert(state.failures, ((row, (failure.policy, now)) for row, failure in entries), "identity_failures")


@writes(Confirmation)
def _confirm(state: State, entries: Sequence[Entry[Confirmation]], now: datetime) -> None:
    del now
    newest = {each.case: each for _, each in entries}
    for case, each in sorted(newest.items()):
        if any(each.code == other.code for of, other in state.confirmations.items() if of != case):
            raise Duplicate("uq_confirmations_code_hash")
        state.confirmations[case] = each


@writes(FileFetch)
def _fetch(state: State, entries: Sequence[Entry[FileFetch]], now: datetime) -> None:
    del now
    insert(state.files, ((file.document, File(file)) for _, file in entries), "documents")


@writes(FileClaim)
def _claim(state: State, entries: Sequence[Entry[FileClaim]], now: datetime) -> None:
    del now
    for document, case in [(document, claim.case) for _, claim in entries for document in claim.documents]:
        state.files[document] = structs.replace(state.files[document], case=case)


@writes(FileDrop)
def _drop(state: State, entries: Sequence[Entry[FileDrop]], now: datetime) -> None:
    del now
    for document in [document for _, drop in entries for document in drop.documents]:
        if state.files[document].case is None:
            state.files[document] = structs.replace(state.files[document], state="dropped")


@writes(DutyChange)
def _change_duty(state: State, entries: Sequence[Entry[DutyChange]], now: datetime) -> None:
    del now
    for _, change in entries:
        if agent := state.agents.get(change.agent):
            state.agents[change.agent] = structs.replace(agent, on_duty_since=change.since)


@writes(AuditEntry)
def _audit(state: State, entries: Sequence[Entry[AuditEntry]], now: datetime) -> None:
    insert(state.audit, entries, "audit")
    state.audited_at |= {row: now for row, _ in entries}


@writes(TranscriptLine)
def _write_down(state: State, entries: Sequence[Entry[TranscriptLine]], now: datetime) -> None:
    del now
    insert(state.transcript, entries, "transcript")


def _check_policies(state: State, wanted: Iterable[PolicyId]) -> None:
    if not {policy.id for policy in state.policies.values()}.issuperset(wanted):
        raise StorageError("no such policy")
