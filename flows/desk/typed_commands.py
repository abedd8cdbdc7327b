"""What an agent may type as a command: the words, and the names behind a slash."""

import json
import re
from pathlib import Path
from typing import Final

from flows.desk.commands import COMMANDS
from flows.reading.fold import one_line, without_end_marks
from flows.reading.phrase_table import PhraseTable

_DATA: Final = Path(__file__).parent / "data"
_words = PhraseTable(_DATA / "words.json", without_end_marks)

FORMERLY: Final = {"hand_back": "return_to_bot", "talk": "take_over"}  # names of an earlier release
TYPED_COMMANDS: Final = (*_words.phrases, *sorted({*_words.every_meaning, *COMMANDS, *FORMERLY}))
ORDINARY: Final[tuple[str, ...]] = tuple(json.loads((_DATA / "ordinary.json").read_text("utf-8")))
"""What agents say, although it is a character away from a command."""
_OPENING: Final = "|".join(map(re.escape, sorted(_words.phrases_for("case"), key=len, reverse=True)))
_CASE: Final = re.compile(rf"(?:{_OPENING})[\s:：#]*(\d[\d-]*)")


def command_in(text: str) -> str | None:
    """Return the command that the whole of a text is; None for what is none."""
    return "case" if number_in(text) else _words.meaning(text)


def number_in(text: str) -> str:
    """Return the digits of 打开 and a case's number, or the end of one; empty for any other text."""
    found = _CASE.fullmatch(one_line(text))
    return found[1].replace("-", "") if found else ""
