"""The command line, and the one place where the parts are put together."""

import asyncio
import base64
import contextlib
import random
import shutil
import signal
import tomllib
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from bot import cli_texts as t
from bot.cli_help import TEXTS, Command, Group
from bot.cli_imports import fault_lines, progress_bar
from bot.cli_reading import reading
from bot.demo import AGENTS, demo_settings, people
from bot.house import Checkpoint, Clock, House
from bot.logs import quiet_logs
from bot.sandbox.app import serve
from bot.sandbox.telegram import StandIn
from bot.settings import Settings
from bot.telegram.application import initialize, own_name
from flows.engine.engine import Engine
from flows.errors import IntakeError, StorageError
from flows.ids import AgentId
from flows.messages import DECLARED, MessageKey
from flows.reading.hospital_names import HospitalIndex, load_short_names
from flows.reading.illnesses import IllnessList, prepare_illnesses
from flows.reading.illnesses import load_illnesses as industry_illnesses
from flows.reference import Reference
from flows.session import Agent
from flows.terms import catalogue
from flows.terms.calendar import Calendar, in_shanghai, notices_from
from storage import migrate
from storage.database import Database
from storage.directory import Directory, Product
from storage.encryption import Codec, Encryption, generate_key
from storage.ids import Snowflakes
from storage.imports import (
    Imported,
    ImportFault,
    illnesses_in,
    industry_product,
    load_hospitals,
    load_illnesses,
    load_policies,
)
from storage.progress import Progress

HERE = Path(__file__).parent
SAMPLE = HERE / "storage" / "sample"
HOSPITALS = HERE / "flows" / "reading" / "data" / "hospitals.csv"
DEMO = Path("var") / "demo"
SAMPLE_PRODUCT = ("康健一生", "2024")


def say(key: MessageKey, **params: str | int) -> str:
    """Give a sentence of the catalogue."""
    return TEXTS(key(**params))


def now() -> datetime:
    """The present."""
    return datetime.now(UTC)


def today() -> date:
    """The day in China."""
    return in_shanghai(now()).date()


# ---- the parts, put together ----


def codec_of(settings: Settings) -> Encryption:
    """The keys at work."""
    return Encryption(sealing=settings.sealing_keys, hashing=settings.hashing_keys)


def open_database(settings: Settings, codec: Codec | None = None) -> Database:
    """Open the database and the folder of documents that the settings name."""
    return Database.open(settings.database_url, codec=codec or codec_of(settings), documents=settings.documents)


def new_ids(clock: Clock = now) -> Snowflakes:
    """A source of ids for this process."""
    return Snowflakes(node=random.SystemRandom().randrange(4096), clock=clock)


def calendar_of(settings: Settings) -> Calendar:
    """The calendar, with the operator's notices where there is a file."""
    file = settings.calendar_file
    return Calendar.build(notices_from(tomllib.loads(file.read_text("utf-8"))) if file else None)


def readable_list(product: Product) -> IllnessList:
    """A product's illnesses, made ready to be read in a person's own words."""
    illnesses, industry = illnesses_in(product), industry_illnesses()
    same = illnesses == industry.illnesses  # what was made ready once serves every product with it
    listed = industry if same else IllnessList(f"{product.id}/{product.version}", illnesses)
    prepare_illnesses(listed)
    return listed


async def is_migrated(settings: Settings) -> bool:
    """Say whether the database is there, and of this release."""
    file = settings.database_url.removeprefix("sqlite:///")
    missing = file != settings.database_url and not await asyncio.to_thread(Path(file).exists)
    return not missing and await migrate.current(settings.database_url) == migrate.head()


async def load_reference(settings: Settings, database: Database) -> Reference:
    """Load what every step looks at: terms, calendar, illness lists, hashes of the consents."""
    calendar = calendar_of(settings)
    calendar.acceptance_day(now())  # counts a year's holidays, once: not while the first person's transaction is open
    prepare_illnesses(industry_illnesses())
    products = await database.directory.products()
    return Reference(
        terms=catalogue.load(),
        calendar=calendar,
        illnesses={f"{p.id}/{p.version}": readable_list(p) for p in products},
        consent_digests=TEXTS.digests(),
        hospitals=HospitalIndex(await database.directory.hospitals(), load_short_names()),
    )


@contextlib.asynccontextmanager
async def open_house(
    settings: Settings,
    *,
    codec: Codec | None = None,
    clock: Clock = now,
    checkpoint: Checkpoint = lambda _window: None,
) -> AsyncIterator[House]:
    """Open the database and the connections to Telegram; close them. Raises DeliveryError, StorageError."""
    database = open_database(settings, codec)
    try:
        engine = Engine(await load_reference(settings, database))
        house = House(settings, database, engine, ids=new_ids(clock), clock=clock, checkpoint=checkpoint)
        await initialize(house.application)
        try:
            yield house
        finally:
            await house.application.shutdown()
    finally:
        await database.close()


