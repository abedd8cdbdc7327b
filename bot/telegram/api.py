"""The Bot API: ready payloads are posted directly, everything else goes through python-telegram-bot's application."""

import json
from typing import Any, Protocol

from msgspec import DecodeError, Struct
from msgspec.json import Decoder
from telegram.error import TelegramError
from telegram.ext import Application, ExtBot

from bot.telegram.errors import from_library, from_status
from bot.telegram.request import PATIENCE, AiohttpRequest
from flows.errors import Uncertain

BASE_URL = "https://api.telegram.org/bot"
BASE_FILE_URL = "https://api.telegram.org/file/bot"

Telegram = Application[ExtBot[None], Any, Any, Any, Any, None]

_OK = range(200, 300)
_BAD_REQUEST = 400
# The Bot API's wording for: the tap is no longer waited for; the message already is as it shall be.
_DONE = ("query is too old", "message is not modified")


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


def read_answer(status: int, body: bytes) -> object:
    """Return the result of an answer, True for what counts as done. Raises a DeliveryError for everything else."""
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


class Api:
    """The Bot API for ready payloads. `root` is `telegram.Bot.base_url`, which ends in the token."""

    def __init__(self, request: AiohttpRequest, root: str) -> None:
        self._request = request
        self._root = root

    async def post(self, method: str, body: bytes, *, patience: float = PATIENCE) -> object:
        """Post `body` (a JSON object) to `method` and give the decoded result; True for what counts as done.

        Raises a leaf of DeliveryError and nothing else.
        """
        status, answer = await self._request.exchange(f"{self._root}/{method}", body, patience=patience)
        return read_answer(status, answer)


def build_application(
    token: str,
    *,
    request: AiohttpRequest,
    get_updates_request: AiohttpRequest,
    base_url: str = BASE_URL,
    base_file_url: str = BASE_FILE_URL,
) -> Telegram:
    """Build it, not yet initialised. No Updater: it would confirm updates before they are handled.

    `get_updates_request` is a pool of its own, so that a long poll never waits behind what is being sent.
    """
    builder = Application.builder().updater(None).job_queue(None).token(token)
    builder = builder.base_url(base_url).base_file_url(base_file_url)
    return builder.request(request).get_updates_request(get_updates_request).build()


async def initialize(application: Telegram) -> None:
    """Open both pools and learn the bot's own name. Raises a DeliveryError, both pools closed again.

    python-telegram-bot's own error would carry the token in its text.
    """
    try:
        await application.initialize()
    except TelegramError as error:
        await application.shutdown()
        await application.bot.shutdown()
        raise from_library(error) from None


async def own_name(token: str, *, base_url: str = BASE_URL, base_file_url: str = BASE_FILE_URL) -> str:
    """Ask Telegram who the token belongs to: @username. Raises a DeliveryError."""
    application = build_application(
        token,
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
        base_url=base_url,
        base_file_url=base_file_url,
    )
    await initialize(application)
    try:
        return f"@{application.bot.username}"
    finally:
        await application.shutdown()
