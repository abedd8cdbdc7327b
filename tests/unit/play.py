"""The flows played without a database: real batches over the store in memory, and people who do anything.

With `reload` every session and every case is written down and read again between two events.
"""

from collections.abc import Coroutine, Sequence
from datetime import timedelta
from typing import Any, Final, TypeVar

import msgspec
from msgspec.structs import replace

from flows.cases.case import Case
from flows.desk.buttons import button
from flows.effects import (
    AgentNotice,
    AuditEntry,
    ButtonsRemoval,
    Confirmation,
    FileFetch,
    Message,
    TranscriptLine,
    UseReservation,
)
from flows.engine.batch import Batch
from flows.engine.engine import Engine
from flows.engine.locks import LockFirst, Locks
from flows.events import (
    ButtonTapped,
    CommandReceived,
    ContactShared,
    FileFailed,
    FileInspected,
    FileReceived,
    Happening,
    MessageEdited,
    OtherReceived,
    SilenceNoticed,
    TextReceived,
)
from flows.ids import AgentId, CaseId, ChatId, DocumentId, MessageId
from flows.ports.rendering import Payload, Renderer, Sendable
from flows.ports.unit_of_work import Changes
from flows.session import Agent, Session
from flows.terms.policy import Person, Policy
from tests.fakes import Counter, FakeStore, FakeUnitOfWork, whole
from tests.right import answers, right_act
from tests.world import MONDAY, PERSON, POLICY, REFERENCE

S = TypeVar("S", Session, Case)
T = TypeVar("T")

NOTHING: Final = Payload("nothing", b"")
PATIENT = ChatId(100)
AGENTS = (Agent(AgentId(7), "林敏"), Agent(AgentId(8), "周洁"))

RIGHT = answers(PERSON.name, PERSON.number, POLICY.number)

AGENT_ONE = ChatId(AGENTS[0].id)
CHILD = Person("张小兰", "resident_id", "11010120150312993X")
PRIVATE = "北京和睦家医院"  # a private hospital of the directory

ADMITTED = ("stay", "wanted", "notice", "branch", "infectious", "transfer")
NOTICED = ("issuer", "notice_date", "notice_file")

WRONG = {"name": "李四", "id_number": "110101198503129919", "policy_number": "P2026000099"}


class Kept(Renderer):
    """A renderer that keeps what it is given: what a batch shows is looked at, not sent."""

    def __init__(self) -> None:
        self.effects: list[Sendable] = []

    def render(self, effect: Sendable) -> Payload:
        self.effects.append(effect)
        return NOTHING

    def chat_of(self, agent: AgentId) -> ChatId:
        return ChatId(agent)


class Reloading(FakeUnitOfWork):
    """A unit of work whose sessions and cases were written down and are read again."""

    async def sessions(self, chats: Sequence[ChatId]) -> dict[ChatId, Session]:
        found = await super().sessions(chats)
        return {chat: replace(_reread(replace(each, agent=None)), agent=each.agent) for chat, each in found.items()}

    async def cases(self, cases: Sequence[CaseId]) -> dict[CaseId, Case]:
        return {case: _reread(each) for case, each in (await super().cases(cases)).items()}

    async def queue(self, limit: int) -> tuple[list[Case], int]:
        first, count = await super().queue(limit)
        return [_reread(case) for case in first], count

    async def owned(self, owners: Sequence[AgentId]) -> list[Case]:
        return [_reread(case) for case in await super().owned(owners)]


def _reread(kept: S) -> S:
    return msgspec.json.decode(msgspec.json.encode(kept), type=type(kept))


def finished(work: Coroutine[Any, Any, T]) -> T:
    """Run what waits for nothing, without a loop."""
    try:
        work.send(None)
    except StopIteration as stopped:
        result: T = stopped.value
        return result
    raise AssertionError("it waits")


