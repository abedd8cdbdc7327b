"""An agent sees the documents of a case in the chat, through python-telegram-bot, and they do not stay there."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.process import BotProcess
from bot.sandbox.player import Player, PlayerError
from flows.actors import AUDITOR
from flows.ids import AgentId
from flows.session import Agent
from tests.bot.applicant import Applicant
from tests.bot.papers import page
from tests.bot.process import ELIGIBLE, LIN, PATIENCE, PICTURE, SAMPLE, ZHOU, Town, Watch, running

AUDIT, STRANGER = 1900, 1901
SECOND = page((900, 1100))
PLAIN_PDF = b"%PDF-1.4 a letter"


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def process(town: Town, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BotProcess]:
    monkeypatch.setattr("bot.upkeep.SHOWINGS_EVERY", 0.05)
    await town.employ(Agent(AgentId(AUDIT), "审计", AUDITOR))
    async with running(town.settings, clock=watch) as process:
        yield process


async def apply_with_two_photos(town: Town) -> Player:
    player = await town.player(ELIGIBLE)
    applicant = Applicant(player, SAMPLE[ELIGIBLE], PICTURE)
    await applicant.come_to("record")
    for picture in (PICTURE, SECOND):
        await player.send_photo(picture)
        await applicant.next_question()
    await applicant.come_to("submitted")
    return player


async def claim(town: Town) -> Player:
    agent = await town.player(LIN)
    await agent.say("/next")
    await agent.wait_for("队列", PATIENCE)
    await agent.tap("领取")
    await agent.wait_for("已领取", PATIENCE)
    return agent


async def open_all(agent: Player, act: str = "看资料") -> list[dict[str, Any]]:
    await agent.say(act)
    await agent.wait_for("的资料在上面", PATIENCE)
    return shown(await agent.messages())


def shown(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in messages if each["from"]["is_bot"] and ({"photo", "document", "voice"} & each.keys())]


async def gone(town: Town, agent: Player, count: int) -> None:
    """Wait until so many copies are gone, and nothing waits to be sent."""
    sql = "SELECT 1 FROM outbox WHERE method = 'deleteMessage' AND state = 'sent' LIMIT 1 OFFSET ?"
    await town.until(sql, count - 1)
    assert shown(await agent.messages()) == []


@pytest.mark.usefixtures("process")
async def test_an_owner_sees_every_document_protected_and_audited_and_none_after_leaving(town: Town) -> None:
    await apply_with_two_photos(town)
    agent = await claim(town)
    card = next(each["text"] for each in await agent.messages() if "病历 2 份" in each.get("text", ""))
    assert "1. 病历，" in card
    assert "2. 病历，" in card

    await agent.tap("看资料")
    await agent.wait_for("的资料在上面", PATIENCE)
    copies = shown(await agent.messages())
    (case,) = await town.cases()
    assert [copy["caption"] for copy in copies] == [f"{case.number}  资料 {number}：病历" for number in (1, 2)]
    assert all(copy["has_protected_content"] for copy in copies)
    first, second = (copy["photo"][-1]["file_id"] for copy in copies)
    assert [town.stand_in.state.files.get(each).content for each in (first, second)] == [PICTURE, SECOND]
    with pytest.raises(PlayerError, match="protected"):
        await agent.forward_message(copies[0]["message_id"])
    audited = town.audit("document_shown")
    assert [(entry["actor"], entry["case_id"]) for entry in audited] == [(LIN, case.id)] * 2
    assert [entry["codes"]["document"] for entry in audited] == [each.document for each in case.attachments]

    await agent.say("交还")
    await agent.wait_for("已交还", PATIENCE)
    await gone(town, agent, 2)
    (case,) = await town.cases()
    assert case.shown == ()


@pytest.mark.usefixtures("process")
async def test_after_half_an_hour_they_are_gone_from_the_chat(town: Town, watch: Watch) -> None:
    await apply_with_two_photos(town)
    agent = await claim(town)
    assert len(await open_all(agent)) == 2
    watch.turn_on(minutes=29)
    assert len(await open_all(agent, "资料 2")) == 2, "the second is shown anew, the first is still there"
    watch.turn_on(minutes=2)
    await town.until("SELECT 1 FROM cases WHERE shown_until > ?", int(watch().timestamp() * 1e6) + 25 * 60 * 10**6)
    await town.until("SELECT 1 WHERE (SELECT count(*) FROM outbox WHERE method = 'deleteMessage' AND done_at > 0) = 2")
    (left,) = shown(await agent.messages())
    assert "资料 2" in left["caption"]
    watch.turn_on(minutes=30)
    await gone(town, agent, 3)


async def test_a_bot_that_was_away_when_the_time_came_removes_them_when_it_is_back(
    town: Town, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.upkeep.SHOWINGS_EVERY", 0.05)
    async with running(town.settings, clock=watch):
        await apply_with_two_photos(town)
        agent = await claim(town)
        assert len(await open_all(agent)) == 2
    watch.turn_on(minutes=45)
    assert len(shown(await agent.messages())) == 2
    async with running(town.settings, clock=watch), running(town.settings, clock=watch):
        await gone(town, agent, 2)
        await town.until("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE done_at IS NULL)")
    assert town.rows("SELECT count(*) AS n FROM outbox WHERE method = 'deleteMessage'") == [{"n": 2}]


@pytest.mark.usefixtures("process")
async def test_what_was_sent_in_the_conversation_is_among_them_each_as_its_kind(town: Town) -> None:
    policyholder = await apply_with_two_photos(town)
    agent = await claim(town)
    await policyholder.send_document(PLAIN_PDF, "报告.pdf")
    await agent.wait_for(lambda message: "客户 " in message.get("text", ""), PATIENCE)
    await policyholder.send_voice()
    await town.until("SELECT 1 WHERE (SELECT count(*) FROM documents WHERE case_id IS NOT NULL) = 4")
    copies = await open_all(agent)
    assert [next(iter({"photo", "document", "voice"} & copy.keys())) for copy in copies] == [
        "photo", "photo", "document", "voice",
    ]  # fmt: skip
    assert [copy["caption"].partition("：")[2] for copy in copies[2:]] == ["聊天中发来"] * 2
    assert all(copy["has_protected_content"] for copy in copies)


@pytest.mark.usefixtures("process")
async def test_nobody_else_sees_one(town: Town) -> None:
    await apply_with_two_photos(town)
    agent = await claim(town)
    await open_all(agent)
    (case,) = await town.cases()
    for person in (ZHOU, AUDIT, STRANGER):
        other = await town.player(person)
        await other.say("看资料")
        await other.wait_for(lambda each: each["from"]["is_bot"], PATIENCE)
        assert shown(await other.messages()) == []
    await press_made_up(town, ZHOU, f"desk:open_documents:{case.id}")
    await press_made_up(town, AUDIT, f"desk:open_documents:{case.id}")
    assert {entry["actor"] for entry in town.audit("document_shown")} == {LIN}


async def press_made_up(town: Town, person: int, data: str) -> None:
    """Press a button that the bot never showed to this person."""
    other = await town.player(person)
    last = await other.last()
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
    town.stand_in.state.people.chats[person].put({**last, "reply_markup": markup}, "edit")
    await other.tap_data(last["message_id"], data)
    await other.wait_for("现在不能这样操作", PATIENCE)
    assert shown(await other.messages()) == []
