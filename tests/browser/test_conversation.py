"""The whole conversation on the page, as a policyholder, a relative, and the insured go through it; docs/ has pictures.

A browser takes its time: these tests run for some seconds.
"""

from datetime import UTC, datetime, timedelta

from playwright.async_api import Browser, expect

from tests.bot.house import ELIGIBLE, Town
from tests.browser.screen import Column, open_chat, serving, write_down
from tests.browser.story import (
    ADMISSION,
    FOR_FAMILY,
    MOTHER,
    MYSELF,
    NOTICE,
    OUTPATIENT,
    RECORD,
    SON,
    begin,
    describe,
    identify,
    wish,
)


async def test_a_visit_is_asked_for_by_taps_words_and_photos(browser: Browser, town: Town) -> None:
    async with serving(town):
        chat = await open_chat(browser, town, ELIGIBLE)
        await chat.start()
        await chat.read("同意书 1/3")
        await chat.picture("consent", last=2)
        await chat.answer(("同意", "同意书 2/3"), ("同意", "同意书 3/3"), ("同意", "哪一项服务"))
        await chat.answer((OUTPATIENT, "为谁申请"))
        await chat.picture("service", last=2)
        await chat.answer((MYSELF, "叫什么名字"), ("张桂兰", "证件号码"), ("110101195503129932", "有一位写错了"))
        await chat.answer((MOTHER.number, "手机号"))
        await chat.reads_last("用本机号码")
        await chat.picture("identity", last=5)
        await chat.share_phone()
        await chat.answer((MOTHER.policy, "患的是下面哪一种"))
        await chat.picture("illness")
        await chat.answer(("恶性肿瘤", "医生确诊了吗"), ("已经确诊", "请拍一张病历"))
        await send_records(browser, chat)
        await chat.answer(("传完了", "哪家医院开的"), ("北京天坛医院", "资料是哪一种"), ("上一步", "哪家医院开的"))
        await chat.answer(("北京天坛医院", "资料是哪一种"), ("门诊病历", "哪一天"), ("11月20日", "哪个城市看病"))
        await choose_visit(chat)
        await chat.answer(("愿意", "提交前"))
        await chat.picture("terms")
        await chat.answer(("我已知悉，同意", "请您核对"))
        await chat.picture("review")
        await change_an_answer(chat)
        await chat.answer(("提交申请", "去医院时，请带好"))
        await chat.picture("decision", but=1)
        await chat.picture("bring")
    assert [(case.kind, case.answers["department"]) for case in await town.cases()] == [("OP", "胸外科")]


async def send_records(browser: Browser, chat: Column) -> None:
    """Two photos, the second taken in the dark."""
    await chat.send_picture(await write_down(browser, RECORD))
    await chat.read("收到第 1 份")
    await chat.picture("record", last=3)
    await chat.send_picture(await write_down(browser, RECORD, dark=True))
    await chat.read("第 2 份照片比较暗")
    await chat.picture("too-dark", last=3)


async def choose_visit(chat: Column) -> None:
    """Three hospitals in order, one of them outside the network; a department that is not served; a day."""
    await chat.answer(("北京市", "想去北京市的哪家医院"))
    for number, rank in enumerate("①②"):
        await chat.tap_nth(number)
        await chat.read(rank)
    await chat.answer(("阜外医院", "③不在服务网络内"))
    await chat.picture("hospitals")
    await chat.answer(("选好了", "哪个科室"), ("产科", "条款 OP-N4"))
    await chat.reads_last("想看哪个科室")
    await chat.picture("department", last=3)
    await chat.answer(("肿瘤科", "特需门诊"), ("专家", "希望哪天就诊"), ("明天", "不能保证约到"))
    await chat.tap("换一天")
    await chat.tap("下月")
    await expect(chat.at.locator("[data-button='2026年12月']")).to_be_visible()
    await chat.picture("calendar")
    await chat.answer(("8", "证件原件"))


async def change_an_answer(chat: Column) -> None:
    """改15, and back on the card."""
    await chat.answer(("改15", "哪个科室"), ("胸外科", "15. 科室：胸外科"))
    await chat.picture("change", last=3)


