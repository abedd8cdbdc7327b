"""Reply markups, refused as Telegram refuses them."""

from typing import Any

from bot.sandbox.errors import bad_request

LONGEST_CALLBACK_DATA = 64
MOST_BUTTONS = 100
INLINE_ACTIONS = frozenset({"url", "callback_data", "web_app", "login_url", "switch_inline_query", "copy_text", "pay"})


def inline_keyboard(markup: dict[str, Any]) -> dict[str, Any] | None:
    """Check an InlineKeyboardMarkup; return it, or None when it holds no button."""
    rows = [[_inline_button(button) for button in row] for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def reply_keyboard(markup: dict[str, Any]) -> dict[str, Any]:
    """Check a ReplyKeyboardMarkup; a button given as a string becomes one with that text."""
    rows = [[_reply_button(button) for button in row] for row in markup["keyboard"] if row]
    if not rows:
        raise bad_request("object expected as reply markup")
    return {**markup, "keyboard": rows}


def button_with(message: dict[str, Any], data: str) -> dict[str, Any] | None:
    """Find the inline button of a message that carries this callback_data."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return next((button for row in rows for button in row if button.get("callback_data") == data), None)


def asks_contact(keyboard: dict[str, Any] | None) -> bool:
    """Return True if a reply keyboard has a button that shares one's own contact."""
    return any(button.get("request_contact") for row in (keyboard or {}).get("keyboard", []) for button in row)


def _inline_button(button: dict[str, Any]) -> dict[str, Any]:
    _check_text(button, "inline keyboard button")
    if INLINE_ACTIONS.isdisjoint(button):
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= LONGEST_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    return button


def _reply_button(button: dict[str, Any] | str) -> dict[str, Any]:
    whole = {"text": button} if isinstance(button, str) else button
    _check_text(whole, "keyboard button")
    return whole


def _check_text(button: dict[str, Any], kind: str) -> None:
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request(f'can\'t parse {kind}: Field "text" must be a non-empty String')
