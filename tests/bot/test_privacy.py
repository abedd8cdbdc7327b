"""After a played conversation nothing personal can be read off the disk or the log; without encryption all of it can.

The whole bot runs: the real python-telegram-bot over HTTP, the sandbox, SQLite, documents in a folder, the log as
`main` sets it up at its most talkative. Then the raw bytes are searched, before and after the database is closed.
"""

import asyncio
import base64
import json
import logging
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import pytest
import structlog

import main
from bot.demo import demo_settings
from bot.logs import QUIET, quiet_logs
from bot.process import BotProcess
from bot.sandbox import Person, Player, StandIn, serve
from bot.sandbox.faults import Fault
from flows.effects import Effect
from flows.engine.engine import Engine
from flows.events import Event, TextReceived
from flows.ids import AgentId, Ids
from flows.reading.illnesses import load_illnesses
from flows.session import Agent, Session
from storage.connection.encryption import Codec
from storage.imports import read_policies
from storage.migrations import migrate
from tests.bot.applicant import Applicant, come_to
from tests.bot.papers import page, pages, pdf
from tests.bot.process import Patient
from tests.bot.traces import Search, forms, on_disk, search
from tests.bot.wording import part
from tests.plain import Plain

TOKEN = "7000000001:AAH-k3yThatOpensTheWholeBot_xyz"
AGENT = Agent(AgentId(201), "欧阳文静")
PATIENT, REFUSED, MISMATCHED, INSURED = 101, 102, 103, 104
PNG = page()

EARLY = "等不及了先说一句，我在通州区新华大街等消息"
RELATION = "我是她的小女儿"
PHONE = "13512348888"
CHANGED_PHONE = "13512349999"
ILLNESS = "左边乳房的乳腺癌"
HOSPITAL = "永宁镇康宁医院北院"
DEPARTMENT = "肿瘤科的李明远主任"
BESIDE = "顺便问一下停车方便吗"
KEPT = "我住在朝阳区建国路八十八号，女儿的手机是13311112222"
TO_AGENT = "上周在协和医院做了穿刺，医生说要尽快手术"
CAPTION = "这是病理报告的第一页"
LATE_CAPTION = "补一张昨天的增强核磁"
FROM_AGENT = "您好，我帮您约李主任下周二上午的特需门诊"
DOUBTED = "挂号费三百元请您先自己垫付"
BREAKING = "这句话会让处理的人出错，我叫张桂兰"
ERROR_TEXT = "cannot handle: "
POISON = "毒更新里也有名字和电话：赵毒药，13244445555"
DESCRIBED = "Bad Request: message text is 请勿写进日志"
PHOTO_SAYS = "影像编号 MRI20260091 张桂兰"
PDF_SAYS = "病理诊断：浸润性导管癌，二级"
PDF_NAME = "张桂兰-乳腺癌-病理报告.pdf"

GIVEN = Patient("张桂兰", "110101195503129931", "P2026000001")
TYPED = {
    "applicant": "我替家人申请",
    "illness": ILLNESS,
    "record_hospital": HOSPITAL,
    "department": DEPARTMENT,
}
CODE = re.compile(r"\b\d{8}\b")

Secrets = dict[str, tuple[str, ...]]


def sample() -> Secrets:
    """What the sample data holds of people and illnesses, as it is kept: old numbers upgraded."""
    policies = read_policies(main.SAMPLE / "policies.csv", ids=main.new_ids(), today=main.today())
    people = [person for policy in policies for person in (policy.holder, policy.insured)]
    return {
        "names": tuple({person.name for person in people}),
        "id numbers": tuple({person.number for person in people}),
        "phones": tuple({person.phone for person in people}),
        "policy numbers": tuple(policy.number for policy in policies),
        "diagnoses": tuple({name for illness in load_illnesses().illnesses for name in (illness.name, illness.short)}),
    }


