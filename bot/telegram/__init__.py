"""The edge towards Telegram: updates come in as events, payloads go out as calls. Nothing here decides anything."""

import os

# python-telegram-bot 22 warns at every 429 of a type that will change, unless the new type is asked for.
os.environ.setdefault("PTB_TIMEDELTA", "true")
