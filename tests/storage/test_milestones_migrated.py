"""The milestones of a case that the last release stored with its promises counted."""

from datetime import date
from typing import Any

import msgspec

from flows.cases.case import Case
from flows.cases.promises import promises_of
from flows.terms import catalogue
from flows.terms.calendar import Calendar, DayResult
from flows.terms.promises import Milestone, starts
from storage.migrations.milestones import accepted_on_from, milestones_from

DAY = "2026-11-23"
PICKED_UP = {
    "clause": "OP-P1b",
    "name": "pick_up",
    "roles": ["compute"],
    "after": "accepted",
    "target": DAY,
    "due": DAY,
}
YEAR = {"clause": "G2", "name": "use_counted", "roles": ["compute"], "after": "policy_year", "target": "2026-06-01"}
ADMISSION = {
    "clause": "IP-A3", "name": "admission", "roles": ["track"], "after": "complete",
    "target": "2026-12-03", "due": "2026-12-07",
}  # fmt: skip


def waiting(promise: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in promise.items() if name not in {"target", "due"}}


def found(*promises: dict[str, Any], accepted_on: str | None = DAY) -> dict[str, Any]:
    return milestones_from({"accepted_on": accepted_on, "promises": list(promises)})


def test_the_day_of_acceptance_becomes_a_milestone() -> None:
    assert milestones_from({"accepted_on": DAY}) == found(PICKED_UP) == {"accepted": {"day": DAY}}
    assert milestones_from({}) == found(accepted_on=None) == {}


def test_a_provisional_acceptance_is_told_by_the_promise_of_that_day() -> None:
    doubted = {"day": DAY, "provisional": True}
    assert found(PICKED_UP | {"provisional": True}) == {"accepted": doubted}
    later = PICKED_UP | {"target": "2026-11-30", "provisional": True}
    assert found(PICKED_UP, later) == {"accepted": {"day": DAY}}
    elsewhere = YEAR | {"target": DAY, "provisional": True}
    assert found(PICKED_UP, elsewhere)["accepted"] == {"day": DAY}
    assert found(PICKED_UP | {"provisional": True}, ADMISSION)["complete"] == doubted


def test_a_case_was_complete_if_what_waited_for_it_had_a_day() -> None:
    assert found(PICKED_UP, ADMISSION) == {"accepted": {"day": DAY}, "complete": {"day": DAY}}
    assert found(PICKED_UP, waiting(ADMISSION)) == {"accepted": {"day": DAY}}
    assert found(ADMISSION, accepted_on=None) == {}


def test_the_policy_year_is_that_of_the_promise_which_is_counted_in_it() -> None:
    assert found(YEAR)["policy_year"] == {"day": "2026-06-01"}
    assert "policy_year" not in found(waiting(YEAR))


def test_a_case_of_the_last_release_promises_the_same_as_before() -> None:
    body = {
        "id": 1, "number": "1", "request_type": "application", "service": "IP", "chat": 1,
        "created_at": "2026-11-23T02:00:00Z", "due_at": "2026-11-25T12:00:00Z", "answers": {"branch": "IP-A"},
        "accepted_on": DAY, "promises": [YEAR, ADMISSION],
    }  # fmt: skip
    case = msgspec.convert(body | {"milestones": milestones_from(body)}, Case)
    assert case.milestones == starts(DayResult(date(2026, 11, 23)), complete=True, year=date(2026, 6, 1))
    made = {p.name: (p.target, p.due) for p in promises_of(case, catalogue.load(), Calendar.build())}
    assert made["admission"] == (date(2026, 12, 3), date(2026, 12, 7))
    assert made["use_counted"] == (date(2026, 6, 1), None)


def test_a_downgrade_keeps_the_day_of_acceptance() -> None:
    kept = msgspec.to_builtins({"milestones": {"accepted": Milestone(date(2026, 11, 23))}})
    assert accepted_on_from(kept) == DAY
    assert accepted_on_from({}) is None