async def test_a_relative_asks_for_an_admission_and_the_insured_confirms_it(browser: Browser, town: Town) -> None:
    async with serving(town):
        son = await open_chat(browser, town, SON)
        await begin(son, ADMISSION, FOR_FAMILY)
        await son.answer(("子女", "患者本人同意您代为申请"), ("患者本人同意", "患者（被保险人）叫什么名字"))
        await identify(son, MOTHER)
        await describe(browser, son, following="住院治疗，还是手术")
        await son.answer(
            ("手术", "想去哪家医院"), ("北京协和医院", "入院通知单了吗"), ("没有", "按没有入院通知单来安排")
        )
        await son.picture("by-visit", last=2)
        await son.answer(("明白了，继续", "哪个城市看病"))
        await wish(son)
        await son.answer(("愿意", "传染性疾病"), ("不想说", "调到同级别"), ("接受", "提交前"))
        await accept(son, "（2/3）", "（3/3）")
        await son.answer(("提交申请", "请患者本人用自己的 Telegram"))
        await son.picture("code")
        code = (await son.said())[-1].split("确认 ")[1][:8]
        mother = await open_chat(browser, town, ELIGIBLE)
        await mother.start()
        await mother.read("同意书 1/3")
        await mother.answer((f"确认 {code}", "已由您本人确认"))
        await mother.picture("confirmed", last=2)
        await son.read("患者本人已经确认")
    (case,) = await town.cases()
    assert (case.answers["branch"], case.answers["phone_verified"]) == ("IP-B", "holder")
    assert case.confirmed_at is not None


async def accept(chat: Column, *screens: str) -> None:
    """Every screen of the terms."""
    for following in (*screens, "请您核对"):
        await chat.answer(("我已知悉，同意", following))


async def test_an_admission_goes_by_the_notice_that_its_hospital_issued(browser: Browser, town: Town) -> None:
    async with serving(town):
        chat = await open_chat(browser, town, ELIGIBLE)
        await begin(chat, ADMISSION, MYSELF)
        await identify(chat, MOTHER)
        await describe(browser, chat, following="住院治疗，还是手术")
        await chat.answer(("住院", "想去哪家医院"), ("北京天坛医院", "入院通知单了吗"), ("有", "哪家医院开的"))
        await chat.answer(("就是这家", "通知单上写的是哪一天"), ("11月20日", "请拍一张入院通知单"))
        await chat.send_picture(await write_down(browser, NOTICE))
        await chat.read("收到通知单 1 份")
        await chat.answer(("传完了", "可以直接用"))
        await chat.picture("notice", last=3)
        await chat.answer(("明白了，继续", "传染性疾病"), ("没有", "调到同级别"), ("接受", "提交前"))
        await accept(chat)
        await chat.answer(("提交申请", "去医院时，请带好"))
    assert [(case.kind, case.answers["branch"]) for case in await town.cases()] == [("IP", "IP-A")]


async def test_help_an_emergency_a_pause_and_privacy_have_their_answers_at_any_step(
    browser: Browser, town: Town
) -> None:
    now = datetime.now(UTC)
    chat = await open_chat(browser, town, ELIGIBLE)
    async with serving(town, at=now - timedelta(days=3)):
        await begin(chat, OUTPATIENT, MYSELF)
        await chat.answer(("帮助", "您可以随时点按钮"))
        await identify(chat, MOTHER)
        await chat.answer(("我胸口疼得厉害，喘不上气", "请马上拨打 120"))
        await chat.picture("urgent", last=2)
    async with serving(town, at=now):
        await chat.read("您的申请还没有填完")
        await chat.reads_last("患的是下面哪一种")
        await chat.answer(("恶性肿瘤", "欢迎回来"))
        await chat.reads_last("医生确诊了吗")
        await chat.picture("resumed", last=2)
        await chat.answer(("/privacy", "您的资料由您做主"))
        await chat.picture("privacy")
        await chat.answer(("我的资料", "保单号"), ("/privacy", "您的资料由您做主"), ("删除资料", "确定删除吗"))
        await chat.answer(("确定删除", "填过的内容已经全部删除"))
    assert (await town.session(ELIGIBLE)).answers == {}
