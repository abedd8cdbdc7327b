"""Updates that were set aside: whole messages of people, kept only to mend what failed at them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, insert, select

from flows.ids import ChatId, RowId
from flows.ports.unit_of_work import DeadLetter
from storage.connection.connection import Connection
from storage.connection.encryption import Codec
from storage.schema.records import dead_letters

BODY: Final = "dead_letters|body"

_INSERT = insert(dead_letters)
_OLDEST = select(dead_letters).order_by(dead_letters.c.id).limit(bindparam("limit"))
_FORGET = delete(dead_letters).where(dead_letters.c.at < bindparam("before"))


async def set_aside(connection: Connection, letters: Sequence[DeadLetter], now: datetime) -> None:
    """Add dead letters."""
    await connection.write(_INSERT, [_values(connection.codec, letter, now) for letter in letters])


async def oldest(connection: Connection, limit: int) -> list[DeadLetter]:
    """Return up to `limit` dead letters, the oldest first. Raises Unreadable."""
    return [_letter(connection.codec, row) for row in await connection.read(_OLDEST, {"limit": limit})]


async def forget(connection: Connection, before: datetime) -> int:
    """Delete what was set aside before then, and return how many."""
    return await connection.change(_FORGET, {"before": before})


def _values(codec: Codec, letter: DeadLetter, now: datetime) -> dict[str, Any]:
    return {
        "id": letter.id,
        "at": now,
        "chat_id": letter.chat,
        "code": letter.code,
        "body": codec.seal(letter.body, column=BODY, row=letter.id),
    }


def _letter(codec: Codec, row: Row[*tuple[Any, ...]]) -> DeadLetter:
    return DeadLetter(
        id=RowId(row.id),
        chat=None if row.chat_id is None else ChatId(row.chat_id),
        code=row.code,
        body=codec.open(row.body, column=BODY, row=row.id),
    )
