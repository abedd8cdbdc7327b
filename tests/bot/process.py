"""A running bot for tests: the sandbox served over HTTP, a seeded SQLite file with encryption, the bot, its people.

Nothing here reaches past HTTP into the bot but what reads the database afterwards.
"""

import asyncio
import json
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace

from bot.backend import Checkpoint, Clock
from bot.demo import AGENTS, demo_settings, people
from bot.process import BotProcess
from bot.sandbox.app import serve
from bot.sandbox.people import Person as SandboxPerson
from bot.sandbox.player import Player
from bot.sandbox.telegram import StandIn
from bot.settings import Settings
from bot.texts import Texts
from flows.cases.case import Case
from flows.ids import AgentId, CaseId, ChatId, DocumentId, PolicyId
from flows.ports.queries import TranscriptEntry
from flows.ports.unit_of_work import DeadLetter
from flows.reading.documents.gb11643 import check_character
from flows.reading.hospitals.directory import Hospital, load_hospitals
from flows.session import Agent, Session
from flows.terms.policy import IN_FORCE, Policy
from flows.terms.policy import Person as Insured
from main import (
    new_ids,
    now,
    open_database,
    open_process,
    seed,
)
from storage.connection.encryption import generate_key
from storage.migrations import migrate
from tests.bot.papers import page

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
PATIENCE = 30.0  # seconds; a slow machine is not a failure
PICTURE = page()
ELIGIBLE, ENDED, SPENT = 101, 102, 103  # the sample policyholders' chats
LIN, ZHOU = (agent.id for agent in AGENTS)


class Patient(NamedTuple):
    """What a policyholder types: whose policy it is."""

    name: str
    number: str
    policy: str


SAMPLE = {
    ELIGIBLE: Patient("张桂兰", "110101195503129931", "P2026000001"),
    ENDED: Patient("李建国", "310101196207089949", "P2026000002"),
    SPENT: Patient("王秀英", "440106197001159919", "P2026000003"),
}


def patient(place: int) -> Patient:
    """Make one up: the number is right by GB 11643, and nobody's."""
    first = f"110101{19400101 + place % 28}{place // 28:03d}"
    return Patient("王" + "一二三四五六七八九十"[place % 10], first + check_character(first), f"P30{place:08d}")


def policy_of(given: Patient, ids: int) -> Policy:
    """Return a policy in force, with one use of each service a year."""
    insured = Insured(given.name, "resident_id", given.number, "13900001234")
    return Policy(
        id=PolicyId(ids),
        number=given.policy,
        product="康健一生",
        version="2024",
        status=IN_FORCE,
        starts=date(2024, 6, 1),
        ends=date(2054, 5, 31),
        holder=insured,
        insured=insured,
        limits={"OP": 1, "IP": 1},
    )


# ---- a database that is ready ----


class Template(NamedTuple):
    """A database, migrated and seeded once; every test takes a copy. The keys are those it was sealed with."""

    file: Path
    sealing: dict[str, bytes]
    hashing: dict[str, bytes]


LOW = Hospital("北京平安里医院", "北京市", "北京市", "一级甲等", "公立")  # made up: the shipped list has none of 一级


def make_template(folder: Path) -> Template:
    """Migrate and seed."""
    template = Template(folder / "demo.sqlite3", {"s1": generate_key()}, {"h1": generate_key()})
    asyncio.run(_fill(template))
    return template


async def _fill(template: Template) -> None:
    settings = _settings(template, template.file.parent, StandIn(), "http://127.0.0.1")
    await migrate.upgrade(settings.database_url)
    await seed(settings, agents=AGENTS)
    database = open_database(settings)
    try:
        await database.directory.replace_hospitals([*load_hospitals(), LOW])
    finally:
        await database.close()


def _settings(template: Template, folder: Path, stand_in: StandIn, url: str) -> Settings:
    keys = {"sealing_keys": template.sealing, "hashing_keys": template.hashing}
    return demo_settings(folder, stand_in, url).model_copy(update=keys)


