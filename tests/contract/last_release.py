"""The database of commit 0910dde (tests/release_0910dde), unpacked, and people who go on where they were in it."""

import base64
import lzma
import tarfile
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, MetaData, Table, insert, make_url, select

from bot.telegram.render import TelegramRenderer
from flows.cases.case import Case
from flows.effects import AgentNotice, CopyRemoval, DocumentCopy
from flows.engine.engine import Engine
from flows.engine.service import BatchService
from flows.events import Arrival, ButtonTapped, CommandReceived, Event, FileReceived, TextReceived
from flows.ids import CaseId, ChatId, MessageId
from flows.ports.rendering import Payload, Sendable
from flows.reading.hospital_names import HospitalIndex, load_short_names
from flows.reading.illnesses import IllnessList
from flows.reference import Reference
from flows.session import Session
from storage.connection.encryption import Encryption
from storage.connection.engines import open_engines
from storage.connection.ids import Snowflakes
from storage.database import Database
from storage.imports import illnesses_in
from storage.migrations import migrate
from tests.right import answers, right_act
from tests.world import REFERENCE, TEXTS

FOLDER: Final = Path(__file__).parent.parent / "release_0910dde"
FILE: Final = "database.sqlite3"
REVISION: Final = "0002"
A_DAY_LATER: Final = timedelta(hours=26)  # a locked chat is open again, a guarded policy no longer is
STEP: Final = timedelta(seconds=3, microseconds=123_457)  # never the same microsecond: case numbers are made of it
MOST_ANSWERS: Final = 60
COUNTED: Final = 10_000  # more messages than a chat had before, so that what comes now was not processed before

Found = dict[str, Any]
FOUND: Final[Found] = msgspec.json.decode((FOLDER / "inventory.json").read_bytes())
"""What the database holds, as its makers wrote it down."""


def _keys(kind: str) -> dict[str, bytes]:
    return {name: base64.b64decode(key) for name, key in FOUND[f"{kind}_keys"].items()}


CODEC: Final = Encryption(sealing=_keys("sealing"), hashing=_keys("hashing"))
NOW: Final = datetime.fromisoformat(FOUND["now"]) + A_DAY_LATER


def unpack(folder: Path) -> None:
    """Write the database and its documents into a folder, as that release left them."""
    (folder / FILE).write_bytes(lzma.decompress((FOLDER / "database.sqlite3.xz").read_bytes()))
    with tarfile.open(fileobj=BytesIO(lzma.decompress((FOLDER / "documents.tar.xz").read_bytes()))) as archive:
        archive.extractall(folder, filter="data")


def opened(url: str, folder: Path) -> Database:
    """Return the database at `url`, migrated, with the documents in `folder`."""
    return Database.open(url, codec=CODEC, documents=folder / "documents")


async def copy_rows(source: str, target: str) -> None:
    """Copy every row into a database with the same tables, all of them empty."""
    rows = await rows_of(source)
    await migrate.run(target, lambda connection: _insert(connection, rows))


async def rows_of(url: str) -> dict[str, list[Found]]:
    """Return every row of every table as it is stored, by the table's name."""
    engines = open_engines(make_url(url))
    try:
        async with engines.writer.connect() as connection:
            return await connection.run_sync(_rows)
    finally:
        await engines.writer.dispose()


def _tables(connection: Connection) -> list[Table]:
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


def _rows(connection: Connection) -> dict[str, list[Found]]:
    return {
        table.name: [dict(row) for row in connection.execute(select(table)).mappings()] for table in _tables(connection)
    }


def _insert(connection: Connection, rows: Mapping[str, list[Found]]) -> None:
    for table in _tables(connection):
        if rows[table.name]:
            connection.execute(insert(table), rows[table.name])


async def bodies(url: str) -> dict[tuple[str, int], Found]:
    """Return every body of sessions and cases, decrypted, by table and key."""
    rows = await rows_of(url)
    sealed = [("sessions", row["chat_id"], row["body"]) for row in rows["sessions"] if row["body"] is not None]
    sealed += [("cases", row["id"], row["body"]) for row in rows["cases"]]
    return {(t, key): msgspec.json.decode(CODEC.open(body, column=f"{t}|body", row=key)) for t, key, body in sealed}


async def reference_of(database: Database) -> Reference:
    """Return the reference data, with the products and hospitals that the database holds."""
    products = await database.directory.products()
    return msgspec.structs.replace(
        REFERENCE,
        illnesses={f"{p.id}/{p.version}": IllnessList(f"{p.id}/{p.version}", illnesses_in(p)) for p in products},
        hospitals=HospitalIndex(await database.directory.hospitals(), load_short_names()),
    )


