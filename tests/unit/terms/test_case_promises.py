"""What is promised for a case: counted from the milestones and pauses that are kept with it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from flows.cases.case import APPEAL, APPLICATION, Case
from flows.cases.promises import next_wake, promises_of
from flows.ids import CaseId, ChatId
from flows.terms.branch import AdmissionNotice
from flows.terms.calendar import SHANGHAI, Pause
from flows.terms.catalogue import as_data, build, parts
from flows.terms.eligibility import decide
from flows.terms.facts import Facts
from flows.terms.promises import (
    ROLES,
    Milestone,
    starts,
)
from tests import clauses
from tests.unit.terms.promised import ACCEPTED, CALENDAR, TERMS, WAYS, YEAR, made
from tests.world import MONDAY


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


def test_every_clause_that_is_computed_tracked_or_notified_is_kept_somewhere() -> None:
    kept = set().union(*(clauses.of_case(case(*way), TERMS) for way in WAYS))
    owed = clauses.owed(TERMS, *ROLES)
    assert len(owed) == 47
    assert owed <= kept


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
    assert next_wake(chosen, TERMS, CALENDAR) == end(26)
    assert next_wake(chosen, TERMS, CALENDAR, after=end(26) - timedelta(microseconds=1)) == end(26)
    assert next_wake(chosen, TERMS, CALENDAR, after=end(26)) is None
    assert next_wake(case("OP"), TERMS, CALENDAR, after=datetime(2026, 11, 25, 12, tzinfo=UTC)) is None


def test_a_case_without_a_day_or_that_is_closed_is_not_woken() -> None:
    assert next_wake(case("IP", "review"), TERMS, CALENDAR) is None
    assert next_wake(case("OP", stage="closed"), TERMS, CALENDAR) is None
    assert next_wake(case("OP", request_type=APPEAL), TERMS, CALENDAR) is None
    assert next_wake(case("OP", milestones={}), TERMS, CALENDAR) is None
    assert next_wake(case("OP", pauses=(Pause(ACCEPTED.day),)), TERMS, CALENDAR) is None