class Stage:
    """The world of a play: one policyholder, two agents, one policy. `illegal` counts events that the tables refused.

    Each event is a batch of its own, over the store in memory; with `reload`, all of it is read anew in each.
    """

    def __init__(self, policy: Policy = POLICY, *, reload: bool = False) -> None:
        self.engine = Engine(REFERENCE)
        self.ids = Counter(4096)
        self.now = MONDAY
        self.store = FakeStore()
        self.policy = policy
        for agent in AGENTS:
            self.store.add_agent(agent)
        for chat in (PATIENT, ChatId(300), *(ChatId(agent.id) for agent in AGENTS)):
            self.sessions[chat] = Session(chat=chat)
        self.shown: dict[ChatId, list[str]] = {}  # the data of the newest buttons of each chat
        self.used: dict[ChatId, list[str]] = {}  # every button there ever was
        self.messages: list[Message] = []
        self.removed: list[ButtonsRemoval] = []
        self.files: list[FileFetch] = []
        self.lines: list[TranscriptLine] = []
        self.uses: list[UseReservation] = []
        self.illegal = 0
        self.right = dict(RIGHT)
        self.taps = 0
        self._unit = Reloading if reload else FakeUnitOfWork
        self._count = 0
        self._wordings = 0

    @property
    def sessions(self) -> dict[ChatId, Session]:
        """Every session, as it is stored: without its agent."""
        return self.store.state.sessions

    @property
    def session(self) -> Session:
        """The policyholder's."""
        return self.sessions[PATIENT]

    @property
    def cases(self) -> dict[CaseId, Case]:
        """Every case."""
        return self.store.state.cases

    @property
    def confirmations(self) -> dict[CaseId, Confirmation]:
        """The code of each case."""
        return self.store.state.confirmations

    @property
    def policy(self) -> Policy | None:
        """The one policy, with its uses and failures; None while there is none on file."""
        state = self.store.state
        return next((whole(state, policy) for policy in state.policies.values()), None)

    @policy.setter
    def policy(self, policy: Policy | None) -> None:
        state = self.store.state
        state.policies, state.uses, state.failures = {}, {}, {}
        if policy is not None:
            self.store.add_policy(policy)
            state.failures = {-n: (policy.id, at) for n, at in enumerate(policy.identity_failures, 1)}

    def _message(self) -> MessageId:
        self._count += 1
        self.now += timedelta(seconds=1)
        return MessageId(self._count)

    def feed(self, event: Happening) -> None:
        """Let one event happen, with all that follows from it, and look at what came of it."""
        locks = Locks()
        while True:
            try:
                changes, sent = finished(self._batch(event, locks))
            except LockFirst as ask:
                locks = ask.locks
            else:
                break
        self.files += [fetch for _, fetch in changes.of(FileFetch)]
        self.lines += [line for _, line in changes.of(TranscriptLine)]
        self.uses += [use for _, use in changes.of(UseReservation)]
        self.illegal += sum(entry.action == "illegal_event" for _, entry in changes.of(AuditEntry))
        for effect in sent:
            self._look_at(effect)

    async def _batch(self, event: Happening, locks: Locks) -> tuple[Changes, list[Sendable]]:
        renderer = Kept()
        async with self._unit(self.store) as unit:
            batch = Batch(unit, self.engine, renderer, ids=self.ids, now=self.now)
            await batch.run([event], locks)
            changes = batch.changes()
            await unit.save(changes, self.now)
            await unit.commit()
        return changes, renderer.effects

    def _look_at(self, effect: Sendable) -> None:
        match effect:
            case Message():
                self._show(effect)
            case AgentNotice():
                rows = tuple((button(name, effect.case),) for name in effect.actions)
                self._show(Message(id=effect.id, chat=ChatId(effect.agent), text=effect.text, rows=rows))
            case ButtonsRemoval():
                self.removed.append(effect)

    def _show(self, message: Message) -> None:
        self.messages.append(message)
        data = [button.data for row in message.rows for button in row]
        assert all(len(each.encode()) <= 64 for each in data)
        if data:
            self.shown[message.chat] = data
            self.used.setdefault(message.chat, []).extend(data)


