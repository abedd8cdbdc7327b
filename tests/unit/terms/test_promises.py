"""What is promised for a case: every clause of the service that is computed, tracked or notified, with its days."""

from datetime import date, timedelta

import msgspec
import pytest

from flows.cases.case import APPLICATION, Case
from flows.desk import texts as desk_texts
from flows.ids import CaseId, ChatId
from flows.terms import catalogue
from flows.terms.branch import AdmissionNotice
from flows.terms.calendar import Calendar, Clocks, DayResult
from flows.terms.catalogue import as_data, build, parts
from flows.terms.eligibility import decide
from flows.terms.facts import Facts
from flows.terms.promises import ROLES, Promise, Request, names, next_due, promised, promises, starts
from tests import clauses
from tests.world import MONDAY

TERMS = catalogue.load()
CALENDAR = Calendar.build()
ACCEPTED = DayResult(date(2026, 11, 23))  # a Monday
YEAR = date(2026, 6, 1)
WAYS = (("OP", ""), ("IP", "IP-A"), ("IP", "IP-B"), ("IP", "review"))


def made(service: str, branch: str = "", *, complete: bool = True, **days: date) -> tuple[Promise, ...]:
    known = starts(ACCEPTED, complete=complete, year=YEAR) | {name: DayResult(day) for name, day in days.items()}
    return promises(Request(service, branch), known, terms=TERMS, calendar=CALENDAR)


def days(several: tuple[Promise, ...]) -> dict[str, tuple[date | None, date | None]]:
    return {promise.clause: (promise.target, promise.due) for promise in several if promise.target}


def waiting(several: tuple[Promise, ...]) -> dict[str, str]:
    return {promise.clause: promise.after for promise in several if promise.target is None}


def case(service: str, branch: str = "") -> Case:
    notice = AdmissionNotice(
        has_notice=branch == "IP-A", wanted_in_network=True, issuer_in_network=True, issuer_is_wanted=True
    )
    facts = Facts(service=service, today=ACCEPTED.day, policy=None, notice=notice if branch else None)
    return Case(
        id=CaseId(1), number="1", request_type=APPLICATION, service=service,
        chat=ChatId(1), created_at=MONDAY, due_at=MONDAY,
        answers={"branch": branch}, promises=made(service, branch), decision=as_data(decide(facts, TERMS)),
    )  # fmt: skip


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
    clocks = Clocks(CALENDAR)
    window = clocks.admission(DayResult(notice))
    found = days(several)
    assert found["IP-B4"][1] == clocks.specialist_visit(DayResult(chosen)).day == date(2026, 11, 30)
    assert found["IP-B7"] == (window.earliest.day, window.due.day)
    assert found["IP-B5"] == (visit - timedelta(days=1),) * 2
    assert found["IP-B6"] == (visit, visit)
    assert found["IP-B8"] == (date(2026, 12, 13),) * 2
    assert found["IP-B9"] == (admission, admission)


def test_the_days_are_those_of_the_clocks_whenever_a_request_comes() -> None:
    clocks = Clocks(CALENDAR)
    for offset in range(0, 400, 7):
        start = DayResult(date(2026, 1, 5) + timedelta(days=offset), provisional=offset > 390)
        known = starts(start, complete=True, year=None)
        outpatient, admission = (
            promises(Request(*way), known, terms=TERMS, calendar=CALENDAR) for way in (("OP", ""), ("IP", "IP-A"))
        )
        call, visit, stay = clocks.hospital_call(start), clocks.earliest_visit(start), clocks.admission(start)
        assert days(outpatient)["OP-P3"] == (call.earliest.day, call.due.day)
        assert days(outpatient)["OP-P1a"] == (visit.day, None)
        assert days(admission)["IP-A3"] == (stay.earliest.day, stay.due.day)
        arranged = promised(admission, "admission")
        assert arranged is not None
        assert arranged.provisional == stay.due.provisional
        assert "G2" not in days(outpatient)


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


def test_promises_are_kept_with_the_case() -> None:
    kept = case("IP", "IP-B")
    assert msgspec.json.decode(msgspec.json.encode(kept), type=Case) == kept
    assert len(kept.promises) == 16


def test_every_promise_has_its_name_for_the_desk() -> None:
    assert set(names()) == set(desk_texts.PROMISES)
