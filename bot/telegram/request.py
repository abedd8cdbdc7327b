"""How calls reach Telegram: aiohttp under python-telegram-bot, and a lean way beside it.

A `sendMessage` costs 1.7 ms through `telegram.Bot` over httpx and 0.11 ms as a ready payload through here. The URL of
every call holds the token, and foreign errors quote it: only the name of an error's class passes, never its text.
"""

import json
from datetime import timedelta
from typing import Any, Protocol

import aiohttp
import msgspec
from msgspec import DecodeError, Struct
from msgspec.json import Decoder
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    PassportDecryptionError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData

from flows.errors import (
    Blocked,
    Conflicted,
    DeliveryError,
    Refused,
    Throttled,
    Unauthorized,
    Unavailable,
    Uncertain,
)

PATIENCE = 20.0  # seconds that an ordinary call may take to be answered
CONNECT_PATIENCE = 5.0

_JSON = {"Content-Type": "application/json"}
_OK = range(200, 300)
_REFUSALS = range(400, 500)
_BAD_REQUEST = 400
_THROTTLED = 429
_THROTTLED_SECONDS = 5.0  # where a 429 does not say how long
_STATUSES: dict[int, type[DeliveryError]] = {
    401: Unauthorized,
    403: Blocked,
    408: Unavailable,
    409: Conflicted,
}
# The Bot API's wording for: the tap is no longer waited for; the message already is as it shall be.
_DONE = ("query is too old", "message is not modified")

# The first that matches decides, so a class stands before its bases. What is uncertain comes after a byte was written.
TRANSPORT: tuple[tuple[type[Exception], type[DeliveryError]], ...] = (
    (aiohttp.InvalidURL, Refused),
    (aiohttp.NonHttpUrlClientError, Refused),
    (aiohttp.ClientConnectorError, Unavailable),
    (aiohttp.ClientHttpProxyError, Unavailable),
    (aiohttp.ServerFingerprintMismatch, Unavailable),
    (aiohttp.ConnectionTimeoutError, Unavailable),
    (aiohttp.ClientConnectionError, Uncertain),
    (aiohttp.ClientResponseError, Uncertain),
    (aiohttp.ClientPayloadError, Uncertain),
    (aiohttp.ClientError, Uncertain),
    (OSError, Uncertain),
)
# python-telegram-bot's own tree. Its InvalidToken quotes the token: the text of these is dropped, too.
LIBRARY: tuple[tuple[type[TelegramError], type[DeliveryError]], ...] = (
    (InvalidToken, Unauthorized),
    (Forbidden, Blocked),
    (Conflict, Conflicted),
    (BadRequest, Refused),
    (ChatMigrated, Refused),
    (EndPointNotFound, Refused),
    (PassportDecryptionError, Refused),
    (TimedOut, Uncertain),
    (NetworkError, Unavailable),
    (TelegramError, Unavailable),
)
_FOREIGN = (aiohttp.ClientError, OSError)


class Post(Protocol):
    """A call of the Bot API: `Api.post`, or a stand-in for it."""

    async def __call__(self, method: str, body: bytes, *, patience: float = PATIENCE) -> object:
        """Post `body` (a JSON object) to `method`, wait `patience` seconds at most, give the decoded result."""


class _Parameters(Struct, frozen=True):
    retry_after: float | None = None


class _Answer(Struct):
    """What the Bot API answers (core.telegram.org/bots/api, Making requests)."""

    ok: bool = False
    result: object = None
    error_code: int = 0
    description: str = ""
    parameters: _Parameters = _Parameters()


_decode = Decoder(_Answer).decode


def from_transport(error: Exception) -> DeliveryError:
    """Say what a foreign error means. Its text is dropped, since it may quote the URL."""
    meaning = next((meaning for kind, meaning in TRANSPORT if isinstance(error, kind)), Uncertain)
    return meaning(type(error).__name__)


def from_library(error: TelegramError) -> DeliveryError:
    """Say what an error of python-telegram-bot means. Its text is dropped, since it may quote the token."""
    if isinstance(error, RetryAfter):
        return Throttled(_seconds(error.retry_after))
    meaning = next(meaning for kind, meaning in LIBRARY if isinstance(error, kind))
    return meaning(type(error).__name__)


def _seconds(time: float | timedelta) -> float:
    return time.total_seconds() if isinstance(time, timedelta) else float(time)


def from_status(status: int, detail: str = "", retry_after: float | None = None) -> DeliveryError:
    """Say what an HTTP status other than 2xx means; `retry_after` in seconds."""
    if status == _THROTTLED:
        return Throttled(_THROTTLED_SECONDS if retry_after is None else retry_after, detail)
    fallback = Refused if status in _REFUSALS else Unavailable
    return _STATUSES.get(status, fallback)(detail)


