"""Server-sent events: what a screen is told, as it happens.

Each event has PERSON:PLACE (the place in that chat) as its id, its kind as event, the content as data.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import msgspec
from starlette.responses import StreamingResponse

from bot.sandbox.people import Chat, Happening
from bot.sandbox.telegram import StandIn

HEARTBEAT_SECONDS = 15.0


@dataclass
class Followed:
    """A chat and the place up to which it was told."""

    chat: Chat
    seq: int

    def news(self) -> list[bytes]:
        """Return what was not told yet, encoded."""
        happened = self.chat.after(self.seq)
        self.seq = happened[-1].seq if happened else self.seq
        return [_encoded(self.chat, happening) for happening in happened]


def event_stream(stand_in: StandIn, followed: list[Followed]) -> StreamingResponse:
    """Answer with a stream that ends when the server closes."""
    return StreamingResponse(
        _events(stand_in, followed), media_type="text/event-stream", headers={"cache-control": "no-store"}
    )


async def _events(stand_in: StandIn, followed: list[Followed]) -> AsyncIterator[bytes]:
    told = asyncio.Event()
    for each in followed:
        each.chat.listen(told)
    try:
        yield b"retry: 500\n\n"
        while not stand_in.closing.is_set():
            told.clear()
            news = [event for each in followed for event in each.news()]
            yield b"".join(news) or await _silence(told)
    finally:
        for each in followed:
            each.chat.stop_listening(told)


async def _silence(told: asyncio.Event) -> bytes:
    try:
        async with asyncio.timeout(HEARTBEAT_SECONDS):
            await told.wait()
    except TimeoutError:
        return b": still here\n\n"
    return b""


def _encoded(chat: Chat, happening: Happening) -> bytes:
    place = b"%d:%d" % (chat.person.id, happening.seq)
    data = msgspec.json.encode(happening.data)
    return b"id: %s\nevent: %s\ndata: %s\n\n" % (place, happening.kind.encode(), data)
