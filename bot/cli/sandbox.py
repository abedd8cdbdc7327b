"""`sandbox`: the stand-in for Telegram alone."""

import asyncio
import signal
from typing import Annotated

import typer

from bot.cli import texts as t
from bot.cli.execution import in_loop, say
from bot.cli.help import TEXTS, Command
from bot.demo import people
from bot.sandbox.app import serve
from bot.sandbox.telegram import StandIn


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(cls=Command, help=say(t.CLI_SANDBOX))
    def sandbox(port: Annotated[int, typer.Option(help=say(t.CLI_PORT))] = 8899) -> None:
        in_loop(_serve(port))


async def _serve(port: int) -> None:
    stand_in, stop = StandIn(), asyncio.Event()
    people(stand_in, TEXTS)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with serve(stand_in, port=port) as url:
        typer.echo(say(t.SANDBOX_READY, url=url, token=stand_in.token))
        await stop.wait()
