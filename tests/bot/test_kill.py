"""kill -9, twenty times, with updates arriving meanwhile: nothing is lost, and nothing is done twice.

Slow (some ten seconds) because twenty bots are really started and really killed, one after the other, while people
play whole conversations against them; nothing in it waits for a length of time.

A bot that was killed leaves lanes and files leased; the next one finds itself alone, and takes them over at once.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.faults import Fault
from bot.sandbox.player import Player
from flows.ids import CaseId, DocumentId
from tests.bot.applicant import ASKED, apply, first_times
from tests.bot.doomed import LETTERS
from tests.bot.lives import Lives, life, lives
from tests.bot.process import (
    ELIGIBLE,
    LIN,
    PATIENCE,
    PICTURE,
    SAMPLE,
    ZHOU,
    Patient,
    Town,
    patient,
    running,
)
from tests.bot.wording import part

SEATS = 3  # conversations under way at any time
TALKER = 401  # talks with an agent all the while
FIRST_APPLICANT = 500
MOST_APPLICANTS = 200
SLOW_FILES = Fault(kind="delay", method="getFile", seconds=1.5, times=0)  # so that a kill finds files being fetched

# The first two cut in while nothing else is under way, so that it is known what they hit: a question, an agent's words.
NOTHING_WAITS = "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE done_at IS NULL)"
QUIET = (("sent", 1), ("sent", 4))
PLAN = (
    ("fetched", 2), ("committed", 9), ("acknowledged", 5), ("sent", 23),
    ("acknowledged", 11), ("sent", 4), ("fetched", 12), ("committed", 1),
    ("committed", 14), ("fetched", 7), ("sent", 31), ("acknowledged", 1),
    ("fetched", 17), ("acknowledged", 16), ("committed", 6), ("sent", 12),
    ("committed", 19), ("fetched", 10),
)  # fmt: skip
KILLS = Counter(window for window, _ in (*QUIET, *PLAN))


# ---- the people ----


@dataclass
class Crowd:
    """Who plays, and what they typed."""

    town: Town
    over: asyncio.Event = field(default_factory=asyncio.Event)
    applicants: dict[int, Patient] = field(default_factory=dict)
    noted: list[str] = field(default_factory=list)  # by ELIGIBLE, whose case nobody talks about just now
    said: dict[str, list[str]] = field(default_factory=lambda: {"policyholder": [], "agent": []})  # TALKER and LIN
    submitted: asyncio.Queue[Player | None] = field(default_factory=asyncio.Queue)

    async def seat(self) -> None:
        """One applicant after the other, each from /start until an agent has talked to them."""
        while not self.over.is_set():
            place = len(self.applicants)
            chat = FIRST_APPLICANT + place
            given = self.applicants[chat] = patient(place)
            player = await self.town.player(chat, given.name)
            await apply(player, given)
            await self.submitted.put(player)
            await player.wait_for("客服周洁来了", PATIENCE)
            await player.say(f"我是{chat}")
            await player.wait_for(part("card.submitted"), PATIENCE)

    async def desk(self) -> None:
        """Agent ZHOU: one case after the other."""
        agent = await self.town.player(ZHOU)
        while await self.submitted.get():
            await claim(agent)
            words = (await agent.wait_for("：我是", PATIENCE))["text"]
            await agent.say(f"请{words[-3:]}带上病历")
            await agent.say("交还")
            await agent.wait_for("已交还", PATIENCE)

    async def talk(self, talker: Player, agent: Player) -> None:
        """TALKER and LIN answer each other, until it is over."""
        while not self.over.is_set():
            await self.exchange(talker, agent, len(self.said["agent"]) + 1)
        await agent.say("交还")
        await talker.wait_for(part("card.new"), PATIENCE)

    async def exchange(self, talker: Player, agent: Player, turn: int) -> None:
        """A line, and its answer: it arrives, or the agent hears that it may not have."""
        line, answer = f"客户第{turn}句", f"客服第{turn}句"
        self.said["policyholder"].append(line)
        await talker.say(line)
        await agent.wait_for(line, PATIENCE)
        self.said["agent"].append(answer)
        await agent.say(answer)
        await either(talker.wait_for(answer, PATIENCE), agent.wait_for("不确定", PATIENCE))

    async def note(self, player: Player) -> None:
        """ELIGIBLE writes, and it is noted, until it is over. The bot's answer, always the same, is not waited for."""
        while not self.over.is_set():
            await self.note_once(player)

    async def note_once(self, player: Player) -> None:
        """Write one line."""
        self.noted.append(f"留言第{len(self.noted) + 1}句")
        await player.say(self.noted[-1])
        written = "SELECT count(*) FROM transcript JOIN cases ON cases.id = case_id WHERE chat_id = ?"
        await self.town.until(f"SELECT 1 WHERE ({written}) >= ?", player.person_id, len(self.noted))


