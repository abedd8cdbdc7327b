"""In order within a chat, side by side between chats, never an agent's words twice, and the truth about every row."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec
import pytest
import structlog

from bot.telegram.lane import OUTCOMES
from bot.telegram.pacing import Backoff, Limits
from bot.telegram.request import PATIENCE
from bot.telegram.sender import LEASE, Sender
from flows.errors import (
    Blocked,
    Busy,
    DeliveryError,
    Refused,
    Throttled,
    Unauthorized,
    Unavailable,
    Uncertain,
)
from flows.ids import AgentId, ChatId, RowId
from flows.ports.outbox import Delivered, OutboxRow
from flows.ports.rendering import Payload

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANNA, BERT, GROUP, AGENT = ChatId(1), ChatId(2), ChatId(-5), ChatId(9)
LIN = AgentId(AGENT)
OPEN = Limits(total=None, chat=None, group=None)


class Clock:
    """Time that only sleeping moves."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


class FakeOutbox:
    """The port, over a dictionary."""

    def __init__(self, *rows: OutboxRow) -> None:
        self.waiting = {row.id: row for row in rows}
        self.sending: set[RowId] = set()
        self.held: dict[ChatId, tuple[str, datetime]] = {}
        self.halted: dict[ChatId, datetime] = {}
        self.blocked: set[ChatId] = set()
        self.settled: dict[RowId, Delivered] = {}
        self.groups: list[int] = []
        self.failures: list[Exception] = []

    async def lease(self, *, holder: str, limit: int, now: datetime, until: datetime) -> list[OutboxRow]:
        await asyncio.sleep(0)
        rows = [row for row in sorted(self.waiting.values(), key=lambda row: row.id) if self._free(row.chat, now)]
        return [self._mark(row, holder, until) for row in rows[:limit]]

    def _free(self, chat: ChatId, now: datetime) -> bool:
        held = chat in self.held and self.held[chat][1] > now
        return not held and chat not in self.blocked and self.halted.get(chat, now) <= now

    def _mark(self, row: OutboxRow, holder: str, until: datetime) -> OutboxRow:
        self.held[row.chat] = (holder, until)
        earlier = None if row.refers is None else self.settled.get(row.refers)
        doubted = row.doubted or row.id in self.sending
        message = earlier.message if earlier else row.message
        row = msgspec.structs.replace(row, attempts=row.attempts + 1, doubted=doubted, message=message)
        self.waiting[row.id] = msgspec.structs.replace(row, doubted=False)
        self.sending.add(row.id)
        return row

    async def settle(self, results: Sequence[Delivered], *, holder: str, free: Sequence[ChatId], now: datetime) -> None:
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop(0)
        assert all(self.held[result.chat] == (holder, self.held[result.chat][1]) for result in results)
        self.groups.append(len(results))
        for result in results:
            self._settle(result, now)
        for chat in free:
            del self.held[chat]

    def _settle(self, result: Delivered, now: datetime) -> None:
        self.sending.discard(result.row)
        if result.outcome == "retry":
            assert result.not_before is not None
            self.halted[result.chat] = max(result.not_before, self.halted.get(result.chat, now))
        elif result.outcome == "blocked":
            self.blocked.add(result.chat)
        else:
            assert result.row not in self.settled
            self.settled[result.row] = result
            del self.waiting[result.row]

    async def next_due(self, now: datetime) -> datetime | None:
        return min((max(now, self.halted.get(row.chat, now)) for row in self.waiting.values()), default=None)

    def outcomes(self) -> dict[int, str]:
        return {int(row): result.outcome for row, result in sorted(self.settled.items())}