# ---- sample data ----


async def seed(settings: Settings, *, agents: Sequence[Agent] = (), codec: Codec | None = None) -> None:
    """Fill a migrated database with the sample: products, hospitals, policies, agents."""
    database = open_database(settings, codec)
    try:
        await load_policies(database.directory, SAMPLE / "policies.csv", ids=new_ids(), today=today())
        await load_hospitals(database.directory, HOSPITALS)
        await database.directory.save_products([industry_product(*SAMPLE_PRODUCT)])
        for agent in agents:
            await database.directory.add_agent(agent)
    finally:
        await database.close()


# ---- the command line ----

app = typer.Typer(
    cls=Group, help=say(t.CLI), no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
imports = typer.Typer(cls=Group, help=say(t.CLI_IMPORT), no_args_is_help=True)
agents = typer.Typer(cls=Group, help=say(t.CLI_AGENTS), no_args_is_help=True)
SheetFile = Annotated[Path, typer.Argument(help=say(t.CLI_FILE), exists=True, dir_okay=False)]
app.add_typer(imports, name="import")
app.add_typer(agents, name="agents")
app.add_typer(reading)


def settings_or_exit() -> Settings:
    """Read the settings; name everything that is wrong with them at once, and exit 1."""
    try:
        return Settings()
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_url=False):
            name = "GREEN_CHANNEL_" + "_".join(str(part) for part in fault["loc"]).upper()
            typer.echo(say(t.SETTINGS_FAULT, name=name, fault=fault["msg"]), err=True)
        raise typer.Exit(1) from None


def in_loop(work: Coroutine[Any, Any, None]) -> None:
    """Run a command; an error of the domain, or a port that is taken, ends it with its code."""
    try:
        asyncio.run(work)
    except (IntakeError, OSError) as error:
        code = error.code if isinstance(error, IntakeError) else error.strerror or type(error).__name__
        typer.echo(say(t.STOPPED, code=code), err=True)
        raise typer.Exit(1) from None


@app.command(cls=Command, help=say(t.CLI_RUN))
def run() -> None:
    """Receive from Telegram until stopped."""
    settings = settings_or_exit()
    quiet_logs(settings.log_level)

    async def work() -> None:
        if not await is_migrated(settings):
            typer.echo(say(t.NOT_MIGRATED), err=True)
            raise typer.Exit(1)
        async with open_house(settings) as house:
            await house.run()

    in_loop(work())


@app.command(cls=Command, help=say(t.CLI_DEMO))
def demo(port: Annotated[int, typer.Option(help=say(t.CLI_PORT))] = 8899) -> None:
    """Everything in one process: the sandbox, its people, the bot, a fresh database."""
    quiet_logs("warning")

    async def work() -> None:
        stand_in = StandIn()
        lines = people(stand_in, TEXTS)
        async with serve(stand_in, port=port) as url:
            shutil.rmtree(DEMO, ignore_errors=True)  # not before the port is ours: another demo may be at work here
            DEMO.mkdir(parents=True)
            settings = demo_settings(DEMO, stand_in, url)
            await migrate.upgrade(settings.database_url)
            await seed(settings, agents=AGENTS)
            async with open_house(settings) as house:
                typer.echo("\n".join([say(t.DEMO_READY, url=url), *lines]))
                await house.run()

    in_loop(work())


@app.command(cls=Command, help=say(t.CLI_SANDBOX))
def sandbox(port: Annotated[int, typer.Option(help=say(t.CLI_PORT))] = 8899) -> None:
    """The stand-in for Telegram alone."""

    async def work() -> None:
        stand_in, stop = StandIn(), asyncio.Event()
        people(stand_in, TEXTS)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with serve(stand_in, port=port) as url:
            typer.echo(say(t.SANDBOX_READY, url=url, token=stand_in.token))
            await stop.wait()

    in_loop(work())


@app.command("migrate", cls=Command, help=say(t.CLI_MIGRATE))
def migrate_command() -> None:
    """Bring the database up to this release."""
    settings = settings_or_exit()
    file = settings.database_url.removeprefix("sqlite:///")
    if file != settings.database_url:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    in_loop(migrate.upgrade(settings.database_url))
    typer.echo(say(t.MIGRATED, revision=migrate.head()))


