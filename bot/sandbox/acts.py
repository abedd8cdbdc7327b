"""What people do in their chats. Each act changes the chat, and queues what Telegram tells the bot of it."""

from collections.abc import Sequence
from typing import Any

import msgspec

from bot.sandbox.entities import marked
from bot.sandbox.errors import NotAPicture, PeopleError
from bot.sandbox.files import Attachment
from bot.sandbox.keyboards import asks_contact, button_with
from bot.sandbox.params import LONGEST_CAPTION, LONGEST_TEXT
from bot.sandbox.people import Chat, Person
from bot.sandbox.state import TAP_LIFETIME, State

BIGGEST_ALBUM = 10
EDITABLE_SECONDS = 48 * 3600
CAPTIONED = ("photo", "document", "voice", "video")
ALBUMS = (frozenset({"photo", "video"}), frozenset({"document"}))
NOT_FORWARDED = frozenset(
    {"message_id", "from", "chat", "date", "edit_date", "reply_markup", "media_group_id", "reply_to_message"}
)

Json = dict[str, Any]


class Card(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Telegram's Contact; `user_id` is there when the app knows the account."""

    phone_number: str
    first_name: str
    last_name: str = ""
    user_id: int | None = None


class Acts:
    """What a person can do, over one state. Everything raises PeopleError, unknown_person first of all."""

    def __init__(self, state: State) -> None:
        self.state = state

    def say(self, person_id: int, text: str) -> Json:
        """Let a person write; what is over 4096 characters goes as several messages, as apps do it.

        Gives the last message; PeopleError empty_text.
        """
        chat = self.state.people.chat(person_id)
        if not text.strip():
            raise PeopleError("empty_text")
        parts = [text[start : start + LONGEST_TEXT] for start in range(0, len(text), LONGEST_TEXT)]
        messages = [self._receive(chat, _texted(part)) for part in parts]
        return messages[-1]

    def tap(self, person_id: int, message_id: int, data: str) -> str:
        """Let a person press an inline button; return the callback query's id. PeopleError no_such_button."""
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
        return self.send(person_id, Attachment(kind="photo", content=content, size=size), caption=caption)

    def send_document(
        self, person_id: int, content: bytes, *, file_name: str, mime_type: str, caption: str = ""
    ) -> Json:
        """Let a person send a file; PeopleError caption_too_long."""
        document = Attachment(kind="document", content=content, file_name=file_name, mime_type=mime_type)
        return self.send(person_id, document, caption=caption)

    def send(self, person_id: int, attachment: Attachment, *, caption: str = "") -> Json:
        """Let a person send a file of any kind; PeopleError not_a_picture, caption_too_long."""
        return self.send_album(person_id, [attachment], caption=caption)[0]

    def send_album(self, person_id: int, attachments: Sequence[Attachment], *, caption: str = "") -> list[Json]:
        """Let a person send several files at once: a message each, ten to a media group, the caption on the first.

        Photos and videos go together, documents by themselves; voice messages only alone. Nothing is sent where a
        PeopleError says why: no_file, mixed_album, not_a_picture, caption_too_long.
        """
        chat = self.state.people.chat(person_id)
        _check_album([attachment.kind for attachment in attachments])
        captioned = _captioned(caption)
        contents = [self._store(attachment) for attachment in attachments]
        contents[0] |= captioned
        groups = [contents[start : start + BIGGEST_ALBUM] for start in range(0, len(contents), BIGGEST_ALBUM)]
        return [message for group in groups for message in self._receive_group(chat, group)]

    def share_own_contact(self, person_id: int, *, by_key: bool = False) -> Json:
        """Let a person share their own number, from the menu or `by_key` of the reply keyboard.

        By key it answers the message that brought the keyboard. PeopleError no_phone, no_such_button.
        """
        chat = self.state.people.chat(person_id)
        content: Json = {"contact": chat.person.as_contact()}
        if by_key and not asks_contact(chat.keyboard):
            raise PeopleError("no_such_button")
        asked = chat.messages.get(chat.keyboard_from) if by_key else None
        return self._receive(chat, {**content, "reply_to_message": asked} if asked else content)

    def share_contact(self, person_id: int, card: Card) -> Json:
        """Let a person share a card of their address book, whatever it says; PeopleError no_phone."""
        chat = self.state.people.chat(person_id)
        if not card.phone_number.strip():
            raise PeopleError("no_phone")
        return self._receive(chat, {"contact": msgspec.to_builtins(card)})

    def forward(self, person_id: int, message_id: int) -> Json:
        """Let a person forward a message of this chat, of either side, into it.

        PeopleError unknown_message, protected for what the bot sent with protect_content.
        """
        chat = self.state.people.chat(person_id)
        message = _message(chat, message_id)
        if message.get("has_protected_content"):
            raise PeopleError("protected")
        origin = {"type": "user", "sender_user": message["from"], "date": message["date"]}
        content = {name: value for name, value in message.items() if name not in NOT_FORWARDED}
        return self._receive(chat, {"forward_origin": origin, **content})

    def forward_text(self, person_id: int, text: str, *, name: str, user_id: int | None = None) -> Json:
        """Let a person forward what somebody wrote elsewhere; without `user_id` the account stays hidden.

        PeopleError empty_text, text_too_long.
        """
        chat = self.state.people.chat(person_id)
        content = _texted(_checked(text))
        if user_id is None:
            origin: Json = {"type": "hidden_user", "sender_user_name": name}
        else:
            origin = {"type": "user", "sender_user": Person(id=user_id, first_name=name).as_user()}
        return self._receive(chat, {"forward_origin": {**origin, "date": int(self.state.now())}, **content})

    def edit(self, person_id: int, message_id: int, text: str) -> Json:
        """Let a person change a text or a caption of their own, within 48 hours; the bot gets an edited_message.

        A text that stays the same is no edit. PeopleError unknown_message, not_editable, empty_text, text_too_long,
        caption_too_long.
        """
        chat = self.state.people.chat(person_id)
        message = _message(chat, message_id)
        if not self._is_editable(message):
            raise PeopleError("not_editable")
        changes = _texted(_checked(text)) if "text" in message else _captioned(text)
        kept = {name: value for name, value in message.items() if name not in {"text", "entities", "caption"}}
        if {**kept, **changes} == message:
            return message
        edited = {**kept, "edit_date": int(self.state.now()), **changes}
        chat.put(edited, "edit")
        self.state.queue.add("edited_message", edited)
        return edited

    def delete(self, person_id: int, message_id: int) -> None:
        """Let a person delete a message of either side, for both; the bot is told nothing.

        PeopleError unknown_message.
        """
        chat = self.state.people.chat(person_id)
        _message(chat, message_id)
        chat.remove(message_id)

    def _is_editable(self, message: Json) -> bool:
        own = not message["from"]["is_bot"] and "forward_origin" not in message
        lasting = self.state.now() - message["date"] <= EDITABLE_SECONDS
        return own and lasting and not message.keys().isdisjoint({"text", *CAPTIONED})

    def _store(self, attachment: Attachment) -> Json:
        try:
            return dict(self.state.files.add(attachment))
        except NotAPicture as error:
            raise PeopleError("not_a_picture") from error

    def _receive_group(self, chat: Chat, contents: Sequence[Json]) -> list[Json]:
        group = {"media_group_id": self.state.next_album_id()} if len(contents) > 1 else {}
        return [self._receive(chat, {**group, **content}) for content in contents]

    def _receive(self, chat: Chat, content: Json) -> Json:
        message = {**self.state.draft(chat, chat.person.as_user()), **content}
        chat.put(message)
        self.state.queue.add("message", message)
        return message


def _message(chat: Chat, message_id: int) -> Json:
    try:
        return chat.messages[message_id]
    except KeyError as error:
        raise PeopleError("unknown_message") from error


def _check_album(kinds: Sequence[str]) -> None:
    if not kinds:
        raise PeopleError("no_file")
    if len(kinds) > 1 and not any(album.issuperset(kinds) for album in ALBUMS):
        raise PeopleError("mixed_album")


def _checked(text: str) -> str:
    if not text.strip():
        raise PeopleError("empty_text")
    if len(text) > LONGEST_TEXT:
        raise PeopleError("text_too_long")
    return text


def _texted(text: str) -> Json:
    entities = marked(text)
    return {"text": text, "entities": entities} if entities else {"text": text}


def _captioned(caption: str) -> Json:
    if len(caption) > LONGEST_CAPTION:
        raise PeopleError("caption_too_long")
    return {"caption": caption} if caption else {}
