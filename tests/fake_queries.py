"""What screens ask for, over the ports in memory."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Protocol, TypeVar

from flows.cases.case import Case
from flows.ids import CaseId, DocumentId, RowId
from flows.ports.queries import (
    ANYONE,
    UNASSIGNED,
    AuditRecord,
    CaseCounts,
    CaseKey,
    CaseSummary,
    DocumentSummary,
    OwnerFilter,
    TranscriptEntry,
)
from tests.fake_state import File, State

_K = TypeVar("_K", RowId, DocumentId)
_V = TypeVar("_V")


class Holder(Protocol):
    """Whatever holds the committed state."""

    state: State


class FakeQueries:
    """`flows.ports.queries.Queries` over the fake's state."""

    def __init__(self, holder: Holder) -> None:
        self._holder = holder

    async def open_cases(
        self, *, owner: OwnerFilter = ANYONE, after: CaseKey | None = None, limit: int
    ) -> list[CaseSummary]:
        found = sorted((_summary(case) for case in self._open()), key=lambda each: each.key)
        wanted = [each for each in found if after is None or each.key > after]
        return [each for each in wanted if owner in {ANYONE, each.owner or UNASSIGNED}][:limit]

    async def case_counts(self) -> CaseCounts:
        owners = Counter(case.owner for case in self._open())
        return CaseCounts(owners.total(), owners[None], {who: n for who, n in owners.items() if who is not None})

    async def case(self, case: CaseId) -> Case | None:
        return self._holder.state.cases.get(case)

    async def transcript(self, case: CaseId, *, after: RowId | None = None, limit: int) -> list[TranscriptEntry]:
        said = [(row, line) for row, line in _after(self._holder.state.transcript, after) if line.case == case]
        return [TranscriptEntry(id=row, at=line.at, author=line.author, text=line.text) for row, line in said[:limit]]

    async def audit(self, case: CaseId, *, after: RowId | None = None, limit: int) -> list[AuditRecord]:
        done = [(row, entry) for row, entry in _after(self._holder.state.audit, after) if entry.case == case]
        at = self._holder.state.audited_at
        return [
            AuditRecord(id=row, at=at[row], action=entry.action, actor=entry.actor, codes=entry.codes)
            for row, entry in done[:limit]
        ]

    async def documents(self, case: CaseId, *, after: DocumentId | None = None, limit: int) -> list[DocumentSummary]:
        files = [(id_, file) for id_, file in _after(self._holder.state.files, after) if file.case == case]
        kept = [(id_, file) for id_, file in files if file.state != "dropped"]
        return [
            DocumentSummary(id=id_, kind=file.fetch.kind, state=file.state, size=_size(file))
            for id_, file in kept[:limit]
        ]

    def _open(self) -> Iterator[Case]:
        return (case for case in self._holder.state.cases.values() if case.is_open)


def _after(table: Mapping[_K, _V], key: _K | None) -> list[tuple[_K, _V]]:
    return [(row, value) for row, value in sorted(table.items(), key=lambda item: item[0]) if row > (key or 0)]


def _size(file: File) -> int:
    return file.fetch.size if file.content is None else len(file.content)


def _summary(case: Case) -> CaseSummary:
    return CaseSummary(
        id=case.id,
        number=case.number,
        request_type=case.request_type,
        service=case.service,
        stage=case.stage,
        version=case.version,
        owner=case.owner,
        created_at=case.created_at,
        due_at=case.due_at,
    )
