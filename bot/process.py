"""A running bot: receive, step, send, fetch."""

import asyncio
import os
import signal
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from bot.backend import Backend, Checkpoint, Clock
from bot.settings import Settings
from bot.telegram.api import Api, build_application
from bot.telegram.files import FileFetcher
from bot.telegram.inbox import Unread
from bot.telegram.polling import Poller
from bot.telegram.render import TelegramRenderer
from bot.telegram.request import AiohttpRequest
from bot.telegram.sender import Sender
from bot.texts import Texts
from bot.upkeep import Upkeep
from flows.engine.engine import Engine
from flows.engine.service import BatchService
from flows.events import Arrival, DeliveryDoubted, Event, FileFailed, FileInspected, OutageEnded
from flows.ids import AgentId, ChatId, DocumentId, Ids, RowId
from flows.intake.machine import ASKING
from flows.ports.unit_of_work import DeadLetter

STILL_WAITING = timedelta(days=1)  # who has been silent for longer is not disturbed
BATCH = 100

_log = structlog.get_logger(__name__)


class BotProcess:
    """The poller, the service, the sender, the file fetcher and the upkeep of one process.

    `main.open_process` puts it together.
    """

    def __init__(  # noqa: PLR0913 - the one place that takes every part
        self, settings: Settings, store: Backend, engine: Engine, *, ids: Ids, clock: Clock, checkpoint: Checkpoint
    ) -> None:
        self.store = store
        self._ids = ids
        self._clock = clock
        texts = Texts.load()
        self._renderer = TelegramRenderer(texts)
        self.service = BatchService(store, engine, self._renderer, ids=ids, clock=clock)
        token = settings.token.get_secret_value()
        root = f"{settings.api_url}/bot"
        sending, polling = AiohttpRequest(), AiohttpRequest()
        self.application = build_application(
            token,
            request=sending,
            get_updates_request=polling,
            base_url=root,
            base_file_url=f"{settings.api_url}/file/bot",
        )
        self.sender = Sender(
            store.outbox,
            Api(sending, root + token).post,
            holder=f"{os.getpid()}-{ids.new()}",
            on_doubt=self._doubt,
            limits=settings.limits(),
            clock=clock,
            checkpoint=checkpoint,
        )
        self.fetcher = FileFetcher(
            store.documents,
            self.application.bot,
            clock=clock,
            on_failed=self._file_failed,
            on_inspected=self._file_inspected,
        )
        self.poller = Poller(
            Api(polling, root + token).post,
            self.application.bot,
            self.handle,
            on_outage=self.show_again,
            last_heard=store.last_beat,
            clock=clock,
            checkpoint=checkpoint,
        )
        self.upkeep = Upkeep(
            store=store,
            bot=self.application.bot,
            texts=texts,
            handle=self.handle,
            clock=clock,
            keep_sent=timedelta(days=settings.keep_sent_days),
        )

    async def handle(self, arrivals: Sequence[Arrival], dead: Sequence[Unread] = ()) -> None:
        """Commit what arrivals cause, then wake the sender and the fetcher where there is work for them."""
        letters = [
            DeadLetter(RowId(self._ids.new()), None, each.code, each.body, key=f"u:{each.update}") for each in dead
        ]
        handled = await self.service.handle(arrivals, letters)
        for code in (*handled.set_aside, *(letter.code for letter in letters)):
            _log.error("set_aside", code=code)
        if handled.rows:
            self.sender.wake()
        if handled.files:
            self.fetcher.wake()

    async def show_again(self, since: datetime) -> None:
        """After an outage: show chats that wait for an answer their question again, as their taps may be lost."""
        chats = await self.store.waiting(ASKING, since - STILL_WAITING)
        for start in range(0, len(chats), BATCH):
            await self.handle([Arrival((), OutageEnded(chat=chat)) for chat in chats[start : start + BATCH]])

    async def run(self) -> None:
        """Receive, send and fetch until SIGTERM or SIGINT, then finish what is in hand."""
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await self.run_until(stop)

    async def run_until(self, stop: asyncio.Event) -> None:
        """Receive, send and fetch until `stop`, then finish what is in hand. Raises Unauthorized."""
        await self.store.recover(self._clock())
        parts = (self.sender, self.fetcher, self.poller)
        tasks = [asyncio.create_task(part.run()) for part in parts]
        upkeep = self.upkeep.start()
        waiting = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([*tasks, waiting], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for extra in (*upkeep, waiting):
                extra.cancel()
            for part in reversed(parts):
                await part.stop()
            await asyncio.gather(*upkeep, waiting, return_exceptions=True)
        await asyncio.gather(*tasks)

    async def _notice(self, event: Event) -> None:
        await self.handle([Arrival((), event)])

    async def _doubt(self, agent: AgentId, number: str) -> None:
        await self._notice(DeliveryDoubted(chat=self._renderer.chat_of(agent), number=number))

    async def _file_failed(self, chat: ChatId, document: DocumentId, code: str) -> None:
        await self._notice(FileFailed(chat=chat, document=document, code=code))

    async def _file_inspected(self, chat: ChatId, document: DocumentId, fault: str, same_as: DocumentId | None) -> None:
        await self._notice(FileInspected(chat=chat, document=document, fault=fault, same_as=same_as))
