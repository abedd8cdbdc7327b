"""Carrying a case from 核实中 to 诊后: what each command needs, what it leads to, what the policyholder reads."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from flows.actors import Actor
from flows.cases.bookings import ADMISSION, VISIT
from flows.cases.case import IP, Case
from flows.cases.promises import promises_of
from flows.desk.commands import COMMANDS, carry_out
from flows.desk.registry import Done, Invocation, Refused, Result
from flows.effects import Message, UseConsumption, UseRelease
from flows.ids import AgentId
from flows.reading.hospital_names import Hospital, HospitalIndex
from flows.terms.promises import promised
from tests.fakes import Counter
from tests.unit.desk.samples import (
    ADMITTED_ON,
    ARGUMENTS,
    BED,
    ESCORT,
    HOSPITAL,
    NOW,
    NUMBER,
    OUTSIDE,
    REASON,
    VISIT_AT,
    a_case,
    booking,
    case_for,
)
from tests.world import REFERENCE, TEXTS

ME = AgentId(7)


def given(
    command: str,
    case: Case,
    *,
    role: str = "supervisor",
    now: datetime = NOW,
    **arguments: Any,  # noqa: ANN401
) -> Result:
    mine = replace(case, owner=ME, owner_name="王莉", speaker="bot")
    return carry_out(command, Invocation(Actor(ME, "王莉", role), mine, now, Counter(), REFERENCE, arguments))


def done(command: str, case: Case, **how: Any) -> Done:  # noqa: ANN401
    result = given(command, case, **how)
    assert isinstance(result, Done), result
    return result


def missing(command: str, case: Case, **how: Any) -> tuple[str, ...]:  # noqa: ANN401
    result = given(command, case, **how)
    assert isinstance(result, Refused), result
    assert result.code == "facts_missing", result
    found: tuple[str, ...] = result.params["missing"]
    return found


def read(result: Done) -> list[str]:
    return [TEXTS(effect.text) for effect in result.effects if isinstance(effect, Message)]


def uses(result: Done) -> list[tuple[str, str]]:
    """What becomes of the uses, in the order in which it is carried out."""
    return [
        ("spent" if isinstance(effect, UseConsumption) else "free", effect.service)
        for effect in result.effects
        if isinstance(effect, UseConsumption | UseRelease)
    ]


STAGE_OF = {
    "confirm_details": "verifying",
    "log_call": "verifying",
    "complete": "in_progress",
    "record_notice": "after_visit",
    "tell_details": "arranging",
    "confirm_booking": "booked",
    "meet": "booked",
    "miss": "booked",
}

# command, facts that it says are missing where nothing is given
NEEDS = """
    log_call        reached,note
    request_booking hospital
    record_number   hospital,campus,department,title,time,collect_place,collect_document,room,cutoff
    record_bed      hospital,campus,ward,date_to_come,documents
    not_obtained    not_obtained_reason
    tell_details    escort,escort_phone,escort_place,escort_time
    miss            reason
    clinic_stopped  learned,reason
    move_booking    reason
    cancel_booking  reason
    mistaken        reason
    close           outcome,end_reason,confirmed
