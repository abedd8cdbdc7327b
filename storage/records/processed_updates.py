"""The updates that were processed already: a set of keys, kept for 48 hours."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete

from storage.connection.connection import Link
from storage.connection.dialects import insert_missing
from storage.schema.processed_updates import processed_updates

_REMEMBER = insert_missing(processed_updates, returning=(processed_updates.c.key,))
_FORGET = delete(processed_updates).where(processed_updates.c.at < bindparam("before"))


async def unseen(link: Link, keys: Sequence[str], now: datetime) -> set[str]:
    """Remember `keys` (distinct) and give those that were not there before."""
    if not keys:
        return set()
    rows = await link.insert(_REMEMBER, [{"key": key, "at": now} for key in sorted(keys)])
    return {row.key for row in rows}


async def forget(link: Link, before: datetime) -> int:
    """Forget keys remembered before then, and give how many."""
    return await link.change(_FORGET, {"before": before})
