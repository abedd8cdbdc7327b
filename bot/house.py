"""A running bot: receive, step, send, fetch; and what every process does besides."""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from telegram import BotCommand
from telegram.error import TelegramError

from bot.settings import Settings
from bot.telegram.application import build_application
from bot.telegram.files import FileFetcher
from bot.telegram.receiver import Receiver, Unread
from bot.telegram.render import TelegramRenderer
from bot.telegram.request import Api, LeanRequest, from_library
from bot.telegram.sender import Sender
from bot.texts import Texts
from flows.engine.engine import Engine
from flows.engine.service import BatchService
from flows.errors import IntakeError
from flows.events import Arrival, DeliveryDoubted, Event, FileFailed, FileInspected, OutageEnded, SilenceNoticed
from flows.ids import AgentId, ChatId, DocumentId, Ids, RowId
from flows.intake.machine import ASKING
from flows.intake.texts import MENU
from flows.ports.documents import Documents
from flows.ports.outbox import Outbox
from flows.ports.unit_of_work import DeadLetter, Store

PURGE_EVERY = 3600.0  # seconds
SILENCE_EVERY = 60.0  # seconds; what a silence brings is counted in days
BEAT_EVERY = 30.0  # seconds; well below the 150 for which Telegram keeps a tap
STILL_WAITING = timedelta(days=1)  # who has been silent for longer is not disturbed
BATCH = 100

Checkpoint = Callable[[str], None]
Clock = Callable[[], datetime]


class Backend(Store, Protocol):
    """A store with all that a running bot needs of it."""

    @property
    def outbox(self) -> Outbox:
        """What is on its way out."""

    @property
    def documents(self) -> Documents:
        """What is on its way in."""

    @property
    def last_beat(self) -> datetime | None:
        """When an earlier process was last at work, where that is known."""

    def beat(self) -> None:
        """Leave word that this process is at work."""

    async def waiting(self, states: Sequence[str], since: datetime) -> list[ChatId]:
        """Give the chats that rest in one of `states`, and were heard of since then."""

    async def to_wake(self, now: datetime, limit: int) -> list[ChatId]:
        """Give up to `limit` chats whose session's `wake_at` has come, the longest ago first."""

    async def recover(self, now: datetime) -> bool:
        """Free what a dead process had leased, where this one is surely the only one alive; say whether."""

    async def purge(self, now: datetime, *, keep_sent: timedelta) -> object:
        """Forget what is old enough."""


class House:
    """A running bot: what comes in, the service, what goes out, the files. `main.open_house` puts it together."""

    def __init__(  # noqa: PLR0913 - the one place that takes every part
        self, settings: Settings, store: Backend, engine: Engine, *, ids: Ids, clock: Clock, checkpoint: Checkpoint
    ) -> None:
        self.store = store
        self._ids = ids
        self._clock = clock
        self._settings = settings
        self._texts = Texts.load()
        self._renderer = TelegramRenderer(self._texts)
        self.service = BatchService(store, engine, self._renderer, ids=ids, clock=clock)
        token = settings.token.get_secret_value()
        root = f"{settings.api_url}/bot"
        sending, polling = LeanRequest(), LeanRequest()
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
        self.receiver = Receiver(
            Api(polling, root + token).post,
            self.application.bot,
            self.handle,
            on_outage=self.show_again,
            last_heard=store.last_beat,
            clock=clock,
            checkpoint=checkpoint,
        )

    async def handle(self, arrivals: Sequence[Arrival], dead: Sequence[Unread] = ()) -> None:
        """Commit what arrivals cause, then wake those who carry it on."""
        letters = [
            DeadLetter(RowId(self._ids.new()), None, each.code, each.body, key=f"u:{each.update}") for each in dead
        ]
        handled = await self.service.handle(arrivals, letters)
        for code in (*handled.set_aside, *(letter.code for letter in letters)):
            structlog.get_logger().error("set_aside", code=code)
        if handled.rows:
            self.sender.wake()
        if handled.files:
            self.fetcher.wake()

    async def _notice(self, event: Event) -> None:
        await self.handle([Arrival((), event)])

    async def _doubt(self, agent: AgentId, number: str) -> None:
        await self._notice(DeliveryDoubted(chat=self._renderer.chat_of(agent), number=number))

    async def _file_failed(self, chat: ChatId, document: DocumentId, code: str) -> None:
        await self._notice(FileFailed(chat=chat, document=document, code=code))

    async def _file_inspected(self, chat: ChatId, document: DocumentId, fault: str, same_as: DocumentId | None) -> None:
        await self._notice(FileInspected(chat=chat, document=document, fault=fault, same_as=same_as))

    async def show_again(self, since: datetime) -> None:
        """After an outage: show chats that wait for an answer their question again, as their taps may be lost."""
        chats = await self.store.waiting(ASKING, since - STILL_WAITING)
        for start in range(0, len(chats), BATCH):
            await self.handle([Arrival((), OutageEnded(chat=chat)) for chat in chats[start : start + BATCH]])

    async def notice_silence(self) -> None:
        """Tell every chat whose `wake_at` has come that it did: each once, whether its `wake_at` moves or not."""
        now, noticed = self._clock(), set[ChatId]()
        while due := await self.store.to_wake(now, BATCH + len(noticed)):
            portion = [chat for chat in due if chat not in noticed][:BATCH]
            if not portion:
                return
            noticed.update(portion)
            await self.handle([Arrival((), SilenceNoticed(chat=chat)) for chat in portion])

    async def _listen(self) -> None:
        while True:
            try:
                await self.notice_silence()
            except IntakeError as error:  # a busy database: who was not noticed now is in a minute
                structlog.get_logger().warning("silence_unnoticed", code=error.code)
            await asyncio.sleep(SILENCE_EVERY)

    async def offer_commands(self) -> None:
        """Put the commands into the menu beside the text field (Bot API, setMyCommands); without it all still works."""
        menu = [BotCommand(name, self._texts(words())) for name, words in MENU.items()]
        try:
            await self.application.bot.set_my_commands(menu)
        except TelegramError as error:
            structlog.get_logger().warning("commands_not_offered", code=from_library(error).code)

    async def _beat(self) -> None:
        while True:
            self.store.beat()
            await asyncio.sleep(BEAT_EVERY)

    async def _purge(self) -> None:
        while True:
            try:
                await self.store.purge(self._clock(), keep_sent=timedelta(days=self._settings.keep_sent_days))
            except IntakeError as error:  # a busy database: what was not forgotten now is forgotten in an hour
                structlog.get_logger().warning("purge_failed", code=error.code)
            await asyncio.sleep(PURGE_EVERY)

    async def run(self) -> None:
        """Receive, send and fetch until SIGTERM or SIGINT, then finish what is in hand."""
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await self.run_until(stop)

    async def run_until(self, stop: asyncio.Event) -> None:
        """Receive, send and fetch until `stop`, then finish what is in hand. Raises Unauthorized."""
        await self.store.recover(self._clock())
        parts = (self.sender, self.fetcher, self.receiver)
        tasks = [asyncio.create_task(part.run()) for part in parts]
        upkeep = [asyncio.create_task(work()) for work in (self._purge, self._listen, self._beat, self.offer_commands)]
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
