"""How python-telegram-bot is built here: without its Updater, and over our own requests."""

from typing import Any

from telegram.error import TelegramError
from telegram.ext import Application, ExtBot

from bot.telegram.request import LeanRequest, from_library

BASE_URL = "https://api.telegram.org/bot"
BASE_FILE_URL = "https://api.telegram.org/file/bot"

Telegram = Application[ExtBot[None], Any, Any, Any, Any, None]


def build_application(
    token: str,
    *,
    request: LeanRequest,
    get_updates_request: LeanRequest,
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
        request=LeanRequest(),
        get_updates_request=LeanRequest(),
        base_url=base_url,
        base_file_url=base_file_url,
    )
    await initialize(application)
    try:
        return f"@{application.bot.username}"
    finally:
        await application.shutdown()
