"""What the chat shows for each command of the registry: its button, and what is said once it was carried out."""

from typing import Final

from flows.actors import AGENT
from flows.cases.case import Case
from flows.desk.commands import COMMANDS
from flows.desk.typed_commands import DOCUMENTS
from flows.effects import Button
from flows.ids import AgentId, CaseId
from flows.messages import MessageKey, message

TYPED: Final = frozenset(name for name, command in COMMANDS.items() if not command.offered)  # words, not a button
BUTTONS: Final[dict[str, MessageKey]] = {name: message(f"desk.button_{name}") for name in COMMANDS if name not in TYPED}
DONE: Final[dict[str, MessageKey]] = {name: message(f"desk.done_{name}", "number") for name in BUTTONS}
NEXT: Final = message("desk.button_next")
MINE: Final = message("desk.button_mine")

FIRST: Final = ("take_over", "return_to_bot")
LAST: Final = ("release", "close")

Rows = list[list[Button]]


def button(command: str, case: CaseId) -> Button:
    """Return the button that gives a command on a case."""
    return Button(label=BUTTONS[command](), data=f"desk:{command}:{case}")


def next_button() -> Button:
    """下一件."""
    return Button(label=NEXT(), data="desk:next:0")


def buttons_for(case: Case, agent: AgentId) -> Rows:
    """Return what an agent may do next: with a case of theirs, by who speaks; else the way to the next one."""
    if case.owner != agent or not case.is_open:
        return [[next_button()]]
    offered = [
        name
        for name, command in COMMANDS.items()
        if AGENT in command.roles and case.ownership in command.offered and _is_useful(name, case)
    ]
    offered.sort(key=_rank)
    shown = [button(name, case.id) for name in offered]
    rows = [shown[:1], *(shown[at : at + 2] for at in range(1, len(shown), 2))]
    return rows if case.agent_speaks else [*rows, [next_button()]]


def _is_useful(name: str, case: Case) -> bool:
    """Return True for a command that the case has something for."""
    shows_documents = bool(case.attachments and case.restricted_at is None)
    return COMMANDS[name].is_possible(case) and (name != DOCUMENTS or shows_documents)


def _rank(name: str) -> int:
    """Return where a button stands: who speaks first, what ends last, the process between them."""
    return -1 if name in FIRST else LAST.index(name) + 1 if name in LAST else 0
