"""Files on their way in, and where they are kept: encrypted whole, under a name that says nothing.

The bytes are on the disk before the row says so. obstore writes to a temporary name and renames, but does not flush to
the disk (object_store can, by `with_fsync`, which obstore 0.12 does not offer), so a local folder is flushed here.
"""

import asyncio
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from obstore.store import LocalStore
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from flows.errors import Unreadable
from flows.ids import ChatId, DocumentId
from flows.ports.documents import FileJob
from storage.connection.connection import Connection
from storage.connection.encryption import Codec
from storage.connection.errors import map_errors
from storage.connection.transaction import transaction
from storage.records.documents import job
from storage.schema.documents import documents

CONTENT: Final = "documents|content"

_LEASABLE = (
    select(documents)
    .where(documents.c.state.in_(("pending", "fetching")), documents.c.not_before <= bindparam("now"))
    .order_by(documents.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_LEASE = (
    update(documents)
    .where(documents.c.id.in_(bindparam("ids", expanding=True)))
    .values(state="fetching", attempts=documents.c.attempts + 1, not_before=bindparam("until"))
)
_FREE_ALL = (
    update(documents).where(documents.c.state == "fetching").values(state="pending", not_before=bindparam("now"))
)
_CHANGE = update(documents).where(
    documents.c.id == bindparam("its_id"), documents.c.state.not_in(("stored", "dropped"))
)
_DROPPED = select(documents.c.id).where(documents.c.state == "dropped").order_by(documents.c.id)
_FORGET = delete(documents).where(documents.c.id == bindparam("its_id"), documents.c.state == "dropped")
_SAME = (
    select(documents.c.id)
    .where(
        documents.c.content_hash == bindparam("hash"),
        documents.c.chat_id == bindparam("chat"),
        documents.c.state == "stored",
    )
    .order_by(documents.c.id)
)


async def free_all(connection: Connection, now: datetime) -> None:
    """Let every file that was being fetched be fetched again: who fetched it is dead."""
    await connection.change(_FREE_ALL, {"now": now})


class Folder:
    """A local folder of sealed files, each named after its document."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._store = LocalStore(path, mkdir=True)

    async def put(self, document: DocumentId, sealed: bytes) -> None:
        """Write durably: on the disk, under its name, when this returns."""
        with map_errors():
            await self._store.put_async(str(document), sealed)
            await asyncio.to_thread(self._flush, str(document))

    async def get(self, document: DocumentId) -> bytes:
        """Return the sealed bytes. Raises `Unreadable` where there are none."""
        with map_errors():
            try:
                return bytes(await (await self._store.get_async(str(document))).bytes_async())
            except FileNotFoundError as error:
                raise Unreadable(CONTENT) from error

    async def delete(self, document: DocumentId) -> None:
        """Delete the bytes, if there are any."""
        with map_errors(), suppress(FileNotFoundError):
            await self._store.delete_async(str(document))

    def _flush(self, name: str) -> None:
        for path in (self._path / name, self._path):
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


class SqlDocuments:
    """`flows.ports.documents.Documents` over a database and a folder."""

    def __init__(self, *, writer: AsyncEngine, reader: AsyncEngine, codec: Codec, folder: Folder) -> None:
        self._writer = writer
        self._reader = reader
        self._codec = codec
        self._folder = folder

    async def lease(self, *, limit: int, now: datetime, until: datetime) -> list[FileJob]:
        """Take up to `limit` files that wait to be fetched and that nobody else is fetching until `until`."""
        async with transaction(self._writer, self._codec) as connection:
            rows = await connection.read(_LEASABLE, {"now": now, "limit": limit})
            if rows:
                await connection.change(_LEASE, {"ids": [row.id for row in rows], "until": until})
        return [job(self._codec, row) for row in rows]

    async def keep(self, document: DocumentId, content: bytes, now: datetime) -> None:
        """Encrypt and store the bytes, durably, then mark the document stored."""
        sealed = await asyncio.to_thread(self._codec.seal, content, column=CONTENT, row=document)
        await self._folder.put(document, sealed)
        digest = await asyncio.to_thread(self._codec.digest, CONTENT, content)
        stored = {"state": "stored", "size": len(content), "content_hash": digest, "not_before": now}
        if not await self._change(document, stored):  # dropped meanwhile
            await self._folder.delete(document)

    async def postpone(self, document: DocumentId, not_before: datetime) -> None:
        """Try again, not before then."""
        await self._change(document, {"state": "pending", "not_before": not_before})

    async def give_up(self, document: DocumentId, code: str) -> None:
        """Mark it failed; it must be asked for again."""
        await self._change(document, {"state": "failed", "code": code})

    async def read(self, document: DocumentId) -> bytes:
        """Return the bytes of a stored document, decrypted whole. Raises `Unreadable`."""
        sealed = await self._folder.get(document)
        return await asyncio.to_thread(self._codec.open, sealed, column=CONTENT, row=document)

    async def same_content(self, content: bytes, *, chat: ChatId) -> list[DocumentId]:
        """Return the chat's stored documents with just these bytes, oldest first."""
        digests = await asyncio.to_thread(self._codec.digests, CONTENT, content)
        async with transaction(self._reader, self._codec) as connection:
            rows = [row for digest in digests for row in await connection.read(_SAME, {"hash": digest, "chat": chat})]
        return sorted(DocumentId(row.id) for row in rows)

    async def forget_dropped(self) -> int:
        """Delete what was dropped, bytes first; return how many."""
        async with transaction(self._reader, self._codec) as connection:
            gone = [DocumentId(row.id) for row in await connection.read(_DROPPED)]
        for document in gone:
            await self._folder.delete(document)
        async with transaction(self._writer, self._codec) as connection:
            await connection.write(_FORGET, [{"its_id": document} for document in gone])
        return len(gone)

    async def _change(self, document: DocumentId, values: dict[str, Any]) -> bool:
        async with transaction(self._writer, self._codec) as connection:
            return bool(await connection.change(_CHANGE.values(**values), {"its_id": document}))
