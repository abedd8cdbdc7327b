"""The stages of a case, all of them, in one table.

Theory of operation. A stage says how far the request itself has come: 待受理 (received), 核实中 (verifying), 安排中
(arranging), 已约好 (booked), 进行中 (in_progress), 诊后 (after_visit), 办结 (closed). It moves only by a row of this
table; an event without a row raises IllegalEvent, changing nothing. 停诊, 改期 and 未约上 lead back to arranging; an
admission by way of a visit passes arranging to after_visit twice [IP-B3 to IP-B9]. Who owns the case, who speaks to the
policyholder and how its bookings stand are facts beside the stage: a released case keeps its stage.

The diagram in docs/case.md is drawn from this table.
"""

from typing import Final

from flows.machine import Table, Transition

RECEIVED = "received"  # 待受理: in the queue, and nobody has worked on it yet
VERIFYING = "verifying"  # 核实中: an agent took it
ARRANGING = "arranging"  # 安排中: details are confirmed, a visit or an admission is to be obtained
BOOKED = "booked"  # 已约好: the policyholder was told day, place and escort
IN_PROGRESS = "in_progress"  # 进行中: the escort and the policyholder have met
AFTER_VISIT = "after_visit"  # 诊后: the visit or admission took place, or was missed
CLOSED = "closed"  # 办结

STAGES: Final = (RECEIVED, VERIFYING, ARRANGING, BOOKED, IN_PROGRESS, AFTER_VISIT, CLOSED)
WORKED_ON: Final = (VERIFYING, ARRANGING, BOOKED, IN_PROGRESS, AFTER_VISIT)
OPEN: Final = (RECEIVED, *WORKED_ON)


class _Stage:
    """What the table is fired on."""

    def __init__(self, stage: str) -> None:
        self.state = stage


TABLE: Table[_Stage] = Table(
    STAGES,
    (
        Transition("accept", (RECEIVED,), VERIFYING),
        Transition("confirm_details", (VERIFYING,), ARRANGING),
        Transition("tell", (ARRANGING, BOOKED), BOOKED),
        Transition("meet", (BOOKED,), IN_PROGRESS),
        Transition("complete", (IN_PROGRESS,), AFTER_VISIT),
        Transition("miss", (BOOKED,), AFTER_VISIT),
        Transition("arrange_again", (ARRANGING, BOOKED, IN_PROGRESS), ARRANGING),
        Transition("arrange_admission", (AFTER_VISIT,), ARRANGING),
        Transition("close", WORKED_ON, CLOSED),
        Transition("withdraw", (RECEIVED,), CLOSED),
    ),
)


def stage_after(trigger: str, stage: str) -> str:
    """Return the stage that `trigger` leads to. Raises IllegalEvent where the table has no such row."""
    model = _Stage(stage)
    TABLE.fire(trigger, model)
    return model.state
