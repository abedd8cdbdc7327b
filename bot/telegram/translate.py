"""What Telegram sends -> what happened: an `Update` becomes an `Arrival`, or nothing where it concerns nobody here.

Pure. An update that python-telegram-bot cannot read, or that raises here, becomes a dead letter in `inbox`.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from telegram import (
    Animation,
    Audio,
    Bot,
    CallbackQuery,
    Document,
    Message,
    PhotoSize,
    Update,
    Video,
    VideoNote,
    Voice,
)
from telegram.constants import ChatType

from flows.events import (
    Arrival,
    ButtonTapped,
    CommandReceived,
    ContactShared,
    Event,
    FileReceived,
    GroupWritten,
    MessageEdited,
    MessageReceived,
    OtherReceived,
    TextReceived,
)
from flows.ids import ChatId, MessageId

ALLOWED_UPDATES = ("message", "edited_message", "callback_query")

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?:\s+(.*))?\s*", re.DOTALL)
_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
# An animation carries a `document` too, a live photo a `photo`, and a venue a `location`: what is read first counts.
_PLAYED = ("animation", "voice", "audio", "video", "video_note")
_OTHERS = (
    "sticker",
    "venue",
    "location",
    "poll",
    "dice",
    "story",
    "game",
    "checklist",
    "paid_media",
    "invoice",
    "giveaway",
)
UNKNOWN = "unknown"


def parse(raw: dict[str, Any], bot: Bot) -> Update:
    """Read one raw update. Raises whatever python-telegram-bot raises at what it cannot read."""
    return Update.de_json(raw, bot)


def translate(update: Update, username: str) -> Arrival | None:
    """Return what happened; None where it concerns nobody here. `username` is the bot's own, without @."""
    for keys, event in (_message(update, username), _edit(update), _tap(update)):
        if event is not None:
            return Arrival((f"u:{update.update_id}", *keys), event)
    return None


_Media = PhotoSize | Document | Animation | Voice | Audio | Video | VideoNote
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
    message = update.edited_message
    if message is None or message.edit_date is None or (message.from_user is not None and message.from_user.is_bot):
        return _NOTHING
    keys = (f"e:{message.chat.id}:{message.message_id}:{int(message.edit_date.timestamp())}",)
    return keys, _edited(message, message.edit_date) if message.chat.type == ChatType.PRIVATE else None


def _edited(message: Message, at: datetime) -> MessageEdited | None:
    """Read what the message says now; None where it neither says a word nor is a file (a live location that moved).

    Telegram does not say what was edited: it may be the file itself, above the same caption or none.
    """
    if message.text is None and not (message.photo or message.document or _played(message)):
        return None
    return MessageEdited(**_head(message) | {"at": at}, text=message.text or message.caption or "")


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
        lambda: _played(message),
        lambda: _photo(message),
        lambda: _document(message),
        lambda: _contact(message),
        lambda: _other(message),
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
    mime = "image/jpeg"  # Telegram makes every photo one
    return _file(message, largest, kind="photo", mime=mime)


def _document(message: Message) -> FileReceived | None:
    document = message.document
    if document is None:
        return None
    return _file(message, document, kind="document", mime=document.mime_type, name=document.file_name)


def _played(message: Message) -> FileReceived | None:
    """Read what is heard or seen over time; a video note has neither a name nor a media type."""
    for kind in _PLAYED:
        if (media := getattr(message, kind)) is not None:
            mime, name = getattr(media, "mime_type", None), getattr(media, "file_name", None)
            return _file(message, media, kind=kind, mime=mime, name=name)
    return None


def _file(
    message: Message, media: _Media, *, kind: str, mime: str | None = None, name: str | None = None
) -> FileReceived:
    return FileReceived(
        **_head(message),
        file_id=media.file_id,
        unique_id=media.file_unique_id,
        kind=kind,
        album=message.media_group_id or "",
        size=media.file_size or 0,
        name=name or "",
        mime=mime or "",
        caption=message.caption or "",
    )


def _contact(message: Message) -> ContactShared | None:
    contact, sender = message.contact, message.from_user
    if contact is None:
        return None
    own = sender is not None and contact.user_id == sender.id
    return ContactShared(**_head(message), phone=contact.phone_number, own=own)


def _other(message: Message) -> OtherReceived | None:
    kind = next((kind for kind in _OTHERS if getattr(message, kind)), None)
    return None if kind is None else OtherReceived(**_head(message), kind=kind)


def _unknown(message: Message) -> OtherReceived | None:
    """Read a kind newer than the library: it leaves unknown fields, while a service message (a pin) leaves none."""
    return OtherReceived(**_head(message), kind=UNKNOWN) if message.api_kwargs else None
