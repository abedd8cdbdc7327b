"""Two requests on one policy at once: one is submitted with the use, the other hears that none is left [G2]."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.telegram.render import TelegramRenderer
from flows.cases.case import Attachment
from flows.engine.engine import Engine
from flows.engine.service import BatchService
from flows.events import Arrival, ButtonTapped
from flows.ids import ChatId, DocumentId, MessageId, PolicyId
from flows.reasons import REASONS
from flows.session import Session
from flows.terms.policy import RESERVED, Policy
from storage.database import Database
from tests.contract.samples import Backend, file, lease, recorded, save
from tests.fakes import Counter, FakeStore
from tests.unit.play import at
from tests.world import MONDAY, POLICY, REFERENCE, TEXTS

ROUNDS = 10
POLICIES = [replace(POLICY, id=PolicyId(n), number=f"P20260001{n:02}") for n in range(1, ROUNDS + 1)]


class Spaced(Counter):
    """Ids as far apart as milliseconds are in a snowflake: a case's number is made of them."""

    def new(self) -> int:
        return super().new() << 12


@pytest.fixture
async def other(request: pytest.FixtureRequest, store: Backend, tmp_path: Path) -> AsyncIterator[Backend]:
    """A second process on the same database; the fake has but one."""
    if isinstance(store, FakeStore):
        yield store
        return
    on_sqlite = request.node.callspec.params["store"] == "sqlite"
    url = f"sqlite:///{tmp_path / 'intake.db'}" if on_sqlite else request.getfixturevalue("postgresql_url")
    second = Database.open(url, codec=store._codec, documents=tmp_path / "documents")  # noqa: SLF001 - the same keys
    yield second
    await second.close()


def about_to_submit(chat: ChatId, policy: Policy) -> Session:
    """A chat whose last button is 提交申请."""
    session = at("review").session
    return replace(
        session,
        chat=chat,
        answers={**session.answers, "policy_number": policy.number},
        attachments=(Attachment(DocumentId(chat), "u", "record"),),
        policy=policy.id,
        asked=None,
    )


def submission(session: Session) -> Arrival:
    chat, data = session.chat, f"{session.conversation}:review:{session.turn}:!submit"
    tap = ButtonTapped(chat=chat, query=f"q{chat}", message=MessageId(1), data=data)
    return Arrival((f"u:{chat}",), tap)


async def test_one_of_two_simultaneous_requests_has_the_use(store: Backend, other: Backend) -> None:
    await store.directory.import_policies(POLICIES, Counter())
    pairs = {policy.number: (ChatId(2 * policy.id), ChatId(2 * policy.id + 1)) for policy in POLICIES}
    sessions = [about_to_submit(chat, policy) for policy in POLICIES for chat in pairs[policy.number]]
    taps = {session.chat: submission(session) for session in sessions}
    await save(store, recorded(*[file(each.chat) for each in sessions], sessions=sessions))
    ids = Spaced()
    mine, theirs = (
        BatchService(at, Engine(REFERENCE), TelegramRenderer(TEXTS), ids=ids, clock=lambda: MONDAY)
        for at in (store, other)
    )
    for one, two in pairs.values():
        await asyncio.gather(mine.handle([taps[one]]), theirs.handle([taps[two]]))

    async with store.begin() as work:
        states = {chat: session.state for chat, session in (await work.sessions([s.chat for s in sessions])).items()}
        policies = await work.policies(list(pairs))
    for number, pair in pairs.items():
        assert sorted(states[chat] for chat in pair) == ["refused", "submitted"]
        assert [(use.service, use.state) for use in policies[number].uses] == [("OP", RESERVED)]
    refused = {chat for chat, state in states.items() if state == "refused"}
    told = {row.chat for row in await lease(store) if TEXTS(REASONS["use_spent"]()).encode() in row.payload.body}
    assert told == refused
