"""The clock looks at a case when the day of a promise ends: what is overdue is recorded, and the next day set."""

from datetime import datetime

from flows.cases.case import Case
from flows.engine.service import DONE, REFUSED
from flows.events import CaseDue
from flows.ids import CaseId
from tests.world import World

CLOSES = datetime.fromisoformat("2026-11-25T20:00:00+08:00")  # of the second working day after MONDAY [OP-P3]
OPENS = datetime.fromisoformat("2026-11-26T08:00:00+08:00")


async def submitted() -> tuple[World, Case]:
    world = World()
    await world.chat(100).submit()
    (case,) = world.store.state.cases.values()
    return world, case


def stored(world: World, case: Case) -> Case:
    return world.store.state.cases[case.id]


async def test_a_submitted_case_is_looked_at_when_its_first_promise_is_due() -> None:
    world, case = await submitted()
    assert case.wake_at == CLOSES == case.due_at
    assert await world.store.cases_to_wake(CLOSES, 10) == [case.id]


async def test_what_is_overdue_is_recorded_once_and_told_when_the_hours_of_service_begin() -> None:
    world, case = await submitted()
    world.now = CLOSES
    before = len(world.store.state.outbox)
    (first,) = (await world.handle(CaseDue(case=case.id))).answers
    (again,) = (await world.handle(CaseDue(case=case.id))).answers
    assert (first.outcome, again.outcome, again.code) == (DONE, REFUSED, "not_due")
    entries = [entry.codes for entry in world.store.state.audit.values() if entry.action == "promise_due"]
    assert entries == [{"clauses": "OP-P3"}]
    assert (stored(world, case).wake_at, stored(world, case).version) == (OPENS, case.version + 1)
    world.now = OPENS
    await world.handle(CaseDue(case=case.id))
    assert sum(entry.action == "promise_due" for entry in world.store.state.audit.values()) == 1
    assert stored(world, case).wake_at is None
    assert len(world.store.state.outbox) == before, "nobody owns it, and nobody is on duty"


async def test_before_its_time_and_where_there_is_no_such_case_nothing_changes() -> None:
    world, case = await submitted()
    answers = (await world.handle(CaseDue(case=case.id), CaseDue(case=CaseId(4)))).answers
    assert [(answer.outcome, answer.code) for answer in answers] == [(REFUSED, "not_due"), (REFUSED, "no_such_case")]
    assert stored(world, case) == case
