"""What happened: the events that the engine steps on. Frozen, in the past tense, free of Telegram's classes.

Those from outside are made by `bot.telegram.translate`; `...Known` are the answers to what the engine asked for
(see `flows.effects`), each with the event that made it ask; the last group is what the process itself observed.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from flows.actors import Actor
from flows.ids import CaseId, ChatId, DocumentId, MessageId

Subject = tuple[str, int]
"""What an event is stepped on: `chat` or `case`, and its id."""


class Event(Struct, frozen=True, kw_only=True, tag=True):
    """Something that happened in `chat`."""

    chat: ChatId

    @property
    def subject(self) -> Subject:
        """Return what the event is stepped on."""
        return "chat", self.chat


class CaseEvent(Struct, frozen=True, kw_only=True, tag=True):
    """Something that happened to `case`, outside of every chat."""

    case: CaseId

    @property
    def subject(self) -> Subject:
        """Return what the event is stepped on."""
        return "case", self.case


class CommandGiven(CaseEvent, frozen=True, kw_only=True):
    """Somebody gave a command of `flows.desk.commands` on a case; `arguments` are JSON values by name."""

    actor: Actor
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


class CaseDue(CaseEvent, frozen=True, kw_only=True):
    """The case's `wake_at` has come."""


class ShowingEnded(CaseEvent, frozen=True, kw_only=True):
    """The case's `shown_until` has come: a copy of a document has been in an agent's chat for long enough."""


class MessageReceived(Event, frozen=True, kw_only=True):
    """The person sent a message; `at` is Telegram's time of it."""

    message: MessageId
    at: datetime


class CommandReceived(MessageReceived, frozen=True, kw_only=True):
    """`/name argument`; name in lower case without the slash and without the bot's own @name."""

    name: str
    argument: str = ""


class TextReceived(MessageReceived, frozen=True, kw_only=True):
    """Plain text, as typed: 1 to 4,096 characters."""

    text: str


class FileReceived(MessageReceived, frozen=True, kw_only=True):
    """A photo (its largest size), a document, or what is kept for an agent to hear or see.

    `size` in bytes, 0 where Telegram does not say; `album` is what its parts have in common, empty outside of one.
    """

    file_id: str
    unique_id: str
    kind: str  # photo | document | voice | audio | video | video_note | animation
    album: str = ""
    size: int = 0
    name: str = ""
    mime: str = ""
    caption: str = ""


class ContactShared(MessageReceived, frozen=True, kw_only=True):
    """A contact card. `own`: it is the sender's, as Telegram says (`contact.user_id`), not one that was typed in."""

    phone: str
    own: bool


class MessageEdited(MessageReceived, frozen=True, kw_only=True):
    """An earlier message (`message`) now says `text`: what was typed, or what stands under a file; `at` is the edit."""

    text: str


class OtherReceived(MessageReceived, frozen=True, kw_only=True):
    """A message of a kind that nothing here reads or keeps: sticker, location, poll, ..."""

    kind: str


class ButtonTapped(Event, frozen=True, kw_only=True):
    """An inline button was tapped. `query` must be answered within seconds; `data` is the button's token."""

    query: str
    message: MessageId
    data: str


class GroupWritten(Event, frozen=True, kw_only=True):
    """Somebody addressed the bot in a group, which is no place for what is asked here."""


class FileFailed(Event, frozen=True, kw_only=True):
    """A file could not be fetched from Telegram for good: it must be asked for again. `code`: too_big | gone | ..."""

    document: DocumentId
    code: str = ""


class FileInspected(Event, frozen=True, kw_only=True):
    """A file was fetched and looked into. `fault` is why it is of no use, empty where nothing is amiss.

    Faults: empty | needs_password | not_a_picture (neither a picture nor a PDF, whatever its name says) | damaged |
    too_small | too_dark. `same_as` is an earlier document of this chat with the very same bytes.
    """

    document: DocumentId
    fault: str = ""
    same_as: DocumentId | None = None


class DeliveryDoubted(Event, frozen=True, kw_only=True):
    """It is unknown whether an agent's message arrived; `chat` is the agent's."""

    number: str


class StepFailed(Event, frozen=True, kw_only=True):
    """An event of this chat could not be handled and was set aside; the person is owed a word."""


class ConversationReturned(Event, frozen=True, kw_only=True):
    """The agent gave the conversation back: the bot goes on where it was."""


class SilenceNoticed(Event, frozen=True, kw_only=True):
    """The session's `wake_at` has come: a draft has been left alone for long."""


class OutageEnded(Event, frozen=True, kw_only=True):
    """The bot was away for longer than Telegram keeps a tap: what waits on one is shown again."""


Happening = Event | CaseEvent
"""What a batch is made of: a step's subject is a chat or a case."""


class Arrival(Struct, frozen=True):
    """An event from outside, with the keys by which the same one is recognised when it comes again.

    `u:<update>`, and `m:<chat>:<message>` for a message, `e:<chat>:<message>:<edited at>` for an edit, `t:<query>` for
    a tap. It was seen before if any of its keys was.
    """

    keys: tuple[str, ...]
    event: Happening
