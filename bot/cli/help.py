"""The command line's help, in the catalogue's words throughout: typer's own headings are English only."""

from collections.abc import Sequence
from typing import Any

from typer.core import TyperCommand, TyperGroup

from bot.texts import Texts
from flows.messages import message

USAGE = message("cli.usage")
COMMANDS = message("cli.commands")
OPTIONS = message("cli.options")
ARGUMENTS = message("cli.arguments")
HELP = message("cli.help_option")
COMMAND = message("cli.command")
OPTION = message("cli.option")

Rows = Sequence[tuple[str, str]]


def write_help(formatter: Any, usage: tuple[str, str], about: str, sections: Sequence[tuple[str, Rows]]) -> None:  # noqa: ANN401
    """Write usage (program and the rest), what it is about, each section that has rows. `formatter` is click's."""
    formatter.write_usage(*usage, prefix=TEXTS(USAGE()))
    formatter.write_paragraph()
    formatter.write_text(about)
    for title, rows in sections:
        if rows:
            with formatter.section(title):
                formatter.write_dl(rows)


def parameters(command: Any, kind: str) -> list[tuple[str, str]]:  # noqa: ANN401 - a command of typer's own click
    """Return the command's arguments or options with their help; --help among the options."""
    rows = [(f"<{p.name}>" if kind == "argument" else ", ".join(p.opts), p.help or "") for p in command.params]
    kinds = [p.param_type_name for p in command.params]
    found = [row for row, its in zip(rows, kinds, strict=True) if its == kind]
    return [*found, ("--help", TEXTS(HELP()))] if kind == "option" else found


class Command(TyperCommand):
    """A command whose help is Chinese."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - typer's own click, not exported
        """Write the help."""
        arguments = parameters(self, "argument")
        usage = (ctx.command_path, " ".join([*(name for name, _ in arguments), f"[{TEXTS(OPTION())}]"]))
        options = parameters(self, "option")
        write_help(formatter, usage, self.help or "", [(TEXTS(ARGUMENTS()), arguments), (TEXTS(OPTIONS()), options)])


class Group(TyperGroup):
    """A group of commands whose help is Chinese."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - typer's own click, not exported
        """Write the help."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        commands = [(name, command.help or "") for name, command in found if command is not None]
        usage = (ctx.command_path, f"<{TEXTS(COMMAND())}>")
        sections = [(TEXTS(COMMANDS()), commands), (TEXTS(OPTIONS()), parameters(self, "option"))]
        write_help(formatter, usage, self.help or "", sections)


TEXTS = Texts.load()
