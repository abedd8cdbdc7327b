import asyncio
from datetime import timedelta

import pytest
from msgspec import structs
from sqlalchemy import update

from flows.ids import ChatId
from flows.ports.outbox import Delivered
from flows.ports.unit_of_work import Changes
from storage.connection.transaction import transaction
from storage.database import Database, Purged
from storage.schema.outbox import outbox
from tests.contract.samples import LATER, LI, NOW, SOON, WANG, Backend, lease, queue, row, save, sent, session, settle


async def test_rows_come_in_order_of_id_as_they_went_in(store: Backend) -> None:
    await queue(store, row(3), row(1), row(2, LI))
    leased = await lease(store)
    assert leased == [structs.replace(each, attempts=1) for each in (row(1), row(2, LI), row(3))]


async def test_a_lease_gives_no_more_than_its_limit_and_never_skips_in_a_lane(store: Backend) -> None:
    await queue(store, *(row(n) for n in range(1, 6)), row(6, LI))
    assert [each.id for each in await lease(store, limit=2)] == [1, 2]
    assert [each.id for each in await lease(store, limit=2)] == [6]
    await settle(store, sent(row(1)), sent(row(2)), free=(WANG,))
    assert [each.id for each in await lease(store)] == [3, 4, 5]


async def test_a_lane_has_one_holder(store: Backend) -> None:
    await queue(store, row(1), row(2, LI))
    taken = await asyncio.gather(*(lease(store, holder=name) for name in "abc"))
    assert sorted(each.id for rows in taken for each in rows) == [1, 2]
    await queue(store, row(3))
    assert await lease(store, holder="d") == []


async def test_a_row_whose_sender_died_comes_again_in_doubt(store: Backend) -> None:
    await queue(store, row(1), row(2))
    await lease(store, limit=1)
    assert await lease(store, SOON - timedelta(seconds=1), holder="b") == []
    again = await lease(store, SOON, holder="b")
    assert [(each.id, each.doubted, each.attempts) for each in again] == [(1, True, 2), (2, False, 1)]


async def test_a_row_that_was_given_up_unsettled_was_not_begun(store: Backend) -> None:
    await queue(store, row(1), row(2))
    await lease(store)
    await settle(store, sent(row(1)), free=(WANG,))
    assert [(each.id, each.doubted, each.attempts) for each in await lease(store)] == [(2, False, 1)]


async def test_a_blocked_lane_waits_until_the_person_writes_again(store: Backend) -> None:
    await queue(store, row(1), row(2, LI))
    await lease(store)
    await settle(store, Delivered(row(1).id, WANG, "blocked", code="blocked"), sent(row(2, LI)), free=(WANG, LI))
    await queue(store, row(3))
    assert await lease(store, LATER) == []
    assert await store.outbox.next_due(LATER) is None
    await save(store, Changes(sessions=[session(WANG)]))
    assert [(each.id, each.doubted) for each in await lease(store, LATER)] == [(1, False), (3, False)]


async def test_who_writes_is_not_blocked_even_if_their_session_stays_as_it_was(store: Backend) -> None:
    await queue(store, row(1))
    await lease(store)
    await settle(store, Delivered(row(1).id, WANG, "blocked"))
    async with store.begin() as work:
        await work.sessions([WANG])
        await work.save(Changes(), NOW)
        await work.commit()
    assert [each.id for each in await lease(store)] == [1]


async def test_a_retry_halts_its_lane_and_no_other(store: Backend) -> None:
    await queue(store, row(1), row(2), row(3, LI))
    await lease(store)
    await settle(store, Delivered(row(1).id, WANG, "retry", not_before=LATER), sent(row(3, LI)), free=(WANG, LI))
    await queue(store, row(4, LI))
    assert [each.id for each in await lease(store, SOON)] == [4]
    await settle(store, sent(row(4, LI)), free=(LI,))
    again = await lease(store, LATER)
    assert [(each.id, each.doubted, each.attempts) for each in again] == [(1, False, 2), (2, False, 1)]


async def test_a_halted_lane_is_given_up_even_if_it_is_not_said(store: Backend) -> None:
    await queue(store, row(1))
    await lease(store)
    await settle(store, Delivered(row(1).id, WANG, "retry", not_before=NOW))
    assert [each.id for each in await lease(store)] == [1]


