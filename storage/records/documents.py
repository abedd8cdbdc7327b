"""The rows of documents: files to be fetched, to which case they belong, and which nobody needs any more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Row, bindparam, insert, update

from flows.effects import FileClaim, FileDrop, FileFetch
from flows.ids import ChatId, DocumentId
from flows.ports.documents import FileJob
from flows.ports.outbox import FileReference
from flows.ports.unit_of_work import Entry
from storage.connection.connection import Connection
from storage.connection.encryption import Codec
from storage.records.registry import writes
from storage.schema.base import EPOCH
from storage.schema.documents import documents

BODY: Final = "documents|body"

_INSERT = insert(documents)
_CLAIM = update(documents).where(documents.c.id == bindparam("its_id"))
_DROP = update(documents).where(documents.c.id == bindparam("its_id"), documents.c.case_id.is_(None))


class Body(msgspec.Struct, frozen=True):
    """What of a document's row is encrypted."""

    file_id: str
    unique_id: str
    name: str
    mime: str


_decoder = msgspec.json.Decoder(Body)


@writes(FileFetch)
async def ask(connection: Connection, files: Sequence[Entry[FileFetch]], now: datetime) -> None:
    """Insert files to be fetched."""
    del now
    await connection.write(_INSERT, [_values(connection.codec, file) for _, file in files])


@writes(FileClaim)
async def claim(connection: Connection, claims: Sequence[Entry[FileClaim]], now: datetime) -> None:
    """Write to which case documents belong."""
    del now
    rows = [{"its_id": document, "case_id": each.case} for _, each in claims for document in each.documents]
    await connection.write(_CLAIM, rows)


@writes(FileDrop)
async def drop(connection: Connection, drops: Sequence[Entry[FileDrop]], now: datetime) -> None:
    """Mark documents that belong to no case as dropped: nobody sees them again, and `Folder` loses them next."""
    del now
    rows = [{"its_id": document, "state": "dropped"} for _, each in drops for document in each.documents]
    await connection.write(_DROP, rows)


def reference(codec: Codec, document: int, kind: str, body: bytes) -> FileReference:
    """Return where Telegram has a document. Raises Unreadable."""
    return FileReference(kind, _decoder.decode(codec.open(body, column=BODY, row=document)).file_id)


def job(codec: Codec, row: Row[*tuple[Any, ...]]) -> FileJob:
    """Return the file that a row says is to be fetched. Raises Unreadable."""
    body = _decoder.decode(codec.open(row.body, column=BODY, row=row.id))
    return FileJob(
        document=DocumentId(row.id),
        chat=ChatId(row.chat_id),
        file_id=body.file_id,
        name=body.name,
        mime=body.mime,
        size=row.size,
        attempts=row.attempts + 1,
        kind=row.kind,
    )


def _values(codec: Codec, file: FileFetch) -> dict[str, Any]:
    body = msgspec.json.encode(Body(file.file_id, file.unique_id, file.name, file.mime))
    return {
        "id": file.document,
        "chat_id": file.chat,
        "case_id": None,
        "kind": file.kind,
        "state": "pending",
        "size": file.size,
        "attempts": 0,
        "not_before": EPOCH,
        "code": "",
        "content_hash": None,
        "body": codec.seal(body, column=BODY, row=file.document),
    }
