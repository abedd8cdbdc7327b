"""A served sandbox with a clock that stands still, a real telegram.Bot, and two people."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import telegram

from bot.sandbox import Person, Player, StandIn, serve

ZHANG, LI = 11, 22
START = 1_790_000_000.0


@dataclass
class StillClock:
    now: float = START

    def __call__(self) -> float:
        return self.now


@dataclass
class World:
    stand_in: StandIn
    url: str
    bot: telegram.Bot
    zhang: Player
    http: aiohttp.ClientSession
    clock: StillClock = field(default_factory=StillClock)

    async def fetch(self, offset: int = 0, limit: int = 100) -> list[dict[str, Any]]:
        """getUpdates as plain JSON, without waiting."""
        answer = await self.post("getUpdates", {"offset": offset, "limit": limit, "timeout": 0})
        result: list[dict[str, Any]] = answer["result"]
        return result

    async def poll_began(self) -> None:
        while not self.stand_in.state.queue.polls:  # noqa: ASYNC110 - the stand-in announces no poll
            await asyncio.sleep(0)

    async def post(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        url = f"{self.url}/bot{self.stand_in.token}/{method}"
        async with self.http.post(url, json=body) as response:
            answer: dict[str, Any] = await response.json()
        return answer

    async def control(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self.http.post(f"{self.url}/api/control/{what}", json=body) as response:
            answer: dict[str, Any] = await response.json()
        return answer


@asynccontextmanager
async def open_world() -> AsyncIterator[World]:
    clock = StillClock()
    stand_in = StandIn(clock=clock)
    stand_in.add_person(Person(id=ZHANG, first_name="张伟", phone="8613800001234"))
    stand_in.add_person(Person(id=LI, first_name="李娜"))
    async with serve(stand_in) as url, aiohttp.ClientSession() as http, Player(url, ZHANG) as zhang:
        bot = telegram.Bot(stand_in.token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot")
        async with bot:
            yield World(stand_in, url, bot, zhang, http, clock)


def inline(*labels_and_data: tuple[str, str]) -> telegram.InlineKeyboardMarkup:
    return telegram.InlineKeyboardMarkup(
        [[telegram.InlineKeyboardButton(label, callback_data=data)] for label, data in labels_and_data]
    )
