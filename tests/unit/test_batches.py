"""Batches through the service, over the store in memory: what arrives together is written together."""

from collections.abc import Sequence

import pytest

from flows.errors import Busy, StorageError, Unreadable
from flows.events import Arrival, ButtonTapped
from flows.ids import ChatId, MessageId, RowId
from flows.ports import Changes, DeadLetter
from flows.session import Session
from tests.fakes import FakeUnitOfWork
from tests.world import World


async def test_two_submissions_on_one_policy_in_one_batch_cannot_both_succeed() -> None:
    world = World()
    one, other = world.chat(100), world.chat(101)
    for chat in (one, other):
        await chat.identify()
        await chat.tap("恶性肿瘤")
        await chat.photo()
        await chat.tap("传完了")
    await world.handle(one.tapped("提交申请"), other.tapped("提交申请"))
    assert sorted([one.state, other.state]) == ["refused", "submitted"]
    assert len(world.store.state.uses) == 1


async def test_events_of_one_chat_are_stepped_in_order_within_a_batch() -> None:
    world = World()
    chat = world.chat(100)
    await chat.consent()
    await world.handle(chat.said("张桂兰"), chat.said("110101195503129931"), chat.said("P2026000001"))
    assert chat.state == "illness"


async def test_what_was_seen_is_dropped_within_a_batch_and_between_batches() -> None:
    world = World()
    chat = world.chat(100)
    event = chat.said("/start")
    again = [Arrival(("u:1", "m:100:1"), event), Arrival(("u:2", "m:100:1"), event), Arrival(("u:1", "m:100:9"), event)]
    assert (await world.service.handle(again)).seen == 2
    assert (await world.service.handle(again)).seen == 3
    assert world.session(chat.id).conversation == 1


async def test_of_fifty_agents_who_claim_in_one_batch_one_wins_and_the_others_are_told_by_whom() -> None:
    world = World()
    await world.chat(100).submit()
    agents = [world.agent(1000 + n, f"客服{n}") for n in range(50)]
    await world.handle(*[agent.said("/next") for agent in agents])
    await world.handle(*[agent.tapped("领取") for agent in agents])
    told = [agent.read() for agent in agents]
    assert sum("已领取，对话在您手上" in text for text in told) == 1
    (case,) = world.store.state.cases.values()
    assert sum(f"已由{case.owner_name}于" in text for text in told) == 49


async def test_giving_back_wakes_the_policyholders_chat_in_the_same_batch() -> None:
    world = World()
    chat, agent = world.chat(100), world.agent(7, "林敏")
    await chat.identify()
    await chat.say("转人工")
    await agent.say("/next")
    await agent.tap("领取")
    await world.handle(agent.said("交还"), chat.said("恶性肿瘤"))
    assert chat.state == "record"
    assert "林敏先忙到这里" in chat.read()


async def test_a_busy_store_makes_the_batch_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    save, failures = FakeUnitOfWork.save, iter([Busy(), Busy()])

    async def sometimes(self: FakeUnitOfWork, changes: Changes, now: object) -> None:
        for failure in failures:
            raise failure
        await save(self, changes, now)  # type: ignore[arg-type] # handed through as it came

    monkeypatch.setattr(FakeUnitOfWork, "save", sometimes)
    assert "您好" in await world.chat(100).say("/start")


async def test_a_store_that_cannot_write_leaves_everything_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()

    async def never(_self: FakeUnitOfWork, _changes: Changes, _now: object) -> None:
        raise StorageError

    with monkeypatch.context() as patch:
        patch.setattr(FakeUnitOfWork, "save", never)
        with pytest.raises(StorageError):
            await world.handle(world.chat(100).said("/start"))
    assert world.store.state.sessions == {}
    assert world.store.state.dead == {}


async def test_an_event_that_no_json_can_hold_is_set_aside_and_holds_up_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    save = FakeUnitOfWork.save

    async def sealing(self: FakeUnitOfWork, changes: Changes, now: object) -> None:
        for _, line in changes.transcript:
            line.text.encode()
        await save(self, changes, now)  # type: ignore[arg-type] # handed through as it came

    monkeypatch.setattr(FakeUnitOfWork, "save", sealing)
    one, other = world.chat(100), world.chat(101)
    await one.say("转人工")
    await world.handle(one.said("半个\ud83d"), other.said("/start"))
    assert [letter.body for letter in world.store.state.dead.values()] == [b'{"type":"TextReceived"}']
    assert "您好" in other.read()
    assert "抱歉" in one.read()


@pytest.mark.parametrize("count", [1, 5, 40])
async def test_however_many_give_back_in_one_batch_every_policyholder_hears_of_it(count: int) -> None:
    world = World()
    chats = [world.chat(100 + n) for n in range(count)]
    agents = [world.agent(1000 + n, f"客服{n}") for n in range(count)]
    for chat, agent in zip(chats, agents, strict=True):
        await chat.say("转人工")
        await agent.say("/next")
        await agent.tap("领取")
    await world.handle(*[agent.said("交还") for agent in agents])
    assert all("开始申请" in chat.read() for chat in chats)


async def test_a_button_about_no_case_at_all_does_not_stop_the_batch() -> None:
    world = World()
    chat, agent = world.chat(100), world.agent(7, "林敏")
    await chat.say("转人工")
    await agent.say("/next")
    claim = agent.tapped("领取")
    made_up = ButtonTapped(chat=agent.id, query="q", message=MessageId(1), data="desk:claim:1")
    await world.handle(claim, made_up, chat.said("您好"))
    assert "已不存在" in agent.read()
    assert "您好" in agent.read()


async def test_a_chat_whose_session_cannot_be_read_is_told_so_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    lost, other = world.chat(100), world.chat(101)
    load = FakeUnitOfWork.sessions

    async def damaged(self: FakeUnitOfWork, chats: Sequence[ChatId]) -> dict[ChatId, Session]:
        if lost.id in chats:
            raise Unreadable
        return await load(self, chats)

    monkeypatch.setattr(FakeUnitOfWork, "sessions", damaged)
    await world.handle(lost.said("/start"), other.said("/start"))
    assert "400-620-1800" in lost.read()
    assert "同意书 1/3" in other.read()
    assert len(world.store.state.dead) == 1


async def test_an_update_that_cannot_be_read_is_kept_once_however_often_it_comes() -> None:
    world = World()
    letters = [DeadLetter(RowId(n), None, "KeyError", b"{}", key=f"u:{n % 2}") for n in (1, 2, 3)]
    await world.service.handle([], letters[:2])
    await world.service.handle([], letters[2:])
    assert [letter.key for letter in world.store.state.dead.values()] == ["u:1", "u:0"]
