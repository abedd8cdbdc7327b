"""What is said to the policyholder while a case is carried from 核实中 to its end, and to agents about it."""

from typing import Final

from flows.cases.bookings import ADMISSION, KINDS, OBTAINED, STATES, VISIT
from flows.cases.outcomes import OUTCOMES
from flows.cases.stages import STAGES
from flows.messages import MessageKey, message

# ---- for policyholders ----

TOLD: Final = {
    VISIT: message("arranging.told_visit", "number", "lines"),
    ADMISSION: message("arranging.told_admission", "number", "lines"),
}
LINE_AT = message("arranging.line_at", "at")
LINE_DAY = message("arranging.line_day", "day")
LINE_HOSPITAL = message("arranging.line_hospital", "hospital", "campus")
LINE_DEPARTMENT = message("arranging.line_department", "department", "title")
LINE_ROOM = message("arranging.line_room", "room")
LINE_WARD = message("arranging.line_ward", "ward")
LINE_COLLECT = message("arranging.line_collect", "place", "document")
LINE_ESCORT = message("arranging.line_escort", "name", "phone")
LINE_MEETING = message("arranging.line_meeting", "at", "place")
LINE_BRING = message("arranging.line_bring")
LINE_DOCUMENTS = message("arranging.line_documents", "documents")
LINE_THROUGHOUT = message("arranging.line_throughout")
LINE_CUTOFF = message("arranging.line_cutoff", "until")
LINE_MISSED = message("arranging.line_missed")
STOPPED = message("arranging.stopped", "number")
MOVED = message("arranging.moved", "number")
CANCELLED = message("arranging.cancelled", "number")
MISTAKEN = message("arranging.mistaken", "number")
NO_INDICATION = message("arranging.no_indication", "number")

# ---- for agents ----

STAGE_NAMES: Final[dict[str, MessageKey]] = {stage: message(f"desk.stage_{stage}") for stage in STAGES}
STATE_NAMES: Final[dict[str, MessageKey]] = {state: message(f"desk.booking_{state}") for state in STATES}
BED_ALLOCATED = message("desk.booking_bed_allocated")
KIND_NAMES: Final[dict[str, MessageKey]] = {kind: message(f"desk.booking_kind_{kind}") for kind in KINDS}
OUTCOME_NAMES: Final[dict[str, MessageKey]] = {outcome: message(f"desk.end_{outcome}") for outcome in OUTCOMES}
FIELD_STAGE = message("desk.field_stage")
FIELD_BOOKING = message("desk.field_booking", "booking")
FORM = message("desk.form", "number", "faults", "form")
FAULTS_ONLY = message("desk.faults_only", "number", "faults")
CONFIRM_END = message("desk.confirm_end", "number", "outcome")
BUTTON_CONFIRM = message("desk.button_confirm_end")
UNSUITABLE = message("desk.unsuitable", "number", "stage")
UNREADABLE_LINE = message("desk.unreadable_line", "line")
FAULTS: Final[dict[str, MessageKey]] = {
    name: message(f"desk.fault_{name}")
    for name in (
        "booking",
        "hospital_in_network",
        "hospital_level",
        "transfer_agreed",
        "department_covered",
        "title",
        "time",
        "date_to_come",
        "cutoff",
        "early_agreed",
        "escort_phone",
        "escort_time",
        "application",
        "details_call",
        "branch",
        "reached",
        "not_obtained_reason",
        "learned",
        "outcome",
        "outcome_fits",
        "use_decided",
    )
}
OBTAINED_OF: Final = {VISIT: STATE_NAMES[OBTAINED], ADMISSION: BED_ALLOCATED}
