"""What policyholders do on the page, step by step: each answer, and what is asked next."""

from playwright.async_api import Browser

from tests.bot.process import ELIGIBLE, SAMPLE, Patient
from tests.browser.screen import Column, write_down

SON = 104  # the sample's 张伟, who holds the policy of his mother
MOTHER = SAMPLE[ELIGIBLE]
OUTPATIENT, ADMISSION = "特需、专家门诊", "住院、手术"
MYSELF, FOR_FAMILY = "我是患者本人", "我替家人申请"

RECORD = (
    "门 诊 病 历",
    "首都医科大学附属北京天坛医院",
    "姓名：张桂兰　女　71 岁　科室：肿瘤科",
    "就诊日期：2026 年 11 月 20 日",
    "主诉：发现右肺占位 2 周。",
    "诊断：右肺上叶恶性肿瘤，病理：腺癌。",
    "处理：建议进一步治疗。　医师签名：",
)
NOTICE = (
    "入 院 通 知 单",
    "首都医科大学附属北京天坛医院",
    "姓名：张桂兰　女　71 岁",
    "诊断：右肺上叶恶性肿瘤",
    "收住科室：胸外科　　入院方式：择期",
    "开单日期：2026 年 11 月 20 日　医师签名：",
)


async def begin(chat: Column, service: str, applicant: str) -> None:
    """Agree, say what is wanted, and for whom."""
    await chat.start()
    await chat.read("consent.sensitive")
    await chat.answer(
        ("同意", "consent.provider"), ("同意", "consent.abroad"), ("同意", "ask.service"),
        (service, "ask.applicant"), (applicant, "ask.relation" if applicant == FOR_FAMILY else "ask.name"),
    )  # fmt: skip


async def identify(chat: Column, given: Patient, *, following: str = "ask.illness") -> None:
    """Name, document, one's own phone number by its key, policy."""
    await chat.answer((given.name, "ask.id_number"), (given.number, "ask.phone"))
    await chat.share_phone()
    await chat.read("ask.policy_number")
    await chat.answer((given.policy, following))


async def describe(browser: Browser, chat: Column, *, following: str) -> None:
    """The illness, its record, and what is written on that."""
    await chat.answer(("恶性肿瘤", "ask.condition"), ("已经确诊", "ask.record"))
    await chat.send_picture(await write_down(browser, RECORD))
    await chat.read("ask.record_more")
    await chat.answer(
        ("传完了", "ask.record_hospital"), ("北京天坛医院", "ask.record_kind"),
        ("门诊病历", "ask.record_date"), ("11月20日", following),
    )  # fmt: skip


async def wish(chat: Column) -> None:
    """The visit: anywhere in Beijing, as soon as possible."""
    await chat.answer(
        ("北京市", "visit.ask_hospitals"), ("由客服推荐", "visit.ask_department"), ("肿瘤科", "visit.ask_kind"),
        ("专家", "visit_date.ask"), ("尽快", "visit.ask_originals"),
    )  # fmt: skip


async def fill_in(browser: Browser, chat: Column, given: Patient) -> None:
    """Everything of an outpatient request for oneself, up to the review card."""
    await begin(chat, OUTPATIENT, MYSELF)
    await identify(chat, given)
    await describe(browser, chat, following="visit.ask_city")
    await wish(chat)
    await chat.answer(("愿意", "terms.screen"), ("我已知悉，同意", "ask.review"))
