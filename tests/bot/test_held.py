"""An agent's slip is asked about and not sent, over HTTP, by python-telegram-bot."""

from collections.abc import AsyncIterator

import pytest

from bot.process import BotProcess
from bot.sandbox.player import Player
from tests.bot.process import ELIGIBLE, LIN, Town, running
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
