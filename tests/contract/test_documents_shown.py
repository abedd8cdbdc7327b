"""A message that shows a document learns where Telegram has it; a case is found when a showing is over."""

from datetime import timedelta

from msgspec import structs

from flows.cases.case import ShownDocument
from flows.cases.changes import changed
from flows.effects import FileClaim, FileDrop
from flows.ids import AgentId, CaseId, DocumentId, RowId
from flows.ports.outbox import FileReference
from flows.ports.unit_of_work import Changes
from storage.database import Database
from tests.contract.samples import LATER, NOW, SOON, Backend, case, file, lease, queue, recorded, row, save, settle

SHOWN = ShownDocument(RowId(9), AgentId(77), DocumentId(5), SOON)


async def test_a_row_is_leased_with_the_file_that_it_shows_and_comes_again_with_it(store: Backend) -> None:
    await save(store, recorded(file(5)))
    await queue(store, row(1, document=5), row(2))
    for doubted in (False, True):
        first, second = await lease(store, SOON if doubted else NOW)
        assert (first.document, first.file) == (5, FileReference("document", "file-id"))
        assert (first.doubted, second.file) == (doubted, None)


async def test_a_row_whose_document_was_dropped_or_is_not_there_is_leased_without_a_file(store: Backend) -> None:
    await save(store, recorded(file(5)))
    await queue(store, row(1, document=5), row(2, document=6))
    await save(store, recorded(FileDrop(documents=(DocumentId(5),))))
    assert [(each.id, each.file) for each in await lease(store)] == [(1, None), (2, None)]


async def test_a_document_that_belongs_to_a_case_is_shown_though_a_draft_dropped_it(store: Backend) -> None:
    documents = (DocumentId(5),)
    await save(store, recorded(file(5), FileClaim(case=CaseId(1), documents=documents), FileDrop(documents=documents)))
    await queue(store, row(1, document=5))
    assert [each.file for each in await lease(store)] == [FileReference("document", "file-id")]


async def test_where_telegram_has_a_document_stands_in_no_row_of_the_outbox(database: Database) -> None:
    await save(database, recorded(file(5)))
    await queue(database, row(1, document=5))
    (leased,) = await lease(database)
    assert b"file-id" not in leased.payload.body
    await settle(database)


async def test_cases_whose_showing_is_over_are_given_the_longest_ago_first(store: Backend) -> None:
    sooner = structs.replace(case("GC-1"), shown=(structs.replace(SHOWN, until=LATER), SHOWN))
    later = structs.replace(case("GC-2", id_=2), shown=(structs.replace(SHOWN, until=SOON + timedelta(seconds=1)),))
    await save(store, Changes(new_cases=[later, sooner, case("GC-3", id_=3)]))
    assert await store.cases_shown_until(NOW, 10) == []
    assert await store.cases_shown_until(SOON, 10) == [1]
    assert await store.cases_shown_until(LATER, 10) == [1, 2]
    assert await store.cases_shown_until(LATER, 1) == [1]


async def test_a_case_that_shows_nothing_more_is_left_alone(store: Backend) -> None:
    first = structs.replace(case(), shown=(SHOWN,))
    await save(store, Changes(new_cases=[first]))
    async with store.begin() as work:
        assert (await work.cases([first.id]))[first.id].shown == (SHOWN,)
    await save(store, Changes(changed_cases=[changed(first, shown=())]))
    assert await store.cases_shown_until(LATER, 10) == []


async def test_a_case_that_is_made_anonymous_shows_nothing_more(store: Backend) -> None:
    await save(store, Changes(new_cases=[structs.replace(case(), shown=(SHOWN,), forget_at=NOW)]))
    await store.purge(NOW, keep_sent=timedelta(days=1))
    assert await store.cases_shown_until(LATER, 10) == []


async def test_looking_for_them_reads_the_cases_that_show_something_and_not_every_one(database: Database) -> None:
    async with database._engines.reader.connect() as connection:  # noqa: SLF001 - the test looks where no caller may
        plan = await connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id FROM cases WHERE shown_until <= 5 ORDER BY shown_until, id LIMIT 3"
        )
        steps = [step.detail for step in plan]
    assert any("ix_cases_shown_until" in step for step in steps)
