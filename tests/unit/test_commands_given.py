"""Commands that no chat gave: stepped on their case, answered one by one, with the effects of the same in a chat."""

import pytest

from flows.actors import AUDITOR, Actor
from flows.effects import AuditEntry, TranscriptLine
from flows.engine.service import ALREADY_SEEN, DONE, REFUSED, SET_ASIDE, Answered
from flows.errors import Busy
from flows.events import Arrival, CommandGiven, DeliveryDoubted, Happening
from flows.ids import AgentId, CaseId
from flows.ports.unit_of_work import Changes
from tests.fakes import FakeUnitOfWork
from tests.world import MONDAY, Chat, World

LIN = Actor(AgentId(7), "林敏")
ZHOU = Actor(AgentId(8), "周洁")
UNKNOWN = CaseId(4)


class Desk:
    """A world with a policyholder who wants to talk to somebody, an agent with a chat, and commands from elsewhere."""

    def __init__(self) -> None:
        self.world = World()
        self.chat = self.world.chat(100)
        self.agent = self.world.agent(LIN.id, LIN.name)

    async def opened(self) -> "Desk":
        await self.chat.say("转人工")
        return self

    @property
    def case(self) -> CaseId:
        return next(iter(self.world.store.state.cases))

    def given(self, name: str, actor: Actor = LIN, case: CaseId | None = None, **arguments: object) -> CommandGiven:
        return CommandGiven(case=case or self.case, actor=actor, name=name, arguments=arguments)

    async def answers(self, *events: Happening) -> list[tuple[str, str]]:
        handled = await self.world.handle(*events)
        return [(answer.outcome, answer.code) for answer in handled.answers]


async def test_of_fifty_who_claim_at_once_the_first_wins_and_each_other_is_told_by_whom_and_when() -> None:
    desk = await Desk().opened()
    actors = [Actor(AgentId(1000 + n), f"客服{n}") for n in range(50)]
    answers = (await desk.world.handle(*[desk.given("claim", actor) for actor in actors])).answers
    late = Answered(REFUSED, "already_claimed", {"owner": "客服0", "at": MONDAY, "mine": False})
    assert answers == (Answered(DONE), *[late] * 49)
    assert desk.world.store.state.cases[desk.case].owner == 1000


async def test_the_same_arrival_again_was_seen() -> None:
    desk = await Desk().opened()
    arrival = Arrival(("w:1",), desk.given("claim"))
    assert (await desk.world.service.handle([arrival, arrival])).answers == (Answered(DONE), Answered(ALREADY_SEEN))
    assert (await desk.world.service.handle([arrival])).answers == (Answered(ALREADY_SEEN),)


@pytest.mark.parametrize(
    ("name", "actor", "known", "code"),
    [
        ("claim", Actor(AgentId(7), "林敏", AUDITOR), True, "not_for_role"),
        ("release", LIN, True, "wrong_stage"),
        ("dance", LIN, True, "unknown_command"),
        ("claim", LIN, False, "no_such_case"),
    ],
)
async def test_a_refused_command_changes_nothing_and_says_why(
    name: str, actor: Actor, *, known: bool, code: str
) -> None:
    desk = await Desk().opened()
    before = desk.world.store.state
    assert await desk.answers(desk.given(name, actor, None if known else UNKNOWN)) == [(REFUSED, code)]
    after = desk.world.store.state
    assert (after.cases, after.outbox, after.audit) == (before.cases, before.outbox, before.audit)


async def test_what_the_policyholder_says_in_the_batch_of_the_claim_reaches_the_owner() -> None:
    desk = await Desk().opened()
    assert await desk.answers(desk.chat.said("您好"), desk.given("claim")) == [(DONE, ""), (DONE, "")]
    assert "您好" in desk.agent.read()
    assert "林敏" in desk.chat.read()


async def test_a_claim_in_a_chat_and_one_from_elsewhere_have_one_winner() -> None:
    desk = await Desk().opened()
    await desk.agent.say("/next")
    assert await desk.answers(desk.agent.tapped("领取"), desk.given("claim", ZHOU)) == [(DONE, ""), (DONE, "")]
    assert desk.world.store.state.cases[desk.case].owner == ZHOU.id
    assert "已由周洁于" in desk.agent.read()


