"""What we are measured against: a bot of python-telegram-bot's own Application, Updater and ConversationHandler.

It saves nothing, looks nothing up and fetches no file; it shows the messages that were recorded from our bot.
"""

import asyncio
import sys
import warnings
from pathlib import Path
from typing import Any

import msgspec
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)
from telegram.warnings import PTBUserWarning

from benchmarks.child import answer_marks
from benchmarks.people import Recorded

Context = ContextTypes.DEFAULT_TYPE


class Bare:
    """Shows step after step. `edits`: takes the buttons off an answered question, as our bot does."""

    def __init__(self, record: list[Recorded], *, edits: bool) -> None:
        self._record = record
        self._edits = edits

    def handler(self) -> ConversationHandler[Context]:
        """Return the conversation."""
        states: dict[object, list[Any]] = {
            step: [
                MessageHandler((filters.TEXT | filters.PHOTO) & ~filters.COMMAND, self.advance),
                CallbackQueryHandler(self.advance),
            ]
            for step in range(1, len(self._record))
        }
        return ConversationHandler([CommandHandler("start", self.advance)], states, [])

    async def advance(self, update: Update, context: Context) -> int:
        """Answer a tap, take the old buttons off, show what comes next."""
        data: dict[str, Any] = context.user_data if context.user_data is not None else {}
        step = int(data.get("step", 0))
        if update.callback_query is not None:
            await update.callback_query.answer()
        if self._edits and data.get("asked"):
            await data["asked"].edit_reply_markup(None)
        for message in self._record[step].messages:
            sent = await self._show(update, message)
            data["asked"] = sent if "inline_keyboard" in message.get("reply_markup", {}) else None
        data["step"] = step + 1
        return step + 1 if step + 1 < len(self._record) else ConversationHandler.END

    @staticmethod
    async def _show(update: Update, message: dict[str, Any]) -> Any:  # noqa: ANN401 - a message, or None
        chat = update.effective_chat
        return None if chat is None else await chat.send_message(message["text"], reply_markup=markup(message))


def markup(message: dict[str, Any]) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None:
    """Return the keyboard that came with a message."""
    recorded = message.get("reply_markup", {})
    if rows := recorded.get("inline_keyboard"):
        return InlineKeyboardMarkup([[InlineKeyboardButton(**button) for button in row] for row in rows])
    if rows := recorded.get("keyboard"):
        return ReplyKeyboardMarkup([[KeyboardButton(**button) for button in row] for row in rows])
    return ReplyKeyboardRemove() if recorded.get("remove_keyboard") else None


async def run(record: list[Recorded], url: str, token: str, *, edits: bool) -> None:
    """Poll until stdin ends."""
    builder = Application.builder().token(token).base_url(f"{url}/bot").base_file_url(f"{url}/file/bot")
    application = builder.build()
    application.add_handler(Bare(record, edits=edits).handler())
    async with application:
        if application.updater is None:
            raise RuntimeError("no updater")
        await application.start()
        await application.updater.start_polling()
        await answer_marks(dict)
        await application.updater.stop()
        await application.stop()


if __name__ == "__main__":
    warnings.simplefilter("ignore", PTBUserWarning)  # that a button belongs to no message: here none has to
    recorded = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=list[Recorded])
    asyncio.run(run(recorded, sys.argv[2], sys.argv[3], edits="edits" in sys.argv))
