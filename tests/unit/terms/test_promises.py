"""What is promised for a case: every clause of the service that is computed, tracked or notified, with its days."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.desk import texts as desk_texts
from flows.terms.calendar import SHANGHAI, DayResult, Pause
from flows.terms.catalogue import build, parts
from flows.terms.promises import (
    ROLES,
    Milestone,
    Request,
    names,
    next_due,
    promised,
    promises,
    starts,
    tracked,
)
from tests import clauses
from tests.unit.terms.promised import ACCEPTED, CALENDAR, TERMS, WAYS, YEAR, counted_from, days, made, waiting

SLA = json.loads((Path(__file__).parents[2] / "examples" / "working_days.json").read_text("utf-8"))["sla"]


def test_an_outpatient_visit_is_promised_by_these_days() -> None:
    several = made("OP")
    assert days(several) == {
        "G2": (YEAR, None),
        "OP-P1b": (date(2026, 11, 23), date(2026, 11, 23)),
        "OP-P1a": (date(2026, 11, 30), None),
        "OP-P3": (date(2026, 11, 24), date(2026, 11, 25)),
    }
    assert waiting(several) == {
        "OP-P2": "claimed",
        "OP-P4": "visit_day",
        "OP-P5b": "visit_day",
        "OP-P5a": "visit_day",
        "OP-P5c": "visit_day",
        "OP-N3": "clinic_stopped",
        "OP-N10": "visit_missed",
    }


def test_an_admission_with_a_notice_is_promised_by_these_days() -> None:
    several = made("IP", "IP-A")
    assert days(several) == {
        "G2": (YEAR, None),
        "IP-P1": (date(2026, 11, 23), date(2026, 11, 23)),
        "IP-A3": (date(2026, 12, 3), date(2026, 12, 7)),
    }
    admission = {"IP-A4": "admission_day", "IP-A5": "admission_day"}
    never = {"IP-N4": "no_indication", "IP-N6": "beds_short", "IP-N12": "admission_missed"}
    assert waiting(several) == admission | never


def test_without_the_notice_s_paper_the_clock_of_the_admission_waits_for_it() -> None:
    assert waiting(made("IP", "IP-A", complete=False))["IP-A3"] == "complete"


def test_an_admission_by_way_of_a_visit_takes_the_visit_s_promises_along() -> None:
    several = made("IP", "IP-B")
    assert days(several) == {
        "G2": (YEAR, None),
        "IP-P1": (date(2026, 11, 23), date(2026, 11, 23)),
        "IP-N10": (YEAR, None),
        "IP-N11": (YEAR, None),
        "IP-B3": (date(2026, 11, 25), date(2026, 11, 25)),
    }
    assert {p.clause for p in several if p.internal} == {"IP-B3"}
    assert waiting(several).items() >= {
        "IP-B4": "hospital_chosen",
        "IP-B5": "visit_day",
        "IP-B7": "notice_issued",
        "IP-B8": "admission_day",
        "OP-N3": "clinic_stopped",
        "OP-N10": "visit_missed",
    }.items()  # fmt: skip


def test_an_admission_whose_branch_is_not_settled_promises_what_both_do() -> None:
    assert [p.clause for p in made("IP", "review")] == ["G2", "IP-P1", "IP-N4", "IP-N6", "IP-N12"]
    assert made("IP", "review") == made("IP")


def test_what_becomes_known_gives_the_days_that_waited_for_it() -> None:
    chosen, notice, visit, admission = date(2026, 11, 25), date(2026, 12, 1), date(2026, 11, 30), date(2026, 12, 14)
    several = made("IP", "IP-B", hospital_chosen=chosen, notice_issued=notice, visit_day=visit, admission_day=admission)
    found = days(several)
    assert found["IP-B4"] == (date(2026, 11, 30),) * 2
    assert found["IP-B7"] == (date(2026, 12, 11), date(2026, 12, 15))
    assert found["IP-B5"] == (visit - timedelta(days=1),) * 2
    assert found["IP-B6"] == (visit, visit)
    assert found["IP-B8"] == (date(2026, 12, 13),) * 2
    assert found["IP-B9"] == (admission, admission)


def test_the_days_are_those_of_the_calendar_whenever_a_request_comes() -> None:
    add = CALENDAR.add_working_days
    for offset in range(0, 400, 7):
        start = DayResult(date(2026, 1, 5) + timedelta(days=offset), provisional=offset > 390)
        found = counted_from(start)
        for name, (target, due) in {"hospital_call": (1, 2), "admission": (8, 10), "specialist_visit": (3, 3)}.items():
            assert (found[name].target, found[name].due) == (add(start.day, target).day, add(start.day, due).day)
            assert found[name].provisional == (start.provisional or add(start.day, due).provisional)
        assert (found["earliest_visit"].target, found["earliest_visit"].due) == (add(start.day, 5).day, None)


@pytest.mark.parametrize("example", SLA, ids=lambda example: example["id"])
def test_the_days_are_as_in_the_examples(example: Mapping[str, Any]) -> None:
    start = CALENDAR.acceptance_day(datetime.fromisoformat(example["received"]))
    found = counted_from(start)
    shown = {
        "acceptance_day": start.day,
        "hospital_call_due_earliest": found["hospital_call"].target,
        "hospital_call_due": found["hospital_call"].due,
        "earliest_visit": found["earliest_visit"].target,
        "admission_due_earliest": found["admission"].target,
        "admission_due": found["admission"].due,
        "specialist_visit_due_if_chosen_that_day": found["specialist_visit"].due,
    }
    assert {key: str(day) for key, day in shown.items()} == {key: example[key] for key in shown}


def test_there_are_examples() -> None:
    assert len(SLA) >= 5


@pytest.mark.parametrize(
    ("start", "call", "admission"),
    [
        ("2026-02-13", "2026-02-24", "2026-03-05"),  # 春节 15-23 February, and a Saturday (14) that is worked
        ("2026-09-30", "2026-10-09", "2026-10-20"),  # 国庆 1-7 October, and a Saturday (10) that is worked
        ("2026-10-09", "2026-10-12", "2026-10-22"),
        ("2026-11-22", "2026-11-24", "2026-12-04"),  # a Sunday is not counted, and Monday is the first day
    ],
)
def test_holidays_and_worked_saturdays_count_as_the_notice_says(start: str, call: str, admission: str) -> None:
    found = counted_from(DayResult(date.fromisoformat(start)))
    assert (str(found["hospital_call"].due), str(found["admission"].due)) == (call, admission)
    assert not found["admission"].provisional


def test_a_day_beyond_the_last_notice_is_provisional() -> None:
    found = counted_from(DayResult(date(2026, 12, 30)))
    assert (found["hospital_call"].target, found["hospital_call"].due) == (date(2026, 12, 31), date(2027, 1, 4))
    assert found["hospital_call"].provisional
    assert not counted_from(DayResult(date(2026, 12, 29)))["hospital_call"].provisional


def test_a_provisional_milestone_makes_every_day_provisional() -> None:
    start = CALENDAR.acceptance_day(datetime(2027, 2, 4, 20, 30, tzinfo=SHANGHAI))
    assert start == DayResult(date(2027, 2, 9), provisional=True)
    call = counted_from(start)["hospital_call"]
    assert (call.due, call.provisional) == (date(2027, 2, 11), True)
    late = counted_from(DayResult(date(2026, 3, 2), provisional=True))["specialist_visit"]
    assert (late.due, late.provisional) == (date(2026, 3, 5), True)
    visit = promises(
        Request("OP"), {"visit_day": Milestone(date(2026, 3, 5), provisional=True)}, terms=TERMS, calendar=CALENDAR
    )
    assert {p.name for p in visit if p.provisional} == {p.name for p in visit if p.after == "visit_day"}


def test_another_contract_s_limits_are_promised_to_its_product_alone() -> None:
    data = parts()
    longer = {"OP": {"hospital_call": {"clause": "OP-P3", "target": 3, "days": 4}}}
    data["contracts"]["康健"] = {**data["contracts"]["default"], "limits": longer}
    terms, known = build(data), starts(ACCEPTED, complete=True, year=YEAR)
    own, others = (
        promised(promises(Request("OP", "", product), known, terms=terms, calendar=CALENDAR), "hospital_call")
        for product in ("康健/2026", "别的/1")
    )
    assert own is not None
    assert others is not None
    assert (own.target, own.due) == (date(2026, 11, 26), date(2026, 11, 27))
    assert (others.target, others.due) == (date(2026, 11, 24), date(2026, 11, 25))


def test_the_limits_of_a_contract_are_its_own_and_pause_as_the_terms_say() -> None:
    data = parts()
    data["contracts"]["default"]["limits"] = {
        "OP": {
            "hospital_call": {"clause": "OP-P3", "target": 2, "days": 4},
            "lead": {"clause": "OP-P1a", "days": 1},
        },
        "IP": {
            "admission": {"clause": "IP-A3", "target": 3, "days": 6},
            "specialist_visit": {"clause": "IP-B4", "days": 9},
        },
    }
    terms = build(data)
    found = counted_from(ACCEPTED, terms=terms)
    assert (found["hospital_call"].target, found["hospital_call"].due) == (date(2026, 11, 25), date(2026, 11, 27))
    assert found["earliest_visit"].target == date(2026, 11, 24)
    assert (found["admission"].target, found["admission"].due) == (date(2026, 11, 26), date(2026, 12, 1))
    assert (found["specialist_visit"].target, found["specialist_visit"].due) == (date(2026, 12, 4),) * 2
    assert counted_from(ACCEPTED, Pause(ACCEPTED.day), terms=terms)["hospital_call"].due is None


@pytest.mark.parametrize(
    ("way", "name"), [(("OP", ""), "hospital_call"), (("IP", "IP-A"), "admission"), (("IP", "IP-B"), "hospital_offer")]
)
def test_what_is_due_next_is_what_is_tracked_and_comes_first(way: tuple[str, str], name: str) -> None:
    due = next_due(made(*way))
    assert due is not None
    assert due.name == name
    assert next_due(made("IP")) is None
    assert next_due(()) is None


def test_a_promise_names_no_role_that_its_clause_has_not() -> None:
    for way in WAYS:
        for promise in made(*way):
            assert promise.roles
            assert {(promise.clause, role) for role in promise.roles} <= clauses.owed(TERMS, *ROLES)
        named = [promise.name for promise in made(*way)]
        assert len(named) == len(set(named))


def test_what_is_tracked_comes_in_the_order_of_its_last_days() -> None:
    several = made("IP", "IP-B", notice_issued=date(2026, 11, 2), hospital_chosen=date(2026, 11, 24))
    assert [promise.name for promise in tracked(several)] == [
        "admission_after_visit",
        "specialist_visit",
    ]
    assert [promise.name for promise in several if promise.kept] == ["hospital_offer"]


def test_every_promise_has_its_name_for_the_desk() -> None:
    assert set(names()) == set(desk_texts.PROMISES)
