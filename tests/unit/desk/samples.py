"""Cases in every stage, and complete arguments for every command, for the tests of the desk."""

from datetime import date, datetime
from typing import Any, Final

from msgspec.structs import replace

from flows.cases.bookings import ADMISSION, VISIT, Booking, Escort
from flows.cases.case import APPLICATION, IP, OP, Attachment, Call, Case
from flows.ids import AgentId, CaseId, ChatId, DocumentId, PolicyId
from flows.terms.promises import Milestone
from tests.world import MONDAY

NOW: Final = MONDAY
HOSPITAL: Final = "北京协和医院"
OUTSIDE: Final = "北京大学第六医院"  # 三级甲等, and not of the network
VISIT_AT: Final = datetime.fromisoformat("2026-12-02T09:30:00+08:00")
CUTOFF: Final = datetime.fromisoformat("2026-12-01T16:00:00+08:00")
ADMITTED_ON: Final = date(2026, 12, 3)

NUMBER: Final[dict[str, Any]] = {
    "hospital": HOSPITAL,
    "campus": "东单院区",
    "department": "神经外科",
    "title": "主任医师",
    "time": VISIT_AT,
    "collect_place": "门诊楼一层",
    "collect_document": "身份证",
    "room": "到院告知",
    "cutoff": CUTOFF,
}
BED: Final[dict[str, Any]] = {
    "hospital": HOSPITAL,
    "campus": "东单院区",
    "ward": "到院告知",
    "date": ADMITTED_ON,
    "documents": "入院通知单",
}
ESCORT: Final[dict[str, Any]] = {
    "escort": "赵军",
    "escort_phone": "13800138000",
    "escort_place": "门诊楼正门",
    "escort_time": datetime.fromisoformat("2026-12-02T08:50:00+08:00"),
}
REASON: Final[dict[str, Any]] = {"reason": "客户来电"}
ARGUMENTS: Final[dict[str, dict[str, Any]]] = {
    "log_call": {"reached": True, "note": "核对了姓名和证件"},
    "request_booking": {"hospital": HOSPITAL},
    "record_number": NUMBER,
    "record_bed": BED,
    "not_obtained": {"not_obtained_reason": "full"},
    "tell_details": ESCORT,
    "miss": REASON,
    "clinic_stopped": {"learned": NOW, **REASON},
    "move_booking": REASON,
    "cancel_booking": REASON,
    "mistaken": REASON,
    "close": {"outcome": "not_eligible", "confirmed": True, **REASON},
}
"""What each command needs, complete."""

STATES: Final = {
    "record_number": "requested",
    "record_bed": "requested",
    "not_obtained": "requested",
    "tell_details": "obtained",
    "confirm_booking": "told",
    "meet": "confirmed",
    "complete": "met",
    "miss": "confirmed",
    "clinic_stopped": "told",
    "move_booking": "told",
    "cancel_booking": "told",
    "mistaken": "told",
}
"""Of a booking on which each command can act."""


def booking(state: str, kind: str = VISIT, number: int = 1) -> Booking:
    """A booking with everything that its state needs."""
    bare = Booking(number=number, kind=kind, state=state, times={state: NOW})
    if state in {"to_book", "requested"}:
        return bare
    where = {name: NUMBER[name] for name in ("hospital", "campus")}
    if kind == ADMISSION:
        held = replace(bare, **where, ward="到院告知", day=ADMITTED_ON, documents="入院通知单")
    else:
        names = ("department", "title", "collect_place", "collect_document", "room", "cutoff")
        held = replace(bare, **where, day=VISIT_AT.date(), at=VISIT_AT, **{name: NUMBER[name] for name in names})
    if state == "obtained":
        return held
    escort = Escort(ESCORT["escort"], ESCORT["escort_phone"], ESCORT["escort_place"], ESCORT["escort_time"])
    return replace(held, escort=escort)


def a_case(stage: str, *bookings: Booking, service: str = OP, **answers: str) -> Case:
    """An application, in a stage, with bookings; its details were confirmed in a call."""
    return Case(
        id=CaseId(1),
        number="261123-000001",
        request_type=APPLICATION,
        service=service,
        chat=ChatId(1),
        created_at=MONDAY,
        due_at=MONDAY,
        stage=stage,
        policy=PolicyId(1),
        answers=answers,
        milestones={
            "accepted": Milestone(MONDAY.date()),
            "complete": Milestone(MONDAY.date()),
            "policy_year": Milestone(date(2026, 6, 1)),
        },
        attachments=(Attachment(DocumentId(5), "unique", "record"),),
        bookings=bookings,
        calls=(Call(MONDAY, AgentId(7), reached=True),),
    )


def case_for(command: str, stage: str) -> Case:
    """A case in this stage that has what the command needs."""
    if command == "record_bed":
        return a_case(stage, booking("requested", ADMISSION), service=IP, branch="IP-A")
    if command == "record_notice":
        return a_case(stage, booking("done"), service=IP, branch="IP-B")
    state = STATES.get(command)
    return a_case(stage, booking(state)) if state else a_case(stage)
