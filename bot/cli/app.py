"""The command line as a whole."""

import typer

from bot.cli import agents, check, demo, imports, keys, migrate, run, sandbox
from bot.cli import texts as t
from bot.cli.execution import say
from bot.cli.help import Group
from bot.cli.read import reading
from bot.cli.wiring import Wiring


def command_line(wiring: Wiring) -> typer.Typer:
    """Build it. A new command is a module with `register` and a line here; the help lists them in this order."""
    app = typer.Typer(
        cls=Group, help=say(t.CLI), no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )
    run.register(app, wiring)
    demo.register(app, wiring)
    sandbox.register(app)
    migrate.register(app, wiring)
    keys.register(app)
    check.register(app, wiring)
    imports.register(app, wiring)
    agents.register(app, wiring)
    app.add_typer(reading)
    return app
