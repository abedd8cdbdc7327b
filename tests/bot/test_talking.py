"""An agent talks through the bot, over HTTP: slips are held, notes kept, edits are corrections."""

from collections.abc import AsyncIterator

import pytest

from bot.process import BotProcess
from bot.sandbox.player import Player
from tests.bot.applicant import apply
from tests.bot.process import ELIGIBLE, LIN, SAMPLE, Town, running
from tests.bot.wording import part


async def talk(town: Town) -> tuple[Player, Player]:
    """A policyholder calls a human, an agent comes."""
    policyholder, agent = await town.player(ELIGIBLE), await town.player(LIN)
    await policyholder.say("转人工")
    await policyholder.wait_for("前回复您")
    await agent.say("/next")
    await agent.wait_for("请求人工")
    await agent.tap("领取")
    await policyholder.wait_for("客服林敏来了")
    return policyholder, agent


@pytest.fixture
async def process(town: Town) -> AsyncIterator[BotProcess]:
    async with running(town.settings) as process:
        yield process


@pytest.mark.usefixtures("process")
async def test_slips_are_held_and_one_is_sent_once_it_is_confirmed(town: Town) -> None:
    policyholder, agent = await talk(town)
    for slip in ("下一见", "/clse", "转人工", "办 结"):
        await agent.say(slip)
        await agent.wait_for(f"“{slip}”像是一条命令")
        await agent.tap("不发")
        await agent.wait_for(part("desk.held_not_sent"))
    await agent.say("取消")
    await agent.wait_for("“取消”像是一条命令")
    await agent.tap("发给客户")
    assert (await policyholder.wait_for("客服林敏："))["text"] == "客服林敏：取消"
    await agent.say("好的，请您带上身份证")
    await policyholder.wait_for("请您带上身份证")

    said = [text for text in town.texts(ELIGIBLE) if text.startswith("客服林敏：")]
    assert said == ["客服林敏：取消", "客服林敏：好的，请您带上身份证"]
    (case,) = await town.cases()
    assert [(line.author, line.text) for line in await town.transcript(case.id)] == [
        ("agent", "取消"),
        ("agent", "好的，请您带上身份证"),
    ]


@pytest.mark.usefixtures("process")
async def test_a_note_stays_with_the_case_and_an_edit_is_a_correction(town: Town) -> None:
    policyholder, agent = await talk(town)
    (case,) = await town.cases()
    await agent.say("//家属明天到")
    await agent.wait_for(f"已记在 {case.number}")
    written = await agent.say("请您周一来")
    await policyholder.wait_for("请您周一来")
    await agent.wait_for(f"已发给 {case.number}。")
    await agent.edit(written["message"]["message_id"], "请您周二来")
    assert (await policyholder.wait_for("请您周二来"))["text"] == "客服林敏更正：请您周二来"
    await agent.say("交还")
    await agent.wait_for("已交还")

    assert not any("家属" in text for text in town.texts(ELIGIBLE))
    lines = [("note", "家属明天到"), ("agent", "请您周一来"), ("agent", "请您周二来")]
    assert [(line.author, line.text) for line in await town.transcript(case.id)] == lines


async def test_cases_are_listed_and_opened_by_their_number(town: Town) -> None:
    policyholder, agent = await town.player(ELIGIBLE), await town.player(LIN)
    async with running(town.settings):
        await apply(policyholder, SAMPLE[ELIGIBLE])
        (case,) = await town.cases()
        await agent.say("/queue")
        assert case.number in (await agent.wait_for("等候 1 件"))["text"]
        await agent.say("/next")
        await agent.wait_for("队列共")
        await agent.tap("领取")
        await agent.wait_for("已领取")
        await agent.say("交还")
        await agent.wait_for("已交还")
        await agent.say("我的案件")
        await agent.wait_for("您手上 1 件")
        await agent.tap(f"打开 {case.number}")
        await agent.wait_for(f"{case.number} 的对话在您手上")
        await agent.say("交还")
        await agent.say(f"/case {case.number[-2:]}")
        await agent.wait_for(f"{case.number} 的对话在您手上")
    (case,) = await town.cases()
    assert case.ownership == "agent_speaks"