SECRETS: Secrets = sample() | {
    "answers that matched nothing": ("孙不对", "11010119900307109X", "P9999999999"),
    "what the policyholder typed": (KEPT, TO_AGENT, LATE_CAPTION),
    "phones that were typed": (CHANGED_PHONE,),
    "an illness in own words": (ILLNESS,),
    "hospitals": (HOSPITAL,),
    "doctors": (DEPARTMENT,),
    "what the agent typed": (FROM_AGENT, DOUBTED),
    "the agent": (AGENT.name,),
    "names of files": (PDF_NAME, PDF_NAME.removesuffix(".pdf")),
    "what documents say": (PHOTO_SAYS, PDF_SAYS),
    "what was set aside": (BREAKING, POISON),
}
NEVER_STORED: Secrets = {
    "token": (TOKEN, TOKEN.partition(":")[2]),
    "captions of answers": (CAPTION,),
    "errors": (ERROR_TEXT + BREAKING, "请勿写进日志"),
    "what was read and not kept": (EARLY, RELATION, BESIDE),
    "what was corrected": (PHONE,),
    "profiles": ("桂兰妈妈爱生活", "老李头儿", "秀英在路上", "桂兰自己"),
}


def every(secrets: Secrets) -> list[str]:
    return [secret for kind in secrets.values() for secret in kind]


def on_paper(log: Path, printed: tuple[bytes, bytes]) -> dict[str, bytes]:
    """Everything that was logged or printed."""
    return {"stdout": printed[0], "stderr": printed[1], "stdlib log": log.read_bytes()}


def photo() -> bytes:
    """A picture with words in it, after its end, where no decoder looks."""
    return PNG + PHOTO_SAYS.encode()


@dataclass
class Traces:
    """What was left behind: while the bot still had the database open, and when everything was closed."""

    open: dict[str, bytes]
    closed: dict[str, bytes]
    code: str  # with which the insured confirmed

    def search(self, secrets: Secrets) -> list[Search]:
        return [search(every(secrets), places) for places in (self.open, self.closed)]


# ---- the conversation ----


@dataclass
class Scene:
    stand_in: StandIn
    database: Path
    patient: Player
    refused: Player
    mismatched: Player
    insured: Player
    agent: Player
    code: str = field(default="", init=False)

    async def play(self) -> None:
        await self.request()
        await asyncio.gather(self.mismatch(), self.refusal(), self.confirm())
        await self.set_aside()
        await self.talk()
        await self.fetched(3)

    async def request(self) -> None:
        """A relative's request with a photo and a document, then words while nobody has the conversation."""
        applicant = Applicant(self.patient, GIVEN, PNG, **TYPED)
        await self.patient.say(EARLY)
        await applicant.next_question()
        await applicant.come_to("relation")
        await applicant.say(RELATION)
        await applicant.come_to("phone")
        phone = await self.patient.say(PHONE)
        await applicant.next_question()
        await self.patient.edit(phone["message"]["message_id"], CHANGED_PHONE)
        await applicant.next_question()
        await applicant.come_to("record")
        await self.papers(applicant)
        await applicant.come_to("review")
        await applicant.say(BESIDE)
        self.stand_in.faults.add(
            Fault(kind="error", method="answerCallbackQuery", error_code=400, description=DESCRIBED)
        )
        await applicant.come_to("submitted")
        self.code = CODE.findall((await self.patient.wait_for("确认 "))["text"])[0]
        await self.patient.say(KEPT)
        await self.patient.wait_for("客服")

    async def papers(self, applicant: Applicant) -> None:
        await self.patient.send_photo(photo(), caption=CAPTION)
        await applicant.next_question()
        await self.patient.send_document(pdf([*pages(1), b"(%b)" % PDF_SAYS.encode()]), PDF_NAME)
        await applicant.next_question()

    async def confirm(self) -> None:
        """The insured confirms, from an account of their own."""
        await self.insured.say(f"确认 {self.code}")
        await self.insured.wait_for("确认")

    async def mismatch(self) -> None:
        await come_to(self.mismatched, Patient("孙不对", "11010119900307109X", "P9999999999"), "unmatched")

    async def refusal(self) -> None:
        """A policy that has ended."""
        await come_to(self.refused, Patient("李建国", "310101196207089949", "P2026000002"), "refused")

    async def set_aside(self) -> None:
        """An update that cannot be read, and one at which the engine fails."""
        self.stand_in.state.queue.inject({"message": {"message_id": 9, "date": "?", "text": POISON}})
        await self.patient.say(BREAKING)
        await self.patient.wait_for(part("apology"))

    async def talk(self) -> None:
        """Claim, words both ways, one whose fate is unknown, a file, and the conversation given back."""
        agent, patient = self.agent, self.patient
        await agent.say("/next")
        await agent.tap("领取")
        await agent.wait_for(KEPT)
        await patient.wait_for(AGENT.name)
        await agent.say(FROM_AGENT)
        await patient.wait_for(FROM_AGENT)
        await patient.say(TO_AGENT)
        await agent.wait_for(TO_AGENT)
        self.stand_in.faults.add(Fault(kind="cut_after", method="sendMessage", chat_id=PATIENT))
        await agent.say(DOUBTED)
        await agent.wait_for("不确定")
        await patient.send_photo(photo() + b"2", caption=LATE_CAPTION)
        await agent.wait_for(LATE_CAPTION)
        await agent.say("交还")
        await patient.wait_for(part("talk.left"))

    async def fetched(self, files: int) -> None:
        """Wait until at least so many documents are kept."""
        async with asyncio.timeout(20):
            while self._stored() < files:  # noqa: ASYNC110 - another program's database announces nothing
                await asyncio.sleep(0.02)

    def _stored(self) -> int:
        connection = sqlite3.connect(self.database)
        try:
            (count,) = connection.execute("SELECT count(*) FROM documents WHERE state = 'stored'").fetchone()
        finally:
            connection.close()
        return int(count)


