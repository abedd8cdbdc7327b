"""Rewrites encrypted bodies inside a migration's transaction, a portion of the rows at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
import sqlalchemy as sa
import structlog
from alembic import context, op

from flows.errors import KeysRequired, Unreadable
from storage.connection.encryption import Codec

PORTION: Final = 500  # rows that are in memory at once

Body = dict[str, Any]
Rows = Sequence[sa.Row[*tuple[Any, ...]]]
_log = structlog.get_logger(__name__)
_decoder = msgspec.json.Decoder(Body)
_encoder = msgspec.json.Encoder()


class Rewriting(NamedTuple):
    """What is rewritten: the bodies of a table by `rename`, which raises KeyError for a body that it does not know.

    `columns` are those of the row that repeat a value of the body, each with its default.
    """

    table: str
    key: str
    rename: Callable[[Body], Body]
    columns: Mapping[str, str] = {}

    @property
    def rows(self) -> sa.TableClause:
        """Return the table, as far as it is read or written here: a new object each time."""
        repeated = (sa.column(name, sa.String) for name in self.columns)
        return sa.table(self.table, sa.column(self.key, sa.BigInteger), sa.column("body", sa.LargeBinary), *repeated)


def check_keys(*works: Rewriting) -> None:
    """Raise KeysRequired if there is a body to rewrite, and the migration was given no codec."""
    if _codec() is None and any(next(_portions(work, 1), None) for work in works):
        raise KeysRequired


def rewrite(work: Rewriting) -> None:
    """Rewrite every body of a table. One that cannot be decrypted or read is logged, and stays as it is."""
    codec = _codec()
    if codec is None:
        return
    update = _update(work)
    for portion in _portions(work, PORTION):
        written = [values for row, body in portion if (values := _rewritten(codec, work, row, body))]
        if written:
            op.get_bind().execute(update, written)


def _codec() -> Codec | None:
    found: Codec | None = context.config.attributes.get("codec")
    return found


def _portions(work: Rewriting, size: int) -> Iterator[Rows]:
    """Read the keys and bodies of the rows that have a body, in order of key."""
    rows = work.rows
    key, body = rows.c[work.key], rows.c.body
    select = sa.select(key, body).where(body.is_not(None)).order_by(key).limit(size)
    portion = op.get_bind().execute(select).all()
    while portion:
        yield portion
        portion = op.get_bind().execute(select.where(key > portion[-1][0])).all()


def _update(work: Rewriting) -> sa.Update:
    rows = work.rows
    values: dict[str, Any] = {name: sa.bindparam(f"its_{name}") for name in ("body", *work.columns)}
    return sa.update(rows).where(rows.c[work.key] == sa.bindparam("its_key")).values(values)


def _rewritten(codec: Codec, work: Rewriting, row: int, body: bytes) -> dict[str, Any] | None:
    """Return the parameters of a row's UPDATE; None for a body that cannot be decrypted or read."""
    place = f"{work.table}|body"
    try:
        renamed = work.rename(_decoder.decode(codec.open(body, column=place, row=row)))
    except (Unreadable, msgspec.DecodeError, KeyError):
        _log.error("body_unreadable", table=work.table, row=row, code=Unreadable.code)
        return None
    repeated = {f"its_{name}": renamed.get(name, default) for name, default in work.columns.items()}
    return {"its_key": row, "its_body": codec.seal(_encoder.encode(renamed), column=place, row=row), **repeated}
