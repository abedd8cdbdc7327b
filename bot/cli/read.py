"""The commands that show how answers are understood: one answer, or files of cases with what is expected."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import texts as t
from bot.cli.help import TEXTS, Command, Group
from bot.cli.readings import Accuracy, Asking, Kind, measure, understood, write_page
from flows.reading.dates import DateContext
from flows.reading.id_numbers import IdKind
from flows.terms.calendar import in_shanghai

CASES = TEXTS(t.CLI_CASES())
WRITE = TEXTS(t.CLI_WRITE())
KIND = TEXTS(t.CLI_KIND(kinds=" ".join(Kind)))
TEXT = TEXTS(t.CLI_TEXT())
TODAY = TEXTS(t.CLI_TODAY())
CONTEXT = TEXTS(t.CLI_CONTEXT(contexts=" ".join(DateContext)))
DECLARED = TEXTS(t.CLI_DECLARED(kinds=" ".join(IdKind)))

reading = typer.Typer(cls=Group)


def _now() -> datetime:
    return in_shanghai(datetime.now(UTC))


@reading.command(cls=Command, help=TEXTS(t.CLI_ACCURACY()))
def accuracy(
    files: Annotated[list[Path], typer.Argument(help=CASES)],
    write: Annotated[Path | None, typer.Option(help=WRITE)] = None,
) -> None:
    """Score the readers on files of cases: each miss, then a line a file; exit 1 where a file cannot be read."""
    measured = measure(files, today=_now().date())
    for line in measured.lines():
        typer.echo(line)
    unreadable = [*measured.unreadable, *_unwritten(write, measured)]
    for name in unreadable:
        typer.echo(TEXTS(t.UNREADABLE(file=name)), err=True)
    if unreadable:
        raise typer.Exit(1)


def _unwritten(page: Path | None, measured: Accuracy) -> list[str]:
    """Write the page, if any; name it where it is not there or has no place for the tables."""
    if page is None:
        return []
    try:
        write_page(page, measured)
    except (OSError, ValueError):
        return [str(page)]
    return []


@reading.command(cls=Command, help=TEXTS(t.CLI_READ()))
def read(
    kind: Annotated[Kind, typer.Argument(help=KIND)],
    text: Annotated[str, typer.Argument(help=TEXT)],
    today: Annotated[datetime | None, typer.Option(help=TODAY, formats=["%Y-%m-%d"])] = None,
    context: Annotated[DateContext, typer.Option(help=CONTEXT)] = DateContext.ANY,
    declared: Annotated[IdKind, typer.Option(help=DECLARED)] = IdKind.RESIDENT_ID,
) -> None:
    """Show how one answer is understood."""
    for line in understood(kind, text, Asking((today or _now()).date(), context, declared)):
        typer.echo(line)
