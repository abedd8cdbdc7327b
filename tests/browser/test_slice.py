"""The slice, played by hand on the chat page. A browser takes its time to start: these tests run for some seconds."""

from playwright.async_api import Browser, Page

from tests.bot.house import ELIGIBLE, ENDED, LIN, SAMPLE, Patient, Town, running
from tests.browser.screen import Column, open_page, picture, sheet


async def consent(chat: Column) -> None:
    await chat.start()
    for following in ("同意书 1/3", "同意书 2/3", "同意书 3/3"):
        await chat.read(following)
        await chat.tap("同意")
    await chat.read("叫什么名字")


async def fill_in(page: Page, chat: Column, given: Patient, *, pictures: bool = False) -> None:
    await consent(chat)
    for answer, following in zip(given[:3], ("证件号码", "保单号", "哪一种"), strict=True):
        await chat.say(answer)
        await chat.read(following)
    if pictures:
        await picture(page, "slice-illness")
    await chat.tap("恶性肿瘤")
    await chat.read("请拍一张病历")
    await chat.send_picture(sheet())
    await chat.read("收到第 1 份")
    await chat.tap("传完了")
    await chat.read("请您核对")


async def test_a_request_goes_to_an_agent_and_back_on_the_page(browser: Browser, town: Town) -> None:
    async with running(town.settings):
        page = await open_page(browser, town.url, ELIGIBLE, LIN)
        policyholder, agent = Column(page, ELIGIBLE), Column(page, LIN)
        await fill_in(page, policyholder, SAMPLE[ELIGIBLE], pictures=True)
        await picture(page, "slice-review")
        await policyholder.tap("提交申请")
        await policyholder.read("与您电话确认医院")
        await agent.start()
        await agent.read("林敏，您好")
        await agent.say("/next")
        await agent.read("队列共 1 件")
        await picture(page, "slice-decision")
        await agent.tap("领取")
        await policyholder.read("林敏来了")
        await agent.say("张阿姨您好，我是林敏。您下周三上午方便吗？")
        await policyholder.read("客服林敏：张阿姨您好")
        await policyholder.say("方便的，谢谢你。要带什么？")
        await agent.read("要带什么")
        await picture(page, "slice-relay")
        await agent.say("交还")
        await policyholder.read("我继续为您服务")
        await picture(page, "slice-back")
    assert [case.state for case in await town.cases()] == ["owned"]


async def test_a_refusal_is_read_on_the_page_with_its_clause_and_reviewed_in_one_tap(
    browser: Browser, town: Town
) -> None:
    async with running(town.settings):
        page = await open_page(browser, town.url, ENDED)
        policyholder = Column(page, ENDED)
        await fill_in(page, policyholder, SAMPLE[ENDED])
        await policyholder.tap("提交申请")
        await policyholder.read("依据条款 [G2]")
        await picture(page, "slice-refused")
        await policyholder.tap("申请人工复核")
        await policyholder.read("已为您申请人工复核")
    assert [case.kind for case in await town.cases()] == ["review"]


async def test_what_a_person_writes_is_never_markup(browser: Browser, town: Town) -> None:
    async with running(town.settings):
        page = await open_page(browser, town.url, ELIGIBLE, LIN)
        policyholder, agent = Column(page, ELIGIBLE), Column(page, LIN)
        await policyholder.start()
        await policyholder.read("同意书 1/3")
        await policyholder.tap("转人工")
        await policyholder.read("好的，已为您")
        await agent.start()
        await agent.say("/next")
        await agent.tap("领取")
        await policyholder.read("林敏来了")
        await policyholder.say("<img src=x onerror=alert(1)> & **粗**")
        await agent.read("<img src=x onerror=alert(1)> & **粗**")
        assert await page.locator("img[src=x]").count() == 0
