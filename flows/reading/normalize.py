"""The cleaning that every reader starts with: one form for what looks the same to a person."""

import re
import unicodedata
from typing import Final

SPOKEN: Final = dict(
    zip(map(ord, "〇零○一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖"), "00012345678912123456789", strict=True)
)
"""Digits as they are said and written in Chinese, 幺 for one included; keys are code points."""

_NUMERALS: Final = "".join(map(chr, SPOKEN))
_RUN: Final = re.compile(rf"[{_NUMERALS}0-9](?:[ ,、-]?[{_NUMERALS}0-9]){{5,}}")
_FEW: Final = 3
_INVISIBLE: Final = {"Cf", "Cc", "Cs", "Me", "Mn"}


def clean(text: str) -> str:
    """Give `text` in NFKC, without invisible characters, every kind of blank a space, every dash a hyphen."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(folded if folded.isascii() and folded.isprintable() else map(_plain, folded)).strip()


def _plain(char: str) -> str:
    if char.isspace():
        return " "
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Pd" or char == "\N{MINUS SIGN}":
        return "-"
    return "" if category in _INVISIBLE else char


def spoken_digits(text: str) -> str:
    """Give cleaned `text` with runs of at least six spoken digits (一三八零零…) turned into figures."""
    if not any(ord(char) in SPOKEN for char in text):
        return text
    return _RUN.sub(_figures, text)


def _figures(run: re.Match[str]) -> str:
    spoken = sum(ord(char) in SPOKEN for char in run[0])
    return run[0].translate(SPOKEN) if spoken >= _FEW else run[0]
