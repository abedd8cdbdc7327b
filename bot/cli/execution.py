"""How a command is executed: its settings are read, its work runs in an event loop, an error ends it with a line."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from typing import Any, NoReturn, TypeVar

import typer
from pydantic import ValidationError

from bot.cli import texts as t
from bot.cli.help import TEXTS
from bot.settings import Settings
from flows.errors import IntakeError
from flows.messages import MessageKey

_T = TypeVar("_T")


def say(key: MessageKey, **params: str | int | datetime) -> str:
    """Return a sentence of the catalogue."""
    return TEXTS(key(**params))


def fail(*lines: str) -> NoReturn:
    """Print lines on the error stream and exit 1."""
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(1)


def settings_or_exit() -> Settings:
    """Read the settings; name everything that is wrong with them at once, and exit 1."""
    try:
        return Settings()
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
    fail(*(say(t.SETTINGS_FAULT, name=_variable(fault["loc"]), fault=fault["msg"]) for fault in faults))


def _variable(place: tuple[int | str, ...]) -> str:
    return "GREEN_CHANNEL_" + "_".join(str(part) for part in place).upper()


def in_loop(work: Coroutine[Any, Any, _T]) -> _T:
    """Run a command's work; an error of the domain, or a port that is taken, ends it with its code, and exit 1."""
    try:
        return asyncio.run(work)
    except (IntakeError, OSError) as error:
        code = error.code if isinstance(error, IntakeError) else error.strerror or type(error).__name__
    fail(say(t.STOPPED, code=code))
