"""A stand-in for Telegram over HTTP on loopback.

The demo, the browser tests, the kill tests and the benchmarks talk to it through the real
python-telegram-bot. It knows nothing of the service: only Telegram's own rules, as the Bot API states them.
"""

from bot.sandbox.app import create_app, serve
from bot.sandbox.people import Person
from bot.sandbox.player import Player
from bot.sandbox.telegram import StandIn

__all__ = ["Person", "Player", "StandIn", "create_app", "serve"]
