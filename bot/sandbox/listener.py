"""Follows one chat of the sandbox by its stream, so that a player can wait for what it shows."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import aiohttp
import msgspec

from bot.sandbox.people import EventKind, Happening
from bot.sandbox.screen import Screen

RECONNECT = 0.05  # seconds until a stream that broke is opened again


class Listener:
    """Keeps `screen` up to date with the stream at `url`. `session` gives the HTTP session to use."""

    def __init__(self, url: str, session: Callable[[], aiohttp.ClientSession]) -> None:
        self.screen = Screen()
        self._url = url
        self._session = session
        self._stream: asyncio.Task[None] | None = None
        self._news = asyncio.Condition()

    def start(self) -> bool:
        """Follow the chat from its beginning; return False if that is done already."""
        if self._stream is not None:
            return False
        self._stream = asyncio.create_task(self._follow())
        return True

    async def stop(self) -> None:
        """Stop following."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.cancel()
            with contextlib.suppress(asyncio.CancelledError, aiohttp.ClientError):
                await stream

    async def until(self, reached: Callable[[], bool], seconds: float) -> None:
        """Wait until a condition on the screen holds. Raises TimeoutError after so many seconds."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(reached)

    async def _follow(self) -> None:
        timeout = aiohttp.ClientTimeout(total=None)
        while True:
            with contextlib.suppress(aiohttp.ClientError, ConnectionError):
                url = f"{self._url}?since={self.screen.seen}"
                async with self._session().get(url, timeout=timeout) as response:
                    async for happening in _happenings(response):
                        await self._note(happening)
            await asyncio.sleep(RECONNECT)

    async def _note(self, happening: Happening) -> None:
        async with self._news:
            self.screen.apply(happening)
            self._news.notify_all()


async def _happenings(response: aiohttp.ClientResponse) -> AsyncIterator[Happening]:
    fields: dict[str, str] = {}
    async for line in response.content:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name:
            fields[name] = value
        elif "data" in fields:
            kind: EventKind = msgspec.convert(fields["event"], EventKind)
            yield Happening(int(fields["id"].partition(":")[2]), kind, msgspec.json.decode(fields["data"]))
            fields = {}
