"""What is counted and shown to nobody: what the queue goes by, and the first day that can be wished for."""

from datetime import date

import pytest

from flows.terms.calendar import Pause
from flows.terms.catalogue import FIRST_CONTACT, FIRST_VISIT, build, parts
from flows.terms.promises import (
    Counted,
    Request,
    internal_promises,
    starts,
)
from tests.unit.terms.promised import ACCEPTED, CALENDAR, TERMS, WAYS, made


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
