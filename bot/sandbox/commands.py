"""The commands a bot offers, by scope and language, as setMyCommands keeps them.

https://core.telegram.org/bots/api#determining-list-of-commands: the narrowest scope that has a list wins, and in a
scope the person's own language before the list for all.
"""

import re
from typing import Any

from bot.sandbox.errors import bad_request
from bot.sandbox.people import Person

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LONGEST_DESCRIPTION = 256
MOST_COMMANDS = 100
DEFAULT = "default"
GROUPS = frozenset({"all_group_chats", "all_chat_administrators", "chat_administrators", "chat_member"})

Json = dict[str, Any]


class Commands:
    """Lists of BotCommand, each under its scope and language ("" for every language)."""

    def __init__(self) -> None:
        self._lists: dict[tuple[str, str], list[Json]] = {}

    def set(self, scope: Json | None, language: str, commands: list[Json]) -> None:
        """Keep a list, refused as Telegram refuses it; an empty one is forgotten."""
        checked = [_checked(command) for command in commands]
        if len(checked) > MOST_COMMANDS:
            raise bad_request("too many commands specified")
        self._lists[_key(scope), language] = checked
        if not checked:
            self.forget(scope, language)

    def forget(self, scope: Json | None, language: str) -> None:
        """Forget a list; it is no error that there is none."""
        self._lists.pop((_key(scope), language), None)

    def get(self, scope: Json | None, language: str) -> list[Json]:
        """Return the list of exactly this scope and language."""
        return self._lists.get((_key(scope), language), [])

    def offered(self, person: Person) -> list[Json]:
        """Return what a person's app shows in the menu of the private chat."""
        language = person.as_user()["language_code"].partition("-")[0]
        places = [
            (scope, spoken)
            for scope in (f"chat:{person.id}", "all_private_chats", DEFAULT)
            for spoken in (language, "")
        ]
        return next((self._lists[place] for place in places if place in self._lists), [])


def _key(scope: Json | None) -> str:
    kind = (scope or {}).get("type", DEFAULT)
    if kind == "chat":
        return f"chat:{(scope or {}).get('chat_id')}"
    if kind not in {DEFAULT, "all_private_chats", *GROUPS}:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    return str(kind)


def _checked(command: Json) -> Json:
    name, description = str(command.get("command", "")).removeprefix("/"), str(command.get("description", "")).strip()
    if not COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= LONGEST_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
