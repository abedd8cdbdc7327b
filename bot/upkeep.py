"""What every process does beside receiving and sending: delete old rows, notice silence, record that it is at work."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn, TypeVar

import structlog
from telegram import Bot, BotCommand
from telegram.error import TelegramError

from bot.backend import Backend, Clock
from bot.telegram.errors import from_library
from bot.texts import Texts
from flows.errors import IntakeError
from flows.events import Arrival, CaseDue, Happening, ShowingEnded, SilenceNoticed
from flows.intake.texts import MENU

PURGE_EVERY = 3600.0  # seconds
SILENCE_EVERY = 60.0  # seconds; what a silence brings is counted in days
CASES_EVERY = 60.0  # seconds; what is due ends with the hours of service
SHOWINGS_EVERY = 15.0  # seconds; what is shown for half an hour is seen for no more than these longer
BEAT_EVERY = 30.0  # seconds; well below the 150 for which Telegram keeps a tap
BATCH = 100

T = TypeVar("T")

_log = structlog.get_logger(__name__)


@dataclass(eq=False, kw_only=True)
class Upkeep:
    """The periodic work of one process. `handle` commits arrivals; sent messages are deleted after `keep_sent`."""

    store: Backend
    bot: Bot
    texts: Texts
    handle: Callable[[Sequence[Arrival]], Awaitable[None]]
    clock: Clock
    keep_sent: timedelta

    def start(self) -> list[asyncio.Task[None]]:
        """Start everything as tasks, each of which goes on until it is cancelled."""
        periodic = (
            _repeat(self.purge, every=PURGE_EVERY, failure="purge_failed"),
            _repeat(self.notice_silence, every=SILENCE_EVERY, failure="silence_unnoticed"),
            _repeat(self.look_at_cases, every=CASES_EVERY, failure="cases_not_looked_at"),
            _repeat(self.end_showings, every=SHOWINGS_EVERY, failure="showings_not_ended"),
            _repeat(self.beat, every=BEAT_EVERY, failure="beat_failed"),
        )
        return [asyncio.create_task(work) for work in (*periodic, self.offer_commands())]

    async def purge(self) -> None:
        """Delete what is old enough. Raises StorageError."""
        await self.store.purge(self.clock(), keep_sent=self.keep_sent)

    async def notice_silence(self) -> None:
        """Tell every chat whose `wake_at` has come that it did: each once, whether its `wake_at` moves or not."""
        await self._tell_each(self.store.to_wake, lambda chat: SilenceNoticed(chat=chat))

    async def look_at_cases(self) -> None:
        """Look at every case whose `wake_at` has come, each once."""
        await self._tell_each(self.store.cases_to_wake, lambda case: CaseDue(case=case))

    async def end_showings(self) -> None:
        """End the showing of documents in every case whose `shown_until` has come, each once."""
        await self._tell_each(self.store.cases_shown_until, lambda case: ShowingEnded(case=case))

    async def _tell_each(
        self, due: Callable[[datetime, int], Awaitable[list[T]]], event: Callable[[T], Happening]
    ) -> None:
        """Handle an event for each that is due now: once, whether it is due again afterwards or not."""
        now, told = self.clock(), set[T]()
        while found := await due(now, BATCH + len(told)):
            portion = [each for each in found if each not in told][:BATCH]
            if not portion:
                return
            told.update(portion)
            await self.handle([Arrival((), event(each)) for each in portion])

    async def beat(self) -> None:
        """Record that this process is at work."""
        self.store.beat()

    async def offer_commands(self) -> None:
        """Put the commands into the menu beside the text field (Bot API, setMyCommands); without it all still works."""
        menu = [BotCommand(name, self.texts(words())) for name, words in MENU.items()]
        try:
            await self.bot.set_my_commands(menu)
        except TelegramError as error:
            _log.warning("commands_not_offered", code=from_library(error).code)


async def _repeat(work: Callable[[], Awaitable[None]], *, every: float, failure: str) -> NoReturn:
    """Do `work` every so many seconds; where it fails (a busy database), log `failure` and try again the next time."""
    while True:
        try:
            await work()
        except IntakeError as error:
            _log.warning(failure, code=error.code)
        await asyncio.sleep(every)
