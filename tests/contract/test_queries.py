"""What screens ask for: whole pages without doubles, and answers that wait for no writer."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import cast

import pytest
from msgspec import structs
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from flows.cases.case import Case
from flows.cases.stages import CLOSED, RECEIVED, VERIFYING
from flows.effects import AuditEntry, FileClaim, FileDrop, TranscriptLine
from flows.ids import AgentId, CaseId, DocumentId, RowId
from flows.ports.queries import ANYONE, UNASSIGNED, CaseCounts, CaseSummary, OwnerFilter
from flows.ports.unit_of_work import Changes
from storage.database import Database
from tests.contract.samples import NOW, WANG, Backend, case, file, recorded, save

CHEN, LIN = AgentId(77), AgentId(78)
CASES = 250
PAGE = 40


def numbered(id_: int, *, stage: str = RECEIVED, owner: AgentId | None = None) -> Case:
    """A case of which others are due at the same time."""
    found = case(f"GC-{id_}", id_=id_, due=NOW + timedelta(hours=id_ * 7 % 50), stage=stage)
    return structs.replace(found, owner=owner)


def changed(before: Case, **values: object) -> Case:
    return structs.replace(before, version=before.version + 1, **values)


async def mixed(store: Backend) -> list[Case]:
    """Cases of nobody, of two agents, and closed ones."""
    cases = [
        numbered(1),
        numbered(2, stage=VERIFYING, owner=CHEN),
        numbered(3, stage=VERIFYING, owner=LIN),
        numbered(4, stage=CLOSED, owner=CHEN),
        numbered(5, stage=VERIFYING, owner=CHEN),
        numbered(6, stage=VERIFYING),
    ]
    await save(store, Changes(new_cases=cases))
    return cases


async def pages(store: Backend, *, owner: OwnerFilter = ANYONE, limit: int = PAGE) -> AsyncIterator[list[CaseSummary]]:
    """Every page up to the first that is not full."""
    page = await store.queries.open_cases(owner=owner, limit=limit)
    while page:
        yield page
        page = await store.queries.open_cases(owner=owner, after=page[-1].key, limit=limit)


async def listed(store: Backend, owner: OwnerFilter, limit: int = PAGE) -> list[CaseId]:
    return [each.id for page in [page async for page in pages(store, owner=owner, limit=limit)] for each in page]


async def test_a_list_shows_what_is_kept_clear(store: Backend) -> None:
    kept = numbered(2, stage=VERIFYING, owner=CHEN)
    await save(store, Changes(new_cases=[kept]))
    assert await store.queries.open_cases(limit=9) == [
        CaseSummary(
            id=kept.id,
            number="GC-2",
            request_type=kept.request_type,
            service=kept.service,
            stage=VERIFYING,
            version=kept.version,
            owner=CHEN,
            created_at=NOW,
            due_at=kept.due_at,
        )
    ]


@pytest.mark.parametrize("limit", [1, 2, 9])
async def test_open_cases_come_in_the_order_of_the_queue_by_owner(store: Backend, limit: int) -> None:
    cases = {each.id: each for each in await mixed(store)}
    everybody = await listed(store, ANYONE, limit)
    assert everybody == sorted(set(cases) - {CaseId(4)}, key=lambda id_: (cases[id_].due_at, id_))
    assert await listed(store, UNASSIGNED, limit) == [id_ for id_ in everybody if cases[id_].owner is None]
    assert await listed(store, CHEN, limit) == [id_ for id_ in everybody if cases[id_].owner == CHEN]
    assert await listed(store, AgentId(79), limit) == []


async def test_cases_are_counted_by_owner(store: Backend) -> None:
    assert await store.queries.case_counts() == CaseCounts(0, 0, {})
    await mixed(store)
    assert await store.queries.case_counts() == CaseCounts(5, 2, {CHEN: 2, LIN: 1})


async def test_pages_are_whole_and_without_doubles_while_cases_change(store: Backend) -> None:
    cases = {CaseId(n): numbered(n) for n in range(1, CASES + 1)}
    await save(store, Changes(new_cases=list(cases.values())))
    seen: list[CaseSummary] = []
    closed: set[CaseId] = set()
    async for page in pages(store):
        seen += page
        closed |= await _meanwhile(store, cases, step=len(seen))
    keys = [each.key for each in seen]
    assert keys == sorted(set(keys)), "in order, and none twice"
    assert {each.id for each in seen} >= cases.keys() - closed
    assert len(closed) > PAGE
    assert len(seen) > CASES - len(closed)


async def _meanwhile(store: Backend, cases: dict[CaseId, Case], *, step: int) -> set[CaseId]:
    """Every fifth case is taken over, every seventh is closed, and new ones come, due early and late."""
    taken = [id_ for id_ in cases if (id_ + step) % 5 == 0 and cases[id_].is_queued]
    closed = [id_ for id_ in cases if (id_ + step) % 7 == 0 and cases[id_].is_open and id_ not in taken]
    changes = Changes(new_cases=[numbered(10_000 + step), numbered(20_000 + step)])
    for id_ in taken:
        cases[id_] = changed(cases[id_], owner=CHEN, stage=VERIFYING)
    for id_ in closed:
        cases[id_] = changed(cases[id_], stage=CLOSED)
    changes.changed_cases += [cases[id_] for id_ in (*taken, *closed)]
    await save(store, changes)
    return set(closed)


async def test_a_query_waits_for_no_writer_and_sees_what_was_committed(store: Backend) -> None:
    first = numbered(1)
    await save(store, Changes(new_cases=[first]))
    async with store.begin() as work:
        await work.cases([first.id])
        await work.save(
            Changes(changed_cases=[changed(first, owner=CHEN, stage=VERIFYING)], new_cases=[numbered(2)]), NOW
        )
        async with asyncio.timeout(2):
            seen = await asyncio.create_task(_look(store))
        await work.commit()
    assert seen == ([first.id], CaseCounts(1, 1, {}), first)
    assert (await _look(store))[1] == CaseCounts(2, 1, {CHEN: 1})


async def _look(store: Backend) -> tuple[list[CaseId], CaseCounts, Case | None]:
    listed = await store.queries.open_cases(limit=9)
    return [each.id for each in listed], await store.queries.case_counts(), await store.queries.case(CaseId(1))


async def test_one_case_is_given_whole_and_none_where_there_is_none(store: Backend) -> None:
    kept = numbered(1, stage=CLOSED, owner=CHEN)
    await save(store, Changes(new_cases=[kept]))
    assert await store.queries.case(kept.id) == kept
    assert await store.queries.case(CaseId(2)) is None


async def test_what_was_said_comes_a_page_at_a_time(store: Backend) -> None:
    lines = [TranscriptLine(case=CaseId(1 + n % 2), author="agent", text=f"第{n}句", at=NOW) for n in range(7)]
    await save(store, recorded(*lines))
    first = await store.queries.transcript(CaseId(1), limit=3)
    rest = await store.queries.transcript(CaseId(1), after=first[-1].id, limit=3)
    assert [each.text for each in first] == ["第0句", "第2句", "第4句"]
    assert [(each.text, each.author, each.at) for each in rest] == [("第6句", "agent", NOW)]
    assert await store.queries.transcript(CaseId(1), after=rest[-1].id, limit=3) == []


async def test_what_was_done_comes_a_page_at_a_time(store: Backend) -> None:
    done = [
        AuditEntry(action="case_opened", chat=WANG, case=CaseId(1), codes={"kind": "OP"}),
        AuditEntry(action="claimed", chat=WANG, case=CaseId(1), actor=CHEN),
        AuditEntry(action="claimed", chat=WANG, case=CaseId(2), actor=LIN),
        AuditEntry(action="asked", chat=WANG),
    ]
    await save(store, recorded(*done))
    (opened,) = await store.queries.audit(CaseId(1), limit=1)
    (claimed,) = await store.queries.audit(CaseId(1), after=opened.id, limit=9)
    assert (opened.action, opened.actor, opened.codes, opened.at) == ("case_opened", None, {"kind": "OP"}, NOW)
    assert (claimed.action, claimed.actor, claimed.codes) == ("claimed", CHEN, {})
    assert await store.queries.audit(CaseId(1), after=RowId(claimed.id), limit=9) == []


async def test_documents_are_told_without_their_content_and_dropped_ones_are_not(store: Backend) -> None:
    files = [file(id_) for id_ in (5, 6, 7, 8)]
    await save(store, recorded(*files, FileDrop(documents=(DocumentId(7),))))
    claim = FileClaim(case=CaseId(1), documents=(DocumentId(5), DocumentId(6), DocumentId(7)))
    await save(store, recorded(claim))
    await store.documents.keep(DocumentId(6), b"bytes", NOW)
    first = await store.queries.documents(CaseId(1), limit=1)
    rest = await store.queries.documents(CaseId(1), after=first[-1].id, limit=9)
    assert [(each.id, each.kind, each.state, each.size) for each in (*first, *rest)] == [
        (5, "document", "pending", 11),
        (6, "document", "stored", 5),
    ]


@pytest.mark.parametrize("owner", [ANYONE, UNASSIGNED, CHEN])
async def test_a_page_reads_an_index_in_its_order_from_its_key_on(database: Database, owner: OwnerFilter) -> None:
    with _given(database) as given:
        await database.queries.open_cases(owner=owner, limit=9)
    (step,) = await _plan(database, *given[0])
    assert re.fullmatch(r"SEARCH cases USING INDEX ix_cases_\w+ \(.*due_at>.*\)", step), step


async def test_counting_reads_an_index_and_no_case(database: Database) -> None:
    with _given(database) as given:
        await database.queries.case_counts()
    (step,) = await _plan(database, *given[0])
    assert "COVERING INDEX ix_cases_owner" in step


async def test_the_queue_is_ordered_and_counted_by_its_index_alone(database: Database) -> None:
    engine = database._engines.writer  # noqa: SLF001 - the test looks where no caller may
    with _given(database, engine) as given:
        async with database.begin() as work:
            await work.queue(1)
    ((statement, values),) = given
    plan = await _plan(database, statement, values)
    assert sum("USING COVERING INDEX ix_cases_owner" in step for step in plan) == 2, plan
    assert not [step for step in plan if re.match(r"SCAN cases(?! USING COVERING INDEX)", step)]


@contextmanager
def _given(database: Database, engine: AsyncEngine | None = None) -> Iterator[list[tuple[str, tuple[object, ...]]]]:
    """Gather statements with their parameters, without BEGIN."""
    listened = (engine or _reader(database)).sync_engine
    given: list[tuple[str, tuple[object, ...]]] = []

    def note(*arguments: object) -> None:
        if not str(arguments[2]).startswith("BEGIN"):
            given.append((str(arguments[2]), cast("tuple[object, ...]", arguments[3])))

    event.listen(listened, "before_cursor_execute", note)
    yield given
    event.remove(listened, "before_cursor_execute", note)


async def _plan(database: Database, statement: str, values: tuple[object, ...]) -> list[str]:
    async with _reader(database).connect() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return [row.detail for row in plan]


def _reader(database: Database) -> AsyncEngine:
    return database._engines.reader  # noqa: SLF001 - the test looks where no caller may
