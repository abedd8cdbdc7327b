"""getUpdates keeps Telegram's rules: offsets, long polling, forgetting, and delivering twice."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import telegram.error

from tests.bot.sandbox_world import ZHANG, World, inline, open_world


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as opened:
        yield opened


async def say(world: World, *texts: str) -> list[int]:
    for text in texts:
        await world.zhang.say(text)
    return [update["update_id"] for update in await world.fetch()][-len(texts) :]


def texts(updates: list[dict[str, dict[str, str]]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_an_unconfirmed_update_comes_again(world: World) -> None:
    await say(world, "one", "two")
    assert texts(await world.fetch()) == ["one", "two"]
    assert texts(await world.fetch()) == ["one", "two"]


async def test_an_offset_confirms_everything_below_it_for_good(world: World) -> None:
    first, second, _ = await say(world, "one", "two", "three")
    assert second == first + 1
    assert texts(await world.fetch(offset=second)) == ["two", "three"]
    assert texts(await world.fetch(offset=first)) == ["two", "three"]
    assert texts(await world.fetch()) == ["two", "three"]


async def test_a_negative_offset_forgets_all_but_the_last(world: World) -> None:
    await say(world, "one", "two", "three")
    assert texts(await world.fetch(offset=-2)) == ["two", "three"]
    assert texts(await world.fetch()) == ["two", "three"]
    assert texts(await world.fetch(offset=-9)) == ["two", "three"]


async def test_a_limit_gives_the_earliest(world: World) -> None:
    await say(world, "one", "two", "three")
    assert texts(await world.fetch(limit=2)) == ["one", "two"]


async def test_at_most_a_hundred_come_at_once(world: World) -> None:
    for number in range(101):
        world.stand_in.say(ZHANG, str(number))
    assert len(await world.fetch(limit=500)) == 100


async def test_ids_that_restart_lower_are_not_taken_for_confirmed(world: World) -> None:
    (last,) = await say(world, "before")
    await world.fetch(offset=last + 1)
    await world.control("restart_ids", {"next_id": 500})
    await say(world, "after")
    updates = await world.fetch(offset=last + 1)
    assert [update["update_id"] for update in updates] == [500]


async def test_a_long_poll_wakes_when_an_update_arrives(world: World) -> None:
    poll = asyncio.create_task(world.bot.get_updates(timeout=30))
    await world.poll_began()
    await world.zhang.say("/start now")
    (update,) = await asyncio.wait_for(poll, 1)
    assert update.message is not None
    assert update.message.text == "/start now"
    assert update.message.entities[0].type == "bot_command"
    assert update.message.entities[0].length == len("/start")


async def test_a_second_poll_ends_the_first_with_a_conflict(world: World) -> None:
    first = asyncio.create_task(world.bot.get_updates(timeout=30))
    await world.poll_began()
    assert await world.fetch() == []
    with pytest.raises(telegram.error.Conflict, match="terminated by other getUpdates request"):
        await asyncio.wait_for(first, 1)


async def test_a_poll_whose_bot_hung_up_takes_nothing(world: World) -> None:
    first = asyncio.create_task(world.post("getUpdates", {"timeout": 30}))
    await world.poll_began()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    await say(world, "kept")
    assert texts(await world.fetch()) == ["kept"]


async def test_a_tap_is_forgotten_after_150_seconds(world: World) -> None:
    await world.bot.send_message(ZHANG, "?", reply_markup=inline(("yes", "y")))
    await world.zhang.tap("yes")
    world.clock.now += 149
    assert len(await world.fetch()) == 1
    world.clock.now += 1
    assert await world.fetch() == []


async def test_a_message_is_forgotten_after_a_day(world: World) -> None:
    await say(world, "old")
    world.clock.now += 86_399
    assert texts(await world.fetch()) == ["old"]
    await world.control("clock", {"advance": 1})
    assert await world.fetch() == []
    assert world.stand_in.state.queue.expired == 1


async def test_a_late_answer_to_a_tap_is_refused(world: World) -> None:
    await world.bot.send_message(ZHANG, "?", reply_markup=inline(("yes", "y")))
    query = (await world.zhang.tap("yes"))["query_id"]
    await world.bot.answer_callback_query(query, "in time")
    world.clock.now += 150
    with pytest.raises(telegram.error.BadRequest, match=r"[Qq]uery is too old"):
        await world.bot.answer_callback_query(query)
    with pytest.raises(telegram.error.BadRequest, match=r"(?i)query id is invalid"):
        await world.bot.answer_callback_query("unknown")


async def test_a_confirmed_update_can_be_delivered_again_under_its_id(world: World) -> None:
    first, last = await say(world, "one", "two")
    await world.fetch(offset=last + 1)
    await world.control("redeliver", {"update_id": first})
    assert [update["update_id"] for update in await world.fetch(offset=last + 1)] == [first]
    assert await world.fetch(offset=last + 1) == []


async def test_an_update_can_be_delivered_again_under_a_fresh_id(world: World) -> None:
    (first,) = await say(world, "one")
    await world.control("redeliver", {"update_id": first, "fresh": True})
    original, copy = await world.fetch()
    assert copy["update_id"] == first + 1
    assert copy["message"] == original["message"]


async def test_an_unknown_update_cannot_be_delivered_again(world: World) -> None:
    assert await world.control("redeliver", {"update_id": 1}) == {"error": "unknown_update"}


async def test_every_nth_update_can_come_twice(world: World) -> None:
    await world.control("settings", {"duplicate_every": 2})
    first, second, third = await say(world, "one", "two", "three")
    assert [update["update_id"] for update in await world.fetch(offset=third)] == [second, third]
    assert [update["update_id"] for update in await world.fetch(offset=third)] == [third]
    await world.control("settings", {"duplicate_fresh": True})
    await world.zhang.say("four")
    assert texts(await world.fetch(offset=third)) == ["three", "four", "four"]
    assert first < second


async def test_a_poison_update_is_delivered_as_it_is(world: World) -> None:
    answer = await world.control("update", {"message": {"message_id": "not a number"}})
    (update,) = await world.fetch()
    assert update == {"update_id": answer["update_id"], "message": {"message_id": "not a number"}}


async def test_kinds_that_are_not_allowed_are_not_queued(world: World) -> None:
    await world.bot.get_updates(allowed_updates=["callback_query"])
    await world.zhang.say("unseen")
    await world.bot.send_message(ZHANG, "?", reply_markup=inline(("yes", "y")))
    await world.zhang.tap("yes")
    (update,) = await world.fetch()
    assert update["callback_query"]["data"] == "y"


async def test_the_queue_counts_what_waits_and_what_was_confirmed(world: World) -> None:
    _, last = await say(world, "one", "two")
    await world.fetch(offset=last)
    async with world.http.get(f"{world.url}/api/control/queue") as response:
        queue = await response.json()
    assert queue["pending"] == 1
    assert queue["confirmed"] == 1
    assert queue["next_id"] == last + 1
