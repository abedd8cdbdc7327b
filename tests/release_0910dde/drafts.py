"""The drafts: one that rests in each question, then those with something particular about them."""

from datetime import date
from typing import Final

from flows.intake.machine import ASKING
from flows.terms.policy import CONSUMED, Use
from tests.release_0910dde.cast import ADMISSION, Cast, Terms
from tests.release_0910dde.house import Chat

OF_A_RELATIVE: Final = ("relation", "authority", "guardian")
OF_AN_ADMISSION: Final = ("stay", "wanted", "notice", "branch", "infectious", "transfer")
OF_A_NOTICE: Final = ("issuer", "notice_date", "notice_file")
STEERED: Final[dict[str, dict[str, str]]] = {
    **{state: {"applicant": "家人"} for state in OF_A_RELATIVE},
    "better_record": {"record_hospital": "北京和睦家医院"},
    **{state: {**ADMISSION, "notice": "没有"} for state in OF_AN_ADMISSION},
    **{state: {**ADMISSION, "notice": "有"} for state in OF_A_NOTICE},
}
"""What must be answered for a question to be asked at all."""

DOUBTS: Final = {
    "illness": ("脑子里长东西", "illness_offered"),
    "record_hospital": ("中山", "record_hospital_options"),
    "record_date": ("5号还是6号", "record_date_options"),
    "wanted": ("中山", "wanted_options"),
    "issuer": ("中山", "issuer_options"),
    "notice_date": ("5号还是6号", "notice_date_options"),
    "city": ("北京或者上海", "city_offered"),
    "hospitals": ("人民医院", "hospitals_offered"),
    "department": ("妇产", "department_options"),
    "visit_date": ("周末", "visit_date_meant"),
}
"""Where something is asked back: by question, what was typed, and the answer that keeps the options."""

WORDS: Final = {
    "condition": ("嗯哼啊",),  # held: it may have overtaken a tap
    "visit_kind": ("取消",),  # asked back whether to cancel
    "policy_number": ("不知道", "找不到了", "忘了"),  # refused three times
    "originals": ("确认00000001", "确认00000002"),  # codes of confirmation that are none
}
"""What else was typed at a question that is still open."""


async def in_each_question(cast: Cast) -> None:
    """One customer rests in each; where something can be in doubt, it is."""
    for state in ASKING:
        if state == "unmatched":
            await unmatched(cast, "asking_unmatched")
            continue
        customer = await cast.customer(f"asking_{state}", Terms(child=state == "guardian"), **STEERED.get(state, {}))
        await customer.come_to(state)
        for text in WORDS.get(state, ()):
            await customer.say(text)
        if state in DOUBTS:
            await doubt(customer, state)
        if await customer.state() != state:
            raise AssertionError((state, await customer.state()))


async def doubt(customer: Chat, state: str) -> None:
    """Type what may mean several things."""
    typed, kept = DOUBTS[state]
    await customer.say(typed)
    session = await customer.house.session(customer.id)
    if not session.answers.get(kept):
        raise AssertionError((state, session.answers))


async def unmatched(cast: Cast, scene: str) -> Chat:
    """A customer who typed another name than the policy's."""
    customer = await cast.customer(scene)
    right = customer.right["name"]
    customer.right["name"] = "李四"
    await customer.come_to("unmatched")
    customer.right["name"] = right
    return customer


async def particular(cast: Cast) -> None:
    """What came before the consents, files and notes, an answer being changed, several answers at once, a new draft."""
    early = await cast.customer("early")
    await early.say("我妈妈想看门诊，什么时候能约上？")
    typed = await early.say("身份证明天再发")
    await early.photo(caption="北京协和医院，门诊病历，昨天")
    await early.share_contact()
    await early.edit(typed, "身份证今晚再发")
    await with_files(cast)
    for scene, changed in (("amending_phone", "phone"), ("amending_hospitals", "hospitals")):
        customer = await (await cast.customer(scene)).come_to("review")
        await customer.press(f"@{changed}")
    shared = await (await cast.customer("phone_shared")).come_to("phone")
    await shared.share_contact()
    several = await cast.customer("several_at_once")
    await several.come_to("service")
    who = several.right
    await several.say(f"我是{who['name']}，身份证{who['id_number']}，手机{who['phone']}，想看门诊，给本人申请")
    await renewed(cast)


async def with_files(cast: Cast) -> None:
    """Files stored, waiting and failed; notes under them."""
    customer = await (await cast.customer("files_and_notes")).come_to("record")
    await customer.photo(caption="化疗后复查，医生建议尽快安排")
    await customer.photo()
    await customer.photo("voice")
    await cast.house.fetch_files()
    await customer.come_to("city")
    await customer.photo("document", caption="补充一份出院小结")


async def renewed(cast: Cast) -> None:
    """A new draft after a case that was closed."""
    customer = await cast.customer("draft_after_case", Terms(limits={"OP": 2, "IP": 1}))
    await customer.come_to("submitted")
    await cast.agents["吕静"].serve(customer, "close")
    await customer.say("/start")
    await customer.come_to("condition")


async def guarded(cast: Cast) -> None:
    """A policy that a stranger missed too often; its own customer is then looked at by a human, unasked."""
    customer = await cast.customer("unasked")
    if customer.who is None:
        raise AssertionError(customer.id)
    stranger = cast.stranger("locked", [customer.who])
    right = stranger.right["name"]
    await missed_names(stranger, ("李四", "王五", "赵六", "钱七", "孙八"))
    stranger.right["name"] = right
    await customer.come_to("unmatched")


async def missed_names(chat: Chat, names: tuple[str, ...]) -> None:
    """Type wrong names until the chat is locked."""
    for name in names:
        chat.right["name"] = name
        await chat.come_to("policy_number") if name == names[0] else await chat.come_to("name")
        await chat.answer()
    if await chat.state() != "locked":
        raise AssertionError(await chat.state())


async def resting(cast: Cast) -> None:
    """One customer rests in each state that is no question; `locked` and `submitted` are with the others."""
    new = await cast.customer("resting_new")
    await new.say("/help")
    declined = await (await cast.customer("resting_declined")).come_to("consents")
    await declined.press("!decline")
    cancelled = await (await cast.customer("resting_cancelled")).come_to("city")
    await cancelled.say("取消")
    await cancelled.press("!cancel")
    await (await cast.customer("resting_refused", Terms(status="ended"))).come_to("refused")
    use = Use("OP", date(2026, 6, 1), CONSUMED)
    await (await cast.customer("resting_refused_spent", Terms(uses=(use,)))).come_to("refused")
