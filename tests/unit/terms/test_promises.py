"""What is promised for a case: every clause of the service that is computed, tracked or notified, with its days."""

import ast
import inspect
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from flows.cases.case import APPEAL, APPLICATION, Case
from flows.cases.promises import next_wake, promises_of
from flows.desk import texts as desk_texts
from flows.ids import CaseId, ChatId
from flows.terms import calendar as calendar_module
from flows.terms import catalogue
from flows.terms import promises as promises_module
from flows.terms.branch import AdmissionNotice
from flows.terms.calendar import SHANGHAI, Calendar, DayResult, Pause
from flows.terms.catalogue import FIRST_CONTACT, FIRST_VISIT, Terms, as_data, build, parts
from flows.terms.eligibility import decide
from flows.terms.facts import Facts
from flows.terms.promises import (
    ROLES,
    Counted,
    Milestone,
    Promise,
    Request,
    internal_promises,
    milestone_names,
    names,
    next_due,
    promised,
    promises,
    starts,
    tracked,
)
from tests import clauses
from tests.world import MONDAY

TERMS = catalogue.load()
CALENDAR = Calendar.build()
ACCEPTED = DayResult(date(2026, 11, 23))  # a Monday
YEAR = date(2026, 6, 1)
SLA = json.loads((Path(__file__).parents[2] / "examples" / "working_days.json").read_text("utf-8"))["sla"]
WAYS = (("OP", ""), ("IP", "IP-A"), ("IP", "IP-B"), ("IP", "review"))


def made(
    service: str, branch: str = "", *pauses: Pause, complete: bool = True, terms: Terms = TERMS, **days: date
) -> tuple[Promise, ...]:
    known = starts(ACCEPTED, complete=complete, year=YEAR) | {name: Milestone(day) for name, day in days.items()}
    return promises(Request(service, branch), known, terms=terms, calendar=CALENDAR, pauses=pauses)


def one(several: tuple[Promise, ...], name: str) -> Promise:
    found = promised(several, name)
    assert found is not None
    return found


def counted_from(start: DayResult, *pauses: Pause, terms: Terms = TERMS) -> dict[str, Promise]:
    """The promises that are counted from the acceptance, the choice of a hospital and the notice, all on one day."""
    known = dict.fromkeys(("accepted", "complete", "hospital_chosen", "notice_issued"), Milestone(*at(start)))
    ways = (("OP", ""), ("IP", "IP-A"), ("IP", "IP-B"))
    return {
        promise.name: promise
        for way in ways
        for promise in promises(Request(*way), known, terms=terms, calendar=CALENDAR, pauses=pauses)
    }


def at(start: DayResult) -> tuple[date, bool]:
    return start.day, start.provisional


def days(several: tuple[Promise, ...]) -> dict[str, tuple[date | None, date | None]]:
    return {promise.clause: (promise.target, promise.due) for promise in several if promise.target}


def waiting(several: tuple[Promise, ...]) -> dict[str, str]:
    return {promise.clause: promise.after for promise in several if promise.target is None}


def case(service: str, branch: str = "", **fields: Any) -> Case:  # noqa: ANN401 - fields of a case
    notice = AdmissionNotice(
        has_notice=branch == "IP-A", wanted_in_network=True, issuer_in_network=True, issuer_is_wanted=True
    )
    facts = Facts(service=service, today=ACCEPTED.day, policy=None, notice=notice if branch else None)
    made = Case(
        id=CaseId(1), number="1", request_type=APPLICATION, service=service,
        chat=ChatId(1), created_at=MONDAY, due_at=MONDAY, answers={"branch": branch},
        milestones=starts(ACCEPTED, complete=True, year=YEAR), decision=as_data(decide(facts, TERMS)),
    )  # fmt: skip
    return msgspec.structs.replace(made, **fields)


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


# ---- pauses ----


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


@pytest.mark.parametrize("module", [promises_module, calendar_module, catalogue])
def test_no_service_and_no_branch_is_named_in_the_engine(module: Any) -> None:  # noqa: ANN401 - a module
    tree = ast.parse(inspect.getsource(module))
    spoken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings cite clauses
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in spoken]
    assert len(texts) > 10
    assert not [text for text in texts if isinstance(text, str) and (text[:2] in {"OP", "IP"} or text[:3] == "G2")]


# ---- what the queue goes by, and the first day that can be wished for ----


@pytest.mark.parametrize(
    ("way", "clause", "internal", "first_visit", "of"),
    [
        (("OP", ""), "OP-P3", False, "2026-11-30", "OP-P1a"),
        (("IP", "IP-A"), "IP-P2", True, "2026-11-24", ""),
        (("IP", "review"), "IP-P2", True, "2026-11-24", ""),
        (("IP", "IP-B"), "IP-B3", True, "2026-11-24", "IP-B4"),
        (("", ""), "", True, "2026-11-24", ""),
    ],
)
def test_each_way_has_its_own_first_contact_and_first_visit(
    way: tuple[str, str],
    clause: str,
    internal: bool,  # noqa: FBT001
    first_visit: str,
    of: str,
) -> None:
    known = starts(ACCEPTED, complete=False, year=None)
    found = internal_promises(Request(*way), known, terms=TERMS, calendar=CALENDAR)
    contact, visit = found[FIRST_CONTACT], found[FIRST_VISIT]
    assert (contact.clause, contact.internal, contact.due) == (clause, internal, date(2026, 11, 25))
    assert (visit.clause, str(visit.target), visit.due, visit.earliest) == (of, first_visit, None, True)
    paused = internal_promises(Request(*way), known, terms=TERMS, calendar=CALENDAR, pauses=[Pause(ACCEPTED.day)])
    assert (paused[FIRST_CONTACT].due, paused[FIRST_VISIT]) == (None, visit)


