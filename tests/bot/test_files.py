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
from flows.ports.documents import FileJob
from tests.bot.papers import locked_pdf, page

CHAT = ChatId(7)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CONTENT = page()
TOO_SMALL = page((90, 120))
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
        self.content = CONTENT

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
        return (200, self.content) if data is None else described(str(data.parameters["file_id"]))


class FakeDocuments:
    """The port, over dictionaries."""

    def __init__(self, *jobs: FileJob) -> None:
        self.waiting = {job.document: job for job in jobs}
        self.not_before: dict[DocumentId, datetime] = {}
        self.kept: dict[DocumentId, bytes] = {}
        self.lost: dict[DocumentId, str] = {}
        self.of_another_chat = {DocumentId(900): CONTENT}
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

    async def same_content(self, content: bytes, *, chat: ChatId) -> list[DocumentId]:
        await asyncio.sleep(0)
        here = self.kept if chat == CHAT else self.of_another_chat
        return [document for document, other in here.items() if other == content]


class World:
    """Telegram, the documents, the clock, and whom a loss is told."""

    def __init__(self, *jobs: FileJob) -> None:
        self.request = ScriptedRequest()
        self.documents = FakeDocuments(*jobs)
        self.now = NOON
        self.failed: list[tuple[ChatId, DocumentId, str]] = []
        self.inspected: list[tuple[ChatId, DocumentId, str, DocumentId | None]] = []
        self.fetcher = FileFetcher(
            self.documents,
            Bot("1:a", request=self.request),
            on_failed=self.on_failed,
            on_inspected=self.on_inspected,
            clock=lambda: self.now,
            backoff=Backoff(chance=lambda: 0.0, first=2.0, most=900.0),
        )

    async def on_failed(self, chat: ChatId, document: DocumentId, code: str) -> None:
        self.failed.append((chat, document, code))

    async def on_inspected(self, chat: ChatId, document: DocumentId, fault: str, same_as: DocumentId | None) -> None:
        assert document in self.documents.waiting  # told before it is written
        self.inspected.append((chat, document, fault, same_as))

    async def flushed(self, *, after: float = 0.0) -> "World":
        self.now += timedelta(seconds=after)
        await self.fetcher.flush()
        return self


def job(number: int = 1, *, size: int = 11, kind: str = "document") -> FileJob:
    return FileJob(DocumentId(number), CHAT, f"F{number}", "张三.pdf", "application/pdf", size, 0, kind)


async def test_a_file_is_fetched_and_kept() -> None:
    world = await World(job()).flushed()
    assert world.documents.kept == {1: CONTENT}
    assert world.request.asked == ["getFile", "F1"]


async def test_of_every_file_it_is_told_what_it_is() -> None:
    world = await World(job()).flushed()
    assert world.inspected == [(7, 1, "", None)]


@pytest.mark.parametrize("kind", ["photo", "document"])
@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 a document of words", "not_a_picture"),
        (CONTENT[: len(CONTENT) // 2], "damaged"),
        (locked_pdf("secret"), "needs_password"),
    ],
)
async def test_a_file_in_which_nobody_could_see_anything_is_told_of_and_not_kept(
    kind: str, content: bytes, fault: str
) -> None:
    world = World(job(kind=kind))
    world.request.content = content
    await world.flushed()
    assert world.inspected == [(7, 1, fault, None)]
    assert world.documents.lost == {1: fault}
    assert not world.documents.kept
    assert not world.failed


async def test_a_picture_that_is_hard_to_read_is_told_of_and_kept() -> None:
    world = World(job())
    world.request.content = TOO_SMALL
    await world.flushed()
    assert world.inspected == [(7, 1, "too_small", None)]
    assert world.documents.kept == {1: TOO_SMALL}


@pytest.mark.parametrize("kind", ["voice", "audio", "video", "video_note", "animation"])
async def test_what_is_heard_or_seen_by_an_agent_is_kept_as_it_is(kind: str) -> None:
    world = World(job(kind=kind))
    world.request.content = b"OggS"
    await world.flushed()
    assert world.inspected == [(7, 1, "", None)]
    assert world.documents.kept == {1: b"OggS"}


async def test_the_same_bytes_again_are_told_with_the_earlier_document_even_at_once() -> None:
    world = await World(job(), job(2)).flushed()
    assert sorted(same or 0 for _, _, _, same in world.inspected) in ([0, 1], [0, 2])
    assert len(world.documents.kept) == 2


async def test_the_same_bytes_in_another_chat_are_nobodys_business() -> None:
    world = World(job())
    assert CONTENT in world.documents.of_another_chat.values()
    await world.flushed()
    assert world.inspected == [(7, 1, "", None)]


async def test_what_was_told_before_a_crash_is_told_again() -> None:
    world = World(job())
    world.documents.failures = [OSError()]
    await world.flushed()
    await world.flushed(after=LEASE.total_seconds() + 1)
    assert world.inspected == [(7, 1, "", None)] * 2
    assert world.documents.kept == {1: CONTENT}


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
    assert world.failed == [(7, 1, code)]
    assert not world.inspected
    assert len(world.request.asked) == 1


async def test_a_file_larger_than_telegram_gives_out_is_not_even_asked_for() -> None:
    world = await World(job(size=20_000_001)).flushed()
    assert world.documents.lost == {1: "too_big"}
    assert world.failed == [(7, 1, "too_big")]
    assert not world.request.asked


async def test_attempts_end() -> None:
    world = World(job())
    world.request.failures = [NetworkError("x")] * 50
    for _ in range(20):
        await world.flushed(after=901)
    assert len(world.request.asked) == 12
    assert world.documents.lost == {1: "gone"}
    assert world.failed == [(7, 1, "gone")]


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
