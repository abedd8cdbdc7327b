"""The whole conversation on the page, as a policyholder, a relative, and the insured go through it; docs/ has pictures.

A browser takes its time: these tests run for some seconds.
"""

from datetime import UTC, datetime, timedelta

from playwright.async_api import Browser, expect

from tests.bot.process import ELIGIBLE, Town
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
        await chat.read("consent.sensitive")
        await chat.picture("consent", last=2)
        await chat.answer(("同意", "consent.provider"), ("同意", "consent.abroad"), ("同意", "ask.service"))
        await chat.answer((OUTPATIENT, "ask.applicant"))
        await chat.picture("service", last=2)
        await chat.answer(
            (MYSELF, "ask.name"), ("张桂兰", "ask.id_number"), ("110101195503129932", "refusal.bad_checksum")
        )
        await chat.answer((MOTHER.number, "ask.phone"))
        await chat.reads_last("ask.phone")
        await chat.picture("identity", last=5)
        await chat.share_phone()
        await chat.answer((MOTHER.policy, "ask.illness"))
        await chat.picture("illness")
        await chat.answer(("恶性肿瘤", "ask.condition"), ("已经确诊", "ask.record"))
        await send_records(browser, chat)
        await chat.answer(
            ("传完了", "ask.record_hospital"), ("北京天坛医院", "ask.record_kind"), ("上一步", "ask.record_hospital")
        )
        await chat.answer(
            ("北京天坛医院", "ask.record_kind"), ("门诊病历", "ask.record_date"), ("11月20日", "visit.ask_city")
        )
        await choose_visit(chat)
        await chat.answer(("愿意", "terms.screen"))
        await chat.picture("terms")
        await chat.answer(("我已知悉，同意", "ask.review"))
        await chat.picture("review")
        await change_an_answer(chat)
        await chat.answer(("提交申请", "decision.bring"))
        await chat.picture("decision", but=1)
        await chat.picture("bring")
    assert [(case.service, case.answers["department"]) for case in await town.cases()] == [("OP", "胸外科")]


async def send_records(browser: Browser, chat: Column) -> None:
    """Two photos, the second taken in the dark."""
    await chat.send_picture(await write_down(browser, RECORD))
    await chat.read("ask.record_more")
    await chat.picture("record", last=3)
    await chat.send_picture(await write_down(browser, RECORD, dark=True))
    await chat.read("file.too_dark")
    await chat.picture("too-dark", last=3)


async def choose_visit(chat: Column) -> None:
    """Three hospitals in order, one of them outside the network; a department that is not served; a day."""
    await chat.answer(("北京市", "visit.ask_hospitals"))
    for number, rank in enumerate("①②"):
        await chat.tap_nth(number)
        await chat.read(rank)
    await chat.answer(("阜外医院", "③不在服务网络内"))
    await chat.picture("hospitals")
    await chat.answer(("选好了", "visit.ask_department"), ("产科", "refusal.department_obstetrics"))
    await chat.reads_last("visit.ask_department")
    await chat.picture("department", last=3)
    await chat.answer(("肿瘤科", "visit.ask_kind"), ("专家", "visit_date.ask"), ("明天", "visit_date.too_early"))
    await chat.tap("换一天")
    await chat.tap("下月")
    await expect(chat.at.locator("[data-button='2026年12月']")).to_be_visible()
    await chat.picture("calendar")
    await chat.answer(("8", "visit.ask_originals"))


async def change_an_answer(chat: Column) -> None:
    """改15, and back on the card."""
    await chat.answer(("改15", "visit.ask_department"), ("胸外科", "15. 科室：胸外科"))
    await chat.picture("change", last=2)


async def test_a_relative_asks_for_an_admission_and_the_insured_confirms_it(browser: Browser, town: Town) -> None:
    async with serving(town):
        son = await open_chat(browser, town, SON)
        await begin(son, ADMISSION, FOR_FAMILY)
        await son.answer(("子女", "ask.authority"), ("患者本人同意", "ask.name_of_relative"))
        await identify(son, MOTHER)
        await describe(browser, son, following="ask.stay")
        await son.answer(("手术", "ask.wanted"), ("北京协和医院", "ask.notice"), ("没有", "branch.by_visit"))
        await son.picture("by-visit", last=2)
        await son.answer(("明白了，继续", "visit.ask_city"))
        await wish(son)
        await son.answer(("愿意", "ask.infectious"), ("不想说", "ask.transfer"), ("接受", "terms.screen_of"))
        await accept(son, "（2/3）", "（3/3）")
        await son.answer(("提交申请", "confirm.code"))
        await son.picture("code")
        code = (await son.said())[-2].split("确认 ")[1][:8]
        mother = await open_chat(browser, town, ELIGIBLE)
        await mother.start()
        await mother.read("consent.sensitive")
        await mother.answer((f"确认 {code}", "confirm.done"))
        await mother.picture("confirmed", last=2)
        await son.read("confirm.done_for_relative")
    (case,) = await town.cases()
    assert (case.answers["branch"], case.answers["phone_verified"]) == ("IP-B", "holder")
    assert case.confirmed_at is not None


async def accept(chat: Column, *screens: str) -> None:
    """Every screen of the terms."""
    for following in (*screens, "ask.review"):
        await chat.answer(("我已知悉，同意", following))


async def test_an_admission_goes_by_the_notice_that_its_hospital_issued(browser: Browser, town: Town) -> None:
    async with serving(town):
        chat = await open_chat(browser, town, ELIGIBLE)
        await begin(chat, ADMISSION, MYSELF)
        await identify(chat, MOTHER)
        await describe(browser, chat, following="ask.stay")
        await chat.answer(("住院", "ask.wanted"), ("北京天坛医院", "ask.notice"), ("有", "ask.issuer_or_same"))
        await chat.answer(("就是这家", "ask.notice_date"), ("11月20日", "ask.notice_file"))
        await chat.send_picture(await write_down(browser, NOTICE))
        await chat.read("ask.notice_more")
        await chat.answer(("传完了", "branch.with_notice"))
        await chat.picture("notice", last=3)
        await chat.answer(("明白了，继续", "ask.infectious"), ("没有", "ask.transfer"), ("接受", "terms.screen"))
        await accept(chat)
        await chat.answer(("提交申请", "decision.bring"))
    assert [(case.service, case.answers["branch"]) for case in await town.cases()] == [("IP", "IP-A")]


async def test_help_an_emergency_a_pause_and_privacy_have_their_answers_at_any_step(
    browser: Browser, town: Town
) -> None:
    now = datetime.now(UTC)
    chat = await open_chat(browser, town, ELIGIBLE)
    async with serving(town, at=now - timedelta(days=3)):
        await begin(chat, OUTPATIENT, MYSELF)
        await chat.answer(("帮助", "help"))
        await identify(chat, MOTHER)
        await chat.answer(("我胸口疼得厉害，喘不上气", "urgent.emergency"))
        await chat.picture("urgent", last=2)
    async with serving(town, at=now):
        await chat.read("pause.nudge")
        await chat.reads_last("ask.illness")
        await chat.answer(("恶性肿瘤", "pause.welcome_back"))
        await chat.reads_last("ask.condition")
        await chat.picture("resumed", last=2)
        await chat.answer(("/privacy", "privacy.card"))
        await chat.picture("privacy")
        await chat.answer(("我的资料", "保单号"), ("/privacy", "privacy.card"), ("删除资料", "privacy.ask_delete"))
        await chat.answer(("确定删除", "privacy.deleted_draft"))
    assert (await town.session(ELIGIBLE)).answers == {}
