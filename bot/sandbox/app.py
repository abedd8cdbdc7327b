"""The sandbox as one web application, and a server for it inside a running process."""

import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from bot.sandbox.bot_api import BOT_PATH, FILE_PATH, BotApi
from bot.sandbox.connections import Connection, Connections
from bot.sandbox.control_api import ControlApi
from bot.sandbox.errors import PeopleError
from bot.sandbox.people_api import PeopleApi, reply
from bot.sandbox.telegram import StandIn

PAGE = Path(__file__).with_name("page")
NOT_FOUND = frozenset({"unknown_person", "unknown_message"})


class SandboxApp(Starlette):
    """A Starlette application that lets the Bot API's paths by its router."""

    bot_api: BotApi
    connections: Connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["path"].startswith((BOT_PATH, FILE_PATH)):
            await self.bot_api(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_app(stand_in: StandIn) -> SandboxApp:
    """Put the Bot API, the people's API, the controls and the chat page (at /) together."""
    app = SandboxApp(
        routes=[
            Route("/", _page),
            *PeopleApi(stand_in).routes(),
            *ControlApi(stand_in).routes(),
            Mount("/page", StaticFiles(directory=PAGE)),
        ],
        exception_handlers={PeopleError: _refused, msgspec.DecodeError: _unreadable},
    )
    app.connections = Connections()
    app.bot_api = BotApi(stand_in, app.connections)
    return app


@contextlib.asynccontextmanager
async def serve(stand_in: StandIn, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve on `host`:`port` (0: a free one) in this event loop; gives the base URL, no slash at its end.

    Signals are left to the process. OSError when the port is taken.
    """
    app = create_app(stand_in)
    listener = _listen(host, port)
    server = uvicorn.Server(_config(app))
    app.connections.open = cast("set[Connection]", server.server_state.connections)
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    stand_in.closing.clear()
    await server.startup(sockets=[listener])
    try:
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        stand_in.end_waits()
        await server.shutdown(sockets=[listener])


def _config(app: SandboxApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off",
        ws="none",
        log_config=None,
        log_level="error",
        access_log=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=2,
    )


def _listen(host: str, port: int) -> socket.socket:
    # asyncio turns Nagle's delay off only where the protocol is named
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


async def _page(_request: Request) -> Response:
    return FileResponse(PAGE / "index.html")


async def _refused(_request: Request, error: Exception) -> Response:
    code = str(error)
    return reply({"error": code}, 404 if code in NOT_FOUND else 400)


async def _unreadable(_request: Request, _error: Exception) -> Response:
    return reply({"error": "unreadable"}, 400)