@asynccontextmanager
async def running(process: BotProcess) -> AsyncIterator[None]:
    """Run a bot beside the block."""
    stop = asyncio.Event()
    task = asyncio.create_task(process.run_until(stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def played(folder: Path, codec: Codec | None) -> Traces:
    """Play it all in a fresh bot; `codec` None is the encryption of every real one."""
    stand_in = StandIn(token=TOKEN)
    for chat, name in zip((PATIENT, REFUSED, MISMATCHED, INSURED), NEVER_STORED["profiles"], strict=True):
        stand_in.add_person(Person(id=chat, first_name=name))
    stand_in.add_person(Person(id=AGENT.id, first_name="agent"))
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serve(stand_in))
        settings = demo_settings(folder, stand_in, url)
        await migrate.upgrade(settings.database_url)
        await main.seed(settings, agents=[AGENT], codec=codec)
        async with main.open_process(settings, codec=codec) as process:
            async with running(process), AsyncExitStack() as players:
                chats = (PATIENT, REFUSED, MISMATCHED, INSURED, AGENT.id)
                people = [await players.enter_async_context(Player(url, chat)) for chat in chats]
                scene = Scene(stand_in, folder / "demo.sqlite3", *people)
                await scene.play()
            left = on_disk(folder)
    return Traces(left, on_disk(folder), scene.code)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """The log set up as `main` does it, at its most talkative; what others log goes to a file besides."""
    file = tmp_path / "log" / "stdlib.log"
    file.parent.mkdir()
    handler = logging.FileHandler(file)
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in QUIET)]
    levels = [logger.level for logger in loggers]
    logging.getLogger().addHandler(handler)
    quiet_logs("debug")
    yield file
    logging.getLogger().removeHandler(handler)
    handler.close()
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def failing_at_breaking(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that fails at one text, with an error that quotes it."""
    step = Engine.step

    def failing(
        engine: Engine, session: Session, event: Event, now: datetime, ids: Ids
    ) -> tuple[Session, list[Effect]]:
        because = getattr(event, "because", event)
        if isinstance(because, TextReceived) and because.text == BREAKING:
            raise ValueError(ERROR_TEXT + BREAKING)
        return step(engine, session, event, now, ids)

    monkeypatch.setattr(Engine, "step", failing)


@pytest.mark.usefixtures("failing_at_breaking")
async def test_nothing_personal_is_readable_on_the_disk_or_in_the_log(
    tmp_path: Path, log: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    folder = tmp_path / "bot"
    folder.mkdir()
    traces = await played(folder, None)
    printed = capfdbinary.readouterr()
    written = on_paper(log, (printed.out, printed.err))
    assert len(traces.code) == 8
    secrets = SECRETS | NEVER_STORED | {"codes": (traces.code,)}
    for searched in (*traces.search(secrets), search(every(secrets), written)):
        assert searched.found == {}
        assert searched.needles > 1500
        assert searched.places >= 3
        assert searched.size > 500
    assert {"demo.sqlite3", "demo.sqlite3-wal", "demo.sqlite3-shm"} <= traces.open.keys()
    assert len(traces.open["demo.sqlite3-wal"]) > 100_000
    assert "demo.sqlite3-wal" not in traces.closed
    assert sum(name.startswith("documents/") for name in traces.closed) >= 3
    for happened in (b"update_unread", b"set_aside", b"file_kept", b"row_not_sent"):
        assert happened in printed.out


@pytest.mark.usefixtures("failing_at_breaking", "log")
async def test_without_encryption_the_same_search_finds_every_secret(tmp_path: Path) -> None:
    folder = tmp_path / "bot"
    folder.mkdir()
    traces = await played(folder, Plain())
    for searched in traces.search(SECRETS):
        missed = {kind: set(secrets) - searched.found.keys() for kind, secrets in SECRETS.items()}
        assert {kind: secrets for kind, secrets in missed.items() if secrets} == {}
    (opened, _) = traces.search(SECRETS)
    places = {where.partition(":")[0].partition("/")[0] for found in opened.found.values() for where in found}
    assert {"demo.sqlite3", "demo.sqlite3-wal", "documents"} <= places


# ---- the search itself ----


@pytest.mark.parametrize("secret", ["张桂兰", "110101195503129931", "𠮷野家 a+b/c?~", TOKEN])
def test_a_secret_is_found_in_every_form_in_which_it_may_be_written(secret: str) -> None:
    written = {
        "utf-8": secret.encode(),
        "utf-16-le": secret.encode("utf-16-le"),
        "utf-16-be": secret.encode("utf-16-be"),
        "gb18030": secret.encode("gb18030"),
        "hex": secret.encode().hex().encode(),
        "HEX": secret.encode().hex().upper().encode(),
    }
    for offset in range(3):
        around = b"{" * offset + secret.encode() + b"}"
        written[f"base64+{offset}"] = base64.b64encode(around)
        written[f"base64url+{offset}"] = base64.urlsafe_b64encode(around)
    for form, content in written.items():
        found = search([secret], {"somewhere": b"\x00before" + content + b"after"}).found
        assert f"somewhere: {form}" in found[secret]


def test_chinese_is_found_as_escapes_and_in_percent_signs() -> None:
    name, bytes_of_json = "张桂兰", json.dumps({"name": "张桂兰"}).encode()
    for form, content in {
        "escaped": bytes_of_json,
        "ESCAPED": rb"\u5F20\u6842\u5170",
        "escaped twice": json.dumps(json.dumps(name)).encode(),
        "percent": quote(name).encode(),
        "percent lower": quote(name).lower().encode(),
    }.items():
        assert search([name], {"somewhere": content}).found == {name: [f"somewhere: {form}"]}


def test_what_is_not_there_is_not_found() -> None:
    assert search(["张桂兰"], {"somewhere": "张桂芳".encode() * 3}).found == {}
    assert len(forms("张桂兰")) > 10
