"""A transaction as a block: committed where the block ends well, rolled back where it does not."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.connection.connection import Connection
from storage.connection.encryption import Codec
from storage.connection.errors import map_errors


@asynccontextmanager
async def transaction(engine: AsyncEngine, codec: Codec) -> AsyncIterator[Connection]:
    """Open a connection in a transaction of its own."""
    async with begun(engine) as opened:
        yield Connection(opened, codec)
        with map_errors():
            await opened.commit()


@asynccontextmanager
async def begun(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Open a connection in a transaction that is rolled back unless it was committed, also when it is cancelled."""
    async with AsyncExitStack() as stack:
        with map_errors():
            connection = await stack.enter_async_context(engine.connect())
            await connection.begin()
        yield connection
