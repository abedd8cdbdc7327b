"""The runs, each with a sandbox and a bot of its own: our bot, the bot that saves nothing, our bot with limits."""

import statistics
from pathlib import Path

import msgspec
from msgspec import Struct

from benchmarks.child import Counters, started
from benchmarks.people import Load, Played, Recorded
from bot.sandbox import StandIn, serve

OURS, BARE, BARE_EDITS = "ours", "bare", "bare, same calls"
PAUSE = 0.03  # seconds between an answer and the next act of the chat that has the bot to itself


class Plan(Struct, frozen=True):
    """A load: how many chats at a time, how many conversations in all, seconds between two acts of a chat."""

    chats: int
    conversations: int
    pause: float = 0.0

    @property
    def name(self) -> str:
        """How the tables call it."""
        return f"{self.chats}, {1e3 * self.pause:.0f} ms apart" if self.pause else str(self.chats)


LOADS = (Plan(1, 2, PAUSE), Plan(1, 3), Plan(10, 30), Plan(50, 60), Plan(100, 100))
BARE_LOADS = (Plan(1, 2, PAUSE), Plan(1, 3), Plan(10, 10), Plan(50, 50), Plan(100, 100))
LIMITED_SECONDS = 6.0
LIMITED_CHATS = 60
PACED = frozenset({"sendMessage", "editMessageText", "editMessageReplyMarkup"})


class Row(Struct, frozen=True):
    """One load on one bot. Times in milliseconds; `busy` and `load`: cores that the bot, and the sandbox, used."""

    bot: str
    chats: str
    paused: bool
    updates_a_second: float
    cpu: float
    median: float
    p95: float
    busy: float
    load: float
    updates_a_batch: float = 0.0
    statements: float = 0.0
    most_statements: int = 0
    transactions: float = 0.0  # of any kind, an update


class Limited(Struct, frozen=True):
    """What went out with Telegram's limits on: calls a second, calls refused with 429; how many chats, how long."""

    calls_a_second: float
    refused: int
    chats: int
    seconds: float


async def ours(folder: Path) -> tuple[list[Row], list[Recorded]]:
    """Our bot under every load; and the conversation as it was shown."""
    rows, record = [], []
    stand_in = quiet()
    async with serve(stand_in) as url, started("benchmarks.process", str(folder), url) as child:
        load = Load(stand_in)
        record = (await load.play(chats=1, conversations=2)).record
        for plan in LOADS:
            await child.mark()
            played = await load.play(chats=plan.chats, conversations=plan.conversations, pause=plan.pause)
            rows.append(row(OURS, plan, played, await child.mark()))
    return rows, record


async def bare(file: Path, *, edits: bool) -> list[Row]:
    """The bot that saves nothing, under every load; `file` holds the conversation that it shows."""
    rows = []
    stand_in = quiet()
    more = ["edits"] if edits else []
    async with serve(stand_in) as url, started("benchmarks.bare", str(file), url, stand_in.token, *more) as child:
        load = Load(stand_in)
        await load.play(chats=1, conversations=2)
        for plan in BARE_LOADS:
            await child.mark()
            played = await load.play(chats=plan.chats, conversations=plan.conversations, pause=plan.pause)
            rows.append(row(BARE_EDITS if edits else BARE, plan, played, await child.mark()))
    return rows


async def limited(folder: Path) -> Limited:
    """Our bot, more chats than Telegram's limits let through, for a while; the sandbox refuses what is too much."""
    stand_in = StandIn()
    stand_in.limits.on = True
    async with serve(stand_in) as url, started("benchmarks.process", str(folder), url, "limits"):
        played = await Load(stand_in).for_seconds(LIMITED_SECONDS, chats=LIMITED_CHATS)
        calls = [call for call in stand_in.journal.calls() if call.method in PACED]
    done = sum(call.status == 200 for call in calls)
    return Limited(done / played.seconds, sum(call.status == 429 for call in calls), LIMITED_CHATS, played.seconds)


def quiet() -> StandIn:
    """A sandbox that keeps no journal."""
    stand_in = StandIn()
    stand_in.journal.on = False
    return stand_in


def row(bot: str, plan: Plan, played: Played, counters: Counters) -> Row:
    """Put a load's figures together."""
    waits, transactions = sorted(played.waits), counters.get("transactions", {})
    batch = transactions.get("batch", {"count": 0, "statements": 0, "most": 0})
    batches = max(1, batch["count"])
    return Row(
        bot=bot,
        chats=plan.name,
        paused=plan.pause > 0,
        updates_a_second=played.updates / played.seconds,
        cpu=1e3 * counters["cpu"] / played.updates,
        median=1e3 * statistics.median(waits),
        p95=1e3 * waits[int(0.95 * len(waits))],
        busy=counters["cpu"] / played.seconds,
        load=played.load / played.seconds,
        updates_a_batch=played.updates / batches if batch["count"] else 0.0,
        statements=batch["statements"] / batches,
        most_statements=batch["most"],
        transactions=sum(kind["count"] for kind in transactions.values()) / played.updates,
    )


def keep(record: list[Recorded], file: Path) -> Path:
    """Write a conversation down for the other bot."""
    file.write_bytes(msgspec.json.encode(record))
    return file
