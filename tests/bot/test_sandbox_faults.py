"""Scripted faults, Telegram's limits, and the journal that tests assert on."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from telegram.error import Forbidden, NetworkError

from bot.sandbox.errors import ApiError
from tests.bot.sandbox_world import LI, ZHANG, World, open_world


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as opened:
        yield opened


async def journal(world: World, **narrowed: str) -> list[dict[str, Any]]:
    async with world.http.get(f"{world.url}/api/control/journal", params=narrowed) as response:
        calls: list[dict[str, Any]] = await response.json()
    return calls


async def test_a_429_says_how_long_to_wait_and_passes(world: World) -> None:
    await world.control("faults", {"kind": "retry_after", "method": "sendMessage", "retry_after": 7})
    assert await world.post("sendMessage", {"chat_id": ZHANG, "text": "early"}) == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
    await world.bot.send_message(ZHANG, "later")
    assert [message["text"] for message in await world.zhang.messages()] == ["later"]


async def test_somebody_who_blocked_the_bot_gets_nothing_until_the_fault_is_cleared(world: World) -> None:
    await world.control("faults", {"kind": "blocked", "chat_id": ZHANG, "times": 0})
    for _ in range(2):
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await world.bot.send_message(ZHANG, "hi")
    await world.bot.send_message(LI, "hi")
    async with world.http.delete(f"{world.url}/api/control/faults"):
        await world.bot.send_message(ZHANG, "hi")


async def test_any_error_can_be_scripted(world: World) -> None:
    await world.control("faults", {"kind": "error", "error_code": 502, "description": "Bad Gateway"})
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await world.bot.send_message(ZHANG, "hi")


async def test_a_cut_connection_may_come_after_the_effect(world: World) -> None:
    await world.control("faults", {"kind": "cut_after", "method": "sendMessage"})
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await world.post("sendMessage", {"chat_id": ZHANG, "text": "sent"})
    assert (await world.zhang.last())["text"] == "sent"
    (call,) = await journal(world)
    assert call["cut"] is True


async def test_a_cut_connection_may_come_before_the_effect(world: World) -> None:
    await world.control("faults", {"kind": "cut_before", "method": "sendMessage"})
    with pytest.raises(NetworkError):
        await world.bot.send_message(ZHANG, "lost")
    assert await world.zhang.messages() == []


@pytest.mark.parametrize("kind", ["delay", "delay_after"])
async def test_an_answer_can_be_delayed(world: World, kind: str) -> None:
    await world.control("faults", {"kind": kind, "seconds": 0.01})
    await world.bot.send_message(ZHANG, "hi")
    assert world.stand_in.faults.scripted == []


async def test_a_fault_spares_other_methods_and_chats(world: World) -> None:
    await world.control("faults", {"kind": "blocked", "method": "sendMessage", "chat_id": LI})
    await world.bot.send_message(ZHANG, "hi")
    await world.bot.send_chat_action(LI, "typing")
    async with world.http.get(f"{world.url}/api/control/faults") as response:
        assert len(await response.json()) == 1


async def test_limits_are_off_unless_they_are_switched_on(world: World) -> None:
    for number in range(40):
        await world.post("sendMessage", {"chat_id": ZHANG, "text": str(number)})
    assert len(await world.zhang.messages()) == 40


async def test_a_chat_takes_about_a_message_a_second(world: World) -> None:
    await world.control("settings", {"limits": True})
    sent = [await world.post("sendMessage", {"chat_id": ZHANG, "text": "x"}) for _ in range(4)]
    assert [answer["ok"] for answer in sent] == [True, True, True, False]
    assert sent[-1]["parameters"] == {"retry_after": 1}
    world.clock.now += 1
    assert (await world.post("sendMessage", {"chat_id": ZHANG, "text": "x"}))["ok"] is True


async def test_all_chats_together_take_about_thirty_a_second(world: World) -> None:
    limits = world.stand_in.limits
    for chat_id in range(30):
        limits.check(chat_id)
    with pytest.raises(ApiError, match="Too Many Requests"):
        limits.check(30)
    world.clock.now += 0.1
    limits.check(31)


async def test_what_is_no_message_is_not_counted_by_the_limits(world: World) -> None:
    await world.control("settings", {"limits": True})
    for _ in range(5):
        assert (await world.post("sendChatAction", {"chat_id": ZHANG}))["ok"] is True


async def test_the_journal_keeps_calls_in_order_with_what_came_of_them(world: World) -> None:
    await world.bot.send_message(ZHANG, "one")
    await world.bot.send_message(LI, "two")
    await world.post("sendMessage", {"chat_id": 99, "text": "three"})
    await world.bot.get_updates()
    calls = await journal(world)
    assert [(call["params"]["text"], call["status"], call["message_id"]) for call in calls] == [
        ("one", 200, 1),
        ("two", 200, 1),
        ("three", 400, None),
    ]
    assert calls[0]["at"] == world.clock.now
    assert len(await journal(world, chat_id=str(LI))) == 1
    assert len(await journal(world, method="sendMessage", since=str(calls[0]["seq"]))) == 2


async def test_the_journal_can_be_cleared_and_switched_off(world: World) -> None:
    await world.bot.send_message(ZHANG, "one")
    async with world.http.delete(f"{world.url}/api/control/journal") as response:
        assert response.ok
    await world.control("settings", {"journal": False})
    await world.bot.send_message(ZHANG, "two")
    assert await journal(world) == []
