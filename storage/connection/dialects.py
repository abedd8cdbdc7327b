"""The one place that knows that SQLite and PostgreSQL spell `ON CONFLICT` by classes of their own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

SQLITE = "sqlite"
POSTGRESQL = "postgresql"

ByDialect = Mapping[str, Executable]
_Insert = sqlite.Insert | postgresql.Insert
_INSERTS: dict[str, Callable[[Table], _Insert]] = {SQLITE: sqlite.insert, POSTGRESQL: postgresql.insert}


def insert_missing(table: Table, *, returning: Sequence[Column[Any]] = ()) -> ByDialect:
    """Insert rows, leaving alone those whose primary key is there; `returning` gives columns of the inserted ones."""

    def build(insert: _Insert) -> Executable:
        statement = insert.on_conflict_do_nothing(index_elements=list(table.primary_key))
        return statement.returning(*returning) if returning else statement

    return _each(table, build)


def upsert(table: Table, *, changing: Sequence[str]) -> ByDialect:
    """Insert rows; of those whose primary key is there, the columns `changing` take the new values."""

    def build(insert: _Insert) -> Executable:
        values = {name: insert.excluded[name] for name in changing}
        return insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=values)

    return _each(table, build)


def insert_or_set(table: Table, values: Mapping[str, object], *, where: ColumnElement[bool]) -> ByDialect:
    """Insert rows; those that are there and meet `where` take the constants `values`."""

    def build(insert: _Insert) -> Executable:
        return insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=dict(values), where=where)

    return _each(table, build)


def _each(table: Table, build: Callable[[_Insert], Executable]) -> ByDialect:
    return {name: build(insert(table)) for name, insert in _INSERTS.items()}
