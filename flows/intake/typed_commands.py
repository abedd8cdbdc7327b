"""What a policyholder may type in place of a button or a command, in every state."""

import re
from pathlib import Path
from typing import Final

from flows.reading.fold import bare, without_end_marks
from flows.reading.phrase_table import PhraseTable

_commands = PhraseTable(Path(__file__).parent / "data" / "words.json", without_end_marks)
command_in = _commands.meaning
TYPED_COMMANDS: Final = (
    *_commands.phrases,
    *sorted(_commands.every_meaning),
)  # the words, and the names behind a slash

_meanings = PhraseTable(Path(__file__).parent / "data" / "triggers.json").meanings
_THANKS = re.compile(
    "^(?:谢谢|多谢|感谢)(?:您|你)?(?:们)?(?:了|啦)?|(?:谢谢|多谢|感谢|辛苦)(?:您|你)?(?:们)?(?:了|啦)?$"
)


def triggers_in(text: str) -> tuple[str, ...]:
    """Return the triggers of buttons that a text may be another word for; which is meant, the state's buttons say.

    Thanks beside the words do not count; thanks alone mean none.
    """
    return _meanings(text) or _meanings(_THANKS.sub("", bare(text)))
