"""Uses of the services: reserved by a case, then consumed or released."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update

from flows.effects import UseConsumption, UseRelease, UseReservation, UseSettlement
from flows.ids import Ids, PolicyId
from flows.ports.unit_of_work import Entry
from flows.terms.policy import RESERVED, Policy, Use
from storage.connection.connection import Connection, Values
from storage.records.registry import writes
from storage.schema.policies import uses

_INSERT = insert(uses)
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
    rows = [_row(row, use.policy, Use(use.service, use.year, RESERVED, use.case)) for row, use in reservations]
    await connection.write(_INSERT, rows)


@writes(UseConsumption, UseRelease)
async def settle(connection: Connection, settled: Sequence[Entry[UseSettlement]], now: datetime) -> None:
    """Let reserved uses be consumed or released; what is not reserved stays as it is."""
    del now
    ordered = sorted((use for _, use in settled), key=lambda use: (use.case, use.service))
    await connection.write(
        _SETTLE, [{"its_case": u.case, "its_service": u.service, "settled": u.state} for u in ordered]
    )


def brought(policies: Sequence[Policy], ids: Ids) -> list[Values]:
    """Return the rows of the uses that new policies bring, spent elsewhere (by phone)."""
    return [_row(ids.new(), policy.id, use) for policy in policies for use in policy.uses]


async def add(connection: Connection, rows: Sequence[Values]) -> None:
    """Insert rows as `brought` gives them."""
    await connection.write(_INSERT, rows)


def _row(id_: int, policy: PolicyId, use: Use) -> dict[str, Any]:
    return {
        "id": id_,
        "policy_id": policy,
        "service": use.service,
        "year": use.year,
        "state": use.state,
        "case_id": use.case,
    }
