"""An agent carries a visit to its end on the page, played by hand. It runs for some seconds."""

from playwright.async_api import Browser

from tests.bot.process import ELIGIBLE, LIN, SAMPLE, Town
from tests.browser.screen import Column, open_chat, open_page, serving
from tests.browser.story import fill_in
from tests.unit.desk.forms_filled_in import CALL, ESCORT, NUMBER


async def test_an_agent_carries_a_visit_to_its_end_on_the_page(browser: Browser, town: Town) -> None:
    async with serving(town):
        page = await open_page(browser, town.url, ELIGIBLE, LIN)
        policyholder, agent = Column(page, ELIGIBLE), Column(page, LIN)
        await fill_in(browser, policyholder, SAMPLE[ELIGIBLE])
        await policyholder.answer(("提交申请", "decision.bring"))
        await agent.start()
        await agent.answer(("/next", "desk.card"), ("领取", "desk.done_claim"))
        phone = await open_chat(browser, town, LIN)
        await phone.picture("agent-card", last=2)
        await agent.answer(("资料 1", "的资料在上面"), ("交还", "desk.done_return_to_bot"))
        await agent.answer(("核实完成", "请先记录一次接通的电话"), (CALL, "desk.done_log_call"))
        await agent.answer(("核实完成", "desk.done_confirm_details"), ("已出号", "取号地点"))
        await phone.picture("agent-form", last=2)
        await agent.answer((NUMBER, "desk.done_record_number"), (ESCORT, "desk.done_tell_details"))
        await policyholder.read("您的就诊约好了")
        await (await open_chat(browser, town, ELIGIBLE)).picture("told")
        await policyholder.answer(("进度", "已约好"))
        await agent.answer(("客户已确认", "desk.done_confirm_booking"), ("已见面", "desk.done_meet"))
        await agent.answer(("已完成", "desk.done_complete"), ("办结\n结果：完成\n原因：就诊顺利", "办结后不能再改"))
        await phone.picture("agent-end", last=2)
        await agent.tap("确认办结")
        await policyholder.read("talk.closed")
    (case,) = await town.cases()
    assert (case.stage, case.outcome, [booking.state for booking in case.bookings]) == ("closed", "completed", ["done"])
    uses = town.rows("SELECT state FROM uses WHERE case_id = ?", case.id)
    assert [use["state"] for use in uses] == ["consumed"]
