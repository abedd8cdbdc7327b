from datetime import timedelta

from msgspec import structs

from flows.cases.changes import changed, withdrawn
from flows.ids import CaseId, ChatId
from flows.ports.unit_of_work import Changes
from flows.session import Session
from storage.database import Database
from tests.contract.samples import LATER, LI, NOW, SOON, WANG, Backend, case, save, session


async def test_chats_whose_time_has_come_are_woken_the_longest_ago_first(store: Backend) -> None:
    other = ChatId(6_000_000_003)
    await save(store, Changes(sessions=[session(), structs.replace(session(LI), wake_at=SOON), Session(other)]))
    assert await store.to_wake(NOW, 10) == []
    assert await store.to_wake(SOON, 10) == [LI]
    assert await store.to_wake(LATER, 10) == [LI, WANG]
    assert await store.to_wake(LATER, 1) == [LI]


async def test_who_is_to_be_woken_no_more_or_later_is_left_alone(store: Backend) -> None:
    await save(store, Changes(sessions=[session(), session(LI)]))
    later = LATER + timedelta(days=29)
    await save(
        store,
        Changes(sessions=[structs.replace(session(), wake_at=None), structs.replace(session(LI), wake_at=later)]),
    )
    assert await store.to_wake(LATER, 10) == []
    assert await store.to_wake(later, 10) == [LI]


async def test_a_session_loaded_for_its_lock_alone_is_never_woken(store: Backend) -> None:
    async with store.begin() as work:
        await work.sessions([WANG])
        await work.commit()
    assert await store.to_wake(LATER, 10) == []


async def test_cases_whose_time_has_come_are_given_the_longest_ago_first(store: Backend) -> None:
    later, sooner = (structs.replace(case(f"GC-{id_}", id_=id_), wake_at=at) for id_, at in ((1, LATER), (2, SOON)))
    await save(store, Changes(new_cases=[later, sooner, case("GC-3", id_=3)]))
    assert await store.cases_to_wake(NOW, 10) == []
    assert await store.cases_to_wake(SOON, 10) == [2]
    assert await store.cases_to_wake(LATER, 10) == [2, 1]
    assert await store.cases_to_wake(LATER, 1) == [2]


async def test_a_case_has_the_wake_up_time_of_its_newest_version(store: Backend) -> None:
    first = structs.replace(case(), wake_at=SOON)
    await save(store, Changes(new_cases=[first]))
    await save(store, Changes(changed_cases=[changed(first, wake_at=LATER)]))
    async with store.begin() as work:
        assert (await work.cases([first.id]))[first.id].wake_at == LATER
    assert await store.cases_to_wake(SOON, 10) == []
    await save(store, Changes(changed_cases=[changed(changed(first), wake_at=None)]))
    assert await store.cases_to_wake(LATER, 10) == []


async def test_a_closed_or_anonymous_case_is_never_woken(store: Backend) -> None:
    withdrawn_case = structs.replace(case(), wake_at=SOON, forget_at=None)
    forgotten = structs.replace(case("GC-2", id_=2), wake_at=SOON, forget_at=NOW)
    await save(store, Changes(new_cases=[withdrawn_case, forgotten]))
    await save(store, Changes(changed_cases=[withdrawn(withdrawn_case, NOW)]))
    await store.purge(NOW, keep_sent=timedelta(days=1))
    assert await store.cases_to_wake(LATER, 10) == []
    async with store.begin() as work:
        assert {each.wake_at for each in (await work.cases([CaseId(1), CaseId(2)])).values()} == {None}


async def test_waking_reads_the_cases_that_wait_and_not_every_one(database: Database) -> None:
    async with database._engines.reader.connect() as connection:  # noqa: SLF001 - the test looks where no caller may
        plan = await connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id FROM cases WHERE wake_at <= 5 ORDER BY wake_at, id LIMIT 3"
        )
        steps = [row.detail for row in plan]
    assert any("ix_cases_wake_at" in step for step in steps)


async def test_waking_reads_those_who_wait_and_not_every_session(database: Database) -> None:
    async with database._engines.reader.connect() as connection:  # noqa: SLF001 - the test looks where no caller may
        plan = await connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT chat_id FROM sessions WHERE wake_at <= 5 ORDER BY wake_at, chat_id LIMIT 3"
        )
        steps = [row.detail for row in plan]
    assert any("ix_sessions_wake_at" in step for step in steps)
