"""`migrate`: bring the database up to this release."""

import typer

from bot.cli import texts as t
from bot.cli.execution import in_loop, say, settings_or_exit
from bot.cli.help import Command
from bot.cli.wiring import Wiring


def register(app: typer.Typer, wiring: Wiring) -> None:
    """Add the command."""

    @app.command(cls=Command, help=say(t.CLI_MIGRATE))
    def migrate() -> None:
        revision = in_loop(wiring.operations(settings_or_exit()).migrate())
        typer.echo(say(t.MIGRATED, revision=revision))
