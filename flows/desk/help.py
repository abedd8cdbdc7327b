"""What an agent is told of the commands: those of the chat, and those of the registry."""

from typing import Final

from flows.desk import texts
from flows.desk.buttons import BUTTONS, MINE, NEXT
from flows.desk.commands import COMMANDS
from flows.desk.step import DeskStep
from flows.messages import Lines, Listed, Text

BY_BUTTON: Final = frozenset({"claim", "take_over"})  # on a case that the chat does not have yet
IN_WORDS: Final = frozenset(BUTTONS) - BY_BUTTON


def show_help(step: DeskStep) -> None:
    """List every command, and offer those that are needed most on a keyboard."""
    lines = Lines(tuple(line() for line in texts.HELP_LINES))
    commands = Listed(tuple(_command(name) for name in COMMANDS if name in BUTTONS))
    keyboard = [[NEXT(), MINE(), BUTTONS["return_to_bot"]()]]
    step.say(texts.AGENT_HELP(name=step.agent.name, lines=lines, commands=commands), keyboard=keyboard)


def _command(name: str) -> Text:
    """Return a command's button, and what is typed for it where that is possible."""
    label = BUTTONS[name]()
    return texts.HELP_COMMAND(label=label, name=name) if name in IN_WORDS else label
