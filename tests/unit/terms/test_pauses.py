"""How the days of a promise are counted: with pauses, explained, from milestones that the terms know."""

import ast
import inspect
from datetime import date
from typing import Any

import pytest

from flows.terms import calendar as calendar_module
from flows.terms import catalogue, faults, structure
from flows.terms import promises as promises_module
from flows.terms.calendar import DayResult, Pause
from flows.terms.catalogue import build, parts
from flows.terms.promises import (
    Counted,
    Milestone,
    Request,
    internal_promises,
    milestone_names,
    promises,
)
from tests.unit.terms.promised import ACCEPTED, CALENDAR, TERMS, counted_from, days, made, one


def test_working_days_within_a_pause_do_not_count() -> None:
    pause = Pause(asked=date(2026, 11, 23), answered=date(2026, 11, 25))
    found = counted_from(ACCEPTED, pause)
    assert (found["hospital_call"].target, found["hospital_call"].due) == (date(2026, 11, 26), date(2026, 11, 27))
    assert found["specialist_visit"].due == date(2026, 11, 30)
    assert found["admission"].due == found["admission_after_visit"].due == date(2026, 12, 9)
    assert found["hospital_offer"].due == date(2026, 11, 27)


def test_pauses_that_overlap_count_once_and_those_on_days_off_not_at_all() -> None:
    overlapping = (Pause(date(2026, 11, 23), date(2026, 11, 25)), Pause(date(2026, 11, 24), date(2026, 11, 26)))
    weekend = Pause(date(2026, 11, 27), date(2026, 11, 29))
    assert counted_from(ACCEPTED, *overlapping, weekend)["hospital_call"].due == date(2026, 11, 30)


def test_what_the_data_do_not_pause_goes_on() -> None:
    still = Pause(date(2026, 11, 23))
    found = counted_from(ACCEPTED, still)
    for name in ("pick_up", "earliest_visit"):
        assert found[name] == counted_from(ACCEPTED)[name]
    visit = promises(
        Request("OP"), {"visit_day": Milestone(date(2026, 12, 1))}, terms=TERMS, calendar=CALENDAR, pauses=[still]
    )
    assert days(visit)["OP-P4"] == (date(2026, 11, 30),) * 2


def test_a_pause_that_goes_on_leaves_no_last_day_and_says_since_when() -> None:
    answered, still = Pause(date(2026, 11, 23), date(2026, 11, 24)), Pause(date(2026, 11, 25))
    call = counted_from(ACCEPTED, answered, still, Pause(date(2026, 11, 30)))["hospital_call"]
    assert (call.since, call.target, call.due) == (ACCEPTED.day, date(2026, 11, 25), None)
    assert call.paused_since == date(2026, 11, 25)
    assert call.counted == Counted(2, 1, "working_days", (answered, still, Pause(date(2026, 11, 30))))
    asked_before = counted_from(ACCEPTED, Pause(date(2026, 11, 20)))["hospital_call"]
    assert (asked_before.target, asked_before.due, asked_before.paused_since) == (None, None, date(2026, 11, 20))


def test_a_day_that_came_before_the_question_stands() -> None:
    call = counted_from(ACCEPTED, Pause(date(2026, 11, 25)))["hospital_call"]
    assert (call.due, call.paused_since) == (date(2026, 11, 25), None)
    assert counted_from(ACCEPTED, Pause(date(2026, 11, 25)))["admission"].due is None


def test_an_open_pause_keeps_what_was_provisional() -> None:
    start = DayResult(date(2026, 12, 31))
    assert not counted_from(start, Pause(start.day))["hospital_call"].provisional
    found = counted_from(start, Pause(date(2027, 1, 4)))["hospital_call"]
    assert (found.target, found.due, found.provisional) == (date(2027, 1, 4), None, True)


# ---- why a promise is due when it is ----


def test_a_promise_explains_its_days() -> None:
    sunday = promises(Request("OP"), {"accepted": Milestone(date(2026, 11, 22))}, terms=TERMS, calendar=CALENDAR)
    call = one(sunday, "hospital_call")
    assert (call.after, call.since, call.due) == ("accepted", date(2026, 11, 22), date(2026, 11, 24))
    assert call.counted == Counted(days=2, target_days=1, of="working_days")
    assert one(sunday, "earliest_visit").counted == Counted(5, 5, "working_days")
    assert one(sunday, "earliest_visit").earliest
    assert one(sunday, "pick_up").counted == Counted(days=0, target_days=0, of="calendar_days")
    assert one(sunday, "needs_confirmed").counted is None


def test_a_day_before_explains_itself_in_calendar_days() -> None:
    before = one(made("OP", visit_day=date(2026, 12, 1)), "day_before_visit")
    assert (before.since, before.due) == (date(2026, 12, 1), date(2026, 11, 30))
    assert before.counted == Counted(days=-1, target_days=-1, of="calendar_days")


def test_the_pauses_between_and_the_working_days_that_they_took_are_told() -> None:
    earlier, between = Pause(date(2026, 11, 19), date(2026, 11, 23)), Pause(date(2026, 11, 23), date(2026, 11, 25))
    later = Pause(date(2026, 11, 27), date(2026, 11, 30))
    call = counted_from(ACCEPTED, earlier, between, later)["hospital_call"]
    assert call.due == date(2026, 11, 27)
    assert call.counted == Counted(2, 1, "working_days", (between,), skipped=2)
    reaching_in = Pause(date(2026, 11, 19), date(2026, 11, 24))
    assert counted_from(ACCEPTED, reaching_in)["hospital_call"].counted == Counted(
        2, 1, "working_days", (reaching_in,), skipped=1
    )


def test_a_milestone_that_no_version_knows_is_an_error() -> None:
    known = {"accepted": Milestone(ACCEPTED.day), "visit_dya": Milestone(ACCEPTED.day)}
    with pytest.raises(ValueError, match="unknown_milestone") as raised:
        promises(Request("OP"), known, terms=TERMS, calendar=CALENDAR)
    assert raised.value.args == ("unknown_milestone", "visit_dya")
    with pytest.raises(ValueError, match="unknown_milestone"):
        internal_promises(Request("OP"), known, terms=TERMS, calendar=CALENDAR)
    assert {"accepted", "complete", "policy_year", "visit_day"} <= milestone_names()


def test_a_milestone_is_data() -> None:
    data = parts()
    step = {"clause": "OP-P4", "name": "slip_sent", "after": "slip_issued"}
    data["services"]["OP"]["steps"].append(step)
    known = {"slip_issued": Milestone(ACCEPTED.day)}
    assert one(promises(Request("OP"), known, terms=build(data), calendar=CALENDAR), "slip_sent").due == ACCEPTED.day


@pytest.mark.parametrize("module", [promises_module, calendar_module, catalogue, structure, faults])
def test_no_service_and_no_branch_is_named_in_the_engine(module: Any) -> None:  # noqa: ANN401 - a module
    tree = ast.parse(inspect.getsource(module))
    spoken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings cite clauses
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in spoken]
    assert len(texts) > 10
    assert not [text for text in texts if isinstance(text, str) and (text[:2] in {"OP", "IP"} or text[:3] == "G2")]
