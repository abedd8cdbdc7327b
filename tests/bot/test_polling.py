"""An update is confirmed only once what it caused is committed, and nothing ends the polling but a wrong token."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import structlog
from telegram import Bot, User

from bot.telegram.inbox import Unread
from bot.telegram.pacing import Backoff
from bot.telegram.polling import LIMIT, LONG_POLL, Poller
from bot.telegram.request import PATIENCE
from flows.errors import Busy, Conflicted, Throttled, Unauthorized, Unavailable, Uncertain
from flows.events import Arrival, TextReceived

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class NamedBot(Bot):
    """A bot that knows its name without asking Telegram."""

    def __init__(self) -> None:
        super().__init__("1:a")
        self._bot_user = User(1, "x", is_bot=True, username="channel_bot")


BOT = NamedBot()


def written(update: int, text: str = "x") -> dict[str, Any]:
    person = {"id": 7, "is_bot": False, "first_name": "x"}
    chat = {"id": 7, "type": "private"}
    return {
        "update_id": update,
        "message": {"message_id": update, "date": 1, "chat": chat, "from": person, "text": text},
    }


CONFIRMED = ["answered 0", "acknowledged"]
POISON = {"update_id": 2, "message": "no message at all"}


class World:
    """Telegram, the handler, and the clock, with a journal of what happened in which order."""

    def __init__(self, *updates: dict[str, Any]) -> None:
        self.updates = list(updates)
        self.failures: list[BaseException | object] = []  # what the next polls come to instead
        self.handling: list[Exception] = []  # what the next batches come to instead
        self.committed: list[str] = []
        self.dead: list[Unread] = []
        self.polls: list[dict[str, Any]] = []
        self.journal: list[str] = []
        self.slept: list[float] = []
        self.outages: list[datetime] = []
        self.now = NOON
        self.quiet = asyncio.Event()

    async def poll(self, method: str, body: bytes, *, patience: float = PATIENCE) -> object:
        assert method == "getUpdates"
        ask = msgspec.json.decode(body)
        assert patience > ask["timeout"]
        self.polls.append(ask)
        if self.failures:
            return self._fail(self.failures.pop(0))
        self.updates = [raw for raw in self.updates if raw["update_id"] >= ask.get("offset", 0)]
        batch = self.updates[: ask["limit"]]
        if not batch and ask["timeout"] and not self.failures:
            self.quiet.set()
            await asyncio.Event().wait()  # held open until given up
        self.journal.append(f"answered {len(batch)}")
        return batch

    def _fail(self, failure: object) -> object:
        if isinstance(failure, BaseException):
            raise failure
        return failure

    async def handle(self, arrivals: Sequence[Arrival], dead: Sequence[Unread]) -> None:
        if self.handling:
            raise self.handling.pop(0)
        self.dead.extend(dead)
        events = [arrival.event for arrival in arrivals]
        self.committed.extend(event.text for event in events if isinstance(event, TextReceived))
        self.journal.append("handled")

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)

    async def on_outage(self, since: datetime) -> None:
        self.outages.append(since)
        self.journal.append("outage over")

    def poller(self, *, last_heard: datetime | None = None) -> Poller:
        return Poller(
            self.poll,
            BOT,
            self.handle,
            on_outage=self.on_outage,
            clock=lambda: self.now,
            sleep=self.sleep,
            backoff=Backoff(chance=lambda: 0.0),
            checkpoint=self.journal.append,
            last_heard=last_heard,
        )

    async def until_quiet(self, poller: Poller | None = None) -> "World":
        poller = poller or self.poller()
        running = asyncio.create_task(poller.run())
        quiet = asyncio.create_task(self.quiet.wait())
        await asyncio.wait({running, quiet}, return_when=asyncio.FIRST_COMPLETED)
        quiet.cancel()
        await poller.stop()
        await running
        return self


async def test_an_update_is_confirmed_after_it_was_handled_and_not_before() -> None:
    world = await World(written(1, "a"), written(2, "b")).until_quiet()
    assert world.committed == ["a", "b"]
    assert [ask.get("offset") for ask in world.polls] == [None, 3, 3]
    assert world.journal == ["answered 2", "fetched", "handled", "committed", *CONFIRMED]


async def test_the_windows_of_the_kill_tests_come_in_order() -> None:
    world = World(written(1), *(written(update) for update in range(2, LIMIT + 2)))
    await world.until_quiet()
    first = ["answered 100", "fetched", "handled", "committed"]
    assert world.journal == [*first, "answered 1", "acknowledged", *first[1:], *CONFIRMED]


async def test_a_batch_that_could_not_be_committed_is_not_confirmed_and_comes_again() -> None:
    world = World(written(1, "a"))
    world.handling = [Busy(), ValueError("x")]
    await world.until_quiet()
    assert world.committed == ["a"]
    assert [ask.get("offset") for ask in world.polls] == [None, None, None, 2, 2]
    assert world.slept == [1.0, 2.0]


async def test_what_cannot_be_read_is_set_aside_and_the_others_go_on() -> None:
    world = await World(written(1, "a"), POISON, written(3, "b")).until_quiet()
    assert world.committed == ["a", "b"]
    assert [(letter.update, msgspec.json.decode(letter.body)) for letter in world.dead] == [(2, POISON)]
    assert world.dead[0].code
    assert world.polls[-1]["offset"] == 4


async def test_what_cannot_be_translated_is_set_aside_too() -> None:
    world = await World({**written(1), "message": {**written(1)["message"], "text": 5}}).until_quiet()
    assert len(world.dead) == 1


async def test_what_concerns_nobody_is_confirmed_all_the_same() -> None:
    world = await World({"update_id": 5, "something_new": {}}).until_quiet()
    assert world.polls[-1]["offset"] == 6
    assert not world.committed
    assert not world.dead


async def test_an_offset_is_given_up_once_it_is_confirmed_since_ids_start_anew() -> None:
    world = World(written(900, "a"))
    poller = world.poller()
    running = asyncio.create_task(poller.run())
    await world.quiet.wait()
    world.updates = []
    await poller.stop()
    await running
    later = World(written(5, "b"))
    poller.poll, poller.handle = later.poll, later.handle
    poller._stopping.clear()  # noqa: SLF001 -- the same poller, a week later
    await later.until_quiet(poller)
    assert later.committed == ["b"]


@pytest.mark.parametrize("failure", [Unavailable(), Uncertain(), Conflicted(), [1, 2], {"update_id": 1}, True])
async def test_a_poll_that_fails_is_waited_out(failure: object) -> None:
    world = World(written(1, "a"))
    world.failures = [failure]
    await world.until_quiet()
    assert world.committed == ["a"]
    assert world.slept == [1.0]


async def test_after_a_failure_telegram_is_asked_without_being_held() -> None:
    world = World(written(1))
    world.failures = [Unavailable()]
    await world.until_quiet()
    assert [ask["timeout"] for ask in world.polls] == [LONG_POLL, 0, LONG_POLL, 0]


async def test_telegrams_own_wait_is_kept() -> None:
    world = World(written(1))
    world.failures = [Throttled(30.0)]
    await world.until_quiet()
    assert world.slept == [30.0]


async def test_the_waits_grow_and_start_anew_after_a_success() -> None:
    world = World(written(1))
    world.failures = [Unavailable(), Unavailable(), Unavailable(), [], Unavailable()]
    await world.until_quiet()
    assert world.slept == [1.0, 2.0, 4.0, 1.0]


async def test_a_wrong_token_ends_it() -> None:
    world = World(written(1))
    world.failures = [Unauthorized()]
    poller = world.poller()
    with pytest.raises(Unauthorized):
        await poller.run()
    await poller.stop()


async def test_stopping_finishes_the_batch_in_hand_and_confirms_it() -> None:
    world = World(written(1, "a"))
    poller = world.poller()
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(arrivals: Sequence[Arrival], dead: Sequence[Unread]) -> None:
        begun.set()
        await go_on.wait()
        await world.handle(arrivals, dead)

    poller.handle = slowly
    running = asyncio.create_task(poller.run())
    await begun.wait()
    stopping = asyncio.create_task(poller.stop())
    await asyncio.sleep(0)
    go_on.set()
    await stopping
    await running
    assert world.committed == ["a"]
    assert world.polls[-1] == {**world.polls[0], "offset": 2, "timeout": 0}
    assert world.journal[-1] == "acknowledged"


async def test_a_confirmation_that_fails_while_stopping_is_no_matter() -> None:
    world = World(written(1, "a"))
    poller = world.poller()

    async def last(arrivals: Sequence[Arrival], dead: Sequence[Unread]) -> None:
        await world.handle(arrivals, dead)
        world.failures = [Unavailable()]
        poller._stopping.set()  # noqa: SLF001 -- as `stop` does, which cannot be awaited from in here

    poller.handle = last
    await poller.run()
    assert world.committed == ["a"]


async def test_stopping_what_never_ran_returns() -> None:
    await World().poller().stop()


async def test_stopping_ends_a_wait() -> None:
    world = World()
    world.failures = [Unavailable()]
    poller = world.poller()
    waiting = asyncio.Event()

    async def forever(_seconds: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    poller.sleep = forever
    running = asyncio.create_task(poller.run())
    await waiting.wait()
    await poller.stop()
    await running


async def test_an_outage_is_told_once_after_what_had_piled_up_was_handled() -> None:
    world = World(*(written(update) for update in range(1, LIMIT + 2)))
    since = NOON - timedelta(seconds=151)
    await world.until_quiet(world.poller(last_heard=since))
    assert world.outages == [since]
    assert world.journal[-3:] == ["outage over", *CONFIRMED]
    assert len(world.committed) == LIMIT + 1


async def test_an_outage_of_telegram_counts_like_one_of_ours() -> None:
    world = World()
    world.failures = [[], *[Unavailable()] * 12]
    await world.until_quiet()
    assert world.outages == [NOON]


async def test_a_database_that_was_away_counts_too() -> None:
    world = World(written(1))
    world.failures = [[]]
    world.handling = [Busy()] * 12
    await world.until_quiet()
    assert world.outages == [NOON]


async def test_a_short_gap_is_no_outage() -> None:
    world = World(written(1))
    await world.until_quiet(world.poller(last_heard=NOON - timedelta(seconds=149)))
    assert not world.outages


async def test_no_log_holds_what_was_written() -> None:
    world = World(written(1, "张三"), {"update_id": 2, "message": "张三"})
    world.handling = [ValueError("张三")]
    with structlog.testing.capture_logs() as lines:
        await world.until_quiet()
    assert len(lines) > 1
    assert "张三" not in str(lines)
