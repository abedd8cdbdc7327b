"""The Bot API's methods: one function and one row of METHODS each.

A function takes the state and the parameters and gives what stands under "result", or raises ApiError with
Telegram's own description. https://core.telegram.org/bots/api#available-methods
"""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from bot.sandbox.entities import marked
from bot.sandbox.errors import NotAPicture, bad_request
from bot.sandbox.files import Attachment, Kind
from bot.sandbox.keyboards import inline_keyboard, reply_keyboard
from bot.sandbox.params import Params, Upload, caption, chat_id_of, flag, integer, message_text, nested
from bot.sandbox.people import Chat
from bot.sandbox.state import State

LONGEST_TOAST = 200
DELETABLE_SECONDS = 48 * 3600
MOST_DELETED = 100
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)

Json = dict[str, Any]


class Method(msgspec.Struct, frozen=True):
    """One row: the name as the Bot API writes it, the function, and whether Telegram's limits count it."""

    name: str
    run: Callable[[State, Params], Any]
    paced: bool = False


def get_me(state: State, _params: Params) -> Json:
    """Return who the bot is."""
    return {
        **state.bot_user,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_updates(state: State, params: Params) -> Awaitable[list[msgspec.Raw]]:
    """Return what waits, at once or within `timeout` seconds."""
    return state.queue.poll(
        integer(params, "offset"),
        integer(params, "limit", 100),
        integer(params, "timeout"),
        nested(params, "allowed_updates"),
    )


def send_message(state: State, params: Params) -> Json:
    """Send a text."""
    chat = state.chat(chat_id_of(params))
    return _send(state, chat, _texted(params), params)


def send_photo(state: State, params: Params) -> Json:
    """Send a photo again by its file_id, or a new one."""
    return _send_file(state, params, "photo")


def send_document(state: State, params: Params) -> Json:
    """Send a document again by its file_id, or a new one."""
    return _send_file(state, params, "document")


def send_voice(state: State, params: Params) -> Json:
    """Send a voice message again by its file_id, or a new one."""
    return _send_file(state, params, "voice")


def send_video(state: State, params: Params) -> Json:
    """Send a video again by its file_id, or a new one."""
    return _send_file(state, params, "video")


def send_contact(state: State, params: Params) -> Json:
    """Send somebody's card."""
    chat = state.chat(chat_id_of(params))
    contact = {name: str(params[name]) for name in ("phone_number", "first_name", "last_name") if params.get(name)}
    for name in ("phone_number", "first_name"):
        if name not in contact:
            raise bad_request(f"{name.replace('_', ' ')} is empty")
    return _send(state, chat, {"contact": contact}, params)


def send_chat_action(state: State, params: Params) -> bool:
    """Show that the bot is at work."""
    state.chat(chat_id_of(params)).tell("typing", {"action": str(params.get("action", "typing"))})
    return True


def edit_message_text(state: State, params: Params) -> Json:
    """Change a text of the bot's; without reply_markup its inline keyboard goes."""
    chat, message = _own_message(state, params)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _edit(state, chat, message, {**_texted(params), **_inline(params)})


def edit_message_reply_markup(state: State, params: Params) -> Json:
    """Change or take away the inline keyboard of a message of the bot's."""
    chat, message = _own_message(state, params)
    kept: Json = {name: message[name] for name in ("text", "entities") if name in message}
    return _edit(state, chat, message, {**kept, **_inline(params)})


def delete_message(state: State, params: Params) -> bool:
    """Delete a message of either side, of the last 48 hours."""
    chat, message_id = state.chat(chat_id_of(params)), integer(params, "message_id")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request("message to delete not found")
    if state.now() - message["date"] > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    chat.remove(message_id)
    return True


def delete_messages(state: State, params: Params) -> bool:
    """Delete up to 100 messages; those that cannot be found or deleted are skipped."""
    chat, wanted = state.chat(chat_id_of(params)), nested(params, "message_ids") or []
    if not 1 <= len(wanted) <= MOST_DELETED:
        raise bad_request("message identifiers are not specified" if not wanted else "too many message identifiers")
    for message_id in wanted:
        message = chat.messages.get(int(message_id))
        if message is not None and state.now() - message["date"] <= DELETABLE_SECONDS:
            chat.remove(int(message_id))
    return True


def answer_callback_query(state: State, params: Params) -> bool:
    """Answer a tap: its button stops waiting, a text is shown."""
    text = str(params.get("text") or "")
    if len(text) > LONGEST_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    query_id = str(params.get("callback_query_id", ""))
    tap = state.taps.answer(query_id)
    toast = {"query_id": query_id, "text": text, "show_alert": flag(params, "show_alert")}
    state.chat(tap.chat_id).tell("toast", toast)
    return True


def get_file(state: State, params: Params) -> Json:
    """Return where a file of at most 20 MB can be downloaded."""
    stored = state.files.get(str(params.get("file_id", "")))
    return {**stored.as_file(), "file_path": stored.path}


def set_my_commands(state: State, params: Params) -> bool:
    """Keep a list of commands for its scope and language, and tell the screens."""
    state.commands.set(*_commands_for(params), nested(params, "commands") or [])
    return _commands_changed(state)


def get_my_commands(state: State, params: Params) -> list[Json]:
    """Return the list of commands of a scope and language."""
    return state.commands.get(*_commands_for(params))


def delete_my_commands(state: State, params: Params) -> bool:
    """Forget the list of commands of a scope and language, and tell the screens."""
    state.commands.forget(*_commands_for(params))
    return _commands_changed(state)


def delete_webhook(state: State, params: Params) -> bool:
    """There is never a webhook; drop_pending_updates empties the queue."""
    if flag(params, "drop_pending_updates"):
        state.queue.take(state.queue.next_id)
    return True


def get_webhook_info(state: State, _params: Params) -> Json:
    """Return that there is no webhook, and how many updates wait."""
    return {"url": "", "has_custom_certificate": False, "pending_update_count": len(state.queue)}


def _send_file(state: State, params: Params, kind: Kind) -> Json:
    chat, given = state.chat(chat_id_of(params)), params.get(kind)
    content = _uploaded(state, params, kind, given) if isinstance(given, Upload) else None
    return _send(state, chat, {**(content or state.files.media(str(given), kind)), **_captioned(params)}, params)


def _uploaded(state: State, params: Params, kind: Kind, upload: Upload) -> Json:
    attachment = Attachment(
        kind=kind,
        content=upload.content,
        file_name=upload.name,
        mime_type=upload.mime_type,
        seconds=integer(params, "duration"),
    )
    try:
        return state.files.add(attachment)
    except NotAPicture as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error


def _commands_for(params: Params) -> tuple[Json | None, str]:
    return nested(params, "scope"), str(params.get("language_code") or "")


def _commands_changed(state: State) -> bool:
    for chat in state.people.chats.values():
        chat.tell("commands", {"commands": state.commands.offered(chat.person)})
    return True


def _send(state: State, chat: Chat, content: Json, params: Params) -> Json:
    markup = nested(params, "reply_markup") or {}
    inline = inline_keyboard(markup) if "inline_keyboard" in markup else None
    keyboard = reply_keyboard(markup) if "keyboard" in markup else None
    protected: Json = {"has_protected_content": True} if flag(params, "protect_content") else {}
    message = {**state.draft(chat, state.bot_user), **content, **protected}
    if inline:
        message["reply_markup"] = inline
    chat.put(message)
    if keyboard is not None or markup.get("remove_keyboard"):
        chat.show_keyboard(keyboard, message["message_id"])
    return message


def _edit(state: State, chat: Chat, message: Json, changes: Json) -> Json:
    changeable = {"text", "entities", "reply_markup"}
    if changes == {name: message[name] for name in changeable if name in message}:
        raise bad_request(NOT_MODIFIED)
    kept = {name: value for name, value in message.items() if name not in changeable}
    edited = {**kept, **changes}
    if changes.get("text") != message.get("text"):
        edited["edit_date"] = int(state.now())  # apps call no message edited whose buttons alone changed
    chat.put(edited, "edit")
    return edited


def _own_message(state: State, params: Params) -> tuple[Chat, Json]:
    chat = state.chat(chat_id_of(params))
    message = chat.messages.get(integer(params, "message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message["from"]["is_bot"]:
        raise bad_request("message can't be edited")
    return chat, message


def _inline(params: Params) -> Json:
    markup = nested(params, "reply_markup") or {}
    keyboard = inline_keyboard(markup) if "inline_keyboard" in markup else None
    return {"reply_markup": keyboard} if keyboard else {}


def _texted(params: Params) -> Json:
    text = message_text(params)
    entities = nested(params, "entities") or marked(text)
    return {"text": text, "entities": entities} if entities else {"text": text}


def _captioned(params: Params) -> Json:
    text = caption(params)
    return {"caption": text} if text else {}


METHODS: dict[str, Method] = {
    method.name.lower(): method
    for method in (
        Method("getMe", get_me),
        Method("getUpdates", get_updates),
        Method("sendMessage", send_message, paced=True),
        Method("sendPhoto", send_photo, paced=True),
        Method("sendDocument", send_document, paced=True),
        Method("sendVoice", send_voice, paced=True),
        Method("sendVideo", send_video, paced=True),
        Method("sendContact", send_contact, paced=True),
        Method("sendChatAction", send_chat_action),
        Method("editMessageText", edit_message_text, paced=True),
        Method("editMessageReplyMarkup", edit_message_reply_markup, paced=True),
        Method("deleteMessage", delete_message),
        Method("deleteMessages", delete_messages),
        Method("answerCallbackQuery", answer_callback_query),
        Method("getFile", get_file),
        Method("setMyCommands", set_my_commands),
        Method("getMyCommands", get_my_commands),
        Method("deleteMyCommands", delete_my_commands),
        Method("deleteWebhook", delete_webhook),
        Method("getWebhookInfo", get_webhook_info),
    )
}
