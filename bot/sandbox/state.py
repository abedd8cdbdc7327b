"""What Telegram holds: its clock, the bot's account, people, files, waiting updates, open taps."""

from collections.abc import Callable
from typing import Any

import msgspec

from bot.sandbox.commands import Commands
from bot.sandbox.errors import bad_request
from bot.sandbox.files import Files
from bot.sandbox.people import Chat, People
from bot.sandbox.update_queue import UpdateQueue

TAP_LIFETIME = 150.0


class Tap(msgspec.Struct, frozen=True):
    """An open callback query: whose chat, when (epoch seconds)."""

    chat_id: int
    at: float


class Taps:
    """Callback queries that may still be answered; each is forgotten TAP_LIFETIME after it was made."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._made = 0
        self._open: dict[str, Tap] = {}

    def add(self, chat_id: int) -> str:
        """Open a query; return its id."""
        self._forget_expired()
        self._made += 1
        query_id = str(4_000_000_000_000_000 + self._made)
        self._open[query_id] = Tap(chat_id, self._clock())
        return query_id

    def answer(self, query_id: str) -> Tap:
        """Return an open query; 400 when it is unknown or too old."""
        tap = self._open.get(query_id)
        if tap is None or self._clock() - tap.at >= TAP_LIFETIME:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        return tap

    def _forget_expired(self) -> None:
        oldest = self._clock() - TAP_LIFETIME
        while self._open:
            query_id, tap = next(iter(self._open.items()))
            if tap.at > oldest:
                return
            del self._open[query_id]


class State:
    """Everything the Bot API's methods read and change."""

    def __init__(self, bot_user: dict[str, Any], clock: Callable[[], float]) -> None:
        self.bot_user = bot_user
        self.skew = 0.0
        self.people = People()
        self.files = Files()
        self.queue = UpdateQueue(self.now)
        self.taps = Taps(self.now)
        self.commands = Commands()
        self._albums = 0
        self._clock = clock

    def now(self) -> float:
        """Return the instant, epoch seconds: the injected clock, moved on by `skew`."""
        return self._clock() + self.skew

    def chat(self, chat_id: int | None) -> Chat:
        """Return a chat as the bot sees it; 400 when there is none."""
        chat = None if chat_id is None else self.people.chats.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def next_album_id(self) -> str:
        """Take the next media_group_id."""
        self._albums += 1
        return str(13_000_000_000_000_000 + self._albums)

    def draft(self, chat: Chat, sender: dict[str, Any]) -> dict[str, Any]:
        """Return the common head of a new message; it takes the chat's next id."""
        return {
            "message_id": chat.next_message_id(),
            "from": sender,
            "chat": chat.person.as_chat(),
            "date": int(self.now()),
        }
