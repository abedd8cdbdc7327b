"""The composition root, the one place where database, engine and Telegram are put together; and the command line."""

import contextlib
import random
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from bot.backend import Checkpoint, Clock
from bot.cli.app import command_line
from bot.cli.help import TEXTS
from bot.cli.wiring import Wiring
from bot.process import BotProcess
from bot.settings import Settings
from bot.telegram.api import initialize
from flows.engine.engine import Engine
from flows.reference import Reference
from flows.session import Agent
from flows.terms.calendar import in_shanghai
from storage import reference
from storage.connection.encryption import Codec, Encryption
from storage.connection.ids import Snowflakes
from storage.database import Database
from storage.operations import DatabaseOperations, Sample

HERE = Path(__file__).parent
SAMPLE = HERE / "storage" / "sample"
HOSPITALS = HERE / "flows" / "reading" / "data" / "hospitals.csv"
SAMPLE_PRODUCT = ("康健一生", "2024")


def now() -> datetime:
    """Return the present."""
    return datetime.now(UTC)


def today() -> date:
    """Return the day in China."""
    return in_shanghai(now()).date()


def codec_of(settings: Settings) -> Encryption:
    """Return the encryption with the operator's keys."""
    return Encryption(sealing=settings.sealing_keys, hashing=settings.hashing_keys)


def new_ids(clock: Clock = now) -> Snowflakes:
    """Return a source of ids for this process."""
    return Snowflakes(node=random.SystemRandom().randrange(4096), clock=clock)


def open_database(settings: Settings, codec: Codec | None = None) -> Database:
    """Open the database and the folder of documents that the settings name."""
    return Database.open(settings.database_url, codec=codec or codec_of(settings), documents=settings.documents)


def operations(settings: Settings, codec: Codec | None = None) -> DatabaseOperations:
    """Return what an operator does with the database that the settings name."""
    return DatabaseOperations(
        settings.database_url,
        codec=codec or codec_of(settings),
        documents=settings.documents,
        ids=new_ids(),
        today=today(),
    )


async def load_reference(settings: Settings, database: Database) -> Reference:
    """Load what every step looks at: terms, calendar, illness lists, hospitals, hashes of the consents."""
    return await reference.load_reference(
        database.directory,
        settings.calendar(),
        consent_digests=TEXTS.digests(),
        button_labels=TEXTS.button_labels(),
        now=now(),
    )


@contextlib.asynccontextmanager
async def open_process(
    settings: Settings,
    *,
    codec: Codec | None = None,
    clock: Clock = now,
    checkpoint: Checkpoint = lambda _window: None,
) -> AsyncIterator[BotProcess]:
    """Open the database and the connections to Telegram; close them. Raises DeliveryError, StorageError."""
    database = open_database(settings, codec)
    try:
        engine = Engine(await load_reference(settings, database))
        process = BotProcess(settings, database, engine, ids=new_ids(clock), clock=clock, checkpoint=checkpoint)
        await initialize(process.application)
        try:
            yield process
        finally:
            await process.application.shutdown()
    finally:
        await database.close()


async def seed(settings: Settings, *, agents: Sequence[Agent] = (), codec: Codec | None = None) -> None:
    """Fill a migrated database with the sample: products, hospitals, policies, agents."""
    sample = Sample(SAMPLE / "policies.csv", HOSPITALS, SAMPLE_PRODUCT)
    await operations(settings, codec).seed(sample, agents=agents)


app = command_line(Wiring(open_process=open_process, operations=operations, seed=seed))

if __name__ == "__main__":
    app()
