"""From an effect to a ready call of the Bot API: plain text, inline and reply keyboards (core.telegram.org/bots/api).

No parse mode: what people write is never markup.
"""

from typing import Any

import msgspec

from bot.texts import Texts
from flows.effects import ButtonsRemoval, Message, TapAnswer
from flows.ports import Payload, Sendable

Json = dict[str, Any]


class TelegramRenderer:
    """`flows.ports.Renderer` for Telegram."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._encoder = msgspec.json.Encoder()

    def render(self, effect: Sendable) -> Payload:
        """Give the call that shows `effect`. Raises KeyError where the catalogue lacks a text."""
        match effect:
            case Message(replaces=None):
                return self._payload("sendMessage", self._message(effect))
            case Message():
                body = self._message(effect) | {"message_id": effect.replaces}
                return self._payload("editMessageText", body)
            case ButtonsRemoval():
                place = {} if effect.message is None else {"message_id": effect.message}
                return self._payload("editMessageReplyMarkup", {"chat_id": effect.chat, **place})
            case TapAnswer():
                toast = {} if effect.text is None else {"text": self._texts(effect.text)}
                return self._payload("answerCallbackQuery", {"callback_query_id": effect.query, **toast})

    def _message(self, effect: Message) -> Json:
        body: Json = {"chat_id": effect.chat, "text": self._texts(effect.text)}
        if effect.rows:
            body["reply_markup"] = {
                "inline_keyboard": [
                    [{"text": self._texts(button.label), "callback_data": button.data} for button in row]
                    for row in effect.rows
                ]
            }
        elif effect.keyboard:
            body["reply_markup"] = {
                "keyboard": [[{"text": self._texts(label)} for label in row] for row in effect.keyboard],
                "resize_keyboard": True,
            }
        return body

    def _payload(self, method: str, body: Json) -> Payload:
        return Payload(method, self._encoder.encode(body))
