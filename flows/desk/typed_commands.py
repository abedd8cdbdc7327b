"""What an agent may type as a command: the words, and the names behind a slash."""

import json
from pathlib import Path
from typing import Final

from flows.desk.commands import COMMANDS
from flows.reading.fold import without_end_marks
from flows.reading.phrase_table import PhraseTable

_DATA: Final = Path(__file__).parent / "data"
_words = PhraseTable(_DATA / "words.json", without_end_marks)
command_in = _words.meaning

FORMERLY: Final = {"hand_back": "return_to_bot", "talk": "take_over"}  # names of an earlier release
TYPED_COMMANDS: Final = (*_words.phrases, *sorted({*_words.every_meaning, *COMMANDS, *FORMERLY}))
ORDINARY: Final[tuple[str, ...]] = tuple(json.loads((_DATA / "ordinary.json").read_text("utf-8")))
"""What agents say, although it is a character away from a command."""