async def either(*waits: Coroutine[Any, Any, object]) -> None:
    """Wait for the first of several; where all fail, fail."""
    tasks = {asyncio.create_task(wait) for wait in waits}
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    assert any(task.exception() is None for task in done)


async def prepare(town: Town) -> tuple[Player, Player, Player]:
    """Return ELIGIBLE, whose case LIN owns and is not talking about; TALKER and LIN, who talk."""
    noter, talker, agent = [await town.player(chat) for chat in (ELIGIBLE, TALKER, LIN)]
    await town.insure(*(patient(place) for place in range(MOST_APPLICANTS)))
    async with running(town.settings):
        await apply(noter, SAMPLE[ELIGIBLE])
        await claim(agent)
        await agent.say("交还")
        await noter.wait_for(part("card.submitted"))
        await talker.say("转人工")
        await talker.wait_for("前回复您")
        await claim(agent)
        await drained(town)
    return noter, talker, agent


async def claim(agent: Player) -> None:
    """Claim the case that is due first."""
    await agent.say("/next")
    await agent.wait_for("最晚", PATIENCE)
    await agent.tap("领取", PATIENCE)
    await agent.wait_for("已领取", PATIENCE)


async def drained(town: Town) -> None:
    """Wait until nothing waits any more: no update, no message, no file."""
    async with asyncio.timeout(2 * PATIENCE):
        while town.stand_in.state.queue:  # noqa: ASYNC110 - announces nothing
            await asyncio.sleep(0.02)
    await town.until(NOTHING_WAITS)
    await town.until("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM documents WHERE state IN ('pending', 'fetching'))")


# ---- the test ----


async def quiet_kills(crowd: Crowd, all_lives: Lives, noter: Player, talker: Player, agent: Player) -> None:
    """Kill once when a question was sent and not settled, once when it was an agent's words."""
    async with life(all_lives, *QUIET[0]):
        await crowd.note_once(noter)
    async with life(all_lives, *QUIET[1]):
        await crowd.town.until(NOTHING_WAITS)  # the note's two messages, to its writer and to the owner, came again
        await crowd.exchange(talker, agent, 1)


async def kills_in_traffic(crowd: Crowd, all_lives: Lives, noter: Player, talker: Player, agent: Player) -> None:
    """Kill while everybody plays; then let one live until all have finished."""
    async with asyncio.TaskGroup() as people:
        crowd.town.stand_in.faults.add(SLOW_FILES)
        others = [people.create_task(each) for each in (crowd.talk(talker, agent), crowd.note(noter), crowd.desk())]
        seats = [people.create_task(crowd.seat()) for _ in range(SEATS)]
        for window, count in PLAN:
            async with life(all_lives, window, count):
                pass
        crowd.over.set()
        crowd.town.stand_in.faults.clear()
        async with life(all_lives):
            await asyncio.gather(*seats)
            await crowd.submitted.put(None)
            await asyncio.gather(*others)
            await drained(crowd.town)


@pytest.fixture
async def played(town: Town, tmp_path: Path) -> tuple[Crowd, Lives]:
    """Kill twenty times, let the last life finish; give who played, and what was counted."""
    crowd, players = Crowd(town), await prepare(town)
    async with lives(town, tmp_path) as all_lives:
        await quiet_kills(crowd, all_lives, *players)
        await kills_in_traffic(crowd, all_lives, *players)
    return crowd, all_lives


async def test_nothing_is_lost_and_nothing_done_twice_however_often_it_is_killed(played: tuple[Crowd, Lives]) -> None:
    crowd, all_lives = played
    check_the_kills(all_lives)
    check_the_outbox(crowd.town)
    check_that_repeats_were_in_doubt(crowd.town, all_lives)
    assert len(crowd.applicants) >= SEATS
    for chat, given in crowd.applicants.items():
        await check_applicant(crowd.town, chat, given)
    await check_the_talk(crowd)
    assert await crowd.town.dead_letters() == []
    assert crowd.town.audit("illegal_event") == []


def check_the_kills(all_lives: Lives) -> None:
    """Each window was hit, by the count of those who died in it; and updates kept arriving."""
    assert all_lives.counted() == KILLS
    assert KILLS.total() == 20
    assert min(KILLS[window] for window in LETTERS) >= 3
    assert all_lives.waiting > 0
    assert all_lives.in_doubt["file"] > 0


def check_the_outbox(town: Town) -> None:
    """No question is lost: each was sent. An agent's words were sent at most once, or are marked as in doubt."""
    states = Counter((row["kind"], row["state"]) for row in town.rows("SELECT kind, state FROM outbox"))
    assert set(states) <= {("question", "sent"), ("tap", "sent"), ("relay", "sent"), ("relay", "uncertain")}
    assert states["question", "sent"] > 0
    assert states["relay", "uncertain"] > 0


def is_relay(text: str) -> bool:
    return text.startswith(("客服林敏：", "客服周洁："))


