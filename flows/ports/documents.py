"""Files on their way in, and where they are kept."""

from datetime import datetime
from typing import Protocol

from msgspec import Struct

from flows.ids import ChatId, DocumentId


class FileJob(Struct, frozen=True):
    """A file to fetch from Telegram; `attempts` counts those begun, this one included; `kind` as in `FileReceived`."""

    document: DocumentId
    chat: ChatId
    file_id: str
    name: str
    mime: str
    size: int
    attempts: int
    kind: str


class Documents(Protocol):
    """Files on their way in, and where they are kept, encrypted."""

    async def lease(self, *, limit: int, now: datetime, until: datetime) -> list[FileJob]:
        """Take up to `limit` files that wait to be fetched and that nobody else is fetching until `until`."""

    async def keep(self, document: DocumentId, content: bytes, now: datetime) -> None:
        """Encrypt and store the bytes, durably, then mark the document stored."""

    async def postpone(self, document: DocumentId, not_before: datetime) -> None:
        """Try again, not before then."""

    async def give_up(self, document: DocumentId, code: str) -> None:
        """Mark it failed; it must be asked for again."""

    async def read(self, document: DocumentId) -> bytes:
        """Return the bytes of a stored document, decrypted whole. Raises `Unreadable`."""

    async def same_content(self, content: bytes, *, chat: ChatId) -> list[DocumentId]:
        """Return the chat's stored documents with just these bytes, oldest first."""
