"""Phrases recognised although a character is amiss: what was meant as a command is not to be taken for an answer."""

from collections.abc import Iterable

from rapidfuzz.distance import OSA

from flows.reading.fold import bare, simplified
from flows.reading.hospitals.sounds import broad_syllables

_SLIPS = 1  # a character left out, put in, replaced, or exchanged with its neighbour


class NearPhrases:
    """Phrases, and `ordinary` texts that are never taken for one of them.

    Phrases of a single character are left out: every short answer would be near to them.
    """

    def __init__(self, phrases: Iterable[str], ordinary: Iterable[str] = ()) -> None:
        self._ordinary = frozenset(map(folded, ordinary))
        self._phrases = tuple(dict.fromkeys(form for form in map(folded, phrases) if len(form) > 1))
        self._longest = max(map(len, self._phrases), default=0) + _SLIPS

    def phrase_near(self, text: str) -> str | None:
        """Return the folded phrase that the whole of `text` is, but for one slip or for its sound; None for none.

        Blanks, punctuation, case, script, width and a leading slash do not count.
        """
        form = folded(text)
        if not form or len(form) > self._longest:
            return None
        if form in self._phrases:
            return form
        if form in self._ordinary:
            return None
        return next((phrase for phrase in self._phrases if _is_near(form, phrase)), None)


def folded(text: str) -> str:
    """Return the form in which phrases are compared."""
    return bare(simplified(text)).lstrip("/")


def _is_near(form: str, phrase: str) -> bool:
    if OSA.distance(form, phrase, score_cutoff=_SLIPS) <= _SLIPS:
        return True
    return len(form) == len(phrase) and broad_syllables(form) == broad_syllables(phrase)
