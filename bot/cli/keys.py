"""`keys`: fresh keys, as lines for .env."""

import base64
import secrets

import typer

from bot.cli import texts as t
from bot.cli.execution import say
from bot.cli.help import Command
from bot.settings import KEY_BYTES


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(cls=Command, help=say(t.CLI_KEYS))
    def keys() -> None:
        for name in ("SEALING_KEYS", "HASHING_KEYS"):
            key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
            typer.echo(f"GREEN_CHANNEL_{name}=k1:{key}")
