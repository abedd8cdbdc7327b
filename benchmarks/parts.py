"""The parts by themselves, without HTTP: reading an update, the engine, a batch, a commit.

The batch is of a hundred chats that go through the conversation side by side.
"""

import sqlite3
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from telegram import Bot

import main
from benchmarks.script import Player, Step, player, policy, steps, typed
from bot.cli.help import TEXTS
from bot.demo import demo_settings
from bot.sandbox import Person, StandIn
from bot.telegram.render import TelegramRenderer
from bot.telegram.translate import parse, translate
from flows.effects import CaseChange, CasesAsk, CasesKnown, Effect, Message, PolicyAsk, PolicyKnown
from flows.engine.engine import Engine
from flows.engine.service import BatchService
from flows.events import Arrival, ButtonTapped, CommandReceived, Event, FileReceived, TextReceived
from flows.ids import ChatId, MessageId
from flows.reference import Reference
from flows.session import Session
from storage.migrations import migrate

CHATS = 100
COMMITS = 300
WORKING_HOUR = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 on a Monday in Shanghai


class Parts(Struct, frozen=True):
    """Engine steps a second; milliseconds to read an update, of a batch of 100 (median, slowest), and of a commit."""

    steps_a_second: float
    parse_ms: float
    batch_ms: float
    slowest_batch_ms: float
    commit_ms: float


class Rehearsal:
    """One conversation on the engine alone: what each step was given, to be stepped again, and each button's data."""

    def __init__(self, reference: Reference) -> None:
        self.engine = Engine(reference)
        self.ids = main.new_ids()
        self.stepped: list[tuple[Session, Event]] = []
        self.data: list[str] = []
        self._session = Session(ChatId(player(0).chat))
        self._cases: dict[int, CaseChange] = {}
        self._buttons: dict[str, str] = {}
        for place, step in enumerate(steps()):
            data = self._buttons.get(step.label, "")
            self.data.append(data)
            self._take(event(step, player(0), place, data))

    def _take(self, happened: Event) -> None:
        self.stepped.append((self._session, happened))
        self._session, effects = self.engine.step(self._session, happened, WORKING_HOUR, self.ids)
        for effect in effects:
            self._note(effect)

    def _note(self, effect: Effect) -> None:
        match effect:
            case PolicyAsk(because=because):
                self._take(PolicyKnown(chat=because.chat, policy=policy(0), because=because))
            case CasesAsk(because=because, cases=cases):
                known = tuple(self._cases[case].case for case in cases)
                self._take(CasesKnown(chat=because.chat, cases=known, because=because))
            case CaseChange(case=case):
                self._cases[case.id] = effect
            case Message(rows=rows):
                self._buttons |= {TEXTS(button.label): button.data for row in rows for button in row}

    def steps_a_second(self, seconds: float) -> float:
        """Step it all again and again."""
        count, began = 0, time.perf_counter()
        while (passed := time.perf_counter() - began) < seconds:
            for session, happened in self.stepped:
                self.engine.step(session, happened, WORKING_HOUR, self.ids)
            count += len(self.stepped)
        return count / passed


def event(step: Step, who: Player, place: int, data: str) -> Event:
    """Return what the translation would give for a step."""
    chat, message = ChatId(who.chat), MessageId(2 * place + 1)
    if step.text.startswith("/"):
        return CommandReceived(chat=chat, message=message, at=WORKING_HOUR, name=step.text[1:])
    if step.text:
        return TextReceived(chat=chat, message=message, at=WORKING_HOUR, text=typed(step, who))
    if step.label:
        return ButtonTapped(chat=chat, query=f"{chat}-{place}", message=message, data=data)
    file = f"{chat}-{place}"
    return FileReceived(chat=chat, message=message, at=WORKING_HOUR, file_id=file, unique_id=file, kind="photo")


async def measured(folder: Path) -> Parts:
    """Measure them, in about three seconds."""
    settings = demo_settings(folder, StandIn(), "http://127.0.0.1:1")
    await migrate.upgrade(settings.database_url)
    await main.seed(settings)
    database = main.open_database(settings)
    try:
        await database.directory.import_policies([policy(index) for index in range(CHATS)], main.new_ids())
        rehearsal = Rehearsal(await main.load_reference(settings, database))
        renderer = TelegramRenderer(TEXTS)
        service = BatchService(database, rehearsal.engine, renderer, ids=main.new_ids(), clock=lambda: WORKING_HOUR)
        batches = await in_batches(service, rehearsal.data)
    finally:
        await database.close()
    return Parts(
        steps_a_second=rehearsal.steps_a_second(1.0),
        parse_ms=1e3 * reading(2000),
        batch_ms=1e3 * statistics.median(batches),
        slowest_batch_ms=1e3 * max(batches),
        commit_ms=1e3 * statistics.median(commits(folder / "commits.sqlite3")),
    )


async def in_batches(service: BatchService, data: list[str]) -> list[float]:
    """Let a hundred chats go through the conversation in step; return the seconds of each batch."""
    taken = []
    for place, step in enumerate(steps()):
        arrivals = [
            Arrival((f"u:{place}-{index}", f"m:{index}:{place}"), event(step, player(index), place, data[place]))
            for index in range(CHATS)
        ]
        began = time.perf_counter()
        handled = await service.handle(arrivals)
        taken.append(time.perf_counter() - began)
        if handled.set_aside or handled.rows < CHATS:
            raise AssertionError(handled)
    return taken


def reading(times: int) -> float:
    """Read a typical update so often; return the seconds for one."""
    who, stand_in = player(0), StandIn()
    stand_in.add_person(Person(id=who.chat, first_name=who.name))
    stand_in.say(who.chat, who.number)
    (waiting,) = stand_in.state.queue.take(0)
    raw, bot = msgspec.json.decode(bytes(waiting)), Bot(stand_in.token)
    began = time.perf_counter()
    for _ in range(times):
        translate(parse(raw, bot), "sandbox_bot")
    return (time.perf_counter() - began) / times


def commits(file: Path) -> list[float]:
    """Commit a row of a kilobyte again and again; return the seconds of each."""
    connection = sqlite3.connect(file, isolation_level=None)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE rows (body BLOB)"):
        connection.execute(statement)
    taken = []
    for _ in range(COMMITS):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO rows VALUES (randomblob(1000))")
        began = time.perf_counter()
        connection.execute("COMMIT")
        taken.append(time.perf_counter() - began)
    connection.close()
    return taken
