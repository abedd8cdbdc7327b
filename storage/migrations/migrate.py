"""The schema's history: brings a database to a revision, and says which one it has."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url

from storage.connection.encryption import Codec
from storage.connection.engines import open_engines
from storage.connection.errors import map_errors

_SCRIPTS: Final = Path(__file__).parent


async def upgrade(url: str, revision: str = "head", codec: Codec | None = None) -> None:
    """Bring the database at `url` up to `revision`, in one transaction. Nobody else should be writing.

    A database that holds encrypted rows needs its `codec`. Raises KeysRequired where one is missing.
    """
    await run(url, lambda connection: command.upgrade(_config(connection, codec), revision))


async def downgrade(url: str, revision: str, codec: Codec | None = None) -> None:
    """Take the database at `url` down to `revision` (`base`: nothing is left), in one transaction.

    A database that holds encrypted rows needs its `codec`. Raises KeysRequired where one is missing.
    """
    await run(url, lambda connection: command.downgrade(_config(connection, codec), revision))


async def current(url: str) -> str | None:
    """Return the revision of the database at `url`, None where it has none."""
    engines = open_engines(make_url(url))
    try:
        with map_errors():
            async with engines.writer.connect() as connection:
                return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    finally:
        await engines.writer.dispose()


def head() -> str:
    """Return the newest revision there is."""
    return str(ScriptDirectory(str(_SCRIPTS)).get_current_head())


def history() -> list[str]:
    """Return every revision, the oldest first."""
    scripts = ScriptDirectory(str(_SCRIPTS)).walk_revisions()
    return [script.revision for script in scripts][::-1]


async def run(url: str, change: Callable[[Connection], None]) -> None:
    """Change the database at `url` in one transaction."""
    engines = open_engines(make_url(url))
    try:
        with map_errors():
            async with engines.writer.begin() as connection:
                await connection.run_sync(change)
    finally:
        await engines.writer.dispose()


def _config(connection: Connection, codec: Codec | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["codec"] = codec
    return config
