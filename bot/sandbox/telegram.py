"""The stand-in itself: what people do on one side, what the bot calls on the other. No HTTP here."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.acts import Acts
from bot.sandbox.errors import ApiError, ConnectionCut
from bot.sandbox.faults import Fault, Faults, Limits
from bot.sandbox.journal import Journal, Outcome
from bot.sandbox.methods import METHODS, Method
from bot.sandbox.params import Params, chat_id_of
from bot.sandbox.people import Chat, Person
from bot.sandbox.state import State

BOT_ID = 7_000_000_001
UNWRITTEN = frozenset({"getUpdates", "getMe"})

Json = dict[str, Any]


class StandIn(Acts):
    """Telegram in memory, and what people do there: one bot, whose token is `token`; `clock` gives epoch seconds.

    `state` is what Telegram holds, `faults` and `limits` what it does to a call, `journal` what was called.
    """

    def __init__(
        self,
        *,
        token: str = f"{BOT_ID}:sandbox",
        clock: Callable[[], float] = time.time,
        bot_name: str = "绿色通道受理助手",
    ) -> None:
        self.token = token
        bot_user = {"id": BOT_ID, "is_bot": True, "first_name": bot_name, "username": "sandbox_bot"}
        super().__init__(State(bot_user, clock))
        self.faults = Faults()
        self.limits = Limits(self.state.now)
        self.journal = Journal(self.state.now)
        self.closing = asyncio.Event()

    # what people do

    def add_person(self, person: Person) -> Chat:
        """Add an account; an id that is there gets the new texts."""
        return self.state.people.add(person)

    # what the bot calls

    async def call(self, name: str, params: Params) -> Any:  # noqa: ANN401 - JSON
        """Run one Bot API method; return its result, raise ApiError or ConnectionCut."""
        method = METHODS.get(name.lower())
        if method is None:
            raise ApiError(404, "Not Found")
        chat_id = chat_id_of(params)
        fault = self.faults.take(method.name, chat_id) if self.faults.scripted else None
        try:
            result = await self._run(method, params, chat_id, fault)
        except ApiError as error:
            self._note(method, params, Outcome(chat_id=chat_id, status=error.code))
            raise
        cut = fault is not None and fault.kind == "cut_after"
        self._note(method, params, Outcome(chat_id=chat_id, message_id=_message_id(result), cut=cut))
        if cut:
            raise ConnectionCut
        if fault is not None and fault.kind == "delay_after":
            await asyncio.sleep(fault.seconds)
        return result

    async def _run(self, method: Method, params: Params, chat_id: int | None, fault: Fault | None) -> Any:  # noqa: ANN401 - JSON
        if fault is not None:
            await _before(fault)
        if self.limits.on and method.paced and chat_id is not None:
            self.limits.check(chat_id)
        result = method.run(self.state, params)
        return await result if isinstance(result, Awaitable) else result

    def _note(self, method: Method, params: Params, outcome: Outcome) -> None:
        if method.name not in UNWRITTEN:
            self.journal.note(method.name, params, outcome)

    def end_waits(self) -> None:
        """End waiting getUpdates calls and the screens' streams: the server is closing."""
        self.closing.set()
        self.state.queue.end_wait()
        for chat in self.state.people.chats.values():
            chat.wake()


async def _before(fault: Fault) -> None:
    if fault.kind == "delay":
        await asyncio.sleep(fault.seconds)
    if fault.kind == "cut_before":
        raise ConnectionCut
    error = fault.error()
    if error is not None:
        raise error


def _message_id(result: Any) -> int | None:  # noqa: ANN401 - JSON
    return result.get("message_id") if isinstance(result, dict) else None
