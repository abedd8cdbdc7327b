"""A file is fetched until it is kept, or asked for again; nothing about it but its id is logged."""

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
import structlog
from telegram import Bot
from telegram._utils.types import ODVInput
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

from bot.telegram.files import LEASE, FileFetcher
from bot.telegram.pacing import Backoff
from flows.errors import Unreadable
from flows.ids import ChatId, DocumentId
from flows.ports import FileJob

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CONTENT = b"%PDF a page"
Answer = tuple[int, bytes] | Exception


def refused(status: int, description: str, **parameters: int) -> Answer:
    answer = {"ok": False, "error_code": status, "description": description, "parameters": parameters}
    return status, msgspec.json.encode(answer)


def described(file_id: str) -> Answer:
    result = {"file_id": file_id, "file_unique_id": "U", "file_path": f"documents/{file_id}"}
    return 200, msgspec.json.encode({"ok": True, "result": result})


class ScriptedRequest(BaseRequest):
    """Answers python-telegram-bot's calls: the scripted failures first, then as Telegram does."""

    def __init__(self) -> None:
        self.failures: list[Answer] = []
        self.asked: list[str] = []
        self.at_once = 0
        self.most_at_once = 0
        self.gate: asyncio.Event | None = None

    @property
    def read_timeout(self) -> float | None:
        return 1.0

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(  # noqa: PLR0913, PLR0917 -- the signature is python-telegram-bot's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        self.asked.append(url.rsplit("/", 1)[1])
        assert method
        assert [read_timeout, write_timeout, connect_timeout, pool_timeout]
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await (self.gate.wait() if self.gate else asyncio.sleep(0))
        self.at_once -= 1
        answer = self.failures.pop(0) if self.failures else self._answer(request_data)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _answer(self, data: RequestData | None) -> Answer:
        return (200, CONTENT) if data is None else described(str(data.parameters["file_id"]))


class FakeDocuments:
    """The port, over dictionaries."""

    def __init__(self, *jobs: FileJob) -> None:
        self.waiting = {job.document: job for job in jobs}
        self.not_before: dict[DocumentId, datetime] = {}
        self.kept: dict[DocumentId, bytes] = {}
        self.lost: dict[DocumentId, str] = {}
        self.failures: list[Exception] = []

    async def lease(self, *, limit: int, now: datetime, until: datetime) -> list[FileJob]:
        due = [job for job in self.waiting.values() if self.not_before.get(job.document, now) <= now][:limit]
        return [self._mark(job, until) for job in due]

    def _mark(self, job: FileJob, until: datetime) -> FileJob:
        self.not_before[job.document] = until
        self.waiting[job.document] = msgspec.structs.replace(job, attempts=job.attempts + 1)
        return self.waiting[job.document]

    async def keep(self, document: DocumentId, content: bytes, now: datetime) -> None:
        if self.failures:
            raise self.failures.pop(0)
        assert now >= NOON
        self.kept[document] = content
        del self.waiting[document]

    async def postpone(self, document: DocumentId, not_before: datetime) -> None:
        self.not_before[document] = not_before

    async def give_up(self, document: DocumentId, code: str) -> None:
        self.lost[document] = code
        del self.waiting[document]

    async def read(self, document: DocumentId) -> bytes:
        return self.kept[document]


class World:
    """Telegram, the documents, the clock, and whom a loss is told."""

    def __init__(self, *jobs: FileJob) -> None:
        self.request = ScriptedRequest()
        self.documents = FakeDocuments(*jobs)
        self.now = NOON
        self.failed: list[tuple[ChatId, DocumentId]] = []
        self.fetcher = FileFetcher(
            self.documents,
            Bot("1:a", request=self.request),
            on_failed=self.on_failed,
            clock=lambda: self.now,
            backoff=Backoff(chance=lambda: 0.0, first=2.0, most=900.0),
        )

    async def on_failed(self, chat: ChatId, document: DocumentId) -> None:
        self.failed.append((chat, document))

    async def flushed(self, *, after: float = 0.0) -> "World":
        self.now += timedelta(seconds=after)
        await self.fetcher.flush()
        return self


def job(number: int = 1, *, size: int = 11) -> FileJob:
    return FileJob(DocumentId(number), ChatId(7), f"F{number}", "张三.pdf", "application/pdf", size, 0)


async def test_a_file_is_fetched_and_kept() -> None:
    world = await World(job()).flushed()
    assert world.documents.kept == {1: CONTENT}
    assert world.request.asked == ["getFile", "F1"]


async def test_many_files_are_all_fetched_and_only_so_many_at_once() -> None:
    world = await World(*(job(number) for number in range(1, 20))).flushed()
    assert len(world.documents.kept) == 19
    assert world.request.most_at_once == 4


@pytest.mark.parametrize(
    "failure",
    [
        NetworkError("x"),
        refused(502, "Bad Gateway"),
        refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable"),
        refused(404, "Not Found"),
        (200, b"<html>"),
        (200, msgspec.json.encode({"ok": True, "result": {"file_id": "F1", "file_unique_id": "U"}})),
    ],
)
async def test_a_failure_that_may_pass_is_tried_again_ever_later(failure: Answer) -> None:
    world = World(job())
    world.request.failures = [failure, failure]
    await world.flushed()
    await world.flushed(after=1.9)
    assert len(world.request.asked) == 1
    await world.flushed(after=0.2)
    await world.flushed(after=3.9)
    assert len(world.request.asked) == 2
    await world.flushed(after=0.2)
    assert world.documents.kept == {1: CONTENT}
    assert not world.failed


async def test_a_download_that_breaks_off_is_begun_anew() -> None:
    world = World(job())
    world.request.failures = [described("F1"), NetworkError("x")]
    await world.flushed()
    assert not world.documents.kept
    await world.flushed(after=2.1)
    assert world.documents.kept == {1: CONTENT}


async def test_telegrams_own_wait_is_kept() -> None:
    world = World(job())
    world.request.failures = [refused(429, "Too Many Requests", retry_after=30)]
    await world.flushed()
    assert world.documents.not_before[DocumentId(1)] == NOON + timedelta(seconds=30)


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (refused(400, "Bad Request: file is too big"), "too_big"),
        (refused(400, "Bad Request: invalid file_id"), "refused"),
        (refused(403, "Forbidden: user is deactivated"), "blocked"),
    ],
)
async def test_what_can_never_be_fetched_is_asked_for_again_at_once(failure: Answer, code: str) -> None:
    world = World(job())
    world.request.failures = [failure]
    await world.flushed()
    assert world.documents.lost == {1: code}
    assert world.failed == [(7, 1)]
    assert len(world.request.asked) == 1


