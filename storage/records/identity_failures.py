"""When somebody described a policy's insured wrongly: kept for as long as it counts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, insert

from flows.effects import IdentityFailure
from flows.ports.unit_of_work import Entry
from storage.connection.connection import Connection
from storage.records.registry import writes
from storage.schema.policies import identity_failures

_INSERT = insert(identity_failures)
_FORGET = delete(identity_failures).where(identity_failures.c.at < bindparam("before"))


@writes(IdentityFailure)
async def note(connection: Connection, failures: Sequence[Entry[IdentityFailure]], now: datetime) -> None:
    """Note that somebody described these policies' insured wrongly, now."""
    await connection.write(_INSERT, [{"id": row, "policy_id": failure.policy, "at": now} for row, failure in failures])


async def forget(connection: Connection, before: datetime) -> int:
    """Forget failures of before then, and return how many."""
    return await connection.change(_FORGET, {"before": before})
