"""A connection inside a transaction, as the aggregates see it: statements in, rows out, errors of the domain."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, Row
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.connection.dialects import ByDialect
from storage.connection.encryption import Codec
from storage.connection.errors import map_errors

Rows = Sequence[Row[*tuple[Any, ...]]]
Values = Mapping[str, Any]


class Connection:
    """One transaction's connection, with the codec of its database."""

    def __init__(self, connection: AsyncConnection, codec: Codec) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name
        self.codec = codec
        self.counts_many = connection.dialect.supports_sane_multi_rowcount

    async def read(self, statement: Executable, values: Values | None = None) -> Rows:
        """Run a statement and return all its rows."""
        with map_errors():
            return (await self._connection.execute(statement, values)).all()

    async def write(self, statement: Executable | ByDialect, rows: Sequence[Values]) -> int:
        """Run a statement once for each of `rows`, in one call; nothing where there is none. Returns the rows touched.

        The number is -1 where the driver does not count (see `counts_many`).
        """
        if not rows:
            return 0
        with map_errors():
            return (await self._connection.execute(self._chosen(statement), rows)).rowcount

    async def insert(self, statement: ByDialect, rows: Sequence[Values]) -> Rows:
        """Insert `rows` (at least one) and return what the statement returns."""
        with map_errors():
            return (await self._connection.execute(self._chosen(statement), rows)).all()

    async def change(self, statement: Executable, values: Values) -> int:
        """Run one statement that changes rows, and return how many."""
        with map_errors():
            return (await self._connection.execute(statement, values)).rowcount

    def _chosen(self, statement: Executable | ByDialect) -> Executable:
        return statement[self._dialect] if isinstance(statement, Mapping) else statement
