"""The stages of a case, all of them, in one table.

Theory of operation. A stage says how far the request itself has come: 待受理 (received), 核实中 (verifying), and so on
until 办结 (closed). It moves only by a row of this table; an event without a row raises IllegalEvent, changing nothing.
Who owns the case and who speaks to the policyholder are facts beside the stage: a released case keeps its stage.

The diagram in docs/case.md is drawn from this table.
"""

from flows.machine import Table, Transition

RECEIVED = "received"  # 待受理: in the queue, and nobody has worked on it yet
VERIFYING = "verifying"  # 核实中: an agent took it
CLOSED = "closed"  # 办结

STAGES = (RECEIVED, VERIFYING, CLOSED)
OPEN = (RECEIVED, VERIFYING)


class _Stage:
    """What the table is fired on."""

    def __init__(self, stage: str) -> None:
        self.state = stage


TABLE: Table[_Stage] = Table(
    STAGES,
    (
        Transition("accept", (RECEIVED,), VERIFYING),
        Transition("close", (VERIFYING,), CLOSED),
        Transition("withdraw", (RECEIVED,), CLOSED),
    ),
)


def stage_after(trigger: str, stage: str) -> str:
    """Return the stage that `trigger` leads to. Raises IllegalEvent where the table has no such row."""
    model = _Stage(stage)
    TABLE.fire(trigger, model)
    return model.state
