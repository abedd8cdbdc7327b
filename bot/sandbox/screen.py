"""What a person sees of a chat, kept up to date by what happens in it. No I/O."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.people import Happening

Json = dict[str, Any]
Wanted = str | Callable[[Json], bool]
"""A part of a message's text or caption, or a predicate."""

SHOWN_ON_FAILURE = 6
SHOWN_OF_TEXT = 200


class Screen:
    """The chat of one person. `seen` is the number of the last happening that was applied."""

    def __init__(self) -> None:
        self.messages: dict[int, Json] = {}
        self.keyboard: Json | None = None
        self.toasts: list[Json] = []
        self.commands: list[Json] = []
        self.seen = 0
        self._shown: list[tuple[int, Json]] = []

    def apply(self, happening: Happening) -> None:
        """Show what has happened."""
        self.seen = happening.seq
        data = happening.data
        match happening.kind:
            case "message" | "edit":
                self.messages[data["message_id"]] = data
                if data["from"]["is_bot"]:
                    self._shown.append((happening.seq, data))
            case "delete":
                self.messages.pop(data["message_id"], None)
            case "keyboard":
                self.keyboard = data["keyboard"]
            case "toast":
                self.toasts.append(data)
            case "commands":
                self.commands = data["commands"]
            case "typing":
                pass

    def first(self, wanted: Wanted, *, after: int) -> Json | None:
        """Return the first message that the bot sent or edited after a happening and that is `wanted`."""
        matches = wanted if callable(wanted) else _holds(wanted)
        return next((message for seq, message in self._shown if seq > after and matches(message)), None)

    def last_of_bot(self) -> Json | None:
        """Return the bot's newest message as it is now."""
        return next((each for each in reversed(self.messages.values()) if each["from"]["is_bot"]), None)

    def button(self, label: str) -> tuple[int, str] | Json | None:
        """Return the button with this label, else one that contains it.

        An inline one on the newest message (message and data) comes before a key of the reply keyboard.
        """
        for fits in (label.__eq__, lambda text: label in text):
            for message in reversed(self.messages.values()):
                for button in _buttons(message.get("reply_markup", {}).get("inline_keyboard")):
                    if fits(button["text"]) and "callback_data" in button:
                        return message["message_id"], button["callback_data"]
            for button in _buttons((self.keyboard or {}).get("keyboard")):
                if fits(button["text"]):
                    return button
        return None

    def toast(self, query_id: str) -> Json | None:
        """Return the answer to a tap."""
        return next((toast for toast in self.toasts if toast["query_id"] == query_id), None)

    def ending(self) -> list[str]:
        """Return a line for each of the last messages."""
        shown = list(self.messages.values())[-SHOWN_ON_FAILURE:]
        return [f"  {'bot' if each['from']['is_bot'] else 'person'}: {_outline(each)}" for each in shown]


def describe(wanted: Wanted) -> str:
    """Return what is wanted, in words."""
    return "a message that fits" if callable(wanted) else f"a message with {wanted!r}"


def _buttons(rows: list[list[Json]] | None) -> list[Json]:
    return [button for row in rows or [] for button in row]


def _text(message: Json) -> str:
    return str(message.get("text") or message.get("caption") or "")


def _holds(part: str) -> Callable[[Json], bool]:
    return lambda message: part in _text(message)


def _outline(message: Json) -> str:
    kinds = [kind for kind in ("photo", "document", "voice", "video", "contact") if kind in message]
    labels = [button["text"] for button in _buttons(message.get("reply_markup", {}).get("inline_keyboard"))]
    shown = _text(message)[:SHOWN_OF_TEXT]
    return " ".join([*(f"<{kind}>" for kind in kinds), shown, *(f"[{label}]" for label in labels)])
