"""Batches through the service, over the store in memory: what arrives together is written together."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bot.telegram.render import TelegramRenderer
from flows.effects import (
    Confirmation,
    ConfirmationAsk,
    ConfirmationKnown,
    Effect,
    IdentityFailure,
    PolicyAsk,
    PolicyKnown,
    TranscriptLine,
)
from flows.engine.engine import Engine
from flows.engine.service import BatchService
from flows.errors import Busy, StorageError, Unreadable
from flows.events import Arrival, ButtonTapped, Event, TextReceived
from flows.ids import CaseId, ChatId, Ids, MessageId, RowId
from flows.ports.unit_of_work import Changes, DeadLetter
from flows.session import Session
from tests.fakes import FakeUnitOfWork
from tests.world import MONDAY, POLICY, REFERENCE, TEXTS, World


async def test_two_submissions_on_one_policy_in_one_batch_cannot_both_succeed() -> None:
    world = World()
    one, other = world.chat(100), world.chat(101)
    for chat in (one, other):
        await chat.come_to("review")
    await world.handle(one.tapped("提交申请"), other.tapped("提交申请"))
    assert sorted([one.state, other.state]) == ["refused", "submitted"]
    assert len(world.store.state.uses) == 1


async def test_events_of_one_chat_are_stepped_in_order_within_a_batch() -> None:
    world = World()
    chat = world.chat(100)
    await chat.come_to("name")
    answers = ("张桂兰", "110101195503129931", "13800001234", "P2026000001")
    await world.handle(*[chat.said(answer) for answer in answers])
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
    assert chat.state == "condition"
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
        for _, line in changes.of(TranscriptLine):
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


class Guessing(Engine):
    """An engine whose people guess: `miss` at the policy, `give CODE` for case 1, `try CODE`. `heard` is what they see.

    `give CODE` is valid for an hour, `late CODE` was valid until now.
    """

    def __init__(self) -> None:
        super().__init__(REFERENCE)
        self.heard: list[object] = []

    def step(self, session: Session, event: Event, now: datetime, ids: Ids) -> tuple[Session, list[Effect]]:
        del ids
        match event:
            case PolicyKnown(policy=policy) if policy is not None:
                self.heard.append(len(policy.identity_failures))
                return session, [IdentityFailure(policy=policy.id)]
            case ConfirmationKnown():
                self.heard.append(event.case)
                return session, []
            case TextReceived():
                return session, [self.context(event, *event.text.split(), now=now)]
        raise AssertionError(event)

    def context(self, event: TextReceived, what: str, code: str = "", *, now: datetime) -> Effect:
        match what:
            case "miss":
                return PolicyAsk(because=event, number=POLICY.number)
            case "try":
                return ConfirmationAsk(because=event, code=code)
        return Confirmation(code=code, case=CaseId(1), until=now + timedelta(hours=what == "give"))


class Guesses:
    """What came of batches of guesses, each typed in a chat of its own."""

    def __init__(self) -> None:
        self.world = World()
        self.engine = Guessing()
        renderer = TelegramRenderer(TEXTS)
        self.world.service = BatchService(
            self.world.store, self.engine, renderer, ids=self.world.ids, clock=lambda: self.world.now
        )

    async def heard(self, *words: str) -> list[object]:
        self.engine.heard.clear()
        await self.world.handle(*[self.world.chat(100 + n).said(each) for n, each in enumerate(words)])
        return list(self.engine.heard)


async def test_a_miss_is_seen_by_later_chats_of_its_batch_and_by_later_batches() -> None:
    guesses = Guesses()
    assert await guesses.heard("miss", "miss", "miss") == [0, 1, 2]
    guesses.world.pass_time(hours=1)
    assert await guesses.heard("miss") == [3]
    async with guesses.world.store.begin() as work:
        found = (await work.policies([POLICY.number]))[POLICY.number]
    assert found.identity_failures == (MONDAY, MONDAY, MONDAY, MONDAY + timedelta(hours=1))


async def test_a_code_confirms_from_the_batch_that_gave_it_until_it_runs_out() -> None:
    guesses = Guesses()
    assert await guesses.heard("give 11112222", "try 11112222", "try 99999999") == [1, None]
    assert await guesses.heard("try 11112222") == [1]
    guesses.world.pass_time(hours=1)
    assert await guesses.heard("try 11112222") == [None]


async def test_a_code_that_ran_out_confirms_nothing_in_its_own_batch() -> None:
    assert await Guesses().heard("late 11112222", "try 11112222") == [None]


async def test_a_new_code_takes_the_place_of_the_old_within_the_batch_too() -> None:
    guesses = Guesses()
    await guesses.heard("give 11112222")
    assert await guesses.heard("give 33334444", "try 11112222", "try 33334444") == [None, 1]
    assert await guesses.heard("try 33334444", "try 11112222") == [1, None]


async def test_one_round_of_codes_is_one_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    guesses, context = Guesses(), []
    look_up = FakeUnitOfWork.confirmations

    async def counted(self: FakeUnitOfWork, codes: Sequence[str], now: datetime) -> dict[str, CaseId]:
        context.append(list(codes))
        return await look_up(self, codes, now)

    monkeypatch.setattr(FakeUnitOfWork, "confirmations", counted)
    await guesses.heard("try 2", "try 1", "try 2")
    assert context == [["1", "2"]]
