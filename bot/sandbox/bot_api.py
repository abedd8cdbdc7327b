"""The Bot API's side of the server: /bot<token>/<method> and /file/bot<token>/<path>, as bare ASGI.

Every benchmark goes through here, so a call costs one parse, one function and one encode, without a router.
"""

import asyncio
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from bot.sandbox.connections import Connections
from bot.sandbox.errors import ApiError, ConnectionCut
from bot.sandbox.params import Params, Upload
from bot.sandbox.telegram import StandIn

BOT_PATH = "/bot"
FILE_PATH = "/file/bot"
JSON_TYPE = (b"content-type", b"application/json")
FORM = b"application/x-www-form-urlencoded"


class BotApi:
    """An ASGI application for the two paths of the Bot API."""

    def __init__(self, stand_in: StandIn, connections: Connections) -> None:
        self._stand_in = stand_in
        self._connections = connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["path"].startswith(FILE_PATH):
            await self._download(scope, send)
            return
        try:
            status, body = await self._answer(scope, receive)
        except ConnectionCut:
            await self._connections.cut(scope, receive)
            return
        await respond(send, status, body, JSON_TYPE)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, bytes]:
        token, _, name = scope["path"][len(BOT_PATH) :].partition("/")
        try:
            self._check(token)
            params = await read_params(scope, receive)
            call = self._stand_in.call(name, params)
            result = await (_while_connected(call, receive) if "timeout" in params else call)
        except ApiError as error:
            return error.code, msgspec.json.encode(_refusal(error))
        return 200, b'{"ok":true,"result":' + msgspec.json.encode(result) + b"}"

    async def _download(self, scope: Scope, send: Send) -> None:
        token, _, path = scope["path"][len(FILE_PATH) :].partition("/")
        try:
            self._check(token)
            content = self._stand_in.state.files.download(path)
        except ApiError as error:
            await respond(send, error.code, msgspec.json.encode(_refusal(error)), JSON_TYPE)
            return
        await respond(send, 200, content, (b"content-type", b"application/octet-stream"))

    def _check(self, token: str) -> None:
        if token != self._stand_in.token:
            raise ApiError(401, "Unauthorized")


async def respond(send: Send, status: int, body: bytes, content_type: tuple[bytes, bytes]) -> None:
    """Send one whole response."""
    headers = [content_type, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def read_params(scope: Scope, receive: Receive) -> Params:
    """Read a call's parameters from its query string and body; ApiError 400 for a body that is no JSON."""
    params: Params = dict(parse_qsl(scope["query_string"].decode())) if scope["query_string"] else {}
    content_type = _header(scope, b"content-type")
    if content_type.startswith(b"multipart/"):
        return params | await _multipart(scope, receive)
    body = await _body(receive)
    if not body:
        return params
    if content_type.startswith(FORM):
        return params | dict(parse_qsl(body.decode(), keep_blank_values=True))
    try:
        return params | msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise ApiError(400, "Bad Request: can't parse JSON") from error


async def _body(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    return body


async def _multipart(scope: Scope, receive: Receive) -> Params:
    params: Params = {}
    async with Request(scope, receive).form() as form:
        for name, value in form.multi_items():
            params[name] = await _upload(value) if isinstance(value, UploadFile) else value
    return params


async def _upload(part: UploadFile) -> Upload:
    mime_type = part.content_type or "application/octet-stream"
    return Upload(part.filename or "file", mime_type, await part.read())


def _header(scope: Scope, name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"")


async def _while_connected(call: Any, receive: Receive) -> Any:  # noqa: ANN401 - JSON
    """Await a call that may wait long, and give it up as soon as the bot hangs up."""
    running = asyncio.ensure_future(call)
    hung_up = asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait((running, hung_up), return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            return running.result()
        raise ConnectionCut
    finally:
        running.cancel()
        hung_up.cancel()


async def _disconnected(receive: Receive) -> None:
    message: Message = {"type": ""}
    while message["type"] != "http.disconnect":
        message = await receive()


def _refusal(error: ApiError) -> dict[str, Any]:
    refusal = {"ok": False, "error_code": error.code, "description": error.description}
    return {**refusal, "parameters": error.parameters} if error.parameters else refusal