@app.command(cls=Command, help=say(t.CLI_KEYS))
def keys() -> None:
    """Print fresh keys, as lines for .env."""
    for name in ("SEALING_KEYS", "HASHING_KEYS"):
        typer.echo(f"GREEN_CHANNEL_{name}=k1:{base64.b64encode(generate_key()).decode()}")


def importing(load: Callable[[Directory, Progress], Coroutine[Any, Any, Imported]], done: MessageKey) -> None:
    """Run an import and say what came of it; name every fault of the file, and exit 1."""
    settings = settings_or_exit()

    async def work() -> None:
        database = open_database(settings)
        try:
            with progress_bar() as progress:
                imported = await load(database.directory, progress)
        finally:
            await database.close()
        typer.echo(say(done, rows=imported.rows, made=imported.made))

    try:
        in_loop(work())
    except ImportFault as fault:
        typer.echo("\n".join(fault_lines(fault.faults)), err=True)
        raise typer.Exit(1) from None


@imports.command("policies", cls=Command, help=say(t.CLI_IMPORT_POLICIES))
def import_policies(file: SheetFile) -> None:
    """Add policies, replace those on file."""
    importing(lambda to, seen: load_policies(to, file, ids=new_ids(), today=today(), progress=seen), t.IMPORTED)


@imports.command("hospitals", cls=Command, help=say(t.CLI_IMPORT_HOSPITALS))
def import_hospitals(file: SheetFile) -> None:
    """Replace the directory."""
    importing(lambda to, seen: load_hospitals(to, file, progress=seen), t.IMPORTED_HOSPITALS)


@imports.command("illnesses", cls=Command, help=say(t.CLI_IMPORT_ILLNESSES))
def import_illnesses(file: SheetFile) -> None:
    """Replace the lists of the products named."""
    importing(lambda to, seen: load_illnesses(to, file, progress=seen), t.IMPORTED_ILLNESSES)


@agents.command("add", cls=Command, help=say(t.CLI_AGENTS_ADD))
def add_agent(
    user: Annotated[int, typer.Argument(help=say(t.CLI_USER))],
    name: Annotated[str, typer.Argument(help=say(t.CLI_NAME))],
) -> None:
    """Make a Telegram user an agent."""
    settings = settings_or_exit()

    async def work() -> None:
        database = open_database(settings)
        try:
            await database.directory.add_agent(Agent(AgentId(user), name))
        finally:
            await database.close()

    in_loop(work())
    typer.echo(say(t.AGENT_ADDED, name=name))


@app.command(cls=Command, help=say(t.CLI_CHECK))
def check() -> None:
    """Look at token, database, catalogue, calendar, key: a line each; exit 1 on a fault."""
    settings = settings_or_exit()
    quiet_logs("error")
    if not asyncio.run(checks(settings)):
        raise typer.Exit(1)


async def checks(settings: Settings) -> bool:
    """Print a line for each; say whether all is well."""

    async def token() -> str:
        url = settings.api_url
        return await own_name(settings.token.get_secret_value(), base_url=f"{url}/bot", base_file_url=f"{url}/file/bot")

    async def database() -> str:
        revision = await migrate.current(settings.database_url)
        if revision != migrate.head():
            raise StorageError(f"{revision} < {migrate.head()}")
        return str(revision)

    async def texts() -> str:
        if faults := TEXTS.faults(DECLARED.values()):
            raise StorageError("; ".join(faults))
        return str(len(TEXTS.keys()))

    async def calendar() -> str:
        covered = sorted(calendar_of(settings).years_covered())
        return f"{covered[0]}-{covered[-1]}"

    async def illnesses() -> str:
        opened = open_database(settings)
        try:
            products = await opened.directory.products()
        finally:
            await opened.close()
        if not products:
            raise StorageError("import illnesses")
        return " ".join(f"{product.id}/{product.version}" for product in products)

    async def key() -> str:
        opened = open_database(settings)
        try:
            return str(await opened.directory.probe())
        finally:
            await opened.close()

    well = True
    for label, look in (
        (t.CHECK_TOKEN, token),
        (t.CHECK_DATABASE, database),
        (t.CHECK_CATALOGUE, texts),
        (t.CHECK_CALENDAR, calendar),
        (t.CHECK_KEY, key),
        (t.CHECK_ILLNESSES, illnesses),
    ):
        try:
            typer.echo(f"OK    {say(label)}  {await look()}")
        except (IntakeError, ValueError, OSError) as error:
            code = error.code if isinstance(error, IntakeError) else type(error).__name__
            typer.echo(f"FAULT {say(label)}  {code} {error}")
            well = False
    return well


if __name__ == "__main__":
    app()
