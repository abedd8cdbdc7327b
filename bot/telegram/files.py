"""Files are fetched after the commit, as jobs with retries: the conversation does not wait for them.

What cannot be fetched for good is asked for again, and so is what nobody could see anything in: that is not even kept.
What came of a file is told before it is written. A process that dies between the two leaves the job to be leased, so
it may be told twice, but never not at all. Neither a name nor a byte of a file reaches the log.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime, timedelta
from weakref import WeakValueDictionary

import structlog
from telegram import Bot
from telegram.constants import FileSizeLimit
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError, TimedOut

from bot.media.findings import USELESS
from bot.media.inspector import inspect
from bot.telegram.errors import from_library
from bot.telegram.pacing import Backoff
from bot.telegram.wakeup import Wakeup
from flows.errors import IntakeError, Throttled
from flows.ids import ChatId, DocumentId
from flows.ports.documents import Documents, FileJob

LEASE = timedelta(minutes=5)
WITHIN = 270.0  # seconds that a fetch may take in all: it must not outlast its lease
POLL = 5.0  # seconds after which jobs written by other processes, or due again, are found
PATIENCE = 60.0  # seconds without a byte until a download counts as lost
ATTEMPTS = 12  # with the waits between them, an hour and a half
TOO_BIG = "too_big"
GONE = "gone"  # the attempts are used up
INSPECTED = frozenset({"photo", "document"})  # what else there is, is for an agent to hear or see
# Telegram's one wording for an id that is wrong and for a file that is away for a moment.
_PERHAPS_LATER = "temporarily unavailable"
_TOO_BIG_WORDING = "too big"

_log = structlog.get_logger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(eq=False)
class FileFetcher:
    """Fetches until stopped; `parallel` files at once.

    `on_failed` is told of a file that is lost for good, with the code why. `on_inspected` is told of every other one:
    its fault (`flows.events.FileInspected`), empty where nothing is amiss, and the chat's stored document with the
    same bytes, if there is one. Both may be told the same more than once.

    `largest` is what this Bot API server gives out, in bytes (20 MB; None for a local server, which has no limit).
    """

    documents: Documents
    bot: Bot
    _: KW_ONLY
    on_failed: Callable[[ChatId, DocumentId, str], Awaitable[None]]
    on_inspected: Callable[[ChatId, DocumentId, str, DocumentId | None], Awaitable[None]]
    clock: Callable[[], datetime] = _now
    backoff: Backoff = field(default_factory=lambda: Backoff(chance=random.random, first=2.0, most=900.0))
    parallel: int = 4
    attempts: int = ATTEMPTS
    largest: int | None = FileSizeLimit.FILESIZE_DOWNLOAD

    _wakeup: Wakeup = field(default_factory=Wakeup, init=False)
    _stopping: bool = field(default=False, init=False)
    _idle: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _chats: WeakValueDictionary[ChatId, asyncio.Lock] = field(default_factory=WeakValueDictionary, init=False)
    _tasks: dict[asyncio.Task[None], FileJob] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Start idle: stopping what never ran is nothing to wait for."""
        self._idle.set()

    def wake(self) -> None:
        """Look for jobs now: some were committed."""
        self._wakeup.set()

    async def run(self) -> None:
        """Fetch until `stop`."""
        self._idle.clear()
        try:
            while not self._stopping:
                await self._begin_safely()
                await self._wakeup.wait(POLL)
        finally:
            await self._cancel_running()
            self._idle.set()

    async def stop(self) -> None:
        """Return when `run` has. A download that is under way is given up, and begun anew by the next."""
        self._stopping = True
        self._wakeup.set()
        await self._idle.wait()

    async def flush(self) -> None:
        """Fetch what can be fetched now, and return when it is kept. Not beside `run`."""
        while await self._begin() or self._tasks:
            await asyncio.wait(self._tasks)

    async def _begin_safely(self) -> None:
        try:
            await self._begin()
        except Exception as error:  # noqa: BLE001 -- the edge: jobs wait in the database until it is back
            _log.warning("jobs_failed", code=_code(error))

    async def _begin(self) -> bool:
        room = self.parallel - len(self._tasks)
        if room <= 0:
            return False
        now = self.clock()
        jobs = await self.documents.lease(limit=room, now=now, until=now + LEASE)
        for job in jobs:
            task = asyncio.create_task(self._work(job))
            self._tasks[task] = job
            task.add_done_callback(self._ended)
        return bool(jobs)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task, None)
        self._wakeup.set()

    async def _work(self, job: FileJob) -> None:
        try:
            await self._fetch(job)
        except Exception as error:  # noqa: BLE001 -- the edge: its lease runs out, and it is begun anew
            _log.error("file_abandoned", document=job.document, code=_code(error), attempts=job.attempts)

    async def _fetch(self, job: FileJob) -> None:
        if self.largest is not None and job.size > self.largest:
            await self._lose(job, TOO_BIG)
            return
        try:
            content = await self._download(job)
        except TelegramError as error:
            await self._put_off(job, error)
            return
        fault = (await asyncio.to_thread(inspect, content)).fault if job.kind in INSPECTED else ""
        async with self._chats.setdefault(job.chat, asyncio.Lock()):  # two of the same at once: one is the earlier
            await self._settle(job, content, fault)

    async def _settle(self, job: FileJob, content: bytes, fault: str) -> None:
        """Report what was found, then keep the file, or record why it is not kept."""
        same = await self.documents.same_content(content, chat=job.chat)
        await self.on_inspected(job.chat, job.document, fault, next(iter(same), None))
        if fault in USELESS:
            _log.info("file_useless", document=job.document, code=fault)
            await self.documents.give_up(job.document, fault)
        else:
            await self.documents.keep(job.document, content, self.clock())
            _log.info("file_kept", document=job.document, bytes=len(content), attempts=job.attempts, code=fault)

    async def _download(self, job: FileJob) -> bytes:
        try:
            async with asyncio.timeout(WITHIN):
                file = await self.bot.get_file(job.file_id)
                if not file.file_path:
                    raise NetworkError("no_path")
                return bytes(await file.download_as_bytearray(read_timeout=PATIENCE))
        except TimeoutError as error:
            raise TimedOut from error

    async def _put_off(self, job: FileJob, error: TelegramError) -> None:
        code = _lost_by(error)
        if code or job.attempts >= self.attempts:
            await self._lose(job, code or GONE)
            return
        meaning = from_library(error)
        wait = meaning.retry_after if isinstance(meaning, Throttled) else self.backoff.delay(max(job.attempts, 1))
        _log.info("file_postponed", document=job.document, code=meaning.code, attempts=job.attempts)
        await self.documents.postpone(job.document, self.clock() + timedelta(seconds=wait))

    async def _lose(self, job: FileJob, code: str) -> None:
        """Report the loss, so that the file is asked for again, then record it: rather asked for twice than never."""
        _log.warning("file_lost", document=job.document, code=code, attempts=job.attempts)
        await self.on_failed(job.chat, job.document, code)
        await self.documents.give_up(job.document, code)

    async def _cancel_running(self) -> None:
        """Cancel what is under way, and release it, so that the next process need not wait for the leases to end."""
        running = dict(self._tasks)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        for task, job in running.items():
            if task.cancelled():
                await self._release(job)

    async def _release(self, job: FileJob) -> None:
        try:
            await self.documents.postpone(job.document, self.clock())
        except Exception as error:  # noqa: BLE001 -- the edge: then its lease runs out
            _log.warning("file_abandoned", document=job.document, code=_code(error), attempts=job.attempts)


def _lost_by(error: TelegramError) -> str:
    """Return the code of what makes another attempt useless, empty where one may help."""
    if isinstance(error, BadRequest) and _TOO_BIG_WORDING in error.message:
        return TOO_BIG
    if isinstance(error, BadRequest | Forbidden) and _PERHAPS_LATER not in error.message:
        return from_library(error).code
    return ""


def _code(error: Exception) -> str:
    return error.code if isinstance(error, IntakeError) else type(error).__name__
