"""Phrases and what each of them means, as a data file has them: what may be typed in place of a button or a command."""

import json
from collections.abc import Callable
from pathlib import Path

from flows.reading.fold import bare


class PhraseTable:
    """Phrases read from a JSON file: meaning -> the phrases for it. A phrase may have several meanings.

    `key` says which texts are the same phrase: those that it gives the same form.
    """

    def __init__(self, file: Path, key: Callable[[str], str] = bare) -> None:
        self._key = key
        self._meanings: dict[str, tuple[str, ...]] = {}
        table: dict[str, list[str]] = json.loads(file.read_text("utf-8"))
        for meaning, phrases in table.items():
            for phrase in map(key, phrases):
                self._meanings[phrase] = (*self._meanings.get(phrase, ()), meaning)

    @property
    def phrases(self) -> tuple[str, ...]:
        """Return every phrase, in the form in which phrases are compared."""
        return tuple(self._meanings)

    @property
    def every_meaning(self) -> frozenset[str]:
        """Return everything that a phrase may mean."""
        return frozenset(meaning for meanings in self._meanings.values() for meaning in meanings)

    def phrases_for(self, meaning: str) -> tuple[str, ...]:
        """Return the phrases that may have a meaning, in the form in which phrases are compared."""
        return tuple(phrase for phrase, meanings in self._meanings.items() if meaning in meanings)

    def meanings(self, text: str) -> tuple[str, ...]:
        """Return what the whole of `text` may mean; empty where it is none of the phrases."""
        return self._meanings.get(self._key(text), ())

    def meaning(self, text: str) -> str | None:
        """Return the one thing that the whole of `text` means; None for none, or for several."""
        meanings = self.meanings(text)
        return meanings[0] if len(meanings) == 1 else None
