"""The load: players inside the sandbox's own process.

They act on the stand-in directly, so a player costs next to nothing; the bot is another process and sees only HTTP.
"""

import asyncio
import re
import time
from collections.abc import Iterator
from typing import Any, Self

from msgspec import Struct, field

from benchmarks.script import PICTURE, Player, Step, player, steps, typed
from bot.sandbox import Person, StandIn
from bot.sandbox.people import Chat

CASE_NUMBER = re.compile(r"\d{6}-\d{6}")
NO_KEYBOARD = {"remove_keyboard": True}
PATIENCE = 30.0  # seconds that an answer may take

Shown = list[dict[str, Any]]


class Recorded(Struct, frozen=True):
    """What came back at one step: the messages (text and markup), and how many edits came before the last."""

    messages: Shown
    edits: int


class Played(Struct):
    """What a load made of itself: seconds it took, updates sent, seconds from each act to its last answer."""

    seconds: float = 0.0
    updates: int = 0
    messages: int = 0
    waits: list[float] = field(default_factory=list)
    record: list[Recorded] = field(default_factory=list)
    load: float = 0.0  # CPU seconds of sandbox and players


class Screen:
    """One player's chat: acts, and waits until so many messages have come."""

    def __init__(self, stand_in: StandIn, who: Player) -> None:
        self._stand_in = stand_in
        self._who = who
        self._chat: Chat = stand_in.add_person(Person(id=who.chat, first_name=who.name))
        self._told = asyncio.Event()
        self._place = 0

    async def take(self, step: Step) -> Recorded:
        """Do one step; return what came back."""
        self._place = self._chat.seq
        self._act(step)
        recorded = Recorded([], 0)
        async with asyncio.timeout(PATIENCE):
            while len((recorded := self._news()).messages) < step.answers:
                self._told.clear()
                await self._told.wait()
        return recorded

    def __enter__(self) -> Self:
        """Listen."""
        self._chat.listen(self._told)
        return self

    def __exit__(self, *_exc: object) -> None:
        """Stop listening."""
        self._chat.stop_listening(self._told)

    def _act(self, step: Step) -> None:
        if step.text:
            self._stand_in.say(self._who.chat, typed(step, self._who))
        elif step.label:
            self._stand_in.tap(self._who.chat, *self._button(step.label))
        else:
            self._stand_in.send_photo(self._who.chat, PICTURE)

    def _button(self, label: str) -> tuple[int, str]:
        for message in reversed(self._chat.messages.values()):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if button["text"] == label:
                        return message["message_id"], button["callback_data"]
        raise AssertionError(label)

    def _news(self) -> Recorded:
        sent: Shown = []
        edits = 0
        for each in self._chat.after(self._place):
            if each.kind == "message" and each.data["from"]["is_bot"]:
                sent.append(each.data)
            elif each.kind == "keyboard":  # is told of right after the message it came with
                sent[-1] = {**sent[-1], "reply_markup": each.data["keyboard"] or NO_KEYBOARD}
            edits += each.kind == "edit"
        return Recorded(sent, edits)


class Load:
    """Plays conversations, each with a player that nobody has played yet."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in
        self._next = 0

    async def play(self, *, chats: int, conversations: int, pause: float = 0.0) -> Played:
        """Play so many conversations, `chats` at a time, with `pause` seconds before each act.

        TimeoutError or AssertionError, in a group, where one does not end well.
        """
        players = [player(self._next + index) for index in range(conversations)]
        self._next += conversations
        played, queue = Played(), iter(players)
        began, cpu = time.perf_counter(), time.process_time()
        async with asyncio.TaskGroup() as group:
            for _ in range(chats):
                group.create_task(self._one_after_another(queue, played, pause))
        played.seconds, played.load = time.perf_counter() - began, time.process_time() - cpu
        return played

    async def for_seconds(self, seconds: float, *, chats: int) -> Played:
        """Play for so long, and stop in the middle."""
        played = Played()
        queue = (player(index) for index in iter(self._taken, -1))
        began, cpu = time.perf_counter(), time.process_time()
        tasks = [asyncio.create_task(self._one_after_another(queue, played)) for _ in range(chats)]
        await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        played.seconds, played.load = time.perf_counter() - began, time.process_time() - cpu
        return played

    def _taken(self) -> int:
        self._next += 1
        return self._next - 1

    async def _one_after_another(self, queue: Iterator[Player], played: Played, pause: float = 0.0) -> None:
        for who in queue:
            with Screen(self._stand_in, who) as screen:
                played.record = await _conversation(screen, played, pause)


async def _conversation(screen: Screen, played: Played, pause: float) -> list[Recorded]:
    record = []
    for step in steps():
        if pause:
            await asyncio.sleep(pause)
        began = time.perf_counter()
        shown = await screen.take(step)
        played.waits.append(time.perf_counter() - began)
        played.updates += 1
        played.messages += len(shown.messages)
        record.append(shown)
    if not CASE_NUMBER.search(record[-1].messages[-1]["text"]):
        raise AssertionError("no case number at the end")
    return record
