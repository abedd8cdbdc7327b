"""How far a long piece of work is, for whoever watches it."""

from collections.abc import Callable
from typing import Final

READING: Final = "reading"
WRITING: Final = "writing"

Progress = Callable[[str, int, int], None]
"""Told the part that is under way, how much of it is done, and how much there is (bytes or rows)."""


def unwatched(part: str, done: int, total: int) -> None:
    """Ignore what is told."""
    del part, done, total