"""
MISSING = {name: tuple(facts.split(",")) for name, facts in (line.split() for line in NEEDS.strip().splitlines())}


@pytest.mark.parametrize("command", MISSING)
def test_a_command_is_refused_with_everything_that_is_missing(command: str) -> None:
    assert missing(command, case_for(command, STAGE_OF.get(command, "arranging"))) == MISSING[command]


FACT_OF = {("record_bed", "date"): "date_to_come", ("close", "reason"): "end_reason"}
GIVEN = [(command, argument) for command, arguments in ARGUMENTS.items() for argument in arguments]


@pytest.mark.parametrize(("command", "argument"), GIVEN)
def test_the_one_fact_that_was_not_given_is_named_alone(command: str, argument: str) -> None:
    case = case_for(command, STAGE_OF.get(command, "arranging"))
    arguments = {name: value for name, value in ARGUMENTS[command].items() if name != argument}
    assert missing(command, case, **arguments) == (FACT_OF.get((command, argument), argument),)


@pytest.mark.parametrize(
    ("command", "wrong", "facts"),
    [
        ("request_booking", {"hospital": OUTSIDE}, ("hospital_in_network",)),
        ("request_booking", {"hospital": "某某医院"}, ("hospital_in_network",)),
        ("request_booking", {"department": "急诊科"}, ("department_covered",)),
        ("record_number", {"department": "产科"}, ("department_covered",)),
        ("record_number", {"department": "超声诊断科"}, ("department_covered",)),
        ("record_number", {"title": "主治医师"}, ("title",)),
        ("record_number", {"time": NOW - timedelta(days=1), "cutoff": NOW - timedelta(days=2)}, ("time",)),
        ("record_number", {"time": "明天"}, ("time",)),
        ("record_number", {"cutoff": VISIT_AT + timedelta(minutes=1)}, ("cutoff",)),
        (
            "record_number",
            {"time": datetime.fromisoformat("2026-11-27T09:30:00+08:00"), "cutoff": NOW},
            ("early_agreed",),
        ),
        ("record_number", {"room": "很" * 201}, ("room",)),
        ("record_bed", {"date": date(2026, 11, 22)}, ("date_to_come",)),
        ("record_bed", {"date": VISIT_AT}, ("date_to_come",)),
        ("tell_details", {"escort_phone": "12"}, ("escort_phone",)),
        ("tell_details", {"escort_time": VISIT_AT + timedelta(minutes=1)}, ("escort_time",)),
        ("tell_details", {"escort_time": VISIT_AT - timedelta(days=1)}, ("escort_time",)),
        ("not_obtained", {"not_obtained_reason": "tired"}, ("not_obtained_reason",)),
        ("not_obtained", {"not_obtained_reason": "beds"}, ("not_obtained_reason",)),
        ("clinic_stopped", {"learned": NOW + timedelta(minutes=1)}, ("learned",)),
        ("log_call", {"hospital": OUTSIDE}, ("hospital_in_network",)),
    ],
)
def test_a_fact_that_cannot_be_is_refused_by_its_name(
    command: str, wrong: dict[str, Any], facts: tuple[str, ...]
) -> None:
    case = case_for(command, STAGE_OF.get(command, "arranging"))
    assert missing(command, case, **{**ARGUMENTS[command], **wrong}) == facts


def test_an_early_visit_is_taken_where_the_policyholder_agreed() -> None:
    early = {**NUMBER, "time": datetime.fromisoformat("2026-11-27T09:30:00+08:00"), "cutoff": NOW}
    result = done("record_number", case_for("record_number", "arranging"), **early, agreed=True)
    assert result.case.bookings[0].day == date(2026, 11, 27)
    by_visit = a_case("arranging", booking("requested"), service=IP, branch="IP-B")
    assert done("record_number", by_visit, **early).case.bookings[0].state == "obtained"


# ---- 核实中 ----


def test_details_are_confirmed_in_a_call_that_was_answered() -> None:
    silent = replace(a_case("verifying"), calls=())
    assert missing("confirm_details", silent) == ("details_call",)
    missed = done("log_call", silent, reached=False, note="没有人接").case
    assert missing("confirm_details", missed) == ("details_call",)
    case = done("log_call", missed, reached=True, note="核对了姓名和证件").case
    result = done("confirm_details", case)
    assert result.case.stage == "arranging"
    assert [(each.kind, each.state) for each in result.case.bookings] == [(VISIT, "to_book")]


def test_an_appeal_and_an_open_branch_are_not_arranged() -> None:
    appeal = replace(a_case("verifying"), request_type="appeal")
    assert given("confirm_details", appeal) == Refused("unsuitable")
    undecided = a_case("verifying", service=IP, branch="review")
    assert missing("confirm_details", undecided) == ("branch",)
    assert missing("confirm_details", undecided, branch="IP-B") == ("branch",)
    settled = done("confirm_details", undecided, branch="IP-A").case
    assert (settled.answers["branch"], settled.bookings[0].kind) == ("IP-A", ADMISSION)


def test_the_first_answered_call_that_names_a_hospital_is_the_choice() -> None:
    case = a_case("arranging", booking("to_book"))
    unanswered = done("log_call", case, reached=False, note="没人接", hospital=HOSPITAL).case
    assert "hospital_chosen" not in unanswered.milestones
    chosen = done("log_call", unanswered, reached=True, note="说好了", hospital=HOSPITAL).case
    assert chosen.milestones["hospital_chosen"].day == NOW.date()
    again = done("log_call", chosen, reached=True, note="再说", hospital=HOSPITAL, now=NOW + timedelta(days=1)).case
    assert again.milestones["hospital_chosen"] == chosen.milestones["hospital_chosen"]
    assert [(call.reached, call.hospital) for call in again.calls] == [
        (True, ""),
        (False, ""),
        (True, HOSPITAL),
        (True, HOSPITAL),
    ]


# ---- 安排中 ----


def test_two_hospitals_are_asked_side_by_side_and_one_booking_is_named_where_several_may_be_meant() -> None:
    case = done("request_booking", a_case("arranging", booking("to_book")), hospital=HOSPITAL).case
    case = done("request_booking", case, hospital="北京大学第一医院", department="神经外科").case
    assert [(each.number, each.state, each.hospital) for each in case.bookings] == [
        (1, "requested", HOSPITAL),
        (2, "requested", "北京大学第一医院"),
    ]
    assert missing("not_obtained", case, not_obtained_reason="full") == ("booking",)
    assert missing("not_obtained", case, not_obtained_reason="full", booking=3) == ("booking",)
    case = done("not_obtained", case, not_obtained_reason="full", booking=1).case
    assert [(each.state, each.reason) for each in case.bookings] == [("not_obtained", "full"), ("requested", "")]
    known = {"hospital", "department"}
    result = done("record_number", case, **{name: value for name, value in NUMBER.items() if name not in known})
    assert result.case.bookings[1].hospital == "北京大学第一医院", "what the request said is not entered again"


def test_the_day_of_a_booking_is_what_the_day_before_is_counted_from() -> None:
    case = done("record_number", case_for("record_number", "arranging"), **NUMBER).case
    assert case.milestones["visit_day"].day == VISIT_AT.date()
    due = promised(promises_of(case, REFERENCE.terms, REFERENCE.calendar), "day_before_visit")
    assert due is not None
    assert due.due == date(2026, 12, 1)
    assert case.wake_at is not None
    stopped = done("clinic_stopped", case, learned=NOW, **REASON).case
    assert "visit_day" not in stopped.milestones
    bed = done("record_bed", case_for("record_bed", "arranging"), **BED).case
    assert bed.milestones["admission_day"].day == ADMITTED_ON


def test_a_visit_of_an_admission_is_at_a_hospital_of_the_level_that_is_offered() -> None:
    lower = Hospital("某某县医院", "北京市", "北京市", "二级甲等", "公立", network=True)
    index = HospitalIndex((lower,), ())
    case = replace(a_case("arranging", booking("to_book"), service=IP, branch="IP-B"), owner=ME)
    reference = replace(REFERENCE, hospitals=index)
    asked = Invocation(Actor(ME, "王莉"), case, NOW, Counter(), reference, {"hospital": lower.name})
    assert carry_out("request_booking", asked) == Refused("facts_missing", {"missing": ("hospital_level",)})
    outpatient = replace(asked, case=replace(case, service="OP", answers={}))
    assert isinstance(carry_out("request_booking", outpatient), Done)


# ---- 已约好 ----


def test_the_policyholder_reads_when_where_who_waits_and_what_to_bring() -> None:
    result = done("tell_details", case_for("tell_details", "arranging"), **ESCORT)
    assert result.case.stage == "booked"
    expected = (
        "编号 261123-000001：您的就诊约好了。\n"
        "时间：12月2日（周三） 09:30\n"
        "医院：北京协和医院（东单院区）\n"
        "科室：神经外科，主任医师\n"
        "诊室：到院告知\n"
        "取号：门诊楼一层，凭身份证\n"
        "导医：赵军，电话 13800138000\n"
        "碰面：12月2日（周三） 08:50，门诊楼正门\n"
        "请带上：申请时登记的证件原件，病历和检查报告。\n"
        "客服专员会全程陪同您就诊。\n"
        "不能去了，请在 12月1日（周二） 14:00前告诉我们。\n"
        "没有告诉我们就没去，这次服务会算作已经使用。\n"
        "时间、地点如有不便，请直接回复。"
    )
    assert read(result) == [expected]
    assert len(read(result)[0]) <= 400
    (message,) = (effect for effect in result.effects if isinstance(effect, Message))
    assert message.cites == ("OP-P5a", "OP-P5b", "OP-P5c", "OP-N10")


@pytest.mark.parametrize("branch", ["IP-A", "IP-B"])
def test_nobody_is_promised_company_throughout_an_admission(branch: str) -> None:
    held = booking("obtained", ADMISSION)
    case = a_case("arranging", held, service=IP, branch=branch)
    escort = {**ESCORT, "escort_time": datetime.fromisoformat("2026-12-03T08:00:00+08:00")}
    (text,) = read(done("tell_details", case, **escort))
    assert "全程" not in text
    assert "病区：到院告知" in text
    assert "病历和检查报告，入院通知单" in text


def test_what_was_told_is_told_again_and_then_confirmed() -> None:
    told = done("tell_details", a_case("booked", booking("confirmed")), **ESCORT).case
    assert (told.stage, told.bookings[0].state) == ("booked", "told")
    confirmed = done("confirm_booking", told).case
    assert (confirmed.stage, confirmed.bookings[0].state) == ("booked", "confirmed")
    met = done("meet", confirmed).case
    assert (met.stage, met.bookings[0].state) == ("in_progress", "met")


# ---- uses ----


@pytest.mark.parametrize(
    ("service", "branch", "kind", "spent"),
    [
        ("OP", "", VISIT, [("spent", "OP")]),
        ("IP", "IP-A", ADMISSION, [("spent", "IP")]),
        ("IP", "IP-B", VISIT, [("spent", "OP")]),
        ("IP", "IP-B", ADMISSION, [("spent", "IP")]),
    ],
)
def test_a_visit_or_admission_that_took_place_spends_its_use(
    service: str, branch: str, kind: str, spent: list[tuple[str, str]]
) -> None:
    case = a_case("in_progress", booking("met", kind), service=service, branch=branch)
    result = done("complete", case)
    assert (result.case.stage, uses(result)) == ("after_visit", spent)


@pytest.mark.parametrize(
    ("service", "branch", "kind", "moved"),
    [
        ("OP", "", VISIT, [("spent", "OP")]),
        ("IP", "IP-A", ADMISSION, [("spent", "IP")]),
        ("IP", "IP-B", VISIT, [("spent", "OP"), ("free", "IP")]),
        ("IP", "IP-B", ADMISSION, [("spent", "IP")]),
    ],
)
def test_a_supervisor_decides_that_somebody_did_not_turn_up(
    service: str, branch: str, kind: str, moved: list[tuple[str, str]]
) -> None:
    case = a_case("booked", booking("confirmed", kind), service=service, branch=branch)
    assert given("miss", case, role="agent", reason="没有来") == Refused("not_for_role", {"role": "agent"})
    result = done("miss", case, **REASON)
    assert (result.case.stage, uses(result)) == ("after_visit", moved)
    assert result.case.milestones["visit_missed" if kind == VISIT else "admission_missed"].day == NOW.date()


# ---- ways back ----


@pytest.mark.parametrize(
    ("command", "state", "next_attempt"),
    [
        ("clinic_stopped", "stopped", True),
        ("move_booking", "moved", True),
        ("cancel_booking", "cancelled", False),
        ("mistaken", "mistaken", True),
    ],
)
@pytest.mark.parametrize("before", ["obtained", "told", "confirmed"])
def test_a_booking_that_came_to_nothing_leads_back_and_is_told_where_it_had_been_told(
    command: str, state: str, before: str, *, next_attempt: bool
) -> None:
    case = a_case("arranging" if before == "obtained" else "booked", booking(before))
    result = done(command, case, **ARGUMENTS[command])
    assert result.case.stage == "arranging"
    assert [each.state for each in result.case.bookings] == [state, *["to_book"] * next_attempt]
    assert len(read(result)) == (before != "obtained")
    assert uses(result) == []
    assert result.case.version == case.version + 1


def test_a_stopped_clinic_says_when_it_was_learned_of_and_when_it_was_told() -> None:
    learned = NOW - timedelta(minutes=20)
    case = done("clinic_stopped", a_case("in_progress", booking("met")), learned=learned, **REASON).case
    stopped = case.bookings[0]
    assert (stopped.learned_at, stopped.times["stopped"]) == (learned, NOW)
    assert case.milestones["clinic_stopped"].at == learned


def test_a_booking_that_stands_keeps_the_case_where_it_is() -> None:
    case = a_case("booked", booking("told"), booking("requested", number=2))
    result = done("not_obtained", case, not_obtained_reason="full")
    assert (result.case.stage, [each.state for each in result.case.bookings]) == ("booked", ["told", "not_obtained"])


@pytest.mark.parametrize(("hours", "late"), [(-1, False), (0, False), (1, True)])
def test_a_cancellation_after_the_hospital_s_cut_off_is_a_late_one(hours: int, *, late: bool) -> None:
    case = a_case("booked", booking("confirmed"))
    now = NUMBER["cutoff"] + timedelta(hours=hours)
    assert done("cancel_booking", case, now=now, **REASON).case.bookings[0].late is late


def test_a_notice_after_the_visit_leads_to_an_admission_at_that_hospital() -> None:
    result = done("record_notice", a_case("after_visit", booking("done"), service=IP, branch="IP-B"))
    attempt = result.case.bookings[1]
    assert (result.case.stage, attempt.kind, attempt.hospital) == ("arranging", ADMISSION, HOSPITAL)
    due = promised(promises_of(result.case, REFERENCE.terms, REFERENCE.calendar), "admission_after_visit")
    assert due is not None
    assert due.due == date(2026, 12, 7), "the tenth working day"
    assert given("record_notice", a_case("after_visit", booking("done"))) == Refused("unsuitable")


def test_an_admission_is_at_the_hospital_of_the_visit_unless_a_transfer_was_agreed() -> None:
    beds = booking("requested", ADMISSION, 2)
    case = a_case("arranging", booking("done"), beds, service=IP, branch="IP-B")
    other = {**BED, "hospital": "北京大学第一医院"}
    assert missing("record_bed", case, **other) == ("transfer_agreed",)
    assert done("record_bed", case, **other, transfer=True).case.bookings[1].hospital == "北京大学第一医院"
    assert done("record_bed", case, **BED).case.bookings[1].state == "obtained"
    short = done("not_obtained", case, not_obtained_reason="beds").case
    assert short.milestones["beds_short"].day == NOW.date()


def test_every_state_of_a_booking_is_reached_by_a_command() -> None:
    acting = {found.acts.trigger for found in COMMANDS.values() if found.acts is not None}
    assert acting | {"request"} == {
        *("request", "obtain", "tell", "confirm", "meet", "complete"),
        *("stop", "move", "cancel", "miss", "refuse", "correct"),
    }
