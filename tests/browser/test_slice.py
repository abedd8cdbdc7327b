"""A request from the page to an agent and back, played by hand. These tests run for some seconds."""

from playwright.async_api import Browser

from tests.bot.process import ELIGIBLE, ENDED, LIN, SAMPLE, Town
from tests.browser.screen import Column, open_chat, open_page, picture, serving
from tests.browser.story import MYSELF, OUTPATIENT, begin, fill_in, identify


async def test_a_request_goes_to_an_agent_and_back_on_the_page(browser: Browser, town: Town) -> None:
    async with serving(town):
        page = await open_page(browser, town.url, ELIGIBLE, LIN)
        policyholder, agent = Column(page, ELIGIBLE), Column(page, LIN)
        await fill_in(browser, policyholder, SAMPLE[ELIGIBLE])
        await policyholder.answer(("提交申请", "decision.bring"))
        await agent.start()
        await agent.read("desk.help")
        await agent.answer(("/next", "desk.card"))
        await agent.tap("领取")
        await policyholder.read("talk.joined")
        await (await open_chat(browser, town, LIN)).picture("agent", last=2)
        await agent.say("张阿姨您好，我是林敏。您下周三上午方便吗？")
        await policyholder.read("客服林敏：张阿姨您好")
        await policyholder.say("方便的，谢谢你。要带什么？")
        await agent.read("要带什么")
        await picture(page, "relay")
        await agent.say("交还")
        await policyholder.read("talk.left")
    assert [case.ownership for case in await town.cases()] == ["bot_speaks"]


async def test_a_refusal_is_read_with_its_clause_at_once_and_reviewed_in_one_tap(browser: Browser, town: Town) -> None:
    async with serving(town):
        policyholder = await open_chat(browser, town, ENDED)
        await begin(policyholder, OUTPATIENT, MYSELF)
        await identify(policyholder, SAMPLE[ENDED], following="依据条款 [G2]")
        await policyholder.picture("refused")
        await policyholder.answer(("申请人工复核", "decision.appealed"))
    assert [case.request_type for case in await town.cases()] == ["appeal"]


async def test_what_a_person_writes_is_never_markup(browser: Browser, town: Town) -> None:
    async with serving(town):
        page = await open_page(browser, town.url, ELIGIBLE, LIN)
        policyholder, agent = Column(page, ELIGIBLE), Column(page, LIN)
        await policyholder.start()
        await policyholder.read("consent.sensitive")
        await policyholder.answer(("转人工", "human.called"))
        await agent.start()
        await agent.answer(("/next", "队列"))
        await agent.tap("领取")
        await policyholder.read("talk.joined")
        await policyholder.say("<img src=x onerror=alert(1)> & **粗**")
        await agent.read("<img src=x onerror=alert(1)> & **粗**")
        assert await page.locator("img[src=x]").count() == 0
