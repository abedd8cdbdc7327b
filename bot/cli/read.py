"""The command that shows how one answer is understood."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.cli import texts as t
from bot.cli.help import TEXTS, Command, Group
from bot.cli.readings import Asking, Kind, understood
from flows.reading.dates import DateContext
from flows.reading.id_numbers import IdKind
from flows.terms.calendar import in_shanghai

KIND = TEXTS(t.CLI_KIND(kinds=" ".join(Kind)))
TEXT = TEXTS(t.CLI_TEXT())
TODAY = TEXTS(t.CLI_TODAY())
CONTEXT = TEXTS(t.CLI_CONTEXT(contexts=" ".join(DateContext)))
DECLARED = TEXTS(t.CLI_DECLARED(kinds=" ".join(IdKind)))

reading = typer.Typer(cls=Group)


def _now() -> datetime:
    return in_shanghai(datetime.now(UTC))


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
