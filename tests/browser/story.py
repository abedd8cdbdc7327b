"""What policyholders do on the page, step by step: each answer, and what is asked next."""

from playwright.async_api import Browser

from tests.bot.house import ELIGIBLE, SAMPLE, Patient
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
    await chat.read("同意书 1/3")
    await chat.answer(
        ("同意", "同意书 2/3"), ("同意", "同意书 3/3"), ("同意", "哪一项服务"),
        (service, "为谁申请"), (applicant, "您是患者的什么人" if applicant == FOR_FAMILY else "叫什么名字"),
    )  # fmt: skip


async def identify(chat: Column, given: Patient, *, following: str = "患的是下面哪一种") -> None:
    """Name, document, one's own phone number by its key, policy."""
    await chat.answer((given.name, "证件号码"), (given.number, "手机号"))
    await chat.share_phone()
    await chat.read("请发一下保单号")
    await chat.answer((given.policy, following))


async def describe(browser: Browser, chat: Column, *, following: str) -> None:
    """The illness, its record, and what is written on that."""
    await chat.answer(("恶性肿瘤", "医生确诊了吗"), ("已经确诊", "请拍一张病历"))
    await chat.send_picture(await write_down(browser, RECORD))
    await chat.read("收到第 1 份")
    await chat.answer(
        ("传完了", "哪家医院开的"), ("北京天坛医院", "资料是哪一种"),
        ("门诊病历", "病历上写的是哪一天"), ("11月20日", following),
    )  # fmt: skip


async def wish(chat: Column) -> None:
    """The visit: anywhere in Beijing, as soon as possible."""
    await chat.answer(
        ("北京市", "想去北京市的哪家医院"), ("由客服推荐", "哪个科室"), ("肿瘤科", "特需门诊"),
        ("专家", "希望哪天就诊"), ("尽快", "证件原件"),
    )  # fmt: skip


async def fill_in(browser: Browser, chat: Column, given: Patient) -> None:
    """Everything of an outpatient request for oneself, up to the review card."""
    await begin(chat, OUTPATIENT, MYSELF)
    await identify(chat, given)
    await describe(browser, chat, following="哪个城市看病")
    await wish(chat)
    await chat.answer(("愿意", "提交前"), ("我已知悉，同意", "请您核对"))
