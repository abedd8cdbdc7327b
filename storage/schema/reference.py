"""What operators import: products and hospitals."""

from sqlalchemy import Boolean, Column, Integer, LargeBinary, String, Table, Text

from storage.schema.base import metadata

products = Table(
    "products",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("version", String(64), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

hospitals = Table(
    "hospitals",
    metadata,
    Column("name", Text, primary_key=True),
    Column("province", String(32), nullable=False),
    Column("city", String(32), nullable=False),
    Column("level", String(16), nullable=False),
    Column("ownership", String(16), nullable=False),
    Column("network", Boolean(create_constraint=False), nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),  # in the operator's list
)
