"""What foreign errors mean: every one becomes a DeliveryError (a test finds that none is unmapped).

The URL of every call holds the token, and foreign errors quote it: only the name of an error's class passes, never its
text.
"""

from datetime import timedelta

import aiohttp
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

_REFUSALS = range(400, 500)
_THROTTLED = 429
_THROTTLED_SECONDS = 5.0  # where a 429 does not say how long
_STATUSES: dict[int, type[DeliveryError]] = {
    401: Unauthorized,
    403: Blocked,
    408: Unavailable,
    409: Conflicted,
}

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


def from_transport(error: Exception) -> DeliveryError:
    """Return what a foreign error means. Its text is dropped, since it may quote the URL."""
    meaning = next((meaning for kind, meaning in TRANSPORT if isinstance(error, kind)), Uncertain)
    return meaning(type(error).__name__)


def from_library(error: TelegramError) -> DeliveryError:
    """Return what an error of python-telegram-bot means. Its text is dropped, since it may quote the token."""
    if isinstance(error, RetryAfter):
        return Throttled(_seconds(error.retry_after))
    meaning = next(meaning for kind, meaning in LIBRARY if isinstance(error, kind))
    return meaning(type(error).__name__)


def _seconds(time: float | timedelta) -> float:
    return time.total_seconds() if isinstance(time, timedelta) else float(time)


def from_status(status: int, detail: str = "", retry_after: float | None = None) -> DeliveryError:
    """Return what an HTTP status other than 2xx means; `retry_after` in seconds."""
    if status == _THROTTLED:
        return Throttled(_THROTTLED_SECONDS if retry_after is None else retry_after, detail)
    fallback = Refused if status in _REFUSALS else Unavailable
    return _STATUSES.get(status, fallback)(detail)
