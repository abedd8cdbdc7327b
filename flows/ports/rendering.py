"""Rendering: an effect becomes a ready payload before the commit."""

from typing import Protocol

from msgspec import Struct

from flows.effects import AgentNotice, ButtonsRemoval, CopyRemoval, DocumentCopy, Message, TapAnswer
from flows.ids import AgentId, ChatId

Sendable = Message | AgentNotice | DocumentCopy | CopyRemoval | ButtonsRemoval | TapAnswer


class Payload(Struct, frozen=True):
    """A call of the Bot API, ready to be posted: the method, and its parameters as a JSON object in UTF-8."""

    method: str
    body: bytes


class Renderer(Protocol):
    """Turns an effect into a ready payload. Pure, and called before the commit."""

    def render(self, effect: Sendable) -> Payload:
        """Return the call that shows `effect` to its chat. Raises KeyError where the catalogue lacks a text."""

    def chat_of(self, agent: AgentId) -> ChatId:
        """Return the chat in which an agent is told."""
