"""Names typed in pinyin letters (xiehe yiyuan), turned back into the characters of the directory."""

import re

from flows.reading.hospitals.index import HospitalIndex

_LETTERS = re.compile(r"[a-z]+(?: [a-z]+)*")
_LEAST = 4
_LONGEST = 48
_WORDS = {
    "yiyuan": "医院",
    "hospital": "医院",
    "shi": "市",
    "sheng": "省",
    "wo": "我",
    "qu": "去",
    "zai": "在",
}


def respelt(text: str, index: HospitalIndex) -> str:
    """Return `text` (normalised) with each run of letters that spells names and places in characters."""
    return _LETTERS.sub(lambda run: _characters(run.group().replace(" ", ""), index) or run.group(), text)


def _characters(letters: str, index: HospitalIndex) -> str:
    """Return the characters that `letters` spell in the fewest pieces, "" when a letter is left over."""
    if not _LEAST <= len(letters) <= _LONGEST:
        return ""
    best: list[tuple[int, str] | None] = [(0, "")] + [None] * len(letters)
    for start in range(len(letters)):
        before = best[start]
        if before is None:
            continue
        for end in range(start + 2, len(letters) + 1):
            piece = _WORDS.get(letters[start:end]) or index.latin.get(letters[start:end])
            known = best[end]
            if piece and (known is None or before[0] + 1 < known[0]):
                best[end] = (before[0] + 1, before[1] + piece)
    final = best[-1]
    return final[1] if final else ""
