"""Every foreign error of the database becomes one of `flows.errors`, by one total map.

Engines hide parameters, and no message of a foreign error is repeated here: codes and constraint names only.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy.exc
from cryptography.exceptions import InvalidTag
from msgspec import DecodeError, MsgspecError
from obstore.exceptions import BaseError as ObjectStoreError
from sqlalchemy import UniqueConstraint

from flows.errors import Busy, Duplicate, Rejected, StorageError, Unreadable
from storage.schema import metadata

FOREIGN = (
    sqlalchemy.exc.SQLAlchemyError,
    sqlalchemy.exc.EmulatedDBAPIException,  # of a driver without DBAPI, where SQLAlchemy did not wrap it
    ObjectStoreError,
    OSError,
    InvalidTag,
    MsgspecError,
)

_SQLITE_PRIMARY = 0xFF  # the primary code is the low byte of an extended one (sqlite.org/rescode.html)
_SQLITE_BUSY = {5, 6}  # SQLITE_BUSY, SQLITE_LOCKED
_SQLITE_UNIQUE = "UNIQUE constraint failed: "
# serialization_failure, deadlock_detected, lock_not_available, query_canceled (PostgreSQL, appendix A)
_POSTGRESQL_BUSY = {"40001", "40P01", "55P03", "57014"}
_POSTGRESQL_UNIQUE = "23505"


def _unique_constraints() -> dict[str, str]:
    found = {}
    for table in metadata.tables.values():
        for constraint in (table.primary_key, *table.constraints):
            if isinstance(constraint, UniqueConstraint) or constraint is table.primary_key:
                found[", ".join(f"{table.name}.{column.name}" for column in constraint.columns)] = str(constraint.name)
    return found


_UNIQUE = _unique_constraints()


@contextmanager
def map_errors() -> Iterator[None]:
    """Let only errors of `flows.errors` out."""
    try:
        yield
    except FOREIGN as error:
        raise translate(error) from error


def translate(error: BaseException) -> StorageError:
    """Return the domain's error for a foreign one."""
    if isinstance(error, InvalidTag | DecodeError):
        return Unreadable(type(error).__name__)
    if _is_busy(error):
        return Busy(type(error).__name__)
    constraint = _constraint(getattr(error, "orig", None))
    if constraint is not None:
        return Duplicate(constraint)
    if isinstance(error, sqlalchemy.exc.IntegrityError | sqlalchemy.exc.DataError | MsgspecError):
        return Rejected(type(error).__name__)
    return StorageError(type(error).__name__)


def _is_busy(error: BaseException) -> bool:
    if isinstance(error, sqlalchemy.exc.TimeoutError):  # the pool gave no connection in time
        return True
    if getattr(error, "connection_invalidated", False):
        return True
    driver = getattr(error, "orig", None)
    code = getattr(driver, "sqlite_errorcode", 0) & _SQLITE_PRIMARY
    return code in _SQLITE_BUSY or getattr(driver, "sqlstate", None) in _POSTGRESQL_BUSY


def _constraint(driver: BaseException | None) -> str | None:
    """Return the unique constraint that said no, or None."""
    if getattr(driver, "sqlstate", None) == _POSTGRESQL_UNIQUE:
        return str(getattr(driver.__cause__, "constraint_name", "")) if driver else None
    message = str(driver)
    if not message.startswith(_SQLITE_UNIQUE):
        return None
    columns = message.removeprefix(_SQLITE_UNIQUE)
    return _UNIQUE.get(columns, columns)
