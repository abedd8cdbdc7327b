"""`import`: what operators import from files. All or nothing, every bad cell told."""

from pathlib import Path
from typing import Annotated, Protocol

import typer

from bot.cli import texts as t
from bot.cli.execution import fail, in_loop, say, settings_or_exit
from bot.cli.help import Command, Group
from bot.cli.import_report import Progress, fault_lines, progress_bar
from bot.cli.wiring import ImportOutcome, Wiring
from flows.messages import MessageKey

SheetFile = Annotated[Path, typer.Argument(help=say(t.CLI_FILE), exists=True, dir_okay=False)]


class Load(Protocol):
    """An import of `Operations`."""

    async def __call__(self, file: Path, *, progress: Progress) -> ImportOutcome:
        """Import the file."""


def register(app: typer.Typer, wiring: Wiring) -> None:
    """Add the group of commands."""
    imports = typer.Typer(cls=Group, help=say(t.CLI_IMPORT), no_args_is_help=True)
    app.add_typer(imports, name="import")

    @imports.command(cls=Command, help=say(t.CLI_IMPORT_POLICIES))
    def policies(file: SheetFile) -> None:
        _import(wiring.operations(settings_or_exit()).import_policies, file, t.IMPORTED)

    @imports.command(cls=Command, help=say(t.CLI_IMPORT_HOSPITALS))
    def hospitals(file: SheetFile) -> None:
        _import(wiring.operations(settings_or_exit()).import_hospitals, file, t.IMPORTED_HOSPITALS)

    @imports.command(cls=Command, help=say(t.CLI_IMPORT_ILLNESSES))
    def illnesses(file: SheetFile) -> None:
        _import(wiring.operations(settings_or_exit()).import_illnesses, file, t.IMPORTED_ILLNESSES)


def _import(load: Load, file: Path, done: MessageKey) -> None:
    """Run an import and print what came of it; name every fault of the file, and exit 1."""
    outcome = in_loop(_watched(load, file))
    if outcome.faults:
        fail(*fault_lines(outcome.faults))
    typer.echo(say(done, rows=outcome.rows, made=outcome.made))


async def _watched(load: Load, file: Path) -> ImportOutcome:
    with progress_bar() as progress:
        return await load(file, progress=progress)
