"""Codes with which an insured confirms a case from their own account: kept as a keyed hash, one for each case."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select

from flows.effects import Confirmation
from flows.ids import CaseId
from flows.ports.unit_of_work import Entry
from storage.connection.connection import Connection
from storage.connection.dialects import upsert
from storage.records.registry import writes
from storage.schema.cases import confirmations

CODE: Final = "confirmations.code"

_SAVE = upsert(confirmations, changing=("code_hash", "until"))
_LOAD = select(confirmations.c.code_hash, confirmations.c.case_id).where(
    confirmations.c.code_hash.in_(bindparam("hashes", expanding=True)), confirmations.c.until > bindparam("now")
)
_FORGET = delete(confirmations).where(confirmations.c.until <= bindparam("now"))


async def load(connection: Connection, codes: Sequence[str], now: datetime) -> dict[str, CaseId]:
    """Return the case that each code confirms, unlocked; one that ran out by `now` is left out."""
    hashes = {value: code for code in codes for value in connection.codec.digests(CODE, code.encode())}
    rows = await connection.read(_LOAD, {"hashes": list(hashes), "now": now}) if hashes else ()
    return {hashes[row.code_hash]: CaseId(row.case_id) for row in rows}


@writes(Confirmation)
async def save(connection: Connection, given: Sequence[Entry[Confirmation]], now: datetime) -> None:
    """Keep codes, each in place of the one its case had. Raises Duplicate where another case has the very same."""
    del now
    newest = {each.case: each for _, each in given}
    rows = [
        {"case_id": case, "code_hash": connection.codec.digest(CODE, each.code.encode()), "until": each.until}
        for case, each in sorted(newest.items())
    ]
    await connection.write(_SAVE, rows)


async def forget(connection: Connection, now: datetime) -> int:
    """Forget codes that ran out, and return how many."""
    return await connection.change(_FORGET, {"now": now})