class World:
    """Telegram, the outbox, the clock and the agents' side."""

    def __init__(self, *rows: OutboxRow, limits: Limits = OPEN) -> None:
        self.clock = Clock()
        self.outbox = FakeOutbox(*rows)
        self.limits = limits
        self.calls: list[tuple[int, dict[str, object], float]] = []  # row (in the text), body, when
        self.answers: dict[int, list[Exception | object]] = {}  # what the next calls of a row come to instead
        self.gates: dict[int, asyncio.Event] = {}
        self.doubts: list[tuple[AgentId, str]] = []
        self.doubting: list[Exception] = []
        self.most_at_once = 0
        self.at_once = 0
        self.windows: list[str] = []

    async def post(self, method: str, body: bytes, *, patience: float = PATIENCE) -> object:
        assert method
        assert patience
        content = msgspec.json.decode(body)
        row = content["row"]
        self.calls.append((row, content, self.clock.seconds))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await (self.gates[row].wait() if row in self.gates else asyncio.sleep(0))
        finally:
            self.at_once -= 1
        answer = self.answers.get(row, []).pop(0) if self.answers.get(row) else {"message_id": 1000 + row}
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def on_doubt(self, agent: AgentId, number: str) -> None:
        if self.doubting:
            raise self.doubting.pop(0)
        self.doubts.append((agent, number))

    def sender(self, *, lanes: int = 64, halt_all: bool = False) -> Sender:
        return Sender(
            self.outbox,
            self.post,
            holder="me",
            on_doubt=self.on_doubt,
            limits=self.limits,
            lanes=lanes,
            halt_all=halt_all,
            clock=self.clock.now,
            monotonic=self.clock.monotonic,
            sleep=self.clock.sleep,
            backoff=Backoff(chance=lambda: 0.0),
            checkpoint=self.windows.append,
        )

    async def flushed(self) -> "World":
        await self.sender().flush()
        return self

    def sent(self) -> list[int]:
        return [row for row, _, _ in self.calls]

    def later(self, seconds: float) -> None:
        self.clock.seconds += seconds


def row(number: int, chat: ChatId = ANNA, **rest: object) -> OutboxRow:
    body = {"chat_id": chat, "row": number, "text": "您好"}
    made = OutboxRow(RowId(number), chat, "question", Payload("sendMessage", msgspec.json.encode(body)))
    return msgspec.structs.replace(made, **rest)


def relay(number: int, chat: ChatId = ANNA) -> OutboxRow:
    return row(number, chat, kind="relay", doubt=(LIN, "GC-1"))


def tap(number: int) -> OutboxRow:
    return row(number, kind="tap")


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(1):
        while not condition():  # noqa: ASYNC110 -- the fakes have no event for every condition, and nothing sleeps
            await asyncio.sleep(0)


# ---- order, and independence ----


async def test_rows_of_a_chat_are_sent_in_the_order_of_their_ids() -> None:
    world = await World(row(3), row(1), row(2)).flushed()
    assert world.sent() == [1, 2, 3]
    assert world.outbox.outcomes() == {1: "sent", 2: "sent", 3: "sent"}
    assert world.outbox.settled[RowId(2)].message == 1002
    assert world.windows == ["sent"] * 3


async def test_what_is_sent_is_the_payload_as_it_is() -> None:
    world = await World(row(1)).flushed()
    assert world.calls[0][1] == {"chat_id": 1, "row": 1, "text": "您好"}


async def test_a_slow_chat_holds_up_no_other_neither_its_sending_nor_its_settling() -> None:
    world = World(row(1, ANNA), row(2, BERT), row(3, BERT))
    gate = world.gates[1] = asyncio.Event()
    sender = world.sender()
    running = asyncio.create_task(sender.run())
    await until(lambda: BERT in world.outbox.held)
    await until(lambda: BERT not in world.outbox.held)
    assert world.outbox.outcomes() == {2: "sent", 3: "sent"}
    gate.set()
    await until(lambda: 1 in world.outbox.outcomes())
    await sender.stop()
    await running


async def test_what_is_committed_while_running_is_sent_at_once_when_told() -> None:
    world = World()
    sender = world.sender()
    running = asyncio.create_task(sender.run())
    for number in (1, 2, 3):
        for _ in range(50):  # until it waits, which nothing shows
            await asyncio.sleep(0)
        world.outbox.waiting[RowId(number)] = row(number)
        sender.wake()
        await until(partial(world.outbox.settled.__contains__, RowId(number)))
    await sender.stop()
    await running