def repeats(town: Town) -> Counter[int]:
    """Return how often each chat was sent a question that it had."""
    rows = town.rows(
        "SELECT chat_id, count(*) AS sent FROM outbox"
        " WHERE kind = 'question' AND method = 'sendMessage' GROUP BY chat_id"
    )
    found: Counter[int] = Counter()
    for row in rows:
        found[row["chat_id"]] = sum(not is_relay(text) for text in town.texts(row["chat_id"])) - row["sent"]
    assert min(found.values()) >= 0, "no question is lost"
    return found


def check_that_repeats_were_in_doubt(town: Town, all_lives: Lives) -> None:
    """A question comes again only where a kill left it begun and not settled; an agent's words never do."""
    again = repeats(town).total()
    (begun,) = town.rows(
        "SELECT sum(attempts - 1) AS anew FROM outbox WHERE kind = 'question' AND method = 'sendMessage'"
    )
    assert 1 <= again <= begun["anew"] <= all_lives.in_doubt["question"]
    said = [text for chat in town.stand_in.state.people.chats for text in town.texts(chat) if is_relay(text)]
    assert len(said) == len(set(said))
    (doubted,) = town.rows("SELECT count(*) AS relays FROM outbox WHERE kind = 'relay' AND state = 'uncertain'")
    assert doubted["relays"] <= all_lives.in_doubt["relay"]


async def check_applicant(town: Town, chat: int, given: Patient) -> None:
    """One conversation: every answer as typed, one case, one use, each consent once, each question in its place."""
    (case,) = await town.cases(chat)
    answers = (case.answers["name"], case.answers["id_number"], case.answers["policy_number"])
    assert answers == given
    assert (case.service, case.ownership, case.owner) == ("OP", "bot_speaks", ZHOU)
    session = await town.session(chat)
    assert (session.state, session.cases) == ("submitted", (case.id,))
    assert len(town.rows("SELECT 1 FROM uses WHERE policy_id = ? AND state = 'reserved'", case.policy)) == 1
    for action, times in (("consent_given", 3), ("identity_matched", 1), ("case_opened", 1)):
        assert len([entry for entry in town.audit(action) if entry["chat_id"] == chat]) == times
    for action in ("claimed", "returned_to_bot"):
        assert len([entry for entry in town.audit(action) if entry["case_id"] == case.id]) == 1
    await check_document(town, chat, case.attachments[0].document)
    await check_words(town, chat, case.id, told=[*ASKED, "客服周洁来了", part("talk.left"), part("card.submitted")])


async def check_document(town: Town, chat: int, document: DocumentId) -> None:
    """The one file is there, and is what was sent."""
    (row,) = town.rows("SELECT id, state FROM documents WHERE chat_id = ?", chat)
    assert row == {"id": document, "state": "stored"}
    assert await town.document(document) == PICTURE


async def check_words(town: Town, chat: int, case: CaseId, *, told: list[str]) -> None:
    """Each question reached the chat, in its order; each word of the talk stands in the transcript once."""
    shown = first_times([text for text in town.texts(chat) if not is_relay(text)])
    assert len(shown) == len(told)
    assert all(part in text for part, text in zip(told, shown, strict=True))
    lines = [(line.author, line.text) for line in await town.transcript(case)]
    assert lines == [("policyholder", f"我是{chat}"), ("agent", f"请{chat}带上病历")]
    check_relays(town, chat, [f"客服周洁：请{chat}带上病历"])


def check_relays(town: Town, chat: int, words: list[str]) -> None:
    """An agent's words arrive at most once; all that did not arrive for certain are marked, and the agent was told."""
    rows = town.rows("SELECT state FROM outbox WHERE chat_id = ? AND kind = 'relay' ORDER BY id", chat)
    arrived = [text for text in town.texts(chat) if is_relay(text)]
    assert len(rows) == len(words)
    sent = [text for row, text in zip(rows, words, strict=True) if row["state"] == "sent"]
    assert [text for text in arrived if text in sent] == sent
    assert set(arrived) <= set(words)
    numbers = [row["number"] for row in town.rows("SELECT number FROM cases WHERE chat_id = ?", chat)]
    warnings = [text for agent in (LIN, ZHOU) for text in town.texts(agent) if "不确定" in text]
    assert sum(number in text for text in warnings for number in numbers) >= len(rows) - len(sent)


async def check_the_talk(crowd: Crowd) -> None:
    """What was said all the while stands in the transcripts, in order, each line once."""
    (talk,) = await crowd.town.cases(TALKER)
    (note,) = await crowd.town.cases(ELIGIBLE)
    lines = await crowd.town.transcript(talk.id)
    for author, said in crowd.said.items():
        assert [line.text for line in lines if line.author == author] == said
    assert [line.text for line in await crowd.town.transcript(note.id)] == crowd.noted
    check_relays(crowd.town, TALKER, [f"客服林敏：{text}" for text in crowd.said["agent"]])
