"""Commands in words: what may be typed in place of a button or a /command."""

import json
import re
import unicodedata
from pathlib import Path


def plain(text: str) -> str:
    """Give `text` in NFKC, without control and formatting characters, trimmed."""
    kept = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c)[0] != "C" or c == "\n")
    return "".join(kept).strip()


class Table:
    """Words read from a JSON file: meaning -> the words for it. One word may have several meanings."""

    def __init__(self, file: Path) -> None:
        table: dict[str, list[str]] = json.loads(file.read_text("utf-8"))
        self._meanings: dict[str, tuple[str, ...]] = {}
        for meaning, words in table.items():
            for word in words:
                self._meanings[bare(word)] = (*self._meanings.get(bare(word), ()), meaning)

    def meanings(self, text: str) -> tuple[str, ...]:
        """Give what the whole of `text` may mean, marks and spaces aside; empty where it is none of the words."""
        return self._meanings.get(bare(text), ())


def bare(text: str) -> str:
    """Give words without spaces and the marks in and around them."""
    return re.sub(r"[\s，,。.！!~～、？?]+", "", plain(text))


class Words:
    """Words read from a JSON file: command -> the words for it."""

    def __init__(self, file: Path) -> None:
        table: dict[str, list[str]] = json.loads(file.read_text("utf-8"))
        self._command_of = {word: command for command, words in table.items() for word in words}

    def command_in(self, text: str) -> str | None:
        """Give the command that `text` is another word for; None where it says anything else."""
        return self._command_of.get(re.sub(r"[\s。.!~]+$", "", plain(text)))