@pytest.mark.parametrize("outcome", ["sent", "failed", "uncertain"])
async def test_a_done_row_does_not_come_again(store: Backend, outcome: str) -> None:
    await queue(store, row(1))
    await lease(store)
    await settle(store, Delivered(row(1).id, WANG, outcome), free=(WANG,))
    assert await lease(store, LATER) == []
    assert await store.outbox.next_due(NOW) is None


async def test_a_late_sender_may_say_that_it_sent_and_nothing_else(store: Backend) -> None:
    await queue(store, row(1), row(2, LI))
    await lease(store, holder="late")
    assert len(await lease(store, SOON, holder="new")) == 2
    await settle(store, sent(row(1), 5), Delivered(row(2).id, LI, "failed"), holder="late", free=(WANG, LI))
    assert await lease(store, SOON, holder="third") == []  # the lanes are still the new sender's
    await settle(store, Delivered(row(1).id, WANG, "uncertain"), holder="new", free=(WANG, LI))
    await queue(store, row(3, refers=1))
    leased = await lease(store, SOON)
    assert [(each.id, each.message, each.attempts) for each in leased] == [(2, None, 2), (3, 5, 1)]


async def test_a_row_learns_the_message_of_the_row_it_refers_to(store: Backend) -> None:
    await queue(store, row(1), row(2, refers=1))
    leased = await lease(store)
    assert [each.message for each in leased] == [None, None]  # the first is not sent yet
    await settle(store, sent(row(1), 4711), free=(WANG,))
    assert [(each.refers, each.message) for each in await lease(store)] == [(1, 4711)]


async def test_what_is_due_next_is_known(store: Backend) -> None:
    assert await store.outbox.next_due(NOW) is None
    await queue(store, row(1), row(2, LI))
    assert await store.outbox.next_due(NOW) == NOW
    await lease(store)
    assert await store.outbox.next_due(NOW) == SOON
    await settle(store, sent(row(1)), Delivered(row(2).id, LI, "retry", not_before=LATER), free=(WANG, LI))
    assert await store.outbox.next_due(NOW) == LATER
    assert await store.outbox.next_due(LATER + timedelta(hours=1)) == LATER + timedelta(hours=1)


async def test_a_row_to_a_chat_without_a_session_is_sent_too(store: Backend) -> None:
    group = ChatId(-100_200_300_400)
    await save(store, Changes(sessions=[session()], outbox=[row(1), row(2, group)]))
    assert [each.chat for each in await lease(store)] == [WANG, group]


async def test_settling_nothing_is_nothing(store: Backend) -> None:
    await settle(store)
    assert await lease(store) == []


async def test_rows_done_long_ago_are_purged_and_others_are_not(store: Backend) -> None:
    await queue(store, row(1), row(2, LI))
    await lease(store)
    await settle(store, sent(row(1)), free=(WANG, LI))
    assert await store.purge(NOW + timedelta(days=29), keep_sent=timedelta(days=30)) == Purged()
    assert await store.purge(NOW + timedelta(days=31), keep_sent=timedelta(days=30)) == Purged(outbox=1)
    assert [each.id for each in await lease(store, LATER)] == [2]


async def test_an_agents_words_are_leased_alone_so_that_in_doubt_means_on_their_way(store: Backend) -> None:
    relay = structs.replace(row(2), kind="relay")
    await queue(store, row(1), relay, row(3), row(4, LI))
    assert [each.id for each in await lease(store)] == [1, 4]
    await settle(store, sent(row(1)), free=(WANG,))
    assert [each.id for each in await lease(store)] == [2]
    await settle(store, sent(relay), free=(WANG,))
    assert [each.id for each in await lease(store)] == [3]


async def test_a_row_that_cannot_be_read_has_failed_and_stops_no_other(database: Database) -> None:
    await queue(database, row(1), row(2, LI))
    async with transaction(database._engines.writer, database._codec) as connection:  # noqa: SLF001 - a damaged disk
        await connection.change(update(outbox).where(outbox.c.id == 1), {"body": b"damaged"})
    assert [each.id for each in await lease(database)] == [2]
    await settle(database, sent(row(2, LI)), free=(LI,))
    assert await database.outbox.next_due(NOW) is None