def test_no_internal_step_is_promised() -> None:
    for way in WAYS:
        assert {FIRST_CONTACT, FIRST_VISIT}.isdisjoint(promise.name for promise in made(*way))


@pytest.mark.parametrize("way", [("OP", ""), ("IP", "IP-A"), ("IP", "IP-B"), ("", "")])
def test_a_contract_s_first_contact_is_its_own(way: tuple[str, str]) -> None:
    data = parts()
    longer = {"hospital_call": {"clause": "OP-P3", "target": 3, "days": 4}, "lead": {"clause": "OP-P1a", "days": 7}}
    data["contracts"]["康健"] = {**data["contracts"]["default"], "limits": {"OP": longer}}
    known = starts(ACCEPTED, complete=False, year=None)
    found = internal_promises(Request(*way, "康健/2026"), known, terms=build(data), calendar=CALENDAR)
    own = way[0] == "OP"
    assert found[FIRST_CONTACT].due == date(2026, 11, 27 if own else 25)
    assert found[FIRST_VISIT].target == (date(2026, 12, 2) if own else date(2026, 11, 24))
    assert bool(found[FIRST_CONTACT].counted == Counted(4, 3, "working_days")) == own


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


def test_every_clause_that_is_computed_tracked_or_notified_is_kept_somewhere() -> None:
    kept = set().union(*(clauses.of_case(case(*way), TERMS) for way in WAYS))
    owed = clauses.owed(TERMS, *ROLES)
    assert len(owed) == 47
    assert owed <= kept


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
        "hospital_offer",
        "specialist_visit",
    ]


# ---- of a case ----


def test_milestones_and_pauses_are_kept_with_the_case_and_promises_are_not() -> None:
    pauses = (Pause(date(2026, 11, 23), date(2026, 11, 24)), Pause(date(2026, 11, 26)))
    kept = case("IP", "IP-B", pauses=pauses)
    assert msgspec.json.decode(msgspec.json.encode(kept), type=Case) == kept
    assert "promises" not in as_data(kept)
    assert len(promises_of(kept, TERMS, CALENDAR)) == 16


def test_the_promises_of_a_case_are_counted_from_its_milestones_and_pauses() -> None:
    for way in WAYS:
        assert promises_of(case(*way), TERMS, CALENDAR) == made(*way)
    pause = Pause(ACCEPTED.day, date(2026, 11, 25))
    assert promises_of(case("OP", pauses=(pause,)), TERMS, CALENDAR) == made("OP", "", pause)
    assert promises_of(case("OP", request_type=APPEAL), TERMS, CALENDAR) == ()
    assert {p.since for p in promises_of(case("OP", milestones={}), TERMS, CALENDAR)} == {None}


def test_a_case_keeps_the_terms_that_it_was_decided_under() -> None:
    data = parts()
    data["version"] = "2027-01"
    data["services"]["OP"]["limits"]["hospital_call"]["days"] = 9
    later = build(data)
    assert promises_of(case("OP"), later, CALENDAR) == made("OP")
    assert promises_of(case("OP", decision=None), later, CALENDAR) == made("OP", terms=later)


def test_a_case_is_woken_when_the_day_of_its_next_tracked_promise_ends() -> None:
    def end(day: int) -> datetime:
        return datetime(2026, 11, day, 20, tzinfo=SHANGHAI)

    chosen = case("IP", "IP-B", milestones=starts(ACCEPTED, complete=True, year=None))
    chosen = msgspec.structs.replace(
        chosen, milestones=chosen.milestones | {"hospital_chosen": Milestone(ACCEPTED.day)}
    )
    assert next_wake(case("OP"), TERMS, CALENDAR) == end(25)
    assert next_wake(chosen, TERMS, CALENDAR) == end(25)
    assert next_wake(chosen, TERMS, CALENDAR, after=end(25) - timedelta(microseconds=1)) == end(25)
    assert next_wake(chosen, TERMS, CALENDAR, after=end(25)) == end(26)
    assert next_wake(chosen, TERMS, CALENDAR, after=end(26)) is None
    assert next_wake(case("OP"), TERMS, CALENDAR, after=datetime(2026, 11, 25, 12, tzinfo=UTC)) is None


def test_a_case_without_a_day_or_that_is_closed_is_not_woken() -> None:
    assert next_wake(case("IP", "review"), TERMS, CALENDAR) is None
    assert next_wake(case("OP", stage="closed"), TERMS, CALENDAR) is None
    assert next_wake(case("OP", request_type=APPEAL), TERMS, CALENDAR) is None
    assert next_wake(case("OP", milestones={}), TERMS, CALENDAR) is None
    assert next_wake(case("OP", pauses=(Pause(ACCEPTED.day),)), TERMS, CALENDAR) is None


def test_every_promise_has_its_name_for_the_desk() -> None:
    assert set(names()) == set(desk_texts.PROMISES)