class Play(Stage):
    """What people do in it."""

    def say(self, text: str, chat: ChatId = PATIENT) -> None:
        """Type."""
        message = self._message()
        if text.startswith("/") and not text.startswith("//"):
            name, _, argument = text[1:].partition(" ")
            self.feed(CommandReceived(chat=chat, message=message, at=self.now, name=name, argument=argument))
        else:
            self.feed(TextReceived(chat=chat, message=message, at=self.now, text=text))

    def tap(self, data: str, chat: ChatId = PATIENT) -> None:
        """Tap the button that carries `data`."""
        self.taps += 1
        self.feed(ButtonTapped(chat=chat, query=f"q{self._message()}", message=MessageId(1), data=data))

    def tap_nth(self, number: int, chat: ChatId = PATIENT) -> None:
        """Tap one of the newest buttons, if there are any."""
        if shown := self.shown.get(chat):
            self.tap(shown[number % len(shown)], chat)

    def tap_old(self, number: int, chat: ChatId = PATIENT) -> None:
        """Tap any button that there ever was."""
        if used := self.used.get(chat):
            self.tap(used[number % len(used)], chat)

    def press(self, token: str, chat: ChatId = PATIENT) -> None:
        """Tap the newest button whose token ends so, wherever it stands. Raises AssertionError where there is none."""
        newest_first = [*self.shown.get(chat, []), *reversed(self.used.get(chat, []))]
        found = next((data for data in newest_first if data.endswith(token)), None)
        assert found is not None, (token, self.shown.get(chat))
        self.tap(found, chat)

    def photo(self, unique: int, *, caption: str = "") -> None:
        """Send a photo; the same number is the same file."""
        message, file, same = self._message(), f"f{unique}", f"u{unique}"
        self.feed(
            FileReceived(
                chat=PATIENT, message=message, at=self.now, file_id=file, unique_id=same, kind="photo", caption=caption
            )
        )

    def album(self, *uniques: int) -> None:
        """Send photos together."""
        for unique in uniques:
            self.file("photo", f"a{unique}", album="album")

    def file(self, kind: str, unique: str, *, size: int = 0, album: str = "") -> None:
        """Send a file of any kind."""
        message = self._message()
        self.feed(
            FileReceived(
                chat=PATIENT,
                message=message,
                at=self.now,
                file_id=f"f{unique}",
                unique_id=unique,
                kind=kind,
                size=size,
                album=album,
            )
        )

    def share_phone(self, phone: str, *, own: bool = True) -> None:
        """Share a contact card."""
        self.feed(ContactShared(chat=PATIENT, message=self._message(), at=self.now, phone=phone, own=own))

    def edit(self, message: int, text: str, chat: ChatId = PATIENT) -> None:
        """Edit a message sent before; `last_message` is the newest."""
        self.now += timedelta(seconds=1)
        self.feed(MessageEdited(chat=chat, message=MessageId(message), at=self.now, text=text))

    @property
    def last_message(self) -> int:
        """The id of what was sent last."""
        return self._count

    def inspect(self, number: int, fault: str = "", *, same_as: int | None = None) -> None:
        """Let a file have been looked into; numbers count the files sent."""
        document = self.files[number % len(self.files)].document if self.files else DocumentId(0)
        same = None if same_as is None else self.files[same_as].document
        self.feed(FileInspected(chat=PATIENT, document=document, fault=fault, same_as=same))

    def be_silent(self, **delta: float) -> None:
        """Let time go by; the process notices silence when the session wants it to."""
        until = self.now + timedelta(**delta)
        while (wake_at := self.session.wake_at) is not None and wake_at <= until:
            self.now = max(self.now, wake_at)
            self.feed(SilenceNoticed(chat=PATIENT))
        self.now = until

    def sticker(self) -> None:
        """Send what nothing here reads."""
        self.feed(OtherReceived(chat=PATIENT, message=self._message(), at=self.now, kind="sticker"))

    def lose_file(self, number: int) -> None:
        """Let a file be lost on its way."""
        if self.files:
            self.feed(FileFailed(chat=PATIENT, document=self.files[number % len(self.files)].document))

    def change_consents(self) -> None:
        """A release comes with other words in the consents; what was agreed to before is no longer enough."""
        self._wordings += 1
        digests = {key: f"{digest}{self._wordings}" for key, digest in REFERENCE.consent_digests.items()}
        self.engine = Engine(replace(REFERENCE, consent_digests=digests))

    def answer_right(self) -> None:
        """Give the right answer to the question that is open."""
        offered = [data.rpartition(":")[2] for data in self.shown.get(PATIENT, [])]
        act = right_act(self.session.state, offered, self.right)
        if act is None:
            return
        if act.text:
            self.say(act.text)
        elif act.token:
            self.press(act.token)
        else:
            self.photo(self._message())

    def close(self, chat: ChatId, outcome: str = "客户取消") -> None:
        """Close the case that an agent works on: outcome and reason, then the second act."""
        self.say(f"办结\n结果：{outcome}\n原因：客户说不需要了", chat)
        self.press_confirmation(chat)

    def press_confirmation(self, chat: ChatId) -> None:
        """Tap 确认办结."""
        (data,) = (data for data in self.shown[chat] if data.startswith("desk:confirm:"))
        self.tap(data, chat)

    def cancel(self) -> None:
        """Cancel, and mean it."""
        self.say("取消")
        if self.session.missed == "cancel_asked":
            self.press("!cancel")

    def answer_wrong(self) -> None:
        """Give an answer that can be right, but is somebody else's."""
        if self.session.state in WRONG:
            self.say(WRONG[self.session.state])


def steered(state: str) -> Play:
    """A play in which right answers lead by way of `state`."""
    play = Play()
    if state in {"relation", "authority"}:
        play.right["applicant"] = "家人"
    elif state == "guardian":
        play.policy = replace(POLICY, insured=CHILD)
        play.right |= {"name": CHILD.name, "id_number": CHILD.number}
    elif state == "better_record":
        play.right["record_hospital"] = PRIVATE
    elif state in {*ADMITTED, *NOTICED}:
        play.right |= {"service": "住院", "notice": "有" if state in NOTICED else "没有"}
    elif state == "unmatched":
        play.right["name"] = "李四"
    return play


def at(state: str, play: Play | None = None) -> Play:
    """A play that has come to `state` by right answers."""
    play = play or steered(state)
    for _ in range(60):
        if play.session.state == state:
            return play
        play.answer_right()
    raise AssertionError(play.session.state)
