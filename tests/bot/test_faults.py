"""What goes wrong on the way in, in the middle and on the way out stays where it went wrong; the rest go on."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import datetime

import msgspec
import pytest

from bot.process import BotProcess
from bot.sandbox.faults import Fault
from bot.sandbox.player import Player
from bot.telegram.render import TelegramRenderer
from bot.texts import Texts
from flows.effects import Effect, Message
from flows.engine.engine import Engine
from flows.engine.service import BatchService
from flows.errors import Busy
from flows.events import Event, TextReceived
from flows.ids import Ids
from flows.ports.rendering import Payload, Sendable
from flows.session import Session
from main import load_reference, new_ids, now, open_process
from storage.connection import engines
from storage.database import Database
from tests.bot.applicant import ASKED, apply, come_to, fill_in
from tests.bot.process import (
    ELIGIBLE,
    ENDED,
    LIN,
    PATIENCE,
    PICTURE,
    SAMPLE,
    SPENT,
    Town,
    at_work,
    running,
)
from tests.bot.wording import part

BAD = "这一句会出错"


@pytest.fixture
async def process(town: Town) -> AsyncIterator[BotProcess]:
    async with running(town.settings) as process:
        yield process


async def until(reached: Callable[[], bool]) -> None:
    """Wait for something in this process that announces nothing."""
    async with asyncio.timeout(PATIENCE):
        while not reached():  # noqa: ASYNC110 - as said
            await asyncio.sleep(0.005)


async def all_sent(town: Town) -> None:
    await until(lambda: not town.stand_in.state.queue)
    await town.until("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE done_at IS NULL)")


def last_update(town: Town) -> int:
    return town.stand_in.state.queue.next_id - 1


def told(town: Town, person: int, *parts: str) -> bool:
    """Return True if a person was told just these things, each once and in this order."""
    texts = town.texts(person)
    return len(texts) == len(parts) and all(part in text for part, text in zip(parts, texts, strict=True))


# ---- the same thing twice ----


@pytest.mark.usefixtures("process")
@pytest.mark.parametrize("fresh", [False, True], ids=["same_update_id", "new_update_id"])
async def test_what_is_delivered_twice_is_done_once(town: Town, *, fresh: bool) -> None:
    queue = town.stand_in.state.queue
    queue.duplicate_every, queue.duplicate_fresh = 1, fresh
    await apply(await town.player(ELIGIBLE), SAMPLE[ELIGIBLE])
    await all_sent(town)

    assert told(town, ELIGIBLE, *ASKED)
    assert len(await town.cases()) == 1
    assert len(town.rows("SELECT 1 FROM uses WHERE state = 'reserved'")) == 1
    assert len(town.rows("SELECT 1 FROM documents")) == 1
    assert len(town.audit("consent_given")) == 3


@pytest.mark.usefixtures("process")
@pytest.mark.parametrize("fresh", [False, True], ids=["same_update_id", "new_update_id"])
async def test_what_comes_again_much_later_is_not_done_again(town: Town, *, fresh: bool) -> None:
    policyholder = await town.player(ELIGIBLE)
    await policyholder.say("/start")
    await policyholder.wait_for("同意书 1/3")
    start = last_update(town)
    await policyholder.tap("同意")
    await policyholder.wait_for("同意书 2/3")

    town.stand_in.state.queue.redeliver(start, fresh=fresh)
    await all_sent(town)
    assert sum("同意书 1/3" in text for text in town.texts(ELIGIBLE)) == 1


async def test_a_double_tap_does_nothing_twice(town: Town) -> None:
    policyholder = await town.player(ELIGIBLE)
    async with running(town.settings):
        await fill_in(policyholder, SAMPLE[ELIGIBLE])
        card = await policyholder.last()
    submit = card["reply_markup"]["inline_keyboard"][0][0]
    assert submit["text"] == "提交申请"
    taps = [await policyholder.tap_data(card["message_id"], submit["callback_data"]) for _ in range(3)]
    async with running(town.settings):  # all three come in one batch
        toasts = [await policyholder.wait_for_toast(tap["query_id"], PATIENCE) for tap in taps]
        await all_sent(town)

    assert [toast["text"] for toast in toasts] == ["", "已收到，不用再点", "已收到，不用再点"]
    assert told(town, ELIGIBLE, *ASKED)
    assert len(await town.cases()) == 1
    assert len(town.rows("SELECT 1 FROM uses WHERE state = 'reserved'")) == 1


# ---- one bad update, one bad chat ----


async def test_a_poison_update_becomes_a_dead_letter_and_the_others_go_on(town: Town) -> None:
    first, second = await town.player(ELIGIBLE), await town.player(ENDED)
    await first.say("/start")
    poison = town.stand_in.state.queue.inject({"message": {"message_id": 1, "text": "没有日期"}})
    await second.say("/start")
    async with running(town.settings):
        await first.wait_for("同意书 1/3")
        await second.wait_for("同意书 1/3")
        await all_sent(town)

    (letter,) = await town.dead_letters()
    assert msgspec.json.decode(letter.body)["update_id"] == poison
    assert letter.chat is None
    assert letter.code
    assert town.stand_in.state.queue.confirmed == 3, "the poison is confirmed as well: it does not come again"


class Tripping(Engine):
    """The engine, but a certain sentence makes it fail."""

    def step(self, session: Session, event: Event, now: datetime, ids: Ids) -> tuple[Session, list[Effect]]:
        """Step, or fail."""
        if isinstance(event, TextReceived) and event.text == BAD:
            raise RuntimeError(event.text)
        return super().step(session, event, now, ids)


class Speechless(TelegramRenderer):
    """The renderer, but for one chat it finds no words; `tried` counts how often it was asked."""

    def __init__(self, chat: int) -> None:
        super().__init__(Texts.load())
        self.chat = chat
        self.tried = 0

    def render(self, effect: Sendable) -> Payload:
        """Render, or fail."""
        if isinstance(effect, Message) and effect.chat == self.chat:
            self.tried += 1
            raise KeyError(effect.text.key)
        return super().render(effect)


async def put_in(
    process: BotProcess, town: Town, *, tripping: bool = False, renderer: TelegramRenderer | None = None
) -> None:
    """Give a bot a service with a fault in it."""
    assert isinstance(process.store, Database)
    reference = await load_reference(town.settings, process.store)
    engine = Tripping(reference) if tripping else Engine(reference)
    process.service = BatchService(
        process.store, engine, renderer or TelegramRenderer(Texts.load()), ids=new_ids(), clock=now
    )


async def test_a_chat_whose_step_fails_is_set_aside_and_the_others_go_on(town: Town) -> None:
    before, culprit, after = [await town.player(chat) for chat in (ELIGIBLE, ENDED, SPENT)]
    for player in (before, culprit, after):
        await player.say("/start")
    await culprit.say(BAD)
    for player in (culprit, after, before):
        await player.say("帮助")
    async with open_process(town.settings) as process:
        await put_in(process, town, tripping=True)
        async with at_work(process):
            await all_sent(town)

    for player in (before, after):
        assert told(town, player.person_id, "绿色通道受理助手", "同意书 1/3", part("help"))
    assert told(town, ENDED, "绿色通道受理助手", "同意书 1/3", part("apology"), part("help"))

    (letter,) = await town.dead_letters()
    assert (letter.chat, letter.code) == (ENDED, "RuntimeError")
    assert msgspec.json.decode(letter.body)["text"] == BAD
    assert (await town.session(ENDED)).state == "consents"


async def test_a_chat_that_cannot_even_be_told_holds_up_nobody(town: Town) -> None:
    culprit, other = await town.player(ENDED), await town.player(ELIGIBLE)
    await culprit.say("/start")
    await other.say("/start")
    renderer = Speechless(ENDED)
    async with open_process(town.settings) as process:
        await put_in(process, town, renderer=renderer)
        async with at_work(process):
            await other.wait_for("同意书 1/3")
            await all_sent(town)

    (letter,) = await town.dead_letters()
    assert (letter.chat, letter.code) == (ENDED, "KeyError")
    assert town.texts(ENDED) == []
    assert len(town.texts(ELIGIBLE)) == 2
    assert renderer.tried == 5, "with the batch, its chat, alone, and the apology with and without it: then never again"


# ---- the database is not there for a while ----


async def test_a_locked_database_is_waited_for_and_nothing_is_lost(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    impatient = [pragma for pragma in engines._PRAGMAS if "busy_timeout" not in pragma]  # noqa: SLF001 - no setting
    monkeypatch.setattr(engines, "_PRAGMAS", (*impatient, "busy_timeout=20"))
    policyholder, other = await town.player(ELIGIBLE), await town.player(ENDED)
    queue = town.stand_in.state.queue
    file = town.settings.database_url.removeprefix("sqlite:///")
    async with running(town.settings) as process:
        await come_to(policyholder, SAMPLE[ELIGIBLE], "name")
        await all_sent(town)
        connected = sqlite3.connect(file, isolation_level=None, timeout=PATIENCE, check_same_thread=False)
        with closing(connected) as intruder:
            # In a thread: the bot may hold the lock, and lives in this loop.
            await asyncio.to_thread(intruder.execute, "BEGIN IMMEDIATE")
            await policyholder.say(SAMPLE[ELIGIBLE].name)
            await other.say("/start")
            polls = queue.polls
            await until(lambda: queue.polls > polls)  # handling failed, and they were fetched again
            with pytest.raises(Busy):
                await process.handle([])
            intruder.execute("ROLLBACK")
        await policyholder.wait_for(part("ask.id_number"), PATIENCE)
        await other.wait_for("同意书 1/3", PATIENCE)
        await all_sent(town)

    assert told(town, ELIGIBLE, *ASKED[: ASKED.index(part("ask.id_number")) + 1])
    assert len(town.texts(ENDED)) == 2
    assert await town.dead_letters() == []


# ---- Telegram does not take it ----


def fault(town: Town, given: Fault) -> None:
    town.stand_in.faults.add(given)


@pytest.mark.usefixtures("process")
async def test_a_429_is_waited_out_and_holds_up_no_other_chat(town: Town) -> None:
    throttled, other = await town.player(ELIGIBLE), await town.player(ENDED)
    fault(town, Fault(kind="retry_after", method="sendMessage", chat_id=ELIGIBLE, retry_after=1))
    await throttled.say("/start")
    await other.say("/start")
    await other.wait_for("同意书 1/3")
    await throttled.wait_for("同意书 1/3", PATIENCE)

    mine = town.stand_in.journal.calls(chat_id=ELIGIBLE, method="sendMessage")
    others = town.stand_in.journal.calls(chat_id=ENDED, method="sendMessage")
    assert [call.status for call in mine] == [429, 200, 200], "in order, each once"
    assert mine[1].at - mine[0].at >= 1.0
    assert others[-1].at < mine[1].at


@pytest.mark.usefixtures("process")
async def test_who_blocked_the_bot_gets_everything_when_they_write_again(town: Town) -> None:
    blocker, other = await town.player(ELIGIBLE), await town.player(ENDED)
    fault(town, Fault(kind="blocked", method="sendMessage", chat_id=ELIGIBLE))
    await blocker.say("/start")
    await until(lambda: not town.stand_in.faults.scripted)
    await town.until("SELECT 1 FROM lanes WHERE chat_id = ? AND blocked", ELIGIBLE)
    await other.say("/start")
    await other.wait_for("同意书 1/3")
    assert town.texts(ELIGIBLE) == []

    await blocker.say("重复")
    await blocker.wait_for("同意书 1/3")
    await all_sent(town)
    assert told(town, ELIGIBLE, "绿色通道受理助手", "同意书 1/3", "同意书 1/3")


@pytest.mark.usefixtures("process")
@pytest.mark.parametrize(("kind", "copies"), [("cut_after", 2), ("cut_before", 1)])
async def test_a_question_whose_fate_is_unknown_is_sent_once_more(town: Town, *, kind: str, copies: int) -> None:
    policyholder = await town.player(ELIGIBLE)
    await come_to(policyholder, SAMPLE[ELIGIBLE], "name")
    await all_sent(town)
    fault(town, msgspec.convert({"kind": kind, "method": "sendMessage", "chat_id": ELIGIBLE}, Fault))
    await policyholder.say(SAMPLE[ELIGIBLE].name)
    await policyholder.wait_for(part("ask.id_number"))
    await all_sent(town)
    assert sum(part("ask.id_number") in text for text in town.texts(ELIGIBLE)) == copies
    await policyholder.tap("上一步")
    await policyholder.wait_for(part("ask.name"))


async def in_conversation(town: Town) -> tuple[Player, Player]:
    """Return a policyholder and the agent who has the conversation."""
    policyholder, agent = await town.player(ELIGIBLE), await town.player(LIN)
    await policyholder.say("转人工")
    await policyholder.wait_for("前回复您")
    await agent.say("/next")
    await agent.tap("领取")
    await policyholder.wait_for("林敏来了")
    await agent.wait_for("已领取")
    return policyholder, agent


@pytest.mark.usefixtures("process")
@pytest.mark.parametrize(("kind", "copies"), [("cut_after", 1), ("cut_before", 0)])
async def test_an_agents_words_in_doubt_are_never_sent_twice_and_the_agent_is_told(
    town: Town, *, kind: str, copies: int
) -> None:
    policyholder, agent = await in_conversation(town)
    await all_sent(town)
    fault(town, msgspec.convert({"kind": kind, "method": "sendMessage", "chat_id": ELIGIBLE}, Fault))
    await agent.say("请带上医保卡")
    (case,) = await town.cases()
    assert case.number in (await agent.wait_for("不确定"))["text"]
    await agent.say("听到了吗")
    await policyholder.wait_for("听到了吗")
    await all_sent(town)

    assert sum("请带上医保卡" in text for text in town.texts(ELIGIBLE)) == copies
    assert sum("不确定" in text for text in town.texts(LIN)) == 1
    relays = town.rows("SELECT state FROM outbox WHERE kind = 'relay' ORDER BY id")
    assert [row["state"] for row in relays] == ["uncertain", "sent"]
    assert [line.text for line in await town.transcript(case.id)] == ["请带上医保卡", "听到了吗"]


@pytest.mark.usefixtures("process")
async def test_updates_whose_delivery_was_cut_come_again_and_are_done_once(town: Town) -> None:
    policyholder = await town.player(ELIGIBLE)
    for kind in ("cut_after", "error"):
        fault(town, msgspec.convert({"kind": kind, "method": "getUpdates"}, Fault))
    await apply(policyholder, SAMPLE[ELIGIBLE])
    await all_sent(town)
    assert told(town, ELIGIBLE, *ASKED)


# ---- files ----

GONE = Fault(kind="error", method="getFile", error_code=400, description="Bad Request: wrong file identifier")


@pytest.mark.usefixtures("process")
async def test_a_file_that_is_lost_for_good_is_asked_for_again(town: Town) -> None:
    policyholder = await town.player(ELIGIBLE)
    fault(town, GONE)
    await come_to(policyholder, SAMPLE[ELIGIBLE], "record")
    await policyholder.send_photo(PICTURE)
    await policyholder.wait_for(part("file.lost"))
    await policyholder.wait_for(part("ask.record"))
    assert (await town.session(ELIGIBLE)).attachments == ()

    await policyholder.send_photo(PICTURE)
    await policyholder.wait_for(part("ask.record_more"))
    await policyholder.tap("传完了")
    await policyholder.wait_for(part("ask.record_hospital"))
    (row,) = await town.until("SELECT id FROM documents WHERE state = 'stored'")
    assert [each.document for each in (await town.session(ELIGIBLE)).attachments] == [row["id"]]


@pytest.mark.usefixtures("process")
async def test_a_file_that_was_sent_to_an_agent_and_lost_is_asked_for_again(town: Town) -> None:
    policyholder, agent = await in_conversation(town)
    fault(town, GONE)
    await policyholder.send_photo(PICTURE)
    await agent.wait_for("一份图片或文件")
    await policyholder.wait_for(part("file.lost"))
    await agent.say("交还")
    await agent.wait_for("已交还")


async def test_a_step_that_fails_while_an_agent_talks_is_apologised_for(town: Town) -> None:
    async with open_process(town.settings) as process:
        await put_in(process, town, tripping=True)
        async with at_work(process):
            policyholder, agent = await in_conversation(town)
            await policyholder.say(BAD)
            await policyholder.wait_for(part("apology"))
            await policyholder.say("好了吗")
            await agent.wait_for("好了吗")
    assert [letter.chat for letter in await town.dead_letters()] == [ELIGIBLE]
