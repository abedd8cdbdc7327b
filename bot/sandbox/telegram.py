"""The stand-in itself: what people do on one side, what the bot calls on the other. No HTTP here."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.entities import marked
from bot.sandbox.errors import ApiError, ConnectionCut, PeopleError
from bot.sandbox.faults import Fault, Faults, Limits
from bot.sandbox.files import measure
from bot.sandbox.journal import Journal, Outcome
from bot.sandbox.keyboards import button_with
from bot.sandbox.methods import METHODS, Method
from bot.sandbox.params import LONGEST_CAPTION, LONGEST_TEXT, Params, chat_id_of
from bot.sandbox.people import Chat, Person
from bot.sandbox.state import TAP_LIFETIME, State

BOT_ID = 7_000_000_001
UNWRITTEN = frozenset({"getUpdates", "getMe"})

Json = dict[str, Any]


class StandIn:
    """Telegram in memory: one bot, whose token is `token`; `clock` gives epoch seconds.

    `state` is what Telegram holds, `faults` and `limits` what it does to a call, `journal` what was called.
    """

    def __init__(
        self,
        *,
        token: str = f"{BOT_ID}:sandbox",
        clock: Callable[[], float] = time.time,
        bot_name: str = "绿色通道受理助手",
    ) -> None:
        self.token = token
        bot_user = {"id": BOT_ID, "is_bot": True, "first_name": bot_name, "username": "sandbox_bot"}
        self.state = State(bot_user, clock)
        self.faults = Faults()
        self.limits = Limits(self.state.now)
        self.journal = Journal(self.state.now)
        self.closing = asyncio.Event()

    # what people do

    def add_person(self, person: Person) -> Chat:
        """Give somebody an account; an id that is there gets the new texts."""
        return self.state.people.add(person)

    def say(self, person_id: int, text: str) -> Json:
        """Let a person write; what is over 4096 characters goes as several messages, as apps do it.

        Gives the last message; PeopleError unknown_person, empty_text.
        """
        chat = self.state.people.chat(person_id)
        if not text.strip():
            raise PeopleError("empty_text")
        parts = [text[start : start + LONGEST_TEXT] for start in range(0, len(text), LONGEST_TEXT)]
        messages = [self._receive(chat, _texted(part)) for part in parts]
        return messages[-1]

    def tap(self, person_id: int, message_id: int, data: str) -> str:
        """Let a person press an inline button; give the callback query's id. PeopleError no_such_button."""
        chat = self.state.people.chat(person_id)
        message = chat.messages.get(message_id, {})
        if button_with(message, data) is None:
            raise PeopleError("no_such_button")
        query_id = self.state.taps.add(person_id)
        query = {
            "id": query_id,
            "from": chat.person.as_user(),
            "message": message,
            "chat_instance": str(person_id),
            "data": data,
        }
        self.state.queue.add("callback_query", query, lifetime=TAP_LIFETIME)
        return query_id

    def send_photo(
        self, person_id: int, content: bytes, *, caption: str = "", size: tuple[int, int] | None = None
    ) -> Json:
        """Let a person send a picture; `size` is for kinds whose header is not read here.

        PeopleError not_a_picture, caption_too_long.
        """
        chat = self.state.people.chat(person_id)
        measured = measure(content) or size
        if measured is None:
            raise PeopleError("not_a_picture")
        extra = _captioned(caption)
        return self._receive(chat, {"photo": self.state.files.add_photo(content, measured), **extra})

    def send_document(
        self, person_id: int, content: bytes, *, file_name: str, mime_type: str, caption: str = ""
    ) -> Json:
        """Let a person send a file; PeopleError caption_too_long."""
        chat = self.state.people.chat(person_id)
        extra = _captioned(caption)
        document = self.state.files.add_document(content, file_name, mime_type)
        return self._receive(chat, {"document": document, **extra})

    def _receive(self, chat: Chat, content: Json) -> Json:
        message = {**self.state.draft(chat, chat.person.as_user()), **content}
        chat.put(message)
        self.state.queue.add("message", message)
        return message

    # what the bot calls

    async def call(self, name: str, params: Params) -> Any:  # noqa: ANN401 - JSON
        """Run one Bot API method; give its result, raise ApiError or ConnectionCut."""
        method = METHODS.get(name.lower())
        if method is None:
            raise ApiError(404, "Not Found")
        chat_id = chat_id_of(params)
        fault = self.faults.take(method.name, chat_id) if self.faults.scripted else None
        try:
            result = await self._run(method, params, chat_id, fault)
        except ApiError as error:
            self._note(method, params, Outcome(chat_id=chat_id, status=error.code))
            raise
        cut = fault is not None and fault.kind == "cut_after"
        self._note(method, params, Outcome(chat_id=chat_id, message_id=_message_id(result), cut=cut))
        if cut:
            raise ConnectionCut
        if fault is not None and fault.kind == "delay_after":
            await asyncio.sleep(fault.seconds)
        return result

    async def _run(self, method: Method, params: Params, chat_id: int | None, fault: Fault | None) -> Any:  # noqa: ANN401 - JSON
        if fault is not None:
            await _before(fault)
        if self.limits.on and method.paced and chat_id is not None:
            self.limits.check(chat_id)
        result = method.run(self.state, params)
        return await result if isinstance(result, Awaitable) else result

    def _note(self, method: Method, params: Params, outcome: Outcome) -> None:
        if method.name not in UNWRITTEN:
            self.journal.note(method.name, params, outcome)

    def end_waits(self) -> None:
        """End waiting getUpdates calls and the screens' streams: the server is closing."""
        self.closing.set()
        self.state.queue.end_wait()
        for chat in self.state.people.chats.values():
            chat.wake()


async def _before(fault: Fault) -> None:
    if fault.kind == "delay":
        await asyncio.sleep(fault.seconds)
    if fault.kind == "cut_before":
        raise ConnectionCut
    error = fault.error()
    if error is not None:
        raise error


def _message_id(result: Any) -> int | None:  # noqa: ANN401 - JSON
    return result.get("message_id") if isinstance(result, dict) else None


def _texted(text: str) -> Json:
    entities = marked(text)
    return {"text": text, "entities": entities} if entities else {"text": text}


def _captioned(caption: str) -> Json:
    if len(caption) > LONGEST_CAPTION:
        raise PeopleError("caption_too_long")
    return {"caption": caption} if caption else {}
