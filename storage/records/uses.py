"""Uses of the services: reserved by a case, then consumed or released."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, insert, update

from flows.effects import UseConsumption, UseRelease, UseReservation, UseSettlement
from flows.ports.unit_of_work import Entry
from flows.terms.policy import RESERVED
from storage.connection.connection import Connection
from storage.records.registry import writes
from storage.schema.policies import uses

INSERT_USES: Final = insert(uses)
_SETTLE = (
    update(uses)
    .where(uses.c.case_id == bindparam("its_case"), uses.c.service == bindparam("its_service"))
    .where(uses.c.state == RESERVED)
    .values(state=bindparam("settled"))
)


@writes(UseReservation)
async def reserve(connection: Connection, reservations: Sequence[Entry[UseReservation]], now: datetime) -> None:
    """Insert reserved uses."""
    del now
    rows = [
        {
            "id": row,
            "policy_id": use.policy,
            "service": use.service,
            "year": use.year,
            "state": RESERVED,
            "case_id": use.case,
        }
        for row, use in reservations
    ]
    await connection.write(INSERT_USES, rows)


@writes(UseConsumption, UseRelease)
async def settle(connection: Connection, settled: Sequence[Entry[UseSettlement]], now: datetime) -> None:
    """Let reserved uses be consumed or released; what is not reserved stays as it is."""
    del now
    ordered = sorted((use for _, use in settled), key=lambda use: (use.case, use.service))
    await connection.write(
        _SETTLE, [{"its_case": u.case, "its_service": u.service, "settled": u.state} for u in ordered]
    )
