"""The hospital directory, in the order of the operator's list: those offered first stand first there."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import delete, insert, select

from flows.reading.hospitals.directory import Hospital
from storage.connection.connection import Connection
from storage.schema.reference import hospitals

_DELETE = delete(hospitals)
_INSERT = insert(hospitals)
_ALL = select(*(column for column in hospitals.c if column.name != "position")).order_by(
    hospitals.c.position, hospitals.c.name
)


async def replace(connection: Connection, given: Sequence[Hospital]) -> None:
    """Replace the whole list."""
    await connection.change(_DELETE, {})
    await connection.write(_INSERT, [asdict(hospital) | {"position": n} for n, hospital in enumerate(given)])


async def load(connection: Connection) -> list[Hospital]:
    """Return every hospital in the order of the operator's list."""
    return [Hospital(*row) for row in await connection.read(_ALL)]
