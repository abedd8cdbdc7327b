"""`check`: token, database, catalogue, calendar, key, illnesses: a line each."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import typer

from bot.cli import texts as t
from bot.cli.execution import say, settings_or_exit
from bot.cli.help import TEXTS, Command
from bot.cli.wiring import Operations, Wiring
from bot.logs import quiet_logs
from bot.settings import Settings
from bot.telegram.api import own_name
from flows.errors import IntakeError
from flows.messages import DECLARED, MessageKey

Look = Callable[[], Awaitable[str]]
"""Returns what there is; raises IntakeError, ValueError or OSError at a fault."""


class Fault(ValueError):
    """Something that is not as it should be; the text says what."""


def register(app: typer.Typer, wiring: Wiring) -> None:
    """Add the command."""

    @app.command(cls=Command, help=say(t.CLI_CHECK))
    def check() -> None:
        settings = settings_or_exit()
        quiet_logs("error")
        if not asyncio.run(_all_well(settings, wiring.operations(settings))):
            raise typer.Exit(1)


async def _all_well(settings: Settings, operations: Operations) -> bool:
    """Print a line for each check; return True if there is no fault."""
    return all([await _is_well(label, look) for label, look in _checks(settings, operations)])


async def _is_well(label: MessageKey, look: Look) -> bool:
    try:
        typer.echo(f"OK    {say(label)}  {await look()}")
    except (IntakeError, ValueError, OSError) as error:
        code = error.code if isinstance(error, IntakeError) else type(error).__name__
        typer.echo(f"FAULT {say(label)}  {code} {error}")
        return False
    return True


def _checks(settings: Settings, operations: Operations) -> Iterator[tuple[MessageKey, Look]]:
    async def token() -> str:
        url = settings.api_url
        return await own_name(settings.token.get_secret_value(), base_url=f"{url}/bot", base_file_url=f"{url}/file/bot")

    async def key() -> str:
        return str(await operations.probe())

    async def illnesses() -> str:
        if products := await operations.products():
            return " ".join(products)
        raise Fault("import illnesses")

    yield t.CHECK_TOKEN, token
    yield t.CHECK_DATABASE, operations.revision
    yield t.CHECK_CATALOGUE, _texts
    yield t.CHECK_CALENDAR, lambda: _calendar(settings)
    yield t.CHECK_KEY, key
    yield t.CHECK_ILLNESSES, illnesses


async def _texts() -> str:
    if faults := TEXTS.faults(DECLARED.values()):
        raise Fault("; ".join(faults))
    return str(len(TEXTS.keys()))


async def _calendar(settings: Settings) -> str:
    covered = sorted(settings.calendar().years_covered())
    return f"{covered[0]}-{covered[-1]}"
