"""The tests' side of the server: redelivery, poison, faults, the clock, the journal."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.faults import Fault
from bot.sandbox.people_api import reply
from bot.sandbox.telegram import StandIn


class Redelivery(msgspec.Struct, frozen=True):
    """The body of POST .../redeliver."""

    update_id: int
    fresh: bool = False


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of POST .../settings; what is left out stays as it is."""

    duplicate_every: int | None = None
    duplicate_fresh: bool | None = None
    limits: bool | None = None
    journal: bool | None = None


class ClockShift(msgspec.Struct, frozen=True):
    """The body of POST .../clock."""

    advance: float


class NextId(msgspec.Struct, frozen=True):
    """The body of POST .../restart_ids."""

    next_id: int


class ControlApi:
    """Handlers over one stand-in, all under /api/control/."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in

    def routes(self) -> list[Route]:
        """Return the routes."""
        at = "/api/control"
        return [
            Route(f"{at}/queue", self.queue),
            Route(f"{at}/redeliver", self.redeliver, methods=["POST"]),
            Route(f"{at}/update", self.inject, methods=["POST"]),
            Route(f"{at}/restart_ids", self.restart_ids, methods=["POST"]),
            Route(f"{at}/settings", self.settings, methods=["POST"]),
            Route(f"{at}/faults", self.faults),
            Route(f"{at}/faults", self.add_fault, methods=["POST"]),
            Route(f"{at}/faults", self.clear_faults, methods=["DELETE"]),
            Route(f"{at}/clock", self.clock),
            Route(f"{at}/clock", self.advance, methods=["POST"]),
            Route(f"{at}/journal", self.journal),
            Route(f"{at}/journal", self.clear_journal, methods=["DELETE"]),
        ]

    async def queue(self, _request: Request) -> Response:
        """GET: updates pending, confirmed and expired, getUpdates calls so far, the next id."""
        queue = self._stand_in.state.queue
        return reply(
            {
                "pending": len(queue),
                "confirmed": queue.confirmed,
                "expired": queue.expired,
                "polls": queue.polls,
                "next_id": queue.next_id,
            }
        )

    async def redeliver(self, request: Request) -> Response:
        """POST {update_id, fresh}: deliver it again, under its own or a fresh id; 404 when not remembered."""
        wanted = msgspec.json.decode(await request.body(), type=Redelivery)
        try:
            update_id = self._stand_in.state.queue.redeliver(wanted.update_id, fresh=wanted.fresh)
        except KeyError:
            return reply({"error": "unknown_update"}, 404)
        return reply({"update_id": update_id})

    async def inject(self, request: Request) -> Response:
        """POST any JSON object: it is queued as an update, whatever it holds."""
        update = msgspec.json.decode(await request.body(), type=dict)
        return reply({"update_id": self._stand_in.state.queue.inject(update)})

    async def restart_ids(self, request: Request) -> Response:
        """POST {next_id}; 409 while updates wait."""
        wanted = msgspec.json.decode(await request.body(), type=NextId)
        try:
            self._stand_in.state.queue.restart_ids(wanted.next_id)
        except ValueError as error:
            return reply({"error": str(error)}, 409)
        return reply(wanted)

    async def settings(self, request: Request) -> Response:
        """POST Settings; gives them as they are now."""
        wanted = msgspec.json.decode(await request.body(), type=Settings)
        queue, limits, journal = self._stand_in.state.queue, self._stand_in.limits, self._stand_in.journal
        if wanted.duplicate_every is not None:
            queue.duplicate_every = wanted.duplicate_every
        if wanted.duplicate_fresh is not None:
            queue.duplicate_fresh = wanted.duplicate_fresh
        if wanted.limits is not None:
            limits.on = wanted.limits
        if wanted.journal is not None:
            journal.on = wanted.journal
        return reply(Settings(queue.duplicate_every, queue.duplicate_fresh, limits.on, journal.on))

    async def faults(self, _request: Request) -> Response:
        """GET the faults still to come."""
        return reply(self._stand_in.faults.scripted)

    async def add_fault(self, request: Request) -> Response:
        """POST a Fault."""
        fault = msgspec.json.decode(await request.body(), type=Fault)
        self._stand_in.faults.add(fault)
        return reply(fault, 201)

    async def clear_faults(self, _request: Request) -> Response:
        """DELETE all faults."""
        self._stand_in.faults.clear()
        return reply([])

    async def clock(self, _request: Request) -> Response:
        """GET the instant, epoch seconds."""
        return reply({"now": self._stand_in.state.now()})

    async def advance(self, request: Request) -> Response:
        """POST {advance: seconds}."""
        self._stand_in.state.skew += msgspec.json.decode(await request.body(), type=ClockShift).advance
        return reply({"now": self._stand_in.state.now()})

    async def journal(self, request: Request) -> Response:
        """GET calls; ?chat_id=, ?method= and ?since= narrow them."""
        query = request.query_params
        chat_id = int(query["chat_id"]) if "chat_id" in query else None
        calls = self._stand_in.journal.calls(
            chat_id=chat_id, method=query.get("method"), since=int(query.get("since", "0"))
        )
        return reply(calls)

    async def clear_journal(self, _request: Request) -> Response:
        """DELETE the journal."""
        self._stand_in.journal.clear()
        return reply([])
