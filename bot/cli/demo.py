"""`demo`: everything in one process: the sandbox, its people, the bot, a fresh database."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import texts as t
from bot.cli.execution import in_loop, say
from bot.cli.help import TEXTS, Command
from bot.cli.wiring import Wiring
from bot.demo import demo_settings, on_duty, people
from bot.logs import quiet_logs
from bot.sandbox.app import serve
from bot.sandbox.telegram import StandIn

FOLDER = Path("var") / "demo"


def register(app: typer.Typer, wiring: Wiring) -> None:
    """Add the command."""

    @app.command(cls=Command, help=say(t.CLI_DEMO))
    def demo(port: Annotated[int, typer.Option(help=say(t.CLI_PORT))] = 8899) -> None:
        quiet_logs("warning")
        in_loop(_demo(port, wiring))


async def _demo(port: int, wiring: Wiring) -> None:
    stand_in = StandIn()
    lines = people(stand_in, TEXTS)
    async with serve(stand_in, port=port) as url:
        shutil.rmtree(FOLDER, ignore_errors=True)  # not before the port is ours: another demo may be at work here
        FOLDER.mkdir(parents=True)
        settings = demo_settings(FOLDER, stand_in, url)
        await wiring.operations(settings).migrate()
        await wiring.seed(settings, agents=on_duty(datetime.now(UTC)))
        async with wiring.open_process(settings) as process:
            typer.echo("\n".join([say(t.DEMO_READY, url=url), *lines]))
            await process.run()
