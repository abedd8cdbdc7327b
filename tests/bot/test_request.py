"""Every answer and every broken connection has one meaning, and the token shows in none of them."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from http import HTTPStatus

import aiohttp
import msgspec
import pytest
from aiohttp import client_exceptions
from telegram import error
from telegram.error import RetryAfter, TelegramError

from bot.telegram.api import Api, build_application, initialize, read_answer
from bot.telegram.errors import LIBRARY, TRANSPORT, from_library, from_status, from_transport
from bot.telegram.request import AiohttpRequest
from flows import errors

TOKEN = "123456:AAabcdefghijklmnopqrstuvwxyz0123456"

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def http(status: int, body: object) -> bytes:
    content = msgspec.json.encode(body)
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


async def read_request(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    return head.split(" ")[1], await reader.readexactly(int(fields.get("content-length", "0")))


def answering(status: int, body: object) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(http(status, body))
        await writer.drain()

    return serve


async def cutting(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await read_request(reader)


async def halving(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.write(http(200, {"ok": True, "result": True})[:-5])
    await writer.drain()


async def gibberish(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>")
    await writer.drain()


async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    await reader.read()  # until the client gives up


@asynccontextmanager
async def telegram(serve: Serve) -> AsyncIterator[str]:
    async def serve_and_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(serve_and_close, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot{TOKEN}"


async def posted(serve: Serve, *, patience: float = 1.0) -> object:
    async with telegram(serve) as root, AiohttpRequest() as request:
        return await Api(request, root).post("sendMessage", b"{}", patience=patience)


def leaves(kind: type[errors.DeliveryError] = errors.DeliveryError) -> set[type[errors.DeliveryError]]:
    return set(kind.__subclasses__())


def classes_of_aiohttp() -> list[type[aiohttp.ClientError]]:
    named = [getattr(client_exceptions, name) for name in client_exceptions.__all__]
    return [kind for kind in named if issubclass(kind, aiohttp.ClientError)]


# ---- the map is total ----

NOTHING_WAS_WRITTEN = {
    "ClientConnectorError",
    "ClientProxyConnectionError",
    "ClientSSLError",
    "ClientConnectorDNSError",
    "ClientConnectorSSLError",
    "ClientConnectorCertificateError",
    "ConnectionTimeoutError",
    "ServerFingerprintMismatch",
    "ClientHttpProxyError",
}
NEVER_WORKS = {
    "InvalidURL",
    "InvalidUrlClientError",
    "InvalidUrlRedirectClientError",
    "NonHttpUrlClientError",
    "NonHttpUrlRedirectClientError",
}


def test_every_error_of_aiohttp_has_a_meaning_and_only_those_before_the_first_byte_are_safe_to_repeat() -> None:
    kinds = classes_of_aiohttp()
    assert len(kinds) > 20
    for kind in kinds:
        meaning = type(from_transport(kind.__new__(kind)))
        if kind.__name__ in NOTHING_WAS_WRITTEN:
            assert meaning is errors.Unavailable, kind
        elif kind.__name__ in NEVER_WORKS:
            assert meaning is errors.Refused, kind
        else:
            assert meaning is errors.Uncertain, kind


def test_no_row_of_the_map_is_hidden_by_an_earlier_one() -> None:
    for place, (kind, _) in enumerate(TRANSPORT):
        assert not any(issubclass(kind, earlier) for earlier, _ in TRANSPORT[:place]), kind


def test_errors_of_the_operating_system_are_uncertain() -> None:
    for kind in (ConnectionResetError, BrokenPipeError, TimeoutError, OSError, ConnectionAbortedError):
        assert type(from_transport(kind())) is errors.Uncertain


def test_every_http_status_but_success_has_a_meaning() -> None:
    statuses = [status for status in HTTPStatus if status not in range(200, 300)]
    assert len(statuses) > 40
    for status in statuses:
        assert type(from_status(status)) in leaves()


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        (302, errors.Unavailable),
        (400, errors.Refused),
        (401, errors.Unauthorized),
        (403, errors.Blocked),
        (404, errors.Refused),
        (409, errors.Conflicted),
        (413, errors.Refused),
        (429, errors.Throttled),
        (500, errors.Unavailable),
        (502, errors.Unavailable),
        (599, errors.Unavailable),
    ],
)
def test_a_status_means_this(status: int, meaning: type[errors.DeliveryError]) -> None:
    body = msgspec.json.encode({"ok": False, "error_code": status, "description": "as Telegram says"})
    with pytest.raises(meaning) as caught:
        read_answer(status, body)
    assert caught.value.detail == "as Telegram says"


@pytest.mark.parametrize("status", [400, 403, 429, 502])
def test_an_answer_that_is_not_json_is_judged_by_its_status(status: int) -> None:
    with pytest.raises(type(from_status(status))):
        read_answer(status, b"<html>")


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b'{"ok": false}', b'{"ok": "x"}'])
def test_a_success_that_cannot_be_read_is_uncertain(body: bytes) -> None:
    with pytest.raises(errors.Uncertain):
        read_answer(200, body)


def test_throttled_says_how_long() -> None:
    body = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 7}}
    with pytest.raises(errors.Throttled) as caught:
        read_answer(429, msgspec.json.encode(body))
    assert caught.value.retry_after == 7


def test_throttled_without_a_time_waits_some_seconds() -> None:
    meaning = from_status(429)
    assert isinstance(meaning, errors.Throttled)
    assert meaning.retry_after > 0


@pytest.mark.parametrize(
    "description",
    [
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same",
    ],
)
def test_what_is_over_or_already_so_counts_as_done(description: str) -> None:
    body = msgspec.json.encode({"ok": False, "error_code": 400, "description": description})
    assert read_answer(400, body) is True


def test_chat_not_found_is_refused() -> None:
    body = msgspec.json.encode({"ok": False, "error_code": 400, "description": "Bad Request: chat not found"})
    with pytest.raises(errors.Refused):
        read_answer(400, body)


# ---- over a connection ----


async def test_post_gives_the_decoded_result() -> None:
    assert await posted(answering(200, {"ok": True, "result": {"message_id": 5}})) == {"message_id": 5}


async def test_post_sends_the_body_as_it_is_to_the_method() -> None:
    seen: list[tuple[str, bytes]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await read_request(reader))
        writer.write(http(200, {"ok": True, "result": True}))
        await writer.drain()

    async with telegram(serve) as root, AiohttpRequest() as request:
        await Api(request, root).post("sendMessage", '{"text":"您好"}'.encode())
    assert seen == [(f"/bot{TOKEN}/sendMessage", '{"text":"您好"}'.encode())]


@pytest.mark.parametrize("serve", [cutting, halving])
async def test_a_connection_cut_after_the_call_was_written_is_uncertain(serve: Serve) -> None:
    with pytest.raises(errors.Uncertain):
        await posted(serve)


async def test_an_answer_that_does_not_come_is_uncertain() -> None:
    with pytest.raises(errors.Uncertain):
        await posted(silent, patience=0.05)


async def test_nobody_listening_is_unavailable() -> None:
    async with telegram(silent) as root:
        pass
    async with AiohttpRequest() as request:
        with pytest.raises(errors.Unavailable):
            await Api(request, root).post("sendMessage", b"{}")


async def test_a_closed_request_is_unavailable() -> None:
    with pytest.raises(errors.Unavailable):
        await Api(AiohttpRequest(), "http://127.0.0.1:1").post("sendMessage", b"{}")


async def test_opening_and_closing_twice_is_allowed() -> None:
    request = AiohttpRequest()
    await request.initialize()
    await request.initialize()
    await request.shutdown()
    await request.shutdown()


@pytest.mark.parametrize("serve", [cutting, silent, answering(400, {"ok": False, "description": "no"})])
async def test_the_token_is_in_no_error_not_even_in_a_traceback(serve: Serve) -> None:
    with pytest.raises(errors.DeliveryError) as caught:
        await posted(serve, patience=0.05)
    assert TOKEN not in "".join(traceback.format_exception(caught.value)) + repr(caught.value)


async def test_the_token_is_not_in_the_error_of_a_connection_that_is_refused() -> None:
    for root in (f"http://127.0.0.1:1/bot{TOKEN}", f"ftp://x/bot{TOKEN}", f"http://[/bot{TOKEN}"):
        async with AiohttpRequest() as request:
            with pytest.raises(errors.DeliveryError) as caught:
                await Api(request, root).post("sendMessage", b"{}")
            assert TOKEN not in "".join(traceback.format_exception(caught.value)) + repr(caught.value)


# ---- under python-telegram-bot ----


async def context(serve: Serve) -> str:
    async with telegram(serve) as root:
        base = root.removesuffix(TOKEN)
        application = build_application(
            TOKEN,
            request=AiohttpRequest(read_timeout=0.05),
            get_updates_request=AiohttpRequest(),
            base_url=base,
            base_file_url=base.replace("/bot", "/file/bot"),
        )
        assert application.updater is None
        await initialize(application)
        name = application.bot.username
        await application.shutdown()
        return name


async def test_python_telegram_bot_makes_its_calls_over_it() -> None:
    me = {"id": 1, "is_bot": True, "first_name": "x", "username": "a_bot"}
    assert await context(answering(200, {"ok": True, "result": me})) == "a_bot"


@pytest.mark.parametrize(
    ("serve", "kind"),
    [
        (answering(401, {"ok": False, "description": "Unauthorized"}), errors.Unauthorized),
        (answering(404, {"ok": False, "description": "Not Found"}), errors.Unauthorized),
        (answering(400, {"ok": False, "description": "Bad Request: no"}), errors.Refused),
        (cutting, errors.Unavailable),
        (gibberish, errors.Unavailable),
        (silent, errors.Uncertain),
    ],
)
async def test_a_start_that_fails_says_why_without_the_token(serve: Serve, kind: type[errors.DeliveryError]) -> None:
    with pytest.raises(kind) as caught:
        await context(serve)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


def test_every_error_of_python_telegram_bot_has_a_meaning() -> None:
    kinds = [kind for kind in vars(error).values() if isinstance(kind, type) and issubclass(kind, TelegramError)]
    assert len(kinds) > 10
    for kind in kinds:
        known = [meaning for ours, meaning in LIBRARY if ours is kind]
        assert known or kind is RetryAfter, kind


def test_the_wait_that_python_telegram_bot_reports_is_kept() -> None:
    meaning = from_library(RetryAfter(timedelta(seconds=9)))
    assert isinstance(meaning, errors.Throttled)
    assert meaning.retry_after == 9


def test_half_a_surrogate_pair_in_one_update_does_not_lose_the_batch_it_came_in() -> None:
    body = rb'{"ok": true, "result": [{"update_id": 1, "text": "a\ud83d"}, {"update_id": 2, "text": "\ud83d\ude00"}]}'
    assert read_answer(200, body) == [{"update_id": 1, "text": "a?"}, {"update_id": 2, "text": "\U0001f600"}]
