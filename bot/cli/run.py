"""`run`: the bot, until it is stopped."""

import typer

from bot.cli import texts as t
from bot.cli.execution import fail, in_loop, say, settings_or_exit
from bot.cli.help import Command
from bot.cli.wiring import Wiring
from bot.logs import quiet_logs
from bot.settings import Settings


def register(app: typer.Typer, wiring: Wiring) -> None:
    """Add the command."""

    @app.command(cls=Command, help=say(t.CLI_RUN))
    def run() -> None:
        settings = settings_or_exit()
        quiet_logs(settings.log_level)
        in_loop(_run(settings, wiring))


async def _run(settings: Settings, wiring: Wiring) -> None:
    if not await wiring.operations(settings).is_migrated():
        fail(say(t.NOT_MIGRATED))
    async with wiring.open_process(settings) as process:
        await process.run()