async def test_giving_back_wakes_the_policyholders_chat_in_the_same_batch() -> None:
    desk = await Desk().opened()
    await desk.answers(desk.given("claim"))
    assert await desk.answers(desk.given("return_to_bot")) == [(DONE, "")]
    assert "开始申请" in desk.chat.read()


def left(desk: Desk) -> tuple[object, ...]:
    """What commands left: the case, the audit, what was said, what the policyholder was told."""
    state = desk.world.store.state
    audit = [(entry.action, entry.actor, entry.case) for entry in state.audit.values()]
    return list(state.cases.values()), audit, list(state.transcript.values()), told(desk.chat)


def told(chat: Chat) -> list[str]:
    return [str(payload.get("text", "")) for payload in chat.world.sent(chat.id)]


async def in_the_chat(agent: Chat) -> None:
    await agent.say("/next")
    await agent.tap("领取")
    for words in ("您好，请讲", "交还"):
        await agent.say(words)


async def test_commands_lead_to_the_same_wherever_they_are_given() -> None:
    one, other = await Desk().opened(), await Desk().opened()
    await in_the_chat(one.agent)
    for given in (
        other.given("claim"), other.given("say", text="您好，请讲"), other.given("return_to_bot")
    ):  # fmt: skip
        assert await other.answers(given) == [(DONE, "")]
    assert left(one) == left(other)
    assert len(one.world.store.state.transcript) == 1


# ---- the answers, whatever the batch goes through ----


async def test_an_event_that_the_table_refuses_is_answered_so() -> None:
    desk = await Desk().opened()
    doubted = DeliveryDoubted(chat=desk.chat.id, number="261123-000001")
    (answer,) = (await desk.world.handle(doubted)).answers
    assert (answer.outcome, answer.code) == (REFUSED, "illegal_event")
    assert answer.params == {"trigger": "DeliveryDoubted", "state": desk.chat.state}
    assert "illegal_event" in [entry.action for entry in desk.world.store.state.audit.values()]


async def test_answers_stay_right_when_the_store_was_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = await Desk().opened()
    save, failures = FakeUnitOfWork.save, iter([Busy(), Busy()])

    async def sometimes(self: FakeUnitOfWork, changes: Changes, now: object) -> None:
        for failure in failures:
            raise failure
        await save(self, changes, now)  # type: ignore[arg-type] # handed through as it came

    monkeypatch.setattr(FakeUnitOfWork, "save", sometimes)
    assert await desk.answers(desk.given("claim"), desk.given("claim", ZHOU)) == [
        (DONE, ""), (REFUSED, "already_claimed"),
    ]  # fmt: skip


async def test_answers_stay_in_order_when_one_event_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = await Desk().opened()
    save = FakeUnitOfWork.save

    async def sealing(self: FakeUnitOfWork, changes: Changes, now: object) -> None:
        for _, line in changes.of(TranscriptLine):
            line.text.encode()
        await save(self, changes, now)  # type: ignore[arg-type] # handed through as it came

    monkeypatch.setattr(FakeUnitOfWork, "save", sealing)
    answers = await desk.answers(
        desk.given("claim"),
        desk.chat.said("在吗"),
        desk.given("say", text="半个\ud83d"),
        DeliveryDoubted(chat=desk.world.chat(101).id, number="1"),
        desk.given("claim", ZHOU),
        desk.given("say", text="您好"),
        desk.chat.said("半个\ud83d"),
    )
    assert answers == [
        (DONE, ""), (DONE, ""), (SET_ASIDE, "UnicodeEncodeError"), (REFUSED, "illegal_event"),
        (REFUSED, "already_claimed"), (DONE, ""), (SET_ASIDE, "UnicodeEncodeError"),
    ]  # fmt: skip
    letters = [(letter.chat, letter.body) for letter in desk.world.store.state.dead.values()]
    assert letters == [(None, b'{"type":"CommandGiven"}'), (desk.chat.id, b'{"type":"TextReceived"}')]


async def test_a_command_is_written_down_whole_in_the_audit() -> None:
    desk = await Desk().opened()
    await desk.answers(desk.given("claim"))
    entry = AuditEntry(action="claimed", chat=desk.chat.id, case=desk.case, actor=LIN.id)
    assert entry in desk.world.store.state.audit.values()
