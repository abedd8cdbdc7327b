"""An agent on duty hears of a request, over HTTP by python-telegram-bot, and claims it with the push's own button."""

import re

import pytest

from tests.bot.applicant import apply
from tests.bot.process import ELIGIBLE, LIN, SAMPLE, ZHOU, Town, Watch, running
from tests.bot.wording import part


async def test_an_agent_on_duty_is_told_of_a_request_and_claims_it_and_one_off_duty_is_told_nothing(
    town: Town,
) -> None:
    async with running(town.settings, clock=Watch()):
        policyholder, agent = await town.player(ELIGIBLE), await town.player(LIN)
        await agent.say("上班")
        await agent.wait_for(part("duty.now_on"))
        answer = (await apply(policyholder, SAMPLE[ELIGIBLE]))["text"]
        (number,) = re.findall(r"\d{6}-\d{6}", answer)

        push = await agent.wait_for("等待领取")
        assert number in push["text"]
        assert SAMPLE[ELIGIBLE].name not in push["text"]
        await agent.tap("领取")
        await agent.wait_for("已领取")
        await policyholder.wait_for("客服林敏来了")

    (case,) = await town.cases()
    assert (case.number, case.owner) == (number, LIN)
    assert sum("等待领取" in text for text in town.texts(LIN)) == 1
    assert town.texts(ZHOU) == []


@pytest.mark.parametrize("hour", [0, 21])
async def test_out_of_service_hours_nobody_is_told_of_a_request(town: Town, hour: int) -> None:
    watch = Watch()
    async with running(town.settings, clock=watch):
        policyholder, agent = await town.player(ELIGIBLE), await town.player(LIN)
        await agent.say("/duty")
        await agent.tap("上班")
        await agent.wait_for(part("duty.now_on"))
        watch.turn_on(hours=hour + 14)  # the day begins at ten
        await apply(policyholder, SAMPLE[ELIGIBLE])
        await agent.say("/next")
        await agent.wait_for("队列")
    assert not any("等待领取" in text for text in town.texts(LIN))


async def test_a_policyholder_who_asks_where_it_is_gets_facts_and_who_is_on_duty_hears_of_it(town: Town) -> None:
    watch = Watch()
    async with running(town.settings, clock=watch):
        policyholder, agent = await town.player(ELIGIBLE), await town.player(LIN)
        await agent.say("上班")
        await agent.wait_for(part("duty.now_on"))
        await apply(policyholder, SAMPLE[ELIGIBLE])
        await agent.wait_for("等待领取")
        watch.turn_on(minutes=31)
        await policyholder.say("进度")
        await policyholder.tap("催一下")
        assert "等客服领取" in (await policyholder.wait_for("已记下您的催办"))["text"]
        await agent.wait_for("催办")
        await agent.tap("领取")
        await agent.wait_for("已领取")
