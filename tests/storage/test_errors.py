import sqlite3
from collections.abc import Iterator

import msgspec
import obstore.exceptions
import pytest
import sqlalchemy.exc
from cryptography.exceptions import InvalidTag

from flows.errors import Busy, Duplicate, StorageError, Unreadable
from storage.connection.errors import FOREIGN, map_errors, translate
from storage.schema import metadata


def _errors(module: object) -> Iterator[type[BaseException]]:
    for name in dir(module):
        found = getattr(module, name)
        if isinstance(found, type) and issubclass(found, Exception) and not issubclass(found, Warning):
            yield found


def _made(kind: type[BaseException]) -> BaseException:
    """Make an error without its constructor, which every one of them spells in its own way."""
    return kind.__new__(kind)


def test_no_foreign_error_passes_the_border() -> None:
    modules = (sqlalchemy.exc, obstore.exceptions, msgspec)
    kinds = {kind for module in modules for kind in _errors(module)} | {OSError, TimeoutError, InvalidTag}
    assert len(kinds) > 50
    assert [kind for kind in kinds if not issubclass(kind, FOREIGN)] == []
    for kind in kinds:
        assert isinstance(translate(_made(kind)), StorageError), kind


def test_no_driver_error_comes_unwrapped() -> None:
    """SQLAlchemy wraps whatever its driver's `Error` is the root of."""
    kinds = [kind for kind in _errors(sqlite3) if issubclass(kind, sqlite3.Error)]
    assert len(kinds) > 5
    for kind in kinds:
        wrapped = sqlalchemy.exc.DBAPIError.instance("", {}, kind("x"), sqlite3.Error)
        assert isinstance(wrapped, FOREIGN)


def _sqlite(message: str, code: int) -> sqlalchemy.exc.DBAPIError:
    driver = sqlite3.OperationalError(message)
    driver.sqlite_errorcode = code
    return sqlalchemy.exc.OperationalError("UPDATE", {}, driver)


@pytest.mark.parametrize("code", [5, 6, 261, 517, 262])  # SQLITE_BUSY, _LOCKED, and their extended codes
def test_a_locked_database_is_busy(code: int) -> None:
    assert isinstance(translate(_sqlite("database is locked", code)), Busy)


class _PostgresqlError(Exception):
    def __init__(self, sqlstate: str, constraint: str = "") -> None:
        super().__init__(f"{sqlstate}: DETAIL Key (number)=(GC-1)")
        self.sqlstate = sqlstate
        self.constraint_name = constraint


def _postgresql(sqlstate: str, constraint: str = "") -> sqlalchemy.exc.DBAPIError:
    driver = _PostgresqlError(sqlstate)
    driver.__cause__ = _PostgresqlError(sqlstate, constraint)
    return sqlalchemy.exc.IntegrityError("INSERT", {}, driver)


@pytest.mark.parametrize("sqlstate", ["40001", "40P01", "55P03", "57014"])
def test_a_deadlock_or_a_lost_race_of_postgresql_is_busy(sqlstate: str) -> None:
    assert isinstance(translate(_postgresql(sqlstate)), Busy)


def test_no_connection_in_time_or_a_lost_one_is_busy() -> None:
    lost = sqlalchemy.exc.OperationalError("", {}, sqlite3.OperationalError("x"), connection_invalidated=True)
    assert isinstance(translate(lost), Busy)
    assert isinstance(translate(sqlalchemy.exc.TimeoutError()), Busy)


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ("cases.number", "uq_cases_number"),
        ("cases.id", "pk_cases"),
        ("policies.number_hash", "uq_policies_number_hash"),
        ("products.id, products.version", "pk_products"),
    ],
)
def test_a_unique_constraint_of_sqlite_is_a_duplicate_by_name(columns: str, constraint: str) -> None:
    error = translate(_sqlite(f"UNIQUE constraint failed: {columns}", 2067))
    assert isinstance(error, Duplicate)
    assert error.constraint == constraint


def test_a_unique_constraint_of_postgresql_is_a_duplicate_by_name() -> None:
    error = translate(_postgresql("23505", "uq_cases_number"))
    assert isinstance(error, Duplicate)
    assert error.constraint == "uq_cases_number"


def test_every_constraint_has_a_name() -> None:
    constraints = [each for table in metadata.tables.values() for each in table.constraints]
    assert len(constraints) > len(metadata.tables)
    assert all(each.name for each in constraints)


def test_what_cannot_be_decoded_is_unreadable() -> None:
    for error in (InvalidTag(), msgspec.DecodeError(), msgspec.ValidationError()):
        assert isinstance(translate(error), Unreadable)


def test_an_error_of_our_own_passes_and_a_foreign_one_says_nothing_of_the_values() -> None:
    with pytest.raises(KeyError), map_errors():
        raise KeyError("ours")
    with pytest.raises(StorageError) as raised, map_errors():
        raise _postgresql("23514")
    assert str(raised.value) == "IntegrityError"
