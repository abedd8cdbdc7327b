from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from flows.effects import FileClaim, FileDrop
from flows.errors import Unreadable
from flows.ids import CaseId, DocumentId
from flows.ports.documents import FileJob
from tests.contract.samples import LATER, LI, NOW, SOON, WANG, Backend, file, recorded, save

REPORT = DocumentId(5)


async def _lease(store: Backend, now: datetime = NOW, limit: int = 10) -> Sequence[FileJob]:
    return await store.documents.lease(limit=limit, now=now, until=SOON)


async def test_a_file_is_leased_once_and_again_when_its_fetcher_has_lost_it(store: Backend) -> None:
    await save(store, recorded(file()))
    job = FileJob(REPORT, WANG, "file-id", "病理报告.pdf", "application/pdf", 11, attempts=1, kind="document")
    assert await _lease(store) == [job]
    assert await _lease(store) == []
    assert [each.attempts for each in await _lease(store, SOON)] == [2]


async def test_no_more_files_than_the_limit_the_oldest_first(store: Backend) -> None:
    await save(store, recorded(file(7), file(5), file(6)))
    assert [job.document for job in await _lease(store, limit=2)] == [5, 6]
    assert [job.document for job in await _lease(store, limit=2)] == [7]


async def test_a_stored_file_reads_back_and_is_not_leased_again(store: Backend) -> None:
    await save(store, recorded(file()))
    await _lease(store)
    await store.documents.keep(REPORT, b"%PDF-1.7 ...", NOW)
    assert await store.documents.read(REPORT) == b"%PDF-1.7 ..."
    assert await _lease(store, LATER) == []


async def test_a_file_that_is_not_stored_is_unreadable(store: Backend) -> None:
    await save(store, recorded(file()))
    with pytest.raises(Unreadable):
        await store.documents.read(REPORT)
    with pytest.raises(Unreadable):
        await store.documents.read(DocumentId(99))


async def test_a_postponed_file_waits_and_one_given_up_is_not_tried_again(store: Backend) -> None:
    await save(store, recorded(file(5), file(6)))
    await _lease(store)
    await store.documents.postpone(REPORT, LATER)
    await store.documents.give_up(DocumentId(6), "refused")
    assert await _lease(store, SOON) == []
    assert [job.document for job in await _lease(store, LATER)] == [5]


async def test_stored_documents_of_the_chat_with_the_same_bytes_are_known(store: Backend) -> None:
    of_another = structs.replace(file(8), chat=LI)
    await save(store, recorded(file(5), file(6), file(7), of_another, file(9)))
    for number, content in ((5, b"one"), (6, b"two"), (7, b"one"), (8, b"one"), (9, b"one")):
        await store.documents.keep(DocumentId(number), content, NOW)
    await save(store, recorded(FileDrop(documents=(DocumentId(9),))))
    assert await store.documents.same_content(b"one", chat=WANG) == [5, 7]
    assert await store.documents.same_content(b"one", chat=LI) == [8]
    assert await store.documents.same_content(b"three", chat=WANG) == []


async def test_a_file_can_be_claimed_in_the_batch_that_brought_it(store: Backend) -> None:
    claim = FileClaim(case=CaseId(1), documents=(REPORT, DocumentId(6)))
    await save(store, recorded(file(5), file(6), claim))
    assert len(await _lease(store)) == 2


async def test_files_of_a_dropped_draft_are_deleted_and_those_of_a_case_stay(store: Backend, tmp_path: Path) -> None:
    await save(
        store,
        recorded(file(5), file(6), FileClaim(case=CaseId(1), documents=(file(6).document,))),
    )
    for each in (5, 6):
        await store.documents.keep(file(each).document, b"bytes", NOW)
    await save(store, recorded(FileDrop(documents=(file(5).document, file(6).document))))
    assert (await store.purge(NOW, keep_sent=timedelta(days=30))).documents == 1
    assert await store.documents.read(file(6).document) == b"bytes"
    with pytest.raises(Unreadable):
        await store.documents.read(file(5).document)
    assert "5" not in names(tmp_path)


async def test_a_file_that_arrives_after_its_draft_was_dropped_is_not_kept(store: Backend, tmp_path: Path) -> None:
    await save(store, recorded(file(5)))
    await save(store, recorded(FileDrop(documents=(file(5).document,))))
    await store.documents.keep(file(5).document, b"bytes", NOW)
    assert "5" not in names(tmp_path)


def names(folder: Path) -> list[str]:
    """Return the names of the files that are kept."""
    return [path.name for path in folder.rglob("*")]
