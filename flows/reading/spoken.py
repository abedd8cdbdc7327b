"""Digits as they are said and written in Chinese: the step that the readers of numbers add to the folded text."""

import re
from typing import Final

SPOKEN: Final = dict(
    zip(map(ord, "〇零○一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖"), "00012345678912123456789", strict=True)
)
"""幺 for one included; keys are code points."""

_NUMERALS: Final = "".join(map(chr, SPOKEN))
_RUN: Final = re.compile(rf"[{_NUMERALS}0-9](?:[ ,、-]?[{_NUMERALS}0-9]){{5,}}")
_FEW: Final = 3


def spoken_digits(text: str) -> str:
    """Return folded `text` with runs of at least six spoken digits (一三八零零…) turned into figures."""
    if not any(ord(char) in SPOKEN for char in text):
        return text
    return _RUN.sub(_figures, text)


def _figures(run: re.Match[str]) -> str:
    spoken = sum(ord(char) in SPOKEN for char in run[0])
    return run[0].translate(SPOKEN) if spoken >= _FEW else run[0]
