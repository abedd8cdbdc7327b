"""The server's open connections, so that a scripted fault can cut one."""

import asyncio
from typing import Protocol

from starlette.types import Receive, Scope


class Connection(Protocol):
    """What is needed of the server's connection object."""

    transport: asyncio.Transport
    client: tuple[str, int] | None


class Connections:
    """Finds a request's connection by the client's address and port."""

    def __init__(self) -> None:
        self.open: set[Connection] = set()

    async def cut(self, scope: Scope, receive: Receive) -> None:
        """Cut the request's connection without a byte of an answer; return when it is gone."""
        for connection in [each for each in self.open if each.client == scope["client"]]:
            connection.transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass
