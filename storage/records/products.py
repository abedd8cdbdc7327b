"""Products: the terms of each in each of its versions, encrypted."""

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct, structs
from sqlalchemy import Row, select

from storage.connection.connection import Connection
from storage.connection.dialects import upsert
from storage.connection.encryption import Codec
from storage.schema.reference import products

BODY: Final = "products|body"

_SAVE = upsert(products, changing=("body",))
_ALL = select(products).order_by(products.c.id, products.c.version)


class Product(Struct, frozen=True):
    """A product in one version; `body` is its terms (illness list and the like) as JSON in UTF-8."""

    id: str
    version: str
    body: bytes


async def save(connection: Connection, given: Sequence[Product]) -> None:
    """Add products, replace those of the same id and version."""
    await connection.write(_SAVE, [_values(connection.codec, product) for product in given])


async def load(connection: Connection) -> list[Product]:
    """Return every product in every version. Raises Unreadable."""
    return [_product(connection.codec, row) for row in await connection.read(_ALL)]


def _values(codec: Codec, product: Product) -> dict[str, Any]:
    body = codec.seal(product.body, column=BODY, row=_place(product))
    return {"id": product.id, "version": product.version, "body": body}


def _place(product: Product) -> str:
    return f"{product.id}|{product.version}"


def _product(codec: Codec, row: Row[*tuple[Any, ...]]) -> Product:
    product = Product(row.id, row.version, b"")
    return structs.replace(product, body=codec.open(row.body, column=BODY, row=_place(product)))