async def test_no_more_lanes_are_served_at_once_than_allowed_and_all_are_served() -> None:
    world = World(*(row(number, ChatId(number)) for number in range(1, 41)))
    await world.sender(lanes=8).flush()
    assert len(world.outbox.settled) == 40
    assert world.most_at_once == 8


async def test_what_finishes_together_is_written_together() -> None:
    world = await World(*(row(number, ChatId(number)) for number in range(1, 33))).flushed()
    assert len(world.outbox.groups) < 8


async def test_two_senders_never_serve_one_chat_at_once() -> None:
    world = World(*(row(number, ChatId(number % 3 + 1)) for number in range(1, 31)))
    await asyncio.gather(world.sender(lanes=2).flush(), world.sender(lanes=2).flush())
    await world.flushed()
    assert sorted(world.sent()) == list(range(1, 31))
    for chat in (1, 2, 3):
        own = [number for number in world.sent() if number % 3 + 1 == chat]
        assert own == sorted(own)


# ---- what Telegram answers ----


def test_every_delivery_error_has_an_outcome() -> None:
    assert set(OUTCOMES) == set(DeliveryError.__subclasses__())


async def test_what_is_refused_fails_and_the_chat_goes_on() -> None:
    world = World(row(1), row(2))
    world.answers[1] = [Refused("Bad Request: chat not found")]
    await world.flushed()
    assert world.outbox.outcomes() == {1: "failed", 2: "sent"}
    assert world.outbox.settled[RowId(1)].code == "refused"


async def test_who_blocked_the_bot_stops_their_lane_and_keeps_what_waits() -> None:
    world = World(row(1), row(2), row(3, BERT))
    world.answers[1] = [Blocked()]
    await world.flushed()
    assert world.outbox.outcomes() == {3: "sent"}
    assert world.outbox.blocked == {ANNA}
    assert set(world.outbox.waiting) == {1, 2}
    assert not world.outbox.sending


async def test_throttled_waits_as_long_as_telegram_says_in_that_chat_alone() -> None:
    world = World(row(1), row(2), row(3, BERT))
    world.answers[1] = [Throttled(9.0)]
    sender = world.sender()
    await sender.flush()
    assert world.outbox.outcomes() == {3: "sent"}
    world.later(8.9)
    await sender.flush()
    assert world.outbox.outcomes() == {3: "sent"}
    world.later(0.2)
    await sender.flush()
    assert world.sent() == [1, 3, 1, 2]


async def test_throttled_halts_every_chat_where_so_configured() -> None:
    world = World(row(1))
    world.answers[1] = [Throttled(9.0)]
    sender = world.sender(halt_all=True)
    await sender.flush()
    world.outbox.waiting[RowId(2)] = row(2, BERT)
    await sender.flush()
    assert world.sent() == [1]
    world.later(9.1)
    await sender.flush()
    assert world.outbox.outcomes() == {1: "sent", 2: "sent"}


async def test_a_wrong_token_loses_nothing() -> None:
    world = World(row(1), row(2), relay(3, BERT))
    world.answers = {1: [Unauthorized()], 3: [Unauthorized()]}
    sender = world.sender()
    await sender.flush()
    assert not world.outbox.settled
    world.later(61)
    await sender.flush()
    assert world.outbox.outcomes() == {1: "sent", 2: "sent", 3: "sent"}


async def test_what_did_not_reach_telegram_is_tried_again_in_its_place_ever_later() -> None:
    world = World(relay(1), row(2))
    world.answers[1] = [Unavailable(), Unavailable(), Unavailable()]
    sender = world.sender()
    for wait in (0.0, 1.0, 2.0, 4.0):
        assert not world.outbox.settled
        world.later(wait)
        await sender.flush()
    assert [when for _, _, when in world.calls] == [0.0, 1.0, 3.0, 7.0, 7.0]
    assert world.outbox.outcomes() == {1: "sent", 2: "sent"}


