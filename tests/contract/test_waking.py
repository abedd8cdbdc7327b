from datetime import timedelta

from msgspec import structs

from flows.ids import ChatId
from flows.ports.unit_of_work import Changes
from flows.session import Session
from storage.database import Database
from tests.contract.samples import LATER, LI, NOW, SOON, WANG, Backend, save, session


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


async def test_waking_reads_those_who_wait_and_not_every_session(database: Database) -> None:
    async with database._engines.reader.connect() as connection:  # noqa: SLF001 - the test looks where no caller may
        plan = await connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT chat_id FROM sessions WHERE wake_at <= 5 ORDER BY wake_at, chat_id LIMIT 3"
        )
        steps = [row.detail for row in plan]
    assert any("ix_sessions_wake_at" in step for step in steps)
