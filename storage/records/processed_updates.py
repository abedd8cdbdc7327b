"""The updates that were processed already: a set of keys, kept for 48 hours."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete

from storage.connection.connection import Connection
from storage.connection.dialects import insert_missing
from storage.schema.processed_updates import processed_updates

_REMEMBER = insert_missing(processed_updates, returning=(processed_updates.c.key,))
_FORGET = delete(processed_updates).where(processed_updates.c.at < bindparam("before"))


async def unseen(connection: Connection, keys: Sequence[str], now: datetime) -> set[str]:
    """Remember `keys` (distinct) and return those that were not there before."""
    if not keys:
        return set()
    rows = await connection.insert(_REMEMBER, [{"key": key, "at": now} for key in sorted(keys)])
    return {row.key for row in rows}


async def forget(connection: Connection, before: datetime) -> int:
    """Forget keys remembered before then, and return how many."""
    return await connection.change(_FORGET, {"before": before})
