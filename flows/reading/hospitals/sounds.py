"""How a name sounds, for what a pinyin input method has turned into other characters."""

from functools import cache

from pypinyin import lazy_pinyin

# The reading that these characters have in hospital and place names; the dictionary's first one is another.
_IN_NAMES = {"长": "chang", "朝": "chao", "重": "chong", "厦": "xia", "都": "du", "佛": "fo", "曾": "zeng"}
_SOUTHERN = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))


@cache
def syllable(character: str) -> str:
    """Return the toneless syllable of one character; a character without one stands for itself."""
    return _IN_NAMES.get(character) or lazy_pinyin(character)[0]


@cache
def _broad(character: str) -> str:
    sound = syllable(character)
    for exact, merged in _SOUTHERN:
        sound = sound.replace(exact, merged)
    return sound


def syllables(text: str) -> tuple[str, ...]:
    """Return the toneless syllables of `text`, one for each character."""
    return tuple(syllable(character) for character in text)


def broad_syllables(text: str) -> tuple[str, ...]:
    """Return the syllables with the southern mergers applied (zh = z, ing = in ...)."""
    return tuple(_broad(character) for character in text)
