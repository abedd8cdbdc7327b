"""What agents type in place of a button: a command in words, with the number of a document where it has one."""

import re
from pathlib import Path
from typing import Final

from flows.events import CommandReceived, Event, TextReceived
from flows.reading.fold import one_line, without_end_marks
from flows.reading.phrase_table import PhraseTable

OPEN: Final = "open_documents"

_phrase = PhraseTable(Path(__file__).parent / "data" / "words.json", without_end_marks).meaning
_NUMBERED: Final = re.compile(r"(\D+?)\s*([0-9]{1,3})", re.ASCII)


def command_in(text: str) -> str | None:
    """Return the command that the whole of `text` names; None for any other words."""
    return _phrase(text) or (OPEN if _numbered(text) else None)


def document_in(event: Event) -> int:
    """Return the number of the document that is asked for in words, or behind a typed command; 0 for none."""
    if isinstance(event, CommandReceived):
        argument = one_line(event.argument).strip()
        return int(argument) if argument.isdecimal() and len(argument) <= len("999") else 0
    return _numbered(event.text) if isinstance(event, TextReceived) else 0


def _numbered(text: str) -> int:
    found = _NUMBERED.fullmatch(without_end_marks(one_line(text)).strip())
    return int(found[2]) if found and _phrase(found[1]) == OPEN else 0
