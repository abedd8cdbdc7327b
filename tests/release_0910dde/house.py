"""The service of the last release over its real database, with a told clock, and the chats that play it."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Self

import msgspec
from msgspec.structs import replace
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bot.telegram.render import TelegramRenderer
from bot.texts import Texts
from flows.engine import Engine
from flows.events import (
    Arrival,
    ButtonTapped,
    CommandReceived,
    ContactShared,
    Event,
    FileInspected,
    FileReceived,
    MessageEdited,
    SilenceNoticed,
    TextReceived,
)
from flows.ids import CaseId, ChatId, MessageId
from flows.ports import Delivered, Payload, Sendable
from flows.reading.hospital_names import HospitalIndex, load_short_names
from flows.reading.illnesses import IllnessList
from flows.reference import Reference
from flows.service import Service
from flows.session import Session
from flows.terms import catalogue
from flows.terms.calendar import Calendar, Clocks
from storage.database import Database
from storage.encryption import Encryption
from storage.ids import Snowflakes
from storage.imports import illnesses_in
from tests.release_0910dde.people import Person
from tests.right import answers, right_act

SEALING: Final = {"old-s": bytes(range(32))}
HASHING: Final = {"old-h": bytes(range(32, 64))}
SENDER: Final = "sender-1"
MOST_ANSWERS: Final = 60
STEP: Final = timedelta(seconds=3, microseconds=123_457)  # never the same microsecond: case numbers are made of it


class Numbered(Snowflakes):
    """Ids as in production; codes of confirmation that are known, the newest last in `codes`."""

    codes: list[str]

    def code(self) -> str:
        """Return the next code."""
        self.codes.append(f"{27_182_818 + 1_000_003 * len(self.codes):08d}")
        return self.codes[-1]


class Recorder:
    """The renderer of Telegram; remembers the data of the buttons that each chat was shown last."""

    def __init__(self) -> None:
        self._renderer = TelegramRenderer(Texts.load())
        self.buttons: dict[ChatId, list[str]] = {}
        self.older: dict[ChatId, list[str]] = defaultdict(list)

    def render(self, effect: Sendable) -> Payload:
        """Render, and keep the buttons."""
        payload = self._renderer.render(effect)
        rows = msgspec.json.decode(payload.body).get("reply_markup", {}).get("inline_keyboard")
        if rows:
            self.buttons[effect.chat] = [button["callback_data"] for row in rows for button in row]
            self.older[effect.chat] += self.buttons[effect.chat]
        return payload


class House:
    """The database, the service over it, and what the process around it does: sending, fetching, waking, purging."""

    def __init__(self, database: Database, now: datetime, *, counted: int = 0) -> None:
        self.database = database
        self.now = now
        self.ids = Numbered(node=7, clock=lambda: self.now)
        self.ids.codes = []
        self.renderer = Recorder()
        self.delivers = True
        self._numbers: dict[ChatId, int] = defaultdict(lambda: counted)
        self._updates = 900_000 + counted

    @classmethod
    async def open(cls, folder: Path, now: datetime, *, counted: int = 0) -> Self:
        """Open the migrated database of a folder; its reference data are loaded by `load`.

        `counted`: how many messages each chat may have had already, so that what comes now was not seen before.
        """
        url, codec = f"sqlite:///{folder / 'database.sqlite3'}", Encryption(sealing=SEALING, hashing=HASHING)
        return cls(Database.open(url, codec=codec, documents=folder / "documents"), now, counted=counted)

    async def load(self) -> None:
        """Build the service on the reference data that the database holds."""
        calendar, texts = Calendar.build(), Texts.load()
        products = await self.database.directory.products()
        reference = Reference(
            terms=catalogue.load(),
            calendar=calendar,
            clocks=Clocks(calendar),
            illnesses={f"{p.id}/{p.version}": IllnessList(f"{p.id}/{p.version}", illnesses_in(p)) for p in products},
            consent_digests=texts.digests(),
            hospitals=HospitalIndex(await self.database.directory.hospitals(), load_short_names()),
        )
        engine = Engine(reference)
        self.service = Service(self.database, engine, self.renderer, ids=self.ids, clock=lambda: self.now)

    def number(self, chat: ChatId) -> MessageId:
        """Return the next message id of a chat."""
        self._numbers[chat] += 1
        return MessageId(self._numbers[chat])

    async def handle(self, event: Event, *keys: str) -> None:
        """Let one event arrive, then send what waits."""
        self._updates += 1
        outside = (f"u:{self._updates}", *keys) if keys else ()
        handled = await self.service.handle([Arrival(outside, event)])
        if handled.set_aside:
            raise AssertionError(handled)
        self.now += STEP
        if self.delivers:
            await self.deliver()

    async def deliver(self, outcome: str = "sent") -> None:
        """Send every row that waits, successfully unless told otherwise."""
        while rows := await self.database.outbox.lease(
            holder=SENDER, limit=200, now=self.now, until=self.now + timedelta(minutes=2)
        ):
            results = [
                Delivered(row.id, row.chat, outcome, message=None if row.kind == "tap" else self.number(row.chat))
                for row in rows
            ]
            free = sorted({row.chat for row in rows})
            await self.database.outbox.settle(results, holder=SENDER, free=free, now=self.now)

    async def fetch_files(self) -> int:
        """Fetch and store every file that waits; return how many."""
        jobs = await self.database.documents.lease(limit=500, now=self.now, until=self.now + timedelta(minutes=5))
        for job in jobs:
            await self.database.documents.keep(job.document, picture(job.file_id), self.now)
            await self.handle(FileInspected(chat=job.chat, document=job.document))
        return len(jobs)

    async def pass_to(self, when: datetime) -> None:
        """Let time go by; every silence on the way is noticed when it is due."""
        while chats := await self.database.to_wake(when, 1):
            wake_at = (await self.session(chats[0])).wake_at
            if wake_at is None:
                raise AssertionError(chats)
            self.now = max(self.now, wake_at)
            await self.handle(SilenceNoticed(chat=chats[0]))
        self.now = max(self.now, when)

    async def session(self, chat: ChatId) -> Session:
        """Return what is stored of a chat."""
        async with self.database.begin() as unit:
            return (await unit.sessions([chat]))[chat]

    async def newest_case(self, chat: ChatId) -> CaseId:
        """Return the newest open case of a chat."""
        return (await self.session(chat)).cases[-1]


def picture(name: str) -> bytes:
    """Return a tiny PNG file; every name gives other bytes."""
    into, said = BytesIO(), PngInfo()
    said.add_text("Comment", name)
    Image.new("L", (4, 4), 200).save(into, "png", pnginfo=said)
    return into.getvalue()


class Chat:
    """Somebody who types, taps and sends files; `right` holds what they answer, by question."""

    def __init__(self, house: House, chat: int, who: Person | None = None, **others: str) -> None:
        self.house = house
        self.id = ChatId(chat)
        self.who = who
        mine = (who.name, who.id_number, who.policy_number) if who else ("", "", "")
        self.right = answers(*mine, **{"phone": who.phone if who else "", **others})

    async def state(self) -> str:
        """Return the state of the stored session."""
        return (await self.house.session(self.id)).state

    async def _message(self, build: Callable[..., Event], **fields: Any) -> MessageId:  # noqa: ANN401 - of any event
        number = self.house.number(self.id)
        at = self.house.now.replace(microsecond=0)
        event = build(chat=self.id, message=number, at=at, **fields)
        await self.house.handle(event, f"m:{self.id}:{number}")
        return number

    async def say(self, text: str) -> MessageId:
        """Type; a text that begins with a slash is a command."""
        if text.startswith("/"):
            return await self._message(CommandReceived, name=text[1:])
        return await self._message(TextReceived, text=text)

    async def photo(self, kind: str = "photo", *, caption: str = "") -> MessageId:
        """Send a file that nobody sent before."""
        unique = f"{self.id}-{self.house.number(self.id)}"
        return await self._message(
            FileReceived, file_id=f"f-{unique}", unique_id=f"u-{unique}", kind=kind, caption=caption
        )

    async def share_contact(self) -> MessageId:
        """Share the chat's own contact card."""
        return await self._message(ContactShared, phone=f"86{self.right['phone']}", own=True)

    async def edit(self, message: MessageId, text: str) -> None:
        """Edit an earlier message."""
        at = self.house.now.replace(microsecond=0)
        event = MessageEdited(chat=self.id, message=message, at=at, text=text)
        await self.house.handle(event, f"e:{self.id}:{message}:{int(at.timestamp())}")

    async def press(self, token: str) -> None:
        """Tap the newest button whose data ends with this token."""
        data = next(data for data in reversed(self.house.renderer.older[self.id]) if data.endswith(token))
        await self.tap(data)

    async def tap(self, data: str) -> None:
        """Tap a button with this data."""
        query = f"{self.id}{self.house.number(self.id):06d}"
        event = ButtonTapped(chat=self.id, query=query, message=MessageId(1), data=data)
        await self.house.handle(event, f"t:{query}")

    async def answer(self) -> None:
        """Answer the open question as `right` says."""
        state = await self.state()
        offered = [data.rpartition(":")[2] for data in self.house.renderer.buttons.get(self.id, [])]
        act = right_act("record" if self.right.get(state) == "photo" else state, offered, self.right)
        if act is None:
            raise AssertionError((self.id, state))
        if act.text:
            await self.say(act.text)
        elif act.token:
            await self.press(act.token)
        else:
            await self.photo()

    async def come_to(self, state: str) -> Self:
        """Answer until the conversation is in this state."""
        for _ in range(MOST_ANSWERS):
            if await self.state() == state:
                return self
            await self.answer()
        raise AssertionError((self.id, state, await self.state()))


class Worker(Chat):
    """An agent."""

    async def do(self, action: str, case: CaseId) -> None:
        """Tap an action of a case's card."""
        await self.tap(f"desk:{action}:{case}")

    async def serve(self, customer: Chat, *actions: str) -> CaseId:
        """Claim the customer's newest case; exchange a word; then do `actions`."""
        case = await self.house.newest_case(customer.id)
        await self.do("claim", case)
        await self.say("您好，我来跟进您的申请。")
        await customer.say("好的，麻烦您了。")
        for action in actions:
            await self.do(action, case)
        return case


def unsaid(session: Session) -> dict[str, Any]:
    """Return the stored fields of a session, as JSON has them."""
    return dict(msgspec.to_builtins(replace(session, agent=None)))