class Watch:
    """A clock that goes, from a Monday at ten in Shanghai; `turn_on` lets time go by at once."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self._at = at
        self._began = time.monotonic()

    def __call__(self) -> datetime:
        """Return the time."""
        return self._at + timedelta(seconds=time.monotonic() - self._began)

    def turn_on(self, **delta: float) -> None:
        """Let time go by."""
        self._at += timedelta(**delta)


# ---- a town: Telegram, the people, the database; bot processes are opened in it ----


@dataclass
class Town:
    """Telegram with its people, and the settings of a bot that is not running yet."""

    stand_in: StandIn
    url: str
    settings: Settings
    stack: AsyncExitStack = field(repr=False)

    async def player(self, person: int, name: str = "") -> Player:
        """Return somebody who plays, from the beginning of the chat."""
        if person not in self.stand_in.state.people.chats:
            self.stand_in.add_person(
                SandboxPerson(id=person, first_name=name or str(person), phone=f"86139{person:08d}")
            )
        return await self.stack.enter_async_context(Player(self.url, person))

    async def insure(self, *patients: Patient, **differing: object) -> None:
        """Put policies on file, in force with a use of each service but for what differs."""
        ids = new_ids()
        policies = [replace(policy_of(each, ids.new()), **differing) for each in patients]
        database = open_database(self.settings)
        try:
            await database.directory.import_policies(policies, ids)
        finally:
            await database.close()

    async def employ(self, *agents: Agent) -> None:
        """Add agents."""
        database = open_database(self.settings)
        try:
            for agent in agents:
                await database.directory.add_agent(agent)
        finally:
            await database.close()

    def texts(self, person: int) -> list[str]:
        """Return every text the bot sent to a person, oldest first, as it stood when it was sent."""
        calls = self.stand_in.journal.calls(chat_id=person, method="sendMessage")
        return [str(call.params["text"]) for call in calls if call.status == 200]

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Read what stands clear in the database."""
        return read_rows(Path(self.settings.database_url.removeprefix("sqlite:///")), sql, *values)

    async def until(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Wait until a query gives rows: for what no chat is told of."""
        async with asyncio.timeout(PATIENCE):
            while not (rows := self.rows(sql, *values)):  # noqa: ASYNC110 - a database announces no change
                await asyncio.sleep(0.02)
        return rows

    # what is encrypted, opened as the bot would

    async def session(self, chat: int) -> Session:
        """Return what is known of a chat."""
        database = open_database(self.settings)
        try:
            async with database.begin() as unit:
                return (await unit.sessions([ChatId(chat)]))[ChatId(chat)]
        finally:
            await database.close()

    async def cases(self, chat: int | None = None) -> list[Case]:
        """Return the cases, of one chat if named, oldest first."""
        ids = [row["id"] for row in self.rows("SELECT id FROM cases ORDER BY id")]
        database = open_database(self.settings)
        try:
            async with database.begin() as unit:
                found = await unit.cases([CaseId(each) for each in ids])
        finally:
            await database.close()
        return [case for _, case in sorted(found.items()) if chat in {None, case.chat}]

    async def transcript(self, case: CaseId) -> list[TranscriptEntry]:
        """Return what was said in a case, oldest first."""
        database = open_database(self.settings)
        try:
            return await database.queries.transcript(case, limit=1000)
        finally:
            await database.close()

    async def document(self, document: DocumentId) -> bytes:
        """Return the bytes of a stored document."""
        database = open_database(self.settings)
        try:
            return await database.documents.read(document)
        finally:
            await database.close()

    async def dead_letters(self) -> list[DeadLetter]:
        """Return what was set aside."""
        database = open_database(self.settings)
        try:
            return await database.directory.dead_letters(100)
        finally:
            await database.close()

    def audit(self, action: str) -> list[dict[str, Any]]:
        """Return the audit's entries of one action, oldest first, codes decoded."""
        rows = self.rows("SELECT * FROM audit WHERE action = ? ORDER BY id", action)
        return [{**row, "codes": json.loads(row["codes"])} for row in rows]


def read_rows(file: Path, sql: str, *values: object) -> list[dict[str, Any]]:
    """Read rows of a SQLite file that others may be writing."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=PATIENCE)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql, values)]


@asynccontextmanager
async def open_town(template: Template, folder: Path) -> AsyncIterator[Town]:
    """Serve the sandbox, with a copy of the database in `folder`; no bot yet."""
    stand_in = StandIn()
    people(stand_in, Texts.load())
    shutil.copy(template.file, folder / template.file.name)
    async with serve(stand_in) as url, AsyncExitStack() as stack:
        yield Town(stand_in, url, _settings(template, folder, stand_in, url), stack)


@asynccontextmanager
async def running(
    settings: Settings, *, clock: Clock = now, checkpoint: Checkpoint = lambda _window: None
) -> AsyncIterator[BotProcess]:
    """Let a bot receive, send and fetch; at the end it finishes what is in hand."""
    async with open_process(settings, clock=clock, checkpoint=checkpoint) as process, at_work(process):
        yield process


@asynccontextmanager
async def at_work(process: BotProcess) -> AsyncIterator[None]:
    """Let an open bot receive, send and fetch."""
    stop = asyncio.Event()
    work = asyncio.create_task(process.run_until(stop))
    try:
        yield
    finally:
        stop.set()
        await work


def agent(user: int, name: str) -> Agent:
    """Return an agent."""
    return Agent(AgentId(user), name)
