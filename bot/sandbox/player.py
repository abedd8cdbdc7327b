"""Plays a person over HTTP: for tests, kill tests and benchmarks.

A wait looks at what the bot sent or edited after the player's own last act, and is woken by the chat's
stream; nothing sleeps and asks again.
"""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any, Self

import aiohttp
import msgspec

from bot.sandbox.listener import Listener
from bot.sandbox.screen import Json, Wanted, describe

CATCH_UP = 10.0  # seconds


class PlayerError(AssertionError):
    """What was waited for did not come, or cannot be done; the last messages are in the text."""


class Player:
    """Person `person_id` of the sandbox at `base_url`; use as an async context manager, or close it."""

    def __init__(self, base_url: str, person_id: int, *, session: aiohttp.ClientSession | None = None) -> None:
        self.person_id = person_id
        self._at = f"{base_url}/api/people/{person_id}"
        self._session = session
        self._own_session: aiohttp.ClientSession | None = None
        self._listener = Listener(f"{self._at}/stream", self._http)
        self._screen = self._listener.screen
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
        if self._listener.start():
            await self._catch_up()

    async def close(self) -> None:
        """Stop listening and close the session, if it is the player's own."""
        await self._listener.stop()
        if self._own_session is not None:
            await self._own_session.close()
            self._own_session = None

    # acts

    async def say(self, text: str) -> Json:
        """Write a text; return the message."""
        return await self._act("text", json={"text": text})

    async def tap(self, label: str, timeout: float = 10) -> Json:  # noqa: ASYNC109 - reads better in tests
        """Press the button with this label: inline, on the newest message that has it, else on the keyboard.

        Waits until there is one. A key that asks for a contact shares the person's own.
        Gives {"query_id"} or {"message"}.
        """
        await self.listen()
        await self._until(lambda: self._screen.button(label) is not None, timeout, f"a button {label!r}")
        found = self._screen.button(label)
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

    @property
    def toasts(self) -> list[Json]:
        """The answers to taps, oldest first: {query_id, text, show_alert}."""
        return self._screen.toasts

    @property
    def commands(self) -> list[Json]:
        """The commands in the menu beside the text field."""
        return self._screen.commands

    async def messages(self) -> list[Json]:
        """Return the chat as it is now, oldest first."""
        await self.listen()
        await self._catch_up()
        return list(self._screen.messages.values())

    async def last(self) -> Json:
        """Return the bot's newest message as it is now; PlayerError when there is none."""
        await self.messages()
        return self._found(self._screen.last_of_bot(), "a message of the bot")

    async def keyboard(self) -> Json | None:
        """Return the reply keyboard as it is now."""
        await self.messages()
        return self._screen.keyboard

    async def wait_for(self, wanted: Wanted, timeout: float = 10) -> Json:  # noqa: ASYNC109 - reads better in tests
        """Return the first message the bot sent or edited since the player's last act that is `wanted`.

        `wanted` is a part of its text or caption, or a predicate. PlayerError after `timeout` seconds.
        """
        await self.listen()
        mark = self._mark
        await self._until(lambda: self._screen.first(wanted, after=mark) is not None, timeout, describe(wanted))
        return self._found(self._screen.first(wanted, after=mark), describe(wanted))

    async def wait_for_toast(self, query_id: str, timeout: float = 10) -> Json:  # noqa: ASYNC109 - reads better in tests
        """Return the answer to a tap: {query_id, text, show_alert}."""
        await self.listen()
        what = f"an answer to tap {query_id}"
        await self._until(lambda: self._screen.toast(query_id) is not None, timeout, what)
        return self._found(self._screen.toast(query_id), what)

    # the connection

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
        await self._until(lambda: self._screen.seen >= seq, CATCH_UP, "the stream to catch up")

    async def _until(self, reached: Callable[[], bool], seconds: float, what: str) -> None:
        try:
            await self._listener.until(reached, seconds)
        except TimeoutError as error:
            raise self._failure(what) from error

    def _http(self) -> aiohttp.ClientSession:
        if self._session is not None:
            return self._session
        if self._own_session is None:
            self._own_session = aiohttp.ClientSession()
        return self._own_session

    def _found(self, found: Json | None, what: str) -> Json:
        if found is None:
            raise self._failure(what)
        return found

    def _failure(self, what: str) -> PlayerError:
        heading = f"person {self.person_id} waited for {what}; the chat ends:"
        return PlayerError("\n".join([heading, *self._screen.ending()]))


def _form(fields: dict[str, str]) -> aiohttp.FormData:
    return aiohttp.FormData(fields, quote_fields=False)