# ---- what nobody knows ----


async def test_a_question_of_unknown_fate_is_sent_once_more() -> None:
    world = World(row(1), row(2))
    world.answers[1] = [Uncertain()]
    await world.flushed()
    assert world.sent() == [1, 1, 2]
    assert world.outbox.outcomes() == {1: "sent", 2: "sent"}


async def test_a_question_twice_of_unknown_fate_is_left_at_that() -> None:
    world = World(row(1), row(2))
    world.answers[1] = [Uncertain(), Uncertain()]
    await world.flushed()
    assert world.sent() == [1, 1, 2]
    assert world.outbox.outcomes() == {1: "uncertain", 2: "sent"}


async def test_an_agents_words_of_unknown_fate_are_never_sent_twice_and_the_agent_is_told() -> None:
    world = World(relay(1), row(2))
    world.answers[1] = [Uncertain()]
    await world.flushed()
    assert world.sent() == [1, 2]
    assert world.outbox.outcomes() == {1: "uncertain", 2: "sent"}
    assert world.doubts == [(LIN, "GC-1")]


async def test_a_tap_of_unknown_fate_is_let_go() -> None:
    world = World(tap(1))
    world.answers[1] = [Uncertain()]
    await world.flushed()
    assert world.sent() == [1]
    assert world.outbox.outcomes() == {1: "sent"}


async def test_a_tap_that_never_reaches_telegram_is_given_up() -> None:
    world = World(tap(1))
    world.answers[1] = [Unavailable()] * 9
    sender = world.sender()
    for _ in range(9):
        await sender.flush()
        world.later(60)
    assert world.outbox.outcomes() == {1: "failed"}
    assert len(world.calls) == 3


async def test_what_a_dead_sender_left_is_in_doubt() -> None:
    world = World(row(1), relay(2), tap(3), row(4))
    await world.outbox.lease(holder="dead", limit=3, now=NOON, until=NOON + LEASE)
    world.later(LEASE.total_seconds() + 1)
    await world.flushed()
    assert world.sent() == [1, 4]
    assert world.outbox.outcomes() == {1: "sent", 2: "uncertain", 3: "sent", 4: "sent"}
    assert world.doubts == [(LIN, "GC-1")]


async def test_a_question_that_a_dead_sender_left_is_sent_once_more_and_not_twice() -> None:
    world = World(row(1, doubted=True))
    world.answers[1] = [Uncertain()]
    await world.flushed()
    assert world.sent() == [1]
    assert world.outbox.outcomes() == {1: "uncertain"}


async def test_a_doubt_that_could_not_be_told_is_kept_until_it_can() -> None:
    world = World(relay(1), row(2))
    world.answers[1] = [Uncertain()]
    world.doubting = [Busy()]
    await world.flushed()
    assert not world.outbox.settled
    world.later(LEASE.total_seconds() + 1)
    await world.flushed()
    assert world.sent() == [1, 2]
    assert world.outbox.outcomes() == {1: "uncertain", 2: "sent"}
    assert world.doubts == [(LIN, "GC-1")]


# ---- one row about another ----


async def test_a_row_about_an_earlier_one_of_the_same_lease_gets_its_message() -> None:
    world = await World(row(1), row(2, refers=RowId(1))).flushed()
    assert world.calls[1][1]["message_id"] == 1001


async def test_a_row_about_one_that_was_sent_before_gets_its_message() -> None:
    world = await World(row(2, refers=RowId(1), message=77)).flushed()
    assert world.calls[0][1]["message_id"] == 77


async def test_a_row_about_one_that_never_became_a_message_is_not_sent() -> None:
    world = World(row(1), row(2, refers=RowId(1)), row(3))
    world.answers[1] = [Refused()]
    await world.flushed()
    assert world.sent() == [1, 3]
    assert world.outbox.outcomes() == {1: "failed", 2: "failed", 3: "sent"}