class Recorder(TelegramRenderer):
    """The renderer of Telegram, which also remembers what each chat was told, and the data of every button."""

    def __init__(self) -> None:
        super().__init__(TEXTS)
        self.told: dict[ChatId, list[str]] = defaultdict(list)
        self.buttons: dict[ChatId, list[list[str]]] = defaultdict(list)

    def render(self, effect: Sendable) -> Payload:
        payload = super().render(effect)
        if isinstance(effect, AgentNotice | DocumentCopy | CopyRemoval):
            chat = self.chat_of(effect.agent)
        else:
            chat = effect.chat
        body = msgspec.json.decode(payload.body)
        self.told[chat].append(body.get("text", ""))
        if rows := body.get("reply_markup", {}).get("inline_keyboard"):
            self.buttons[chat].append([button["callback_data"] for row in rows for button in row])
        return payload


class Replay:
    """The service over the migrated database, and a clock that is told."""

    def __init__(self, database: Database, reference: Reference, now: datetime) -> None:
        self.database = database
        self.now = now
        self.renderer = Recorder()
        ids = Snowflakes(node=8, clock=lambda: self.now)
        self.service = BatchService(database, Engine(reference), self.renderer, ids=ids, clock=lambda: self.now)
        self._numbers: dict[ChatId, int] = defaultdict(lambda: COUNTED)

    def number(self, chat: ChatId) -> MessageId:
        """Return the next message id of a chat."""
        self._numbers[chat] += 1
        return MessageId(self._numbers[chat])

    async def handle(self, event: Event) -> None:
        """Let one event arrive, and the time of a step pass."""
        handled = await self.service.handle([Arrival((), event)])
        assert not handled.set_aside, (event, handled)
        self.now += STEP

    async def session(self, chat: int) -> Session:
        """Return what is stored of a chat."""
        return (await self.sessions([chat]))[ChatId(chat)]

    async def sessions(self, chats: list[int]) -> dict[ChatId, Session]:
        """Return what is stored of chats."""
        async with self.database.begin() as unit:
            return await unit.sessions([ChatId(chat) for chat in chats])

    async def case(self, case: int) -> Case:
        """Return a case as it is stored."""
        return (await self.cases([case]))[CaseId(case)]

    async def cases(self, cases: list[int]) -> dict[CaseId, Case]:
        """Return cases as they are stored."""
        async with self.database.begin() as unit:
            return await unit.cases([CaseId(case) for case in cases])

    def seat(self, found: Found) -> "Chat":
        """Return a chat of the inventory, in front of the buttons that it was shown last."""
        person: Mapping[str, str] = found["person"] or defaultdict(str)
        right = answers(person["name"], person["id_number"], person["policy_number"], phone=person["phone"])
        chat = Chat(self, found["chat"], right | found["differs"])
        if found["buttons"]:
            self.renderer.buttons[chat.id].append(found["buttons"])
        return chat


class Chat:
    """Somebody who types, taps and sends photos; `right` holds what they answer, by question."""

    def __init__(self, replay: Replay, chat: int, right: Mapping[str, str] | None = None) -> None:
        self.replay = replay
        self.id = ChatId(chat)
        self.right = dict(right or {})

    @property
    def told(self) -> list[str]:
        """Return what this chat was told since the migration."""
        return self.replay.renderer.told[self.id]

    async def state(self) -> str:
        """Return the state of the stored session."""
        return (await self.replay.session(self.id)).state

    async def say(self, text: str) -> None:
        """Type; a text that begins with a slash is a command."""
        message, at = self.replay.number(self.id), self.replay.now.replace(microsecond=0)
        if text.startswith("/"):
            await self.replay.handle(CommandReceived(chat=self.id, message=message, at=at, name=text[1:]))
        else:
            await self.replay.handle(TextReceived(chat=self.id, message=message, at=at, text=text))

    async def photo(self) -> None:
        """Send a photo that nobody sent before."""
        message, at = self.replay.number(self.id), self.replay.now.replace(microsecond=0)
        name = f"{self.id}-{message}"
        event = FileReceived(chat=self.id, message=message, at=at, file_id=name, unique_id=name, kind="photo")
        await self.replay.handle(event)

    async def press(self, token: str) -> None:
        """Tap the newest button whose data ends with this token."""
        shown = reversed(self.replay.renderer.buttons[self.id])
        await self.tap(next(data for buttons in shown for data in buttons if data.endswith(token)))

    async def tap(self, data: str) -> None:
        """Tap a button with this data."""
        query = f"{self.id}{self.replay.number(self.id):06d}"
        await self.replay.handle(ButtonTapped(chat=self.id, query=query, message=MessageId(1), data=data))

    async def answer(self, state: str) -> None:
        """Answer the open question as `right` says."""
        newest = self.replay.renderer.buttons[self.id][-1:] or [[]]
        offered = [data.rpartition(":")[2] for data in newest[0]]
        act = right_act("record" if self.right.get(state) == "photo" else state, offered, self.right)
        assert act is not None, (self.id, state)
        if act.text:
            await self.say(act.text)
        elif act.token:
            await self.press(act.token)
        else:
            await self.photo()

    async def come_to(self, *states: str) -> str:
        """Answer until the conversation is in one of these states; return which."""
        for _ in range(MOST_ANSWERS):
            state = await self.state()
            if state in states:
                return state
            await self.answer(state)
        raise AssertionError((self.id, states, await self.state()))
