"""Claiming is compare-and-set: fifty agents claim one case at once; one wins, the others are told by whom."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

import pytest

from bot.process import BotProcess
from bot.sandbox.people import Person
from flows.cases.case import Case
from flows.events import Arrival, ButtonTapped
from flows.ids import ChatId, MessageId
from flows.session import Agent
from main import open_process
from tests.bot.process import ELIGIBLE, PATIENCE, Town, agent, running

AGENTS = [agent(1001 + place, f"客服{place + 1:02d}") for place in range(50)]
CHUNK = 5  # taps in a batch, where two bots take turns


@pytest.fixture
async def claimable(town: Town) -> Town:
    """A town where fifty agents look at one case."""
    await town.employ(*AGENTS)
    for each in AGENTS:
        town.stand_in.add_person(Person(id=each.id, first_name=each.name))
    policyholder = await town.player(ELIGIBLE)
    async with running(town.settings):
        await policyholder.say("转人工")
        await policyholder.wait_for("前回复您", PATIENCE)
        players = [await town.player(each.id) for each in AGENTS]
        await asyncio.gather(*(player.say("/next") for player in players))
        await asyncio.gather(*(player.wait_for("请求人工", PATIENCE) for player in players))
    return town


def claim_button(town: Town, user: int) -> tuple[int, str]:
    """Return the message under which an agent can claim, and the button's data."""
    for message in reversed(town.stand_in.state.people.chats[user].messages.values()):
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            return message["message_id"], row[0]["callback_data"]
    raise AssertionError(user)


def tap(town: Town, agent: Agent) -> Arrival:
    """Tap 领取; give the tap as it arrives."""
    message, data = claim_button(town, agent.id)
    query = town.stand_in.tap(agent.id, message, data)
    event = ButtonTapped(chat=ChatId(agent.id), query=query, message=MessageId(message), data=data)
    return Arrival((f"t:{query}",), event)


async def the_one_case(town: Town) -> Case:
    """Check that one agent has it and that everybody knows; give it."""
    (case,) = await town.cases()
    (entry,) = town.audit("claimed")
    assert (entry["case_id"], entry["actor"]) == (case.id, case.owner)
    assert (case.ownership, case.version) == ("agent_speaks", 1)
    for each in AGENTS:
        told = town.texts(each.id)
        won = sum("已领取" in text for text in told)
        taken = [text for text in told if f"{case.number} 已由{case.owner_name}于" in text]
        assert (won, len(taken)) == ((1, 0) if each.id == case.owner else (0, 1))
    joined = [text for text in town.texts(ELIGIBLE) if "来了" in text]
    assert len(joined) == 1
    assert f"客服{case.owner_name}来了" in joined[0]
    return case


async def settled(town: Town, count: int) -> None:
    """Wait until so many agents have an answer, and nothing waits to be sent."""
    await town.until("SELECT 1 FROM audit WHERE action = 'claimed'")
    await town.until("SELECT 1 WHERE (SELECT count(*) FROM processed_updates WHERE key LIKE 't:%') = ?", count)
    await town.until("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE done_at IS NULL)")


async def test_taps_that_come_together_make_one_owner(claimable: Town) -> None:
    for each in AGENTS:
        tap(claimable, each)
    async with running(claimable.settings):
        await settled(claimable, len(AGENTS))
    case = await the_one_case(claimable)
    assert case.owner == AGENTS[0].id, "who tapped first has it"


async def test_taps_that_come_one_by_one_make_one_owner(claimable: Town) -> None:
    players = [await claimable.player(each.id) for each in AGENTS]
    async with running(claimable.settings):
        await asyncio.gather(*(player.tap("领取", PATIENCE) for player in players))
        await settled(claimable, len(AGENTS))
    await the_one_case(claimable)


async def handle_in_chunks(process: BotProcess, arrivals: Sequence[Arrival]) -> None:
    for start in range(0, len(arrivals), CHUNK):
        await process.handle(arrivals[start : start + CHUNK])


async def test_two_houses_on_one_database_make_one_owner(claimable: Town) -> None:
    taps = [tap(claimable, each) for each in AGENTS]
    async with AsyncExitStack() as stack:
        processes = [await stack.enter_async_context(open_process(claimable.settings)) for _ in range(2)]
        halves = zip(processes, (taps[::2], taps[1::2]), strict=True)
        await asyncio.gather(*(handle_in_chunks(process, half) for process, half in halves))
        async with asyncio.timeout(PATIENCE):
            while claimable.rows("SELECT 1 FROM outbox WHERE done_at IS NULL"):
                await asyncio.gather(*(process.sender.flush() for process in processes))
    await the_one_case(claimable)


async def test_a_button_that_is_tapped_twice_does_not_claim_twice(claimable: Town) -> None:
    winner = AGENTS[0]
    for _ in range(2):
        tap(claimable, winner)
    async with running(claimable.settings):
        await settled(claimable, 2)
    (case,) = await claimable.cases()
    told = claimable.texts(winner.id)
    assert len(claimable.audit("claimed")) == 1
    assert case.version == 1
    assert "对话在您手上" in told[-1]
    assert not any("还有一件在谈" in text for text in told)
