"""The slice: a request goes from the policyholder's chat to an agent and back, over HTTP, by python-telegram-bot."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import telegram

from bot.process import BotProcess
from bot.sandbox.player import Player
from flows.errors import Busy
from flows.ports.queries import TranscriptEntry
from storage.database import Database, Purged
from tests.bot.applicant import ASKED, apply, consent, fill_in, identify
from tests.bot.process import (
    ELIGIBLE,
    ENDED,
    LIN,
    PICTURE,
    SAMPLE,
    SPENT,
    Town,
    running,
)
from tests.bot.wording import part


@pytest.fixture
async def process(town: Town) -> AsyncIterator[BotProcess]:
    async with running(town.settings) as process:
        yield process


async def hand_over(agent: Player, policyholder: Player) -> None:
    """/next, claim; both hear of it."""
    await agent.say("/next")
    await agent.wait_for("队列")
    await agent.tap("领取")
    await agent.wait_for("已领取")
    await policyholder.wait_for("客服林敏来了")


def spoken(lines: list[TranscriptEntry]) -> list[tuple[str, str]]:
    return [(line.author, line.text) for line in lines]


async def test_a_request_goes_to_an_agent_and_back(town: Town, process: BotProcess) -> None:
    assert isinstance(process.application.bot, telegram.Bot)
    policyholder, agent = await town.player(ELIGIBLE), await town.player(LIN)

    answer = (await apply(policyholder, SAMPLE[ELIGIBLE]))["text"]
    assert re.search(r"编号 \d{6}-\d{6}。", answer)
    assert re.search(r"最晚 \d+月\d+日（周.） ?与您电话确认医院", answer)

    await hand_over(agent, policyholder)
    await agent.say("您好，我是林敏")
    assert (await policyholder.wait_for("我是林敏"))["text"] == "客服林敏：您好，我是林敏"
    before = len(town.texts(ELIGIBLE))
    await policyholder.say("请问挂哪家医院")
    assert (await agent.wait_for("请问挂哪家医院"))["text"].startswith("客户 ")
    await policyholder.send_photo(PICTURE, caption="新的报告")
    await agent.wait_for("新的报告")
    assert len(town.texts(ELIGIBLE)) == before, "the bot is silent while an agent has the conversation"

    await agent.say("交还")
    await agent.wait_for("已交还")
    await policyholder.wait_for(part("card.submitted"))
    assert part("talk.left") in "".join(town.texts(ELIGIBLE))
    await policyholder.say("谢谢")
    await policyholder.wait_for(part("relay.noted"))

    (case,) = await town.cases()
    assert (case.ownership, case.owner, case.owner_name) == ("bot_speaks", LIN, "林敏")
    said = [("agent", "您好，我是林敏"), *(("policyholder", t) for t in ("请问挂哪家医院", "新的报告", "谢谢"))]
    assert spoken(await town.transcript(case.id)) == said
    assert [use["case_id"] for use in town.rows("SELECT * FROM uses WHERE state = 'reserved'")] == [case.id]


@pytest.mark.usefixtures("process")
async def test_each_question_is_asked_once_and_in_order(town: Town) -> None:
    policyholder = await town.player(ELIGIBLE)
    await apply(policyholder, SAMPLE[ELIGIBLE])

    texts = town.texts(ELIGIBLE)
    assert len(texts) == len(ASKED)
    assert all(part in text for part, text in zip(ASKED, texts, strict=True))


async def test_a_document_is_kept_encrypted_and_reads_back(town: Town, process: BotProcess) -> None:
    policyholder = await town.player(ELIGIBLE)
    await fill_in(policyholder, SAMPLE[ELIGIBLE])
    (attachment,) = (await town.session(ELIGIBLE)).attachments
    await town.until("SELECT 1 FROM documents WHERE state = 'stored'")

    assert await process.store.documents.read(attachment.document) == PICTURE
    (kept,) = (file for file in town.settings.documents.iterdir() if file.is_file())
    assert PICTURE not in kept.read_bytes()
    assert PICTURE[:16] not in kept.read_bytes()


@pytest.mark.usefixtures("process")
async def test_an_ended_policy_is_refused_at_once_by_its_clause_and_can_be_appealed(town: Town) -> None:
    policyholder, agent = await town.player(ENDED), await town.player(LIN)
    await identify(policyholder, SAMPLE[ENDED])
    refusal = (await policyholder.wait_for(part("decision.refused")))["text"]
    assert "[G2]" in refusal
    assert "不在有效期内" in refusal
    assert await town.cases() == []

    await policyholder.tap("申请人工复核")
    await policyholder.wait_for(part("decision.appealed"))
    (case,) = await town.cases(ENDED)
    assert (case.request_type, case.is_queued) == ("appeal", True)
    assert town.rows("SELECT * FROM uses WHERE state = 'reserved'") == []
    await agent.say("/next")
    await agent.wait_for("人工复核")


@pytest.mark.usefixtures("process")
async def test_a_spent_use_is_refused_at_once(town: Town) -> None:
    policyholder = await town.player(SPENT)
    await identify(policyholder, SAMPLE[SPENT])
    assert "[G2]" in (await policyholder.wait_for(part("reason.use_spent")))["text"]
    assert await town.cases() == []


@pytest.mark.usefixtures("process")
async def test_a_human_can_be_called_before_any_consent(town: Town) -> None:
    policyholder, agent = await town.player(ELIGIBLE), await town.player(LIN)
    await policyholder.say("转人工")
    await policyholder.wait_for("前回复您")
    (case,) = await town.cases(ELIGIBLE)
    assert (case.request_type, (await town.session(ELIGIBLE)).consents) == ("help", ())

    await agent.say("/next")
    await agent.wait_for("请求人工")
    await agent.tap("领取")
    await policyholder.wait_for("客服林敏来了")
    await agent.say("交还")
    await policyholder.wait_for(part("card.new"))


@pytest.mark.usefixtures("process")
async def test_danger_is_answered_with_120_before_any_consent(town: Town) -> None:
    policyholder = await town.player(ELIGIBLE)
    await policyholder.say("我妈突然昏迷了叫不醒")
    await policyholder.wait_for("请马上拨打 120")
    assert (await town.session(ELIGIBLE)).consents == ()


@pytest.mark.usefixtures("process")
async def test_after_a_mismatch_one_answer_is_amended_and_the_rest_kept(town: Town) -> None:
    policyholder, given = await town.player(ELIGIBLE), SAMPLE[ELIGIBLE]
    await identify(policyholder, given._replace(name="张桂花"))
    await policyholder.wait_for(part("ask.unmatched"))
    await policyholder.tap("重填姓名")
    await policyholder.wait_for(part("ask.name"))
    await policyholder.say(given.name)
    await policyholder.wait_for(part("ask.illness"))

    answers = (await town.session(ELIGIBLE)).answers
    assert (answers["name"], answers["id_number"], answers["policy_number"]) == given
    assert sum(part("ask.policy_number") in text for text in town.texts(ELIGIBLE)) == 1


@pytest.mark.usefixtures("process")
async def test_a_consent_refused_ends_it_and_nothing_is_kept(town: Town) -> None:
    policyholder = await town.player(ELIGIBLE)
    await policyholder.say("/start")
    await policyholder.wait_for("同意书 1/3")
    await policyholder.tap("不同意")
    await policyholder.wait_for(part("card.declined"))
    session = await town.session(ELIGIBLE)
    assert (session.state, session.consents, session.answers) == ("declined", (), {})
    await consent(policyholder, SAMPLE[ELIGIBLE])
    assert len((await town.session(ELIGIBLE)).consents) == 3


async def test_the_purge_goes_on_after_it_failed_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.upkeep.PURGE_EVERY", 0.01)
    purge, calls, again = Database.purge, [], asyncio.Event()

    async def busy_once(self: Database, at: datetime, *, keep_sent: timedelta) -> Purged:
        calls.append(at)
        if len(calls) == 1:
            raise Busy
        again.set()
        return await purge(self, at, keep_sent=keep_sent)

    monkeypatch.setattr(Database, "purge", busy_once)
    async with running(town.settings), asyncio.timeout(5):
        await again.wait()


ALL_SENT = "SELECT chat_id FROM outbox WHERE chat_id = ? GROUP BY chat_id HAVING sum(done_at IS NULL) = 0"


async def test_after_an_outage_who_waits_sees_the_question_again_and_nobody_else_is_disturbed(town: Town) -> None:
    waiting, done = await town.player(ELIGIBLE), await town.player(SPENT)
    async with running(town.settings) as process:
        await identify(waiting, SAMPLE[ELIGIBLE])
        await waiting.wait_for(part("ask.illness"))
        await done.say("转人工")
        await done.wait_for("好的，已为您")
        told = len(town.texts(SPENT))
        since = len(town.texts(ELIGIBLE))
        await process.show_again(datetime.now(UTC))
        await town.until(ALL_SENT, ELIGIBLE)
    again = town.texts(ELIGIBLE)[since:]
    assert len(again) == 2
    assert part("was_away") in again[0]
    assert part("ask.illness") in again[1]
    assert len(town.texts(SPENT)) == told
