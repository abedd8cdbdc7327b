"""What to wait for in a chat, by the catalogue's key: a better wording of a sentence changes no test."""

from string import Formatter
from typing import Final

from bot.texts import Texts

_TEXTS: Final = Texts.load()


def part(key: str) -> str:
    """Return the longest piece of a sentence that stands between its placeholders. Raises KeyError without one."""
    template = _TEXTS._templates[key]  # noqa: SLF001 - the sentence before anything is filled in
    return max((piece.strip() for piece, *_ in Formatter().parse(template)), key=len)
