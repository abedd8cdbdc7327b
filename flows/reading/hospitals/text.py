"""What is the same for a reader of names: width, script, digits, punctuation."""

import re

from flows.reading.fold import SIMPLIFIED

SOFT = " "
HARD = "，"
LONGEST = 160
_DIGITS = "零一二三四五六七八九"
_TEN = "十"
_CHINESE_DIGITS = str.maketrans("〇零幺一二三四五六七八九", "001123456789")
_TRIPLE = re.compile(r"(?<![〇零幺一二三四五六七八九])[〇零幺一二三四五六七八九]{3}(?![〇零幺一二三四五六七八九十])")
_ARABIC = re.compile(r"(?<![0-9a-z])[0-9]{1,2}(?![0-9])")
_KEPT = re.compile(r"[0-9a-z〇\u3400-\u9fff]")
_BRACKETS = frozenset("()[]{}【】〔〕《》<>「」『』“”\"'‘’·•-—_ /\t\u3000")
_SOFT_JOINT = re.compile(rf"{SOFT}+")
_HARD_JOINT = re.compile(rf"{SOFT}*{HARD}[{HARD}{SOFT}]*")
_DOUBLE_NEGATION = re.compile(r"非([^，]{2,12}?)不(?:去|看|可|住|选)")


def _numeral(match: re.Match[str]) -> str:
    number = int(match.group())
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return (_DIGITS[tens] if tens > 1 else "") + _TEN + (_DIGITS[ones] if ones else "")


def _joint(character: str) -> str:
    if _KEPT.match(character):
        return character
    return SOFT if character in _BRACKETS or character.isspace() else HARD


_FOLD = SIMPLIFIED.then(_joint)


def name_form(text: str) -> str:
    """Return `text` simplified, in the form in which names are compared, without joints at the ends.

    One- and two-digit numbers become Chinese numerals (9院 → 九院), three numerals in a row
    become digits (三〇一 → 301). Spaces and brackets become one SOFT joint, all other punctuation HARD ones;
    what lies beyond LONGEST characters is dropped.
    """
    folded = _FOLD(text[: 4 * LONGEST])
    joined = _HARD_JOINT.sub(HARD, _SOFT_JOINT.sub(SOFT, folded))
    counted = _ARABIC.sub(_numeral, _TRIPLE.sub(lambda m: m.group().translate(_CHINESE_DIGITS), joined))
    affirmed = _DOUBLE_NEGATION.sub(r"去\1", counted)
    return affirmed[:LONGEST].strip(SOFT + HARD)


def solid(text: str) -> str:
    """Return a name of a table: as `name_form`, without any joint."""
    return name_form(text).replace(SOFT, "").replace(HARD, "")
