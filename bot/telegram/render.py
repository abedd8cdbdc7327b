"""From an effect to a ready call of the Bot API: plain text, inline and reply keyboards (core.telegram.org/bots/api).

No parse mode: what people write is never markup.
"""

from typing import Any

import msgspec

from bot.texts import Texts
from flows.desk.buttons import button
from flows.effects import AgentNotice, Button, ButtonsRemoval, CopyRemoval, DocumentCopy, Message, TapAnswer
from flows.ids import AgentId, ChatId
from flows.ports.rendering import Payload, Sendable

Json = dict[str, Any]


class TelegramRenderer:
    """`flows.ports.rendering.Renderer` for Telegram."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._encoder = msgspec.json.Encoder()

    def render(self, effect: Sendable) -> Payload:
        """Return the call that shows `effect`. Raises KeyError where the catalogue lacks a text."""
        match effect:
            case Message():
                return self._shown(effect)
            case AgentNotice():
                return self._payload("sendMessage", self._notice(effect))
            case DocumentCopy():
                return self._payload("sendDocument", self._copy(effect))
            case CopyRemoval():
                return self._payload("deleteMessage", {"chat_id": self.chat_of(effect.agent)})
            case ButtonsRemoval():
                place = {} if effect.message is None else {"message_id": effect.message}
                return self._payload("editMessageReplyMarkup", {"chat_id": effect.chat, **place})
            case TapAnswer():
                toast = {} if effect.text is None else {"text": self._texts(effect.text)}
                return self._payload("answerCallbackQuery", {"callback_query_id": effect.query, **toast})

    def chat_of(self, agent: AgentId) -> ChatId:
        """Return the agent's private chat with the bot; its id is the user's (Bot API, Chat)."""
        return ChatId(agent)

    def _shown(self, effect: Message) -> Payload:
        if effect.replaces is None:
            return self._payload("sendMessage", self._message(effect))
        return self._payload("editMessageText", self._message(effect) | {"message_id": effect.replaces})

    def _notice(self, effect: AgentNotice) -> Json:
        """Return what an agent is told, a row for each command that is offered with it."""
        told = {"chat_id": self.chat_of(effect.agent), "text": self._texts(effect.text)}
        rows = [[self._inline(button(name, effect.case))] for name in effect.actions]
        return told | ({"reply_markup": {"inline_keyboard": rows}} if rows else {})

    def _copy(self, effect: DocumentCopy) -> Json:
        """Return all but the file: by which method it is sent depends on its kind, which the sender learns."""
        words = self._texts(effect.caption)
        return {"chat_id": self.chat_of(effect.agent), "caption": words, "protect_content": True}

    def _message(self, effect: Message) -> Json:
        markup = self._markup(effect)
        return {"chat_id": effect.chat, "text": self._texts(effect.text)} | ({"reply_markup": markup} if markup else {})

    def _markup(self, effect: Message) -> Json:
        """Return the one keyboard a message can have; one that replaces another can have inline buttons only."""
        if effect.rows:
            return {"inline_keyboard": [[self._inline(button) for button in row] for row in effect.rows]}
        if effect.replaces is not None:
            return {}
        if effect.contact is not None or effect.keyboard:
            return self._reply_keyboard(effect)
        return {"remove_keyboard": True} if effect.keyboard_gone else {}

    def _inline(self, button: Button) -> Json:
        return {"text": self._texts(button.label), "callback_data": button.data}

    def _reply_keyboard(self, effect: Message) -> Json:
        """One that asks for the number goes away once it is used; the person's own number comes as a contact."""
        rows: list[list[Json]] = [[{"text": self._texts(label)} for label in row] for row in effect.keyboard]
        if effect.contact is None:
            return {"keyboard": rows, "resize_keyboard": True}
        asking = [{"text": self._texts(effect.contact), "request_contact": True}]
        return {"keyboard": [asking, *rows], "resize_keyboard": True, "one_time_keyboard": True}

    def _payload(self, method: str, body: Json) -> Payload:
        return Payload(method, self._encoder.encode(body))
