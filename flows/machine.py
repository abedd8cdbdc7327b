"""How a transition table is fired: one shared machine, on any object that has a `state`."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from transitions import Machine, MachineError

from flows.errors import IllegalEvent


class Stateful(Protocol):
    """What a table is fired on."""

    state: str


M = TypeVar("M", bound=Stateful)


class Transition(NamedTuple, Generic[M]):
    """One row of a table: fired in one of `sources`, `trigger` leads to `dest`, if the guard agrees."""

    trigger: str
    sources: tuple[str, ...]
    dest: str
    guard: Callable[[M], bool] | None = None

    @property
    def condition(self) -> str:
        """The guard's name; empty where there is none."""
        return self.guard.__name__ if self.guard else ""


class Table(Generic[M]):
    """A transition table, checked once and shared by all models."""

    def __init__(
        self, states: Sequence[str], rows: Sequence[Transition[M]], *, triggers: Collection[str] | None = None
    ) -> None:
        """Build the machine. Raises ValueError where a row names a state that the table lacks.

        With `triggers`, also where one of them has no row, or a row has another trigger.
        """
        self.states = tuple(states)
        self.rows = tuple(rows)
        self.triggers = frozenset(row.trigger for row in rows)
        if unknown := {state for row in rows for state in (*row.sources, row.dest)} - {*states}:
            raise ValueError(sorted(unknown))
        if triggers is not None and self.triggers != frozenset(triggers):
            raise ValueError(sorted(self.triggers.symmetric_difference(triggers)))
        self._machine: Any = Machine(
            model=None,
            states=list(states),
            initial=states[0],
            transitions=[_as_transition(row) for row in rows],
            auto_transitions=False,
        )

    def fire(self, trigger: str, model: M) -> None:
        """Take the first row for `trigger` in the model's state whose guard agrees.

        Raises IllegalEvent where there is none; the model is then as it was.
        """
        try:
            taken = self._machine.events[trigger].trigger(model, model)  # the second is the guards' argument
        except (KeyError, MachineError) as error:
            raise IllegalEvent(trigger, model.state) from error
        if not taken:
            raise IllegalEvent(trigger, model.state)

    def can_fire(self, trigger: str, state: str) -> bool:
        """Return True if `trigger` has a row in `state`, guards aside."""
        return trigger in self._machine.get_triggers(state)


def _as_transition(row: Transition[M]) -> dict[str, object]:
    return {"trigger": row.trigger, "source": list(row.sources), "dest": row.dest, "conditions": row.guard}
