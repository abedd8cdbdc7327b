"""Plays a person over HTTP: for tests, kill tests and benchmarks.

A wait looks at what the bot sent or edited after the player's own last act, and is woken by the chat's
stream; nothing sleeps and asks again.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from io import BytesIO
from typing import Any, Self

import aiohttp
import msgspec

from bot.sandbox.people import EventKind, Happening

Json = dict[str, Any]
Wanted = str | Callable[[Json], bool]

SHOWN_ON_FAILURE = 6
SHOWN_OF_TEXT = 200


class PlayerError(AssertionError):
    """What was waited for did not come, or cannot be done; the last messages are in the text."""


class Player:
    """Person `person_id` of the sandbox at `base_url`; use as an async context manager, or close it."""

    def __init__(self, base_url: str, person_id: int, *, session: aiohttp.ClientSession | None = None) -> None:
        self.person_id = person_id
        self.toasts: list[Json] = []
        self.commands: list[Json] = []
        self._base = base_url
        self._at = f"{base_url}/api/people/{person_id}"
        self._session = session
        self._own_session: aiohttp.ClientSession | None = None
        self._stream: asyncio.Task[None] | None = None
        self._news = asyncio.Condition()
        self._messages: dict[int, Json] = {}
        self._keyboard: Json | None = None
        self._shown: list[tuple[int, Json]] = []
        self._seen = 0
        self._mark = 0

    async def __aenter__(self) -> Self:
        """Start listening."""
        await self.listen()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        """Stop listening."""
        await self.close()

    async def listen(self) -> None:
        """Follow the chat from its beginning, unless that is done already."""
        if self._stream is None:
            self._stream = asyncio.create_task(self._follow())
            await self._catch_up()

    async def close(self) -> None:
        """Stop listening and close the session, if it is the player's own."""
        if self._stream is not None:
            self._stream.cancel()
            with contextlib.suppress(asyncio.CancelledError, aiohttp.ClientError):
                await self._stream
            self._stream = None
        if self._own_session is not None:
            await self._own_session.close()
            self._own_session = None

    # acts

    async def say(self, text: str) -> Json:
        """Write a text; give the message."""
        return await self._act("text", json={"text": text})

    async def tap(self, label: str, timeout: float = 10) -> Json:  # noqa: ASYNC109 - reads better in tests
        """Press the button with this label: inline, on the newest message that has it, else on the keyboard.

        Waits until there is one. A key that asks for a contact shares the person's own.
        Gives {"query_id"} or {"message"}.
        """
        await self.listen()
        await self._until(lambda: self._button(label) is not None, timeout, f"a button {label!r}")
        found = self._button(label)
        if isinstance(found, tuple):
            return await self.tap_data(*found)
        if found and found.get("request_contact"):
            return await self._act("contact", json={"by_key": True})
        return await self.say(label if found is None else found["text"])

    async def tap_data(self, message_id: int, data: str) -> Json:
        """Press the inline button of a message that carries `data`."""
        return await self._act("tap", json={"message_id": message_id, "data": data})

    async def send_photo(self, content: bytes, *, caption: str = "", size: tuple[int, int] | None = None) -> Json:
        """Send a picture; `size` for one whose header the sandbox does not read."""
        fields = {"as": "photo", "caption": caption}
        if size:
            fields |= {"width": str(size[0]), "height": str(size[1])}
        return await self._upload(content, "photo.jpg", "image/jpeg", fields)

    async def send_document(
        self, content: bytes, file_name: str, mime_type: str = "application/pdf", *, caption: str = ""
    ) -> Json:
        """Send a file."""
        return await self._upload(content, file_name, mime_type, {"as": "document", "caption": caption})

    async def send_album(self, pictures: Sequence[bytes], *, caption: str = "") -> Json:
        """Send several pictures at once; gives {"messages"} too."""
        form = _form({"as": "photo", "caption": caption})
        for number, content in enumerate(pictures, 1):
            form.add_field("file", BytesIO(content), filename=f"photo{number}.jpg", content_type="image/jpeg")
        return await self._act("upload", data=form)

    async def send_voice(self, content: bytes = b"OggS", *, seconds: int = 3) -> Json:
        """Send a voice message."""
        return await self._upload(content, "voice.oga", "audio/ogg", {"as": "voice", "seconds": str(seconds)})

    async def send_video(self, content: bytes = b"ftyp", *, seconds: int = 3, caption: str = "") -> Json:
        """Send a video."""
        fields = {"as": "video", "seconds": str(seconds), "caption": caption}
        return await self._upload(content, "video.mp4", "video/mp4", fields)

    async def send_contact(self, phone_number: str = "", first_name: str = "", *, user_id: int | None = None) -> Json:
        """Share a card of the address book; without a number, the person's own contact."""
        if not phone_number:
            return await self._act("contact", json={})
        card = {"phone_number": phone_number, "first_name": first_name, "user_id": user_id}
        return await self._act("contact", json={"card": card})

    async def forward(self, text: str, *, name: str = "", user_id: int | None = None) -> Json:
        """Forward what `name` wrote elsewhere; without `user_id` their account stays hidden."""
        return await self._act("forward", json={"text": text, "name": name, "user_id": user_id})

    async def forward_message(self, message_id: int) -> Json:
        """Forward a message of this chat into it."""
        return await self._act("forward", json={"message_id": message_id})

    async def edit(self, message_id: int, text: str) -> Json:
        """Change a text or a caption of the person's own."""
        return await self._act("edit", json={"message_id": message_id, "text": text})

    async def delete(self, message_id: int) -> Json:
        """Delete a message of either side; the bot is told nothing."""
        return await self._act("delete", json={"message_id": message_id})

    # what the screen shows

    async def messages(self) -> list[Json]:
        """Give the chat as it is now, oldest first."""
        await self.listen()
        await self._catch_up()
        return list(self._messages.values())

    async def last(self) -> Json:
        """Give the bot's newest message as it is now; PlayerError when there is none."""
        for message in reversed(await self.messages()):
            if message["from"]["is_bot"]:
                return message
        raise self._failure("a message of the bot")

    async def keyboard(self) -> Json | None:
        """Give the reply keyboard as it is now."""
        await self.messages()
        return self._keyboard

    async def wait_for(self, wanted: Wanted, timeout: float = 10) -> Json:  # noqa: ASYNC109 - reads better in tests
        """Give the first message the bot sent or edited since the player's last act that is `wanted`.

        `wanted` is a part of its text or caption, or a predicate. PlayerError after `timeout` seconds.
        """
        await self.listen()
        mark = self._mark
        await self._until(lambda: self._match(wanted, mark) is not None, timeout, _describe(wanted))
        found = self._match(wanted, mark)
        if found is None:
            raise self._failure(_describe(wanted))
        return found

    async def wait_for_toast(self, query_id: str, timeout: float = 10) -> Json:  # noqa: ASYNC109 - reads better in tests
        """Give the answer to a tap: {query_id, text, show_alert}."""
        await self.listen()

        def answers() -> list[Json]:
            return [toast for toast in self.toasts if toast["query_id"] == query_id]

        await self._until(lambda: bool(answers()), timeout, f"an answer to tap {query_id}")
        return answers()[0]

    def _match(self, wanted: Wanted, mark: int) -> Json | None:
        matches = wanted if callable(wanted) else _holds(wanted)
        return next((message for seq, message in self._shown if seq > mark and matches(message)), None)

    def _button(self, label: str) -> tuple[int, str] | Json | None:
        for fits in (label.__eq__, lambda text: label in text):
            for message in reversed(self._messages.values()):
                for button in _buttons(message.get("reply_markup", {}).get("inline_keyboard")):
                    if fits(button["text"]) and "callback_data" in button:
                        return message["message_id"], button["callback_data"]
            for button in _buttons((self._keyboard or {}).get("keyboard")):
                if fits(button["text"]):
                    return button
        return None

    # the line

    async def _act(self, what: str, **request: Any) -> Json:  # noqa: ANN401 - JSON
        async with self._http().post(f"{self._at}/{what}", **request) as response:
            result: Json = msgspec.json.decode(await response.read())
            if not response.ok:
                raise self._failure(f"{what} to be accepted ({result.get('error')})")
        self._mark = result["seq"]
        return result

    async def _upload(self, content: bytes, name: str, mime_type: str, fields: dict[str, str]) -> Json:
        form = _form(fields)
        form.add_field("file", BytesIO(content), filename=name, content_type=mime_type)
        return await self._act("upload", data=form)

    async def _catch_up(self) -> None:
        async with self._http().get(f"{self._at}/chat") as response:
            if not response.ok:
                raise self._failure("a chat")
            seq = msgspec.json.decode(await response.read())["seq"]
        await self._until(lambda: self._seen >= seq, 10, "the stream to catch up")

    async def _until(self, reached: Callable[[], bool], timeout: float, what: str) -> None:  # noqa: ASYNC109 - as above
        try:
            async with asyncio.timeout(timeout), self._news:
                await self._news.wait_for(reached)
        except TimeoutError as error:
            raise self._failure(what) from error

    async def _follow(self) -> None:
        timeout = aiohttp.ClientTimeout(total=None)
        while True:
            with contextlib.suppress(aiohttp.ClientError, ConnectionError):
                url = f"{self._at}/stream?since={self._seen}"
                async with self._http().get(url, timeout=timeout) as response:
                    async for happening in _happenings(response):
                        await self._note(happening)
            await asyncio.sleep(0.05)

    async def _note(self, happening: Happening) -> None:
        async with self._news:
            self._seen = happening.seq
            self._apply(happening)
            self._news.notify_all()

    def _apply(self, happening: Happening) -> None:
        data = happening.data
        match happening.kind:
            case "message" | "edit":
                self._messages[data["message_id"]] = data
                if data["from"]["is_bot"]:
                    self._shown.append((happening.seq, data))
            case "delete":
                self._messages.pop(data["message_id"], None)
            case "keyboard":
                self._keyboard = data["keyboard"]
            case "toast":
                self.toasts.append(data)
            case "commands":
                self.commands = data["commands"]
            case "typing":
                pass

    def _http(self) -> aiohttp.ClientSession:
        if self._session is not None:
            return self._session
        if self._own_session is None:
            self._own_session = aiohttp.ClientSession()
        return self._own_session

    def _failure(self, what: str) -> PlayerError:
        shown = list(self._messages.values())[-SHOWN_ON_FAILURE:]
        lines = [f"  {'bot' if each['from']['is_bot'] else 'person'}: {_outline(each)}" for each in shown]
        return PlayerError("\n".join([f"person {self.person_id} waited for {what}; the chat ends:", *lines]))


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


def _form(fields: dict[str, str]) -> aiohttp.FormData:
    return aiohttp.FormData(fields, quote_fields=False)


def _buttons(rows: list[list[Json]] | None) -> list[Json]:
    return [button for row in rows or [] for button in row]


def _text(message: Json) -> str:
    return str(message.get("text") or message.get("caption") or "")


def _holds(part: str) -> Callable[[Json], bool]:
    return lambda message: part in _text(message)


def _describe(wanted: Wanted) -> str:
    return "a message that fits" if callable(wanted) else f"a message with {wanted!r}"


def _outline(message: Json) -> str:
    kinds = [kind for kind in ("photo", "document", "voice", "video", "contact") if kind in message]
    labels = [button["text"] for button in _buttons(message.get("reply_markup", {}).get("inline_keyboard"))]
    shown = _text(message)[:SHOWN_OF_TEXT]
    return " ".join([*(f"<{kind}>" for kind in kinds), shown, *(f"[{label}]" for label in labels)])
