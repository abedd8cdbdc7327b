"""The people of the sandbox, their private chats with the bot, and what their screens are told."""

import asyncio
from collections import deque
from typing import Any, Literal

import msgspec

from bot.sandbox.errors import PeopleError

EVENTS_KEPT = 2_000

EventKind = Literal["message", "edit", "delete", "keyboard", "toast", "typing", "commands"]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody with a Telegram account; `phone` is its number, with the country's code and no plus.

    `role` and `hint` are texts for the page: who it is, what to play.
    """

    id: int
    first_name: str
    role: str = ""
    hint: str = ""
    phone: str = ""

    def as_user(self) -> dict[str, Any]:
        """Return Telegram's User."""
        return {"id": self.id, "is_bot": False, "first_name": self.first_name, "language_code": "zh-hans"}

    def as_contact(self) -> dict[str, Any]:
        """Return Telegram's Contact of the account itself; PeopleError no_phone."""
        if not self.phone:
            raise PeopleError("no_phone")
        return {"phone_number": self.phone, "first_name": self.first_name, "user_id": self.id}

    def as_chat(self) -> dict[str, Any]:
        """Return Telegram's private Chat: its id is the person's."""
        return {"id": self.id, "first_name": self.first_name, "type": "private"}


class Happening(msgspec.Struct, frozen=True):
    """One thing a person's screen is told: its place in the chat, kind, content."""

    seq: int
    kind: EventKind
    data: dict[str, Any]


class Chat:
    """A private chat: messages in both directions under one run of ids, the reply keyboard, the events.

    A message is Telegram's JSON; it is replaced when edited, never changed in place.
    """

    def __init__(self, person: Person) -> None:
        self.person = person
        self.messages: dict[int, dict[str, Any]] = {}
        self.keyboard: dict[str, Any] | None = None
        self.keyboard_from = 0
        self.seq = 0
        self._last_message_id = 0
        self._events: deque[Happening] = deque(maxlen=EVENTS_KEPT)
        self._listeners: set[asyncio.Event] = set()

    def next_message_id(self) -> int:
        """Take the next message id."""
        self._last_message_id += 1
        return self._last_message_id

    def put(self, message: dict[str, Any], kind: EventKind = "message") -> None:
        """Keep a new or an edited message and tell the screens."""
        self.messages[message["message_id"]] = message
        self.tell(kind, message)

    def remove(self, message_id: int) -> None:
        """Delete a message for both sides; raises KeyError when there is none."""
        del self.messages[message_id]
        self.tell("delete", {"message_id": message_id})

    def show_keyboard(self, keyboard: dict[str, Any] | None, message_id: int) -> None:
        """Put the reply keyboard that came with a message under the chat, or take it away."""
        self.keyboard_from = message_id
        if keyboard != self.keyboard:
            self.keyboard = keyboard
            self.tell("keyboard", {"keyboard": keyboard})

    def tell(self, kind: EventKind, data: dict[str, Any]) -> None:
        """Send something to the screens."""
        self.seq += 1
        self._events.append(Happening(self.seq, kind, data))
        for listener in self._listeners:
            listener.set()

    def after(self, seq: int) -> list[Happening]:
        """Return what happened after place `seq`, as far as it is kept."""
        if seq >= self.seq:
            return []
        newer = min(self.seq - seq, len(self._events))
        return [self._events[index] for index in range(len(self._events) - newer, len(self._events))]

    def listen(self, event: asyncio.Event) -> None:
        """Set `event` whenever something is told, until stop_listening. Clear it before looking."""
        self._listeners.add(event)

    def stop_listening(self, event: asyncio.Event) -> None:
        """Stop listening."""
        self._listeners.discard(event)

    def wake(self) -> None:
        """Set every listener, so that streams see that the server is closing."""
        for listener in self._listeners:
            listener.set()


class People:
    """Everybody in the sandbox, in the order they came."""

    def __init__(self) -> None:
        self.chats: dict[int, Chat] = {}

    def add(self, person: Person) -> Chat:
        """Add a person, or change the texts of one that is there."""
        chat = self.chats.get(person.id)
        if chat is None:
            chat = self.chats[person.id] = Chat(person)
        chat.person = person
        return chat

    def chat(self, person_id: int) -> Chat:
        """Return a person's chat; PeopleError unknown_person."""
        try:
            return self.chats[person_id]
        except KeyError as error:
            raise PeopleError("unknown_person") from error