def read_answer(status: int, body: bytes) -> object:
    """Give the result of an answer, True for what counts as done. Raises a DeliveryError for everything else."""
    try:
        answer = _read(body)
    except (DecodeError, ValueError):
        raise (Uncertain("unreadable") if status in _OK else from_status(status)) from None
    if answer.ok and status in _OK:
        return answer.result
    status = answer.error_code or status
    if status in _OK:
        raise Uncertain("unreadable")
    if status == _BAD_REQUEST and any(wording in answer.description for wording in _DONE):
        return True
    raise from_status(status, answer.description, answer.parameters.retry_after)


def _read(body: bytes) -> _Answer:
    """Decode an answer. Half a surrogate pair in one update, which JSON lets escape, must not lose the whole batch."""
    try:
        return _decode(body)
    except DecodeError:
        whole = json.dumps(json.loads(body), ensure_ascii=False).encode(errors="replace")
        return _decode(whole)


class LeanRequest(BaseRequest):
    """python-telegram-bot's request over one aiohttp session, and the lean `exchange` beside it.

    `connections` bounds the open connections; more wait. `proxy` is the URL of an HTTP proxy.
    """

    def __init__(self, *, connections: int = 256, read_timeout: float = PATIENCE, proxy: str | None = None) -> None:
        self._connections = connections
        self._read_timeout = read_timeout
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds that an answer may take where the caller does not say."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the session; does nothing where it is open."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                # Telegram closes an idle connection without a word, and a call written into that moment is in doubt:
                # so we close first.
                connector=aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=60, keepalive_timeout=15),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                proxy=self._proxy,
            )

    async def shutdown(self) -> None:
        """Close the session and its connections; does nothing where it is closed."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def exchange(self, url: str, body: bytes, *, patience: float) -> tuple[int, bytes]:
        """Post JSON, give status and body of the answer. Raises a DeliveryError where there is none."""
        try:
            return await self._send(url, "POST", body, within=_bounded(patience), headers=_JSON)
        except _FOREIGN as error:
            raise from_transport(error) from None

    async def do_request(  # noqa: PLR0913, PLR0917 -- the signature is python-telegram-bot's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 -- aiohttp has no such timeout
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 -- part of aiohttp's connect timeout
    ) -> tuple[int, bytes]:
        """Serve python-telegram-bot's own calls: give status and body. Raises its NetworkError or TimedOut."""
        connect = _given(connect_timeout, CONNECT_PATIENCE)
        within = aiohttp.ClientTimeout(connect=connect, sock_read=_given(read_timeout, self._read_timeout))
        try:
            return await self._send(url, method, _form(request_data), within=within)
        except TimeoutError as error:
            raise TimedOut(type(error).__name__) from None
        except _FOREIGN as error:
            raise NetworkError(type(error).__name__) from None
        except DeliveryError as error:
            raise NetworkError(error.detail) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer for python-telegram-bot, whose own reader logs what it cannot read. Raises TelegramError."""
        try:
            return msgspec.json.decode(payload, type=dict[str, Any])
        except DecodeError:
            raise TelegramError("unreadable") from None

    async def _send(
        self,
        url: str,
        method: str,
        data: bytes | aiohttp.FormData | None,
        *,
        within: aiohttp.ClientTimeout,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise Unavailable("closed")
        call = self._session.request(method, url, data=data, headers=headers, timeout=within, allow_redirects=False)
        async with call as answer:
            return answer.status, await answer.read()


class Api:
    """The Bot API for ready payloads. `root` is `telegram.Bot.base_url`, which ends in the token."""

    def __init__(self, request: LeanRequest, root: str) -> None:
        self._request = request
        self._root = root

    async def post(self, method: str, body: bytes, *, patience: float = PATIENCE) -> object:
        """Post `body` (a JSON object) to `method` and give the decoded result; True for what counts as done.

        Raises a leaf of DeliveryError and nothing else.
        """
        status, answer = await self._request.exchange(f"{self._root}/{method}", body, patience=patience)
        return read_answer(status, answer)


def _bounded(patience: float) -> aiohttp.ClientTimeout:
    """Bound a call as a whole: an answer that drips in must not outlast the lease of its lane."""
    return aiohttp.ClientTimeout(total=CONNECT_PATIENCE + patience, connect=CONNECT_PATIENCE, sock_read=patience)


def _given(value: ODVInput[float], default: float) -> float | None:
    return default if isinstance(value, DefaultValue) else value


def _form(data: RequestData | None) -> aiohttp.FormData | None:
    if data is None:
        return None
    form = aiohttp.FormData(data.json_parameters)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form