async def test_what_counts_as_done_is_sent_without_a_message() -> None:
    world = World(row(1))
    world.answers[1] = [True]
    await world.flushed()
    assert world.outbox.settled[RowId(1)] == Delivered(RowId(1), ANNA, "sent")


# ---- pacing ----


async def test_a_chat_is_not_written_to_faster_than_it_bears_and_a_tap_waits_for_nothing() -> None:
    world = World(*(row(number) for number in range(1, 7)), tap(7), limits=Limits())
    await world.flushed()
    when = {number: seconds for number, _, seconds in world.calls}
    assert when[3] == 0
    assert when[4] == pytest.approx(3.0)
    assert when[7] == 0
    assert len(world.outbox.settled) == 7


async def test_a_group_that_must_wait_long_is_given_back_and_goes_on_later() -> None:
    world = World(*(row(number, GROUP) for number in range(1, 31)), limits=Limits(chat=None))
    sender = world.sender()
    await sender.flush()
    assert len(world.outbox.settled) == 20
    assert not world.outbox.held
    world.later(60)
    await sender.flush()
    assert world.sent() == list(range(1, 31))


async def test_all_chats_share_one_limit_first_come_first_served() -> None:
    world = World(*(row(number, ChatId(number)) for number in range(1, 65)), limits=Limits())
    await world.flushed()
    assert world.sent() == list(range(1, 65))
    assert world.clock.seconds == pytest.approx(2.0)


async def test_a_lane_is_given_back_before_its_lease_runs_out() -> None:
    world = World(row(1), row(2), row(3))
    gate = world.gates[1] = asyncio.Event()
    sender = world.sender()
    running = asyncio.create_task(sender.run())
    await until(lambda: world.calls)
    world.later(100)
    gate.set()
    await until(lambda: len(world.outbox.settled) == 3)
    assert world.outbox.groups[0] == 3
    await sender.stop()
    await running
    assert world.sent() == [1, 2, 3]


# ---- the outbox's own trouble, and the end ----


async def test_results_that_could_not_be_written_are_written_later_and_nothing_is_sent_again() -> None:
    world = World(row(1), row(2, BERT))
    world.outbox.failures = [Busy(), Busy()]
    sender = world.sender()
    sender.backoff = Backoff(chance=lambda: 0.0, first=0.001)
    running = asyncio.create_task(sender.run())
    await until(lambda: len(world.outbox.settled) == 2)
    await sender.stop()
    await running
    assert sorted(world.sent()) == [1, 2]


async def test_stopping_ends_what_is_being_sent_and_gives_back_the_rest() -> None:
    world = World(row(1), row(2), relay(3))
    gate = world.gates[1] = asyncio.Event()
    sender = world.sender()
    running = asyncio.create_task(sender.run())
    await until(lambda: world.calls)
    stopping = asyncio.create_task(sender.stop())
    await asyncio.sleep(0)
    gate.set()
    await stopping
    await running
    assert world.outbox.outcomes() == {1: "sent"}
    assert not world.outbox.sending
    assert not world.outbox.held


async def test_stopping_what_never_ran_returns() -> None:
    await World().sender().stop()


async def test_a_row_at_which_we_fail_ourselves_is_not_tried_for_ever() -> None:
    world = World(row(1), row(2, BERT))
    world.answers[1] = [ValueError("x")] * 20
    for _ in range(12):
        await world.flushed()
        world.later(LEASE.total_seconds() + 1)
    assert world.outbox.outcomes() == {1: "uncertain", 2: "sent"}
    assert len(world.calls) == 11


async def test_no_log_holds_what_was_written() -> None:
    world = World(row(1), row(2), relay(3))
    world.answers = {1: [ValueError("您好")], 2: [Refused("您好")], 3: [Uncertain("您好")]}
    with structlog.testing.capture_logs() as lines:
        await world.flushed()
        world.later(LEASE.total_seconds() + 1)
        await world.flushed()
    assert len(lines) == 3
    assert "您好" not in str(lines)
