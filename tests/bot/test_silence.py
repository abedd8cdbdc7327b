"""Who has been silent for as long as their session says is noticed by the bot."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from bot import upkeep
from bot.process import BotProcess
from flows.errors import Busy
from flows.events import Arrival, SilenceNoticed
from flows.ids import ChatId
from flows.ports.unit_of_work import Changes
from flows.session import Session
from main import open_database, open_process
from storage.database import Database
from tests.bot.process import Town, running
from tests.contract.samples import case

NOW = datetime.now(UTC)
AGO = NOW - timedelta(minutes=5)


async def _sleep(town: Town, count: int, *, wake_at: datetime = AGO) -> None:
    """Have sessions that are to be woken."""
    database = open_database(town.settings)
    try:
        async with database.begin() as work:
            sessions = [Session(ChatId(n), wake_at=wake_at) for n in range(1, count + 1)]
            await work.save(Changes(sessions=sessions), NOW)
            await work.commit()
    finally:
        await database.close()


class Heard:
    """Takes the place of the bot's `handle`; `moves` lets every chat that is noticed wake tomorrow."""

    def __init__(self, process: BotProcess, monkeypatch: pytest.MonkeyPatch, *, moves: bool) -> None:
        self.process = process
        self.moves = moves
        self.batches: list[list[int]] = []
        monkeypatch.setattr(process.upkeep, "handle", self.handle)

    async def handle(self, arrivals: Sequence[Arrival]) -> None:
        noticed = [arrival.event for arrival in arrivals if isinstance(arrival.event, SilenceNoticed)]
        assert len(noticed) == len(arrivals)
        self.batches.append([event.chat for event in noticed])
        if self.moves:
            async with self.process.store.begin() as work:
                moved = [Session(ChatId(chat), wake_at=NOW + timedelta(days=1)) for chat in self.batches[-1]]
                await work.save(Changes(sessions=moved), NOW)
                await work.commit()


@pytest.mark.parametrize("moves", [True, False])
async def test_each_chat_is_noticed_once_a_round_in_portions_whether_its_time_moves_or_not(
    town: Town, monkeypatch: pytest.MonkeyPatch, *, moves: bool
) -> None:
    monkeypatch.setattr(upkeep, "BATCH", 3)
    await _sleep(town, 8)
    async with open_process(town.settings) as process:
        heard = Heard(process, monkeypatch, moves=moves)
        await process.upkeep.notice_silence()
        assert heard.batches == [[1, 2, 3], [4, 5, 6], [7, 8]]
        heard.batches.clear()
        await process.upkeep.notice_silence()
        assert len(heard.batches) == (0 if moves else 3)


async def test_nobody_is_noticed_before_their_time(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    await _sleep(town, 2, wake_at=NOW + timedelta(hours=1))
    async with open_process(town.settings) as process:
        heard = Heard(process, monkeypatch, moves=False)
        await process.upkeep.notice_silence()
    assert heard.batches == []


async def test_a_running_house_notices_silence_and_goes_on_after_it_failed_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.upkeep.SILENCE_EVERY", 0.01)
    to_wake, calls, again = Database.to_wake, [], asyncio.Event()

    async def busy_once(self: Database, now: datetime, limit: int) -> list[ChatId]:
        calls.append(now)
        if len(calls) == 1:
            raise Busy
        again.set()
        return await to_wake(self, now, limit)

    monkeypatch.setattr(Database, "to_wake", busy_once)
    async with running(town.settings), asyncio.timeout(5):
        await again.wait()


async def test_a_case_whose_time_has_come_is_looked_at_once_and_nothing_is_said(town: Town) -> None:
    applied = case(due=AGO, stage="received")
    database = open_database(town.settings)
    try:
        async with database.begin() as work:
            await work.save(Changes(new_cases=[replace(applied, wake_at=AGO)]), NOW)
            await work.commit()
    finally:
        await database.close()
    async with open_process(town.settings) as process:
        for _ in range(2):
            await process.upkeep.look_at_cases()
    assert [row["case_id"] for row in town.audit("promise_due")] == [applied.id]
    assert town.rows("SELECT 1 FROM outbox") == []
