"""How the two transition tables are fired: one shared machine each, on any object that has a `state`."""

from collections.abc import Sequence
from typing import Any, Protocol, TypedDict

from transitions import Machine, MachineError

from flows.errors import IllegalEvent


class Row(TypedDict, total=False):
    """One row of a table. `conditions` and `unless` name guards, methods of the model without arguments."""

    trigger: str
    source: str | list[str]
    dest: str | None
    conditions: str | list[str]
    unless: str | list[str]


class Stateful(Protocol):
    """What a table is fired on."""

    state: str


class Table:
    """A transition table, checked once and shared by all models."""

    def __init__(self, states: Sequence[str], rows: Sequence[Row]) -> None:
        """Build the machine. Raises ValueError where a row names a state that the table lacks."""
        self.states = tuple(states)
        self.rows = tuple(rows)
        self._machine: Any = Machine(
            model=None, states=list(states), initial=states[0], transitions=list(rows), auto_transitions=False
        )

    def fire(self, trigger: str, model: Stateful) -> None:
        """Take the first row for `trigger` in the model's state whose guards agree.

        Raises IllegalEvent where there is none; the model is then as it was.
        """
        try:
            taken = self._machine.events[trigger].trigger(model)
        except (KeyError, MachineError) as error:
            raise IllegalEvent(trigger, model.state) from error
        if not taken:
            raise IllegalEvent(trigger, model.state)

    def triggers(self, state: str) -> tuple[str, ...]:
        """Give the triggers that have a row in `state`, guards aside."""
        return tuple(self._machine.get_triggers(state))
