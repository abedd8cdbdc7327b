"""What Telegram sends -> what happened: an `Update` becomes an `Arrival`, or nothing where it concerns nobody here.

Pure. An update that python-telegram-bot cannot read, or that raises here, is the receiver's dead letter.
"""

import re
from collections.abc import Callable
from typing import Any

from telegram import Bot, CallbackQuery, Message, Update
from telegram.constants import ChatType

from flows.events import (
    Arrival,
    ButtonTapped,
    CommandReceived,
    Event,
    FileReceived,
    GroupWritten,
    MessageReceived,
    OtherReceived,
    TextReceived,
)
from flows.ids import ChatId, MessageId

ALLOWED_UPDATES = ("message", "edited_message", "callback_query")

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?:\s+(.*))?\s*", re.DOTALL)
_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
# An animation carries a `document` too, and a venue a `location`: the more telling name comes first.
_OTHERS_BEFORE_FILES = ("animation",)
_OTHERS = (
    "sticker",
    "voice",
    "audio",
    "video",
    "video_note",
    "venue",
    "location",
    "contact",
    "poll",
    "dice",
    "story",
    "game",
    "checklist",
    "live_photo",
    "paid_media",
    "invoice",
    "giveaway",
)
UNKNOWN = "unknown"


def parse(raw: dict[str, Any], bot: Bot) -> Update:
    """Read one raw update. Raises whatever python-telegram-bot raises at what it cannot read."""
    return Update.de_json(raw, bot)


def translate(update: Update, username: str) -> Arrival | None:
    """Say what happened; None where it concerns nobody here. `username` is the bot's own, without @."""
    for keys, event in (_message(update, username), _edit(update), _tap(update)):
        if event is not None:
            return Arrival((f"u:{update.update_id}", *keys), event)
    return None


_Reading = tuple[tuple[str, ...], Event | None]
_NOTHING: _Reading = ((), None)


def _message(update: Update, username: str) -> _Reading:
    message = update.message
    if message is None or (message.from_user is not None and message.from_user.is_bot):
        return _NOTHING
    keys = (f"m:{message.chat.id}:{message.message_id}",)
    if message.chat.type == ChatType.PRIVATE:
        return keys, _private(message, username)
    if message.chat.type in _GROUPS and _command(message, username) is not None:
        return keys, GroupWritten(chat=ChatId(message.chat.id))
    return _NOTHING


def _edit(update: Update) -> _Reading:
    """Give no event yet: what was answered stays as it was read. The key is ready for when there is one."""
    message = update.edited_message
    if message is None or message.edit_date is None:
        return _NOTHING
    return (f"e:{message.chat.id}:{message.message_id}:{int(message.edit_date.timestamp())}",), None


def _tap(update: Update) -> _Reading:
    query = update.callback_query
    if query is None or query.from_user.is_bot:
        return _NOTHING
    return (f"t:{query.id}",), _tapped(query)


def _tapped(query: CallbackQuery) -> ButtonTapped | None:
    """Read a tap in a private chat; the message under it may be too old for Telegram to show, or not be said at all.

    A private chat's id is its user's, so the tap can be answered even then, as that of an old button.
    """
    under = query.message
    if under is not None and under.chat.type != ChatType.PRIVATE:
        return None
    return ButtonTapped(
        chat=ChatId(query.from_user.id),
        query=query.id,
        message=MessageId(0 if under is None else under.message_id),
        data=query.data or "",
    )


def _private(message: Message, username: str) -> Event | None:
    readers: tuple[Callable[[], MessageReceived | None], ...] = (
        lambda: _command(message, username),
        lambda: _text(message),
        lambda: _other(message, _OTHERS_BEFORE_FILES),
        lambda: _photo(message),
        lambda: _document(message),
        lambda: _other(message, _OTHERS),
        lambda: _unknown(message),
    )
    return next((event for read in readers if (event := read()) is not None), None)


def _head(message: Message) -> dict[str, Any]:
    return {"chat": ChatId(message.chat.id), "message": MessageId(message.message_id), "at": message.date}


def _command(message: Message, username: str) -> CommandReceived | None:
    """`/name argument` or `/name@this_bot argument`; what is meant for another bot is none of ours."""
    found = _COMMAND.fullmatch(message.text or "")
    if found is None or (found[2] or username).lower() != username.lower():
        return None
    return CommandReceived(**_head(message), name=found[1].lower(), argument=(found[3] or "").strip())


def _text(message: Message) -> TextReceived | None:
    return TextReceived(**_head(message), text=message.text) if message.text else None


def _photo(message: Message) -> FileReceived | None:
    if not message.photo:
        return None
    largest = max(message.photo, key=lambda size: size.width * size.height)
    return FileReceived(
        **_head(message),
        file_id=largest.file_id,
        unique_id=largest.file_unique_id,
        kind="photo",
        size=largest.file_size or 0,
        mime="image/jpeg",  # Telegram makes every photo one
        caption=message.caption or "",
    )


def _document(message: Message) -> FileReceived | None:
    document = message.document
    if document is None:
        return None
    return FileReceived(
        **_head(message),
        file_id=document.file_id,
        unique_id=document.file_unique_id,
        kind="document",
        size=document.file_size or 0,
        name=document.file_name or "",
        mime=document.mime_type or "",
        caption=message.caption or "",
    )


def _other(message: Message, kinds: tuple[str, ...]) -> OtherReceived | None:
    kind = next((kind for kind in kinds if getattr(message, kind)), None)
    return None if kind is None else OtherReceived(**_head(message), kind=kind)


def _unknown(message: Message) -> OtherReceived | None:
    """Read a kind newer than the library: it leaves unknown fields, while a service message (a pin) leaves none."""
    return OtherReceived(**_head(message), kind=UNKNOWN) if message.api_kwargs else None
