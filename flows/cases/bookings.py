"""The bookings of a case: one for each attempt at a visit or an admission, and the table of their states.

Theory of operation. A booking moves by the rows of this table only; an event without a row raises IllegalEvent,
changing nothing. What was told may be told anew where it changes; `times` keeps the last instant at which each state
was entered. A booking that has ended is kept, and the next attempt is another booking.

The diagram in docs/case.md is drawn from this table.
"""

from datetime import date, datetime
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from flows.machine import Table, Transition

VISIT = "visit"  # 就诊
ADMISSION = "admission"  # 住院
KINDS: Final = (VISIT, ADMISSION)

TO_BOOK = "to_book"  # 待约
REQUESTED = "requested"  # 已申请
OBTAINED = "obtained"  # 已出号 of a visit, 已排床 of an admission
TOLD = "told"  # 已告知
CONFIRMED = "confirmed"  # 客户已确认
MET = "met"  # 已见面
DONE = "done"  # 已完成
STOPPED = "stopped"  # 停诊
MOVED = "moved"  # 改期
CANCELLED = "cancelled"  # 已取消
NO_SHOW = "no_show"  # 未赴约
NOT_OBTAINED = "not_obtained"  # 未约上
MISTAKEN = "mistaken"  # 录错

LIVE: Final = (TO_BOOK, REQUESTED, OBTAINED, TOLD, CONFIRMED, MET)
ENDED: Final = (DONE, STOPPED, MOVED, CANCELLED, NO_SHOW, NOT_OBTAINED, MISTAKEN)
STATES: Final = (*LIVE, *ENDED)
DATED: Final = (OBTAINED, TOLD, CONFIRMED, MET)  # a live booking with its day

REASONS: Final = ("full", "beds", "originals", "infectious", "not_network", "other")
"""Why a booking was not obtained: 满号, 床位, 原件, 传染, 不在网络, 其他."""


class Escort(Struct, frozen=True):
    """Who meets the policyholder, where and when [OP-P5a, IP-A5, IP-B6, IP-B9]."""

    name: str
    phone: str
    place: str
    at: datetime


class Booking(Struct, frozen=True, omit_defaults=True):
    """One attempt at a visit or an admission; `number` counts those of its case from 1.

    `day` is the day of the visit or admission (Asia/Shanghai), `at` the instant of a visit. `room` and `ward` may say
    到院告知. `cutoff` is until when the hospital lets one cancel; `late`: it was cancelled after that. `reason` says
    why it ended. `learned_at` is when a stopped clinic was learned of [OP-N3]; `times`: when each state
    was entered.
    """

    number: int
    kind: str
    state: str = TO_BOOK
    hospital: str = ""
    campus: str = ""
    department: str = ""
    title: str = ""
    day: date | None = None
    at: datetime | None = None
    collect_place: str = ""
    collect_document: str = ""
    room: str = ""
    ward: str = ""
    cutoff: datetime | None = None
    documents: str = ""
    escort: Escort | None = None
    reason: str = ""
    late: bool = False
    learned_at: datetime | None = None
    times: dict[str, datetime] = field(default_factory=dict)

    @property
    def is_live(self) -> bool:
        """Return True while the booking has not ended."""
        return self.state in LIVE


class _State:
    """What the table is fired on."""

    def __init__(self, state: str) -> None:
        self.state = state


TABLE: Table[_State] = Table(
    STATES,
    (
        Transition("request", (TO_BOOK,), REQUESTED),
        Transition("obtain", (TO_BOOK, REQUESTED), OBTAINED),
        Transition("tell", (OBTAINED, TOLD, CONFIRMED), TOLD),
        Transition("confirm", (TOLD,), CONFIRMED),
        Transition("meet", (TOLD, CONFIRMED), MET),
        Transition("complete", (MET,), DONE),
        Transition("stop", DATED, STOPPED),
        Transition("move", (OBTAINED, TOLD, CONFIRMED), MOVED),
        Transition("cancel", (TO_BOOK, REQUESTED, OBTAINED, TOLD, CONFIRMED), CANCELLED),
        Transition("miss", (TOLD, CONFIRMED), NO_SHOW),
        Transition("refuse", (TO_BOOK, REQUESTED), NOT_OBTAINED),
        Transition("correct", LIVE, MISTAKEN),
    ),
)


def advanced(booking: Booking, trigger: str, now: datetime, /, **facts: object) -> Booking:
    """Return a booking as `trigger` leaves it, with `facts` of it changed. Raises IllegalEvent without such a row."""
    model = _State(booking.state)
    TABLE.fire(trigger, model)
    return replace(booking, state=model.state, times={**booking.times, model.state: now}, **facts)