async def test_a_file_larger_than_telegram_gives_out_is_not_even_asked_for() -> None:
    world = await World(job(size=20_000_001)).flushed()
    assert world.documents.lost == {1: "too_big"}
    assert world.failed == [(7, 1)]
    assert not world.request.asked


async def test_attempts_end() -> None:
    world = World(job())
    world.request.failures = [NetworkError("x")] * 50
    for _ in range(20):
        await world.flushed(after=901)
    assert len(world.request.asked) == 12
    assert world.documents.lost == {1: "gone"}
    assert world.failed == [(7, 1)]


async def test_a_file_that_could_not_be_kept_is_fetched_again_when_its_lease_is_over() -> None:
    world = World(job(), job(2))
    world.documents.failures = [Unreadable(), OSError()]
    await world.flushed()
    await world.flushed(after=LEASE.total_seconds() + 1)
    assert world.documents.kept == {1: CONTENT, 2: CONTENT}


async def test_it_runs_until_stopped_and_a_download_under_way_is_given_up() -> None:
    world = World(job())
    running = asyncio.create_task(world.fetcher.run())
    world.fetcher.wake()
    async with asyncio.timeout(1):
        while not world.documents.kept:  # noqa: ASYNC110 -- the fake has no event for it, and nothing sleeps
            await asyncio.sleep(0)
    world.request.gate = asyncio.Event()
    world.documents.waiting[DocumentId(2)] = job(2)
    world.fetcher.wake()
    async with asyncio.timeout(1):
        while not world.request.at_once:  # noqa: ASYNC110 -- as above
            await asyncio.sleep(0)
    await world.fetcher.stop()
    await running
    assert set(world.documents.waiting) == {2}
    assert world.documents.not_before[DocumentId(2)] == world.now


async def test_no_log_holds_a_name_or_a_byte() -> None:
    world = World(job(), job(2), job(3, size=20_000_001))
    world.request.failures = [NetworkError("张三.pdf"), refused(400, "Bad Request: 张三.pdf")]
    world.documents.failures = [ValueError("张三.pdf")]
    with structlog.testing.capture_logs() as lines:
        await world.flushed()
        await world.flushed(after=3)
    assert len(lines) > 3
    assert "张三" not in str(lines)
    assert "PDF" not in str(lines)
