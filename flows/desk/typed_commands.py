"""What an agent may type as a command: the words, the names behind a slash, and the number that either may bear."""

import json
import re
from pathlib import Path
from typing import Final

from flows.desk.commands import COMMANDS
from flows.events import CommandReceived, Event, TextReceived
from flows.reading.fold import one_line, without_end_marks
from flows.reading.phrase_table import PhraseTable

_DATA: Final = Path(__file__).parent / "data"
_words = PhraseTable(_DATA / "words.json", without_end_marks)

DOCUMENTS: Final = "open_documents"
TYPED_AS: Final = {  # behind a slash, or on a button of an earlier release
    "hand_back": "return_to_bot",
    "talk": "take_over",
    "documents": DOCUMENTS,
}
TYPED_COMMANDS: Final = (*_words.phrases, *sorted({*_words.every_meaning, *COMMANDS, *TYPED_AS}))
ORDINARY: Final[tuple[str, ...]] = tuple(json.loads((_DATA / "ordinary.json").read_text("utf-8")))
"""What agents say, although it is a character away from a command."""
_OPENING: Final = "|".join(map(re.escape, sorted(_words.phrases_for("case"), key=len, reverse=True)))
_NUMBERED: Final = re.compile(r"(\D+?)\s*([0-9]{1,3})", re.ASCII)
_CASE: Final = re.compile(rf"(?:{_OPENING})[\s:：#]*(\d[\d-]*)")


def command_in(text: str) -> str | None:
    """Return the command that the whole of a text is; None for what is none."""
    if number_in(text):
        return "case"
    return _words.meaning(text) or (DOCUMENTS if _document_number(text) else None)


def number_in(text: str) -> str:
    """Return the digits of 打开 and a case's number, or the end of one; empty for any other text."""
    found = _CASE.fullmatch(one_line(text))
    return found[1].replace("-", "") if found else ""


def document_in(event: Event) -> int:
    """Return the number of the document that is asked for in words, or behind a typed command; 0 for none."""
    if isinstance(event, CommandReceived):
        argument = one_line(event.argument).strip()
        return int(argument) if argument.isdecimal() and len(argument) <= len("999") else 0
    return _document_number(event.text) if isinstance(event, TextReceived) else 0


def _document_number(text: str) -> int:
    found = _NUMBERED.fullmatch(without_end_marks(one_line(text)).strip())
    return int(found[2]) if found and _words.meaning(found[1]) == DOCUMENTS else 0
