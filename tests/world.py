"""A whole bot in memory: the service over the fake store, and people who play it. For tests of the flows."""

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from bot.telegram.render import TelegramRenderer
from bot.texts import Texts
from flows.engine.engine import Engine
from flows.engine.service import BatchService, Handled
from flows.events import Arrival, ButtonTapped, CommandReceived, Event, FileReceived, Happening, TextReceived
from flows.ids import AgentId, ChatId, MessageId, PolicyId
from flows.reading.hospital_names import shipped_index
from flows.reading.illnesses import load_illnesses
from flows.reference import Reference
from flows.session import Agent, Session
from flows.terms import catalogue
from flows.terms.calendar import Calendar
from flows.terms.policy import IN_FORCE, Person, Policy, Use
from tests.fakes import Counter, FakeStore
from tests.right import answers, right_act

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
PERSON = Person("张桂兰", "resident_id", "110101195503129931", "13900001234")
POLICY = Policy(
    id=PolicyId(1),
    number="P2026000001",
    product="sample",
    version="1",
    status=IN_FORCE,
    starts=date(2024, 6, 1),
    ends=date(2054, 5, 31),
    holder=PERSON,
    insured=PERSON,
    limits={"OP": 1, "IP": 1},
)
MOST_ANSWERS = 60  # to a request
TEXTS = Texts.load()
REFERENCE = Reference(
    terms=catalogue.load(),
    calendar=Calendar.build(),
    illnesses={"sample/1": load_illnesses()},
    consent_digests=TEXTS.digests(),
    hospitals=shipped_index(),
    button_labels=TEXTS.button_labels(),
)


def used(policy: Policy, service: str = "OP", year: date = date(2026, 6, 1)) -> Policy:
    """Return the policy with a use spent in the policy year of MONDAY."""
    return msgspec.structs.replace(policy, uses=(*policy.uses, Use(service, year)))


class World:
    """The service, a clock that is told, and what was sent to each chat."""

    def __init__(self, *policies: Policy) -> None:
        self.store = FakeStore()
        for policy in policies or (POLICY,):
            self.store.add_policy(policy)
        self.now = MONDAY
        self.ids = Counter(4096)
        self.engine = Engine(REFERENCE)
        self.service = BatchService(
            self.store, self.engine, TelegramRenderer(TEXTS), ids=self.ids, clock=lambda: self.now
        )
        self._updates = itertools.count(1)

    def chat(self, chat: int) -> "Chat":
        """Return a person's chat."""
        return Chat(self, ChatId(chat))

    def agent(self, user: int, name: str) -> "Chat":
        """Return an agent's chat."""
        self.store.add_agent(Agent(AgentId(user), name))
        return Chat(self, ChatId(user))

    async def handle(self, *events: Happening) -> Handled:
        """Let a batch of events arrive, each new."""
        return await self.service.handle([Arrival((f"u:{next(self._updates)}",), event) for event in events])

    def sent(self, chat: ChatId) -> list[dict[str, Any]]:
        """Return every payload for a chat in order, each with its method."""
        return [
            {"method": kept.row.payload.method, **msgspec.json.decode(kept.row.payload.body)}
            for kept in self.store.rows(chat)
        ]

    def session(self, chat: ChatId) -> Session:
        """Return what is stored of a chat."""
        return self.store.state.sessions[chat]

    def pass_time(self, **delta: float) -> None:
        """Let the clock go on."""
        self.now += timedelta(**delta)


class Chat:
    """A person who types and taps, and reads what came last."""

    def __init__(self, world: World, chat: ChatId) -> None:
        self.world = world
        self.id = chat
        self.right = answers(PERSON.name, PERSON.number, POLICY.number)
        self._messages = itertools.count(1)

    def said(self, text: str) -> Event:
        """The event of a message, a /command where it begins so."""
        message, at = MessageId(next(self._messages)), self.world.now
        if text.startswith("/"):
            return CommandReceived(chat=self.id, message=message, at=at, name=text[1:])
        return TextReceived(chat=self.id, message=message, at=at, text=text)

    def tapped(self, label: str) -> Event:
        """The event of a tap on the newest button with this label."""
        return self._tap(self.button(label))

    def pressed(self, token: str) -> Event:
        """The event of a tap on the newest button with this token."""
        return self._tap(self._newest(lambda button: str(button["callback_data"]).endswith(token)))

    def _tap(self, data: str) -> Event:
        return ButtonTapped(chat=self.id, query=f"q{next(self._messages)}", message=MessageId(1), data=data)

    def button(self, label: str) -> str:
        """The data of the newest button with this label."""
        return self._newest(lambda button: button["text"] == label)

    def _newest(self, fits: Callable[[dict[str, Any]], bool]) -> str:
        for payload in reversed(self.world.sent(self.id)):
            for row in payload.get("reply_markup", {}).get("inline_keyboard", []):
                for button in filter(fits, row):
                    return str(button["callback_data"])
        raise AssertionError

    def offered(self) -> list[str]:
        """The tokens of the newest buttons."""
        for payload in reversed(self.world.sent(self.id)):
            if rows := payload.get("reply_markup", {}).get("inline_keyboard"):
                return [str(button["callback_data"]).rpartition(":")[2] for row in rows for button in row]
        return []

    def photographed(self, unique: str = "u1") -> Event:
        """The event of a photo."""
        message = MessageId(next(self._messages))
        return FileReceived(
            chat=self.id, message=message, at=self.world.now, file_id=f"f-{unique}", unique_id=unique, kind="photo"
        )

    async def say(self, text: str) -> str:
        """Type; give what came back."""
        return await self._do(self.said(text))

    async def tap(self, label: str) -> str:
        """Tap; give what came back."""
        return await self._do(self.tapped(label))

    async def photo(self, unique: str = "u1") -> str:
        """Send a photo; give what came back."""
        return await self._do(self.photographed(unique))

    async def _do(self, event: Event) -> str:
        before = len(self.world.sent(self.id))
        await self.world.handle(event)
        return "\n".join(str(payload.get("text", "")) for payload in self.world.sent(self.id)[before:])

    def read(self) -> str:
        """Everything this chat was ever told."""
        return "\n".join(str(payload.get("text", "")) for payload in self.world.sent(self.id))

    @property
    def state(self) -> str:
        """The state of this chat's session."""
        return self.world.session(self.id).state if self.id in self.world.store.state.sessions else "new"

    async def come_to(self, state: str) -> str:
        """Return right answers until the conversation is at a state; give what came last."""
        told = ""
        for _ in range(MOST_ANSWERS):
            if self.state == state:
                return told
            act = right_act(self.state, self.offered(), self.right)
            assert act is not None, self.state
            typed = self.said(act.text) if act.text else None
            told = await self._do(typed or (self.pressed(act.token) if act.token else self.photographed()))
        raise AssertionError(self.state)

    async def consent(self) -> None:
        """/start, and every consent."""
        await self.come_to("service")

    async def identify(self) -> str:
        """Everything up to the illness."""
        return await self.come_to("illness")

    async def submit(self) -> str:
        """A whole request."""
        return await self.come_to("submitted")
