"""How a case ends: outcome, reason and a second act; what becomes of the uses that are still reserved."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from flows.cases.bookings import ADMISSION
from flows.cases.case import IP, Call, Case
from flows.cases.outcomes import OF_APPLICATIONS, OUTCOMES
from flows.desk.registry import Refused
from flows.effects import Nudge
from flows.terms.policy import RESERVED, Use
from tests.unit.desk.samples import NOW, a_case, booking
from tests.unit.desk.test_process import ME, done, given, missing, read, uses
from tests.world import POLICY

END: dict[str, Any] = {"reason": "客户来电", "confirmed": True}
DONE, LATE = booking("done"), replace(booking("cancelled"), late=True)
FULL = [replace(booking("not_obtained", number=n), hospital=name) for n, name in enumerate(("甲", "乙"), 1)]


def calls(*hours: int) -> tuple[Call, ...]:
    return tuple(Call(NOW + timedelta(hours=hour), ME, reached=False) for hour in hours)


SUPPORTED: dict[str, Case] = {
    "completed": a_case("after_visit", DONE),
    "no_indication": a_case("after_visit", DONE, service=IP, branch="IP-B"),
    "no_show": a_case("after_visit", booking("no_show")),
    "impossible": a_case("arranging", *FULL),
    "unreachable": replace(a_case("verifying"), calls=calls(0, 3, 26)),
}
"""A case that bears each outcome out, of those that need something."""


@pytest.mark.parametrize("end", OF_APPLICATIONS)
def test_a_case_ends_with_an_outcome_and_its_reason(end: str) -> None:
    case = SUPPORTED.get(end, a_case("verifying"))
    result = done("close", case, outcome=end, **END)
    assert (result.case.stage, result.case.outcome, result.case.outcome_reason) == ("closed", end, "客户来电")
    assert (result.case.version, result.case.speaker) == (case.version + 1, "bot")
    assert len(read(result)) == (end != "deceased")
    assert sum(isinstance(effect, Nudge) for effect in result.effects) == 1


@pytest.mark.parametrize("end", SUPPORTED)
def test_an_outcome_that_the_case_does_not_bear_out_is_refused(end: str) -> None:
    assert missing("close", a_case("arranging"), outcome=end, **END) == ("outcome_fits",)


@pytest.mark.parametrize("hours", [(0, 3), (0, 1, 26), (0, 3, 6), ()])
def test_fewer_calls_or_calls_too_close_or_on_one_day_do_not_make_somebody_unreachable(hours: tuple[int, ...]) -> None:
    case = replace(a_case("verifying"), calls=calls(*hours))
    assert missing("close", case, outcome="unreachable", **END) == ("outcome_fits",)


def test_a_call_that_was_answered_begins_the_count_anew() -> None:
    answered = Call(NOW + timedelta(hours=27), ME, reached=True)
    case = replace(SUPPORTED["unreachable"], calls=(*calls(0, 3, 26), answered))
    assert missing("close", case, outcome="unreachable", **END) == ("outcome_fits",)


def test_nothing_could_be_arranged_is_a_supervisor_s_word_after_two_hospitals() -> None:
    assert missing("close", SUPPORTED["impossible"], role="agent", outcome="impossible", **END) == ("outcome_fits",)
    assert missing("close", a_case("arranging", FULL[0]), outcome="impossible", **END) == ("outcome_fits",)


def test_no_end_without_outcome_reason_and_a_second_act() -> None:
    case = a_case("verifying")
    assert missing("close", case) == ("outcome", "end_reason", "confirmed")
    assert missing("close", case, outcome="settled", reason="好了") == ("outcome", "confirmed")
    assert missing("close", case, outcome="cancelled", reason=" ") == ("end_reason", "confirmed")
    assert missing("close", case, outcome="cancelled", reason="好了") == ("confirmed",)


@pytest.mark.parametrize("request_type", ["help", "appeal"])
def test_what_is_no_application_is_settled_by_the_second_act_alone(request_type: str) -> None:
    case = replace(a_case("verifying"), request_type=request_type)
    assert missing("close", case) == ("confirmed",)
    result = done("close", case, confirmed=True)
    assert (result.case.outcome, uses(result)) == ("settled", [])


# ---- uses ----

OP_FREE, BOTH_FREE = [("free", "OP")], [("free", "OP"), ("free", "IP")]
BY_VISIT = {"service": IP, "branch": "IP-B"}
EVENTS: list[tuple[Case, str, dict[str, str], str, str]] = [
    # the case, how it ends, uses before (s: spent already, r: reserved) and after
    (a_case("verifying"), "cancelled", {"OP": "r"}, "", "OP"),
    (a_case("verifying"), "not_eligible", {"OP": "r"}, "", "OP"),
    (a_case("verifying"), "withdrawn", {"OP": "r"}, "", "OP"),
    (a_case("verifying"), "duplicate", {"OP": "r"}, "", "OP"),
    (a_case("verifying"), "deceased", {"OP": "r"}, "", "OP"),
    (a_case("arranging", booking("stopped")), "cancelled", {"OP": "r"}, "", "OP"),
    (a_case("arranging", booking("cancelled")), "cancelled", {"OP": "r"}, "", "OP"),
    (SUPPORTED["impossible"], "impossible", {"OP": "r"}, "", "OP"),
    (SUPPORTED["unreachable"], "unreachable", {"OP": "r"}, "", "OP"),
    (a_case("after_visit", DONE), "completed", {"OP": "s"}, "OP", ""),
    (a_case("after_visit", booking("no_show")), "no_show", {"OP": "s"}, "OP", ""),
    (a_case("after_visit", DONE, **BY_VISIT), "no_indication", {"OP": "s", "IP": "r"}, "OP", "IP"),
    (a_case("arranging", **BY_VISIT), "went_elsewhere", {"OP": "r", "IP": "r"}, "", "OP,IP"),
    (
        a_case("after_visit", DONE, booking("done", ADMISSION, 2), **BY_VISIT),
        "completed",
        {"OP": "s", "IP": "s"},
        "OP,IP",
        "",
    ),
    (
        a_case("arranging", booking("not_obtained", ADMISSION), service=IP, branch="IP-A"),
        "not_eligible",
        {"IP": "r"},
        "",
        "IP",
    ),
]


@pytest.mark.parametrize(("case", "end", "before", "spent", "free"), EVENTS)
def test_a_use_is_spent_only_by_what_took_place_or_was_missed(
    case: Case, end: str, before: dict[str, str], spent: str, free: str
) -> None:
    states = {"r": RESERVED, "s": "consumed"}
    held = tuple(Use(name, NOW.date(), states[state], case.id) for name, state in before.items())
    policy = replace(POLICY, uses=held)
    for effect in done("close", case, outcome=end, **END).effects:
        if hasattr(effect, "applied_to"):
            policy = effect.applied_to(policy, NOW)
    after = {state: [use.service for use in policy.uses if use.state == state] for state in ("consumed", "released")}
    assert after == {"consumed": spent.split(",") if spent else [], "released": free.split(",") if free else []}


@pytest.mark.parametrize("end", ["cancelled", "went_elsewhere", "withdrawn"])
def test_the_use_of_a_late_cancellation_is_decided_by_a_supervisor(end: str) -> None:
    case = a_case("arranging", LATE)
    assert missing("close", case, outcome=end, **END) == ("use_decided",)
    assert missing("close", case, role="agent", outcome=end, use="spent", **END) == ("use_decided",)
    assert uses(done("close", case, outcome=end, use="spent", **END)) == [("spent", "OP"), *OP_FREE]
    assert uses(done("close", case, outcome=end, use="freed", **END)) == OP_FREE


def test_the_visit_that_showed_no_indication_is_told_with_its_clause() -> None:
    result = done("close", SUPPORTED["no_indication"], outcome="no_indication", **END)
    assert "没有住院或手术指征" in read(result)[0]
    assert result.case.milestones["no_indication"].day == NOW.date()


def test_every_outcome_is_tried_and_a_closed_case_stays_closed() -> None:
    assert set(OUTCOMES) == {*OF_APPLICATIONS, "settled"}
    assert given("close", a_case("closed"), outcome="cancelled", **END) == Refused("closed", {"stage": "closed"})
