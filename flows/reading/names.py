"""Reading the name of a person as people type it: 张伟, 我爸叫欧阳建国, 买买提·吐尔逊, John Smith.

A name is checked against the policy later; here it only must be one: no sentence, number, illness or title alone.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from flows.reading.fold import one_line
from flows.reading.illnesses import load_illnesses
from flows.reading.illnesses.folded import fold_words
from flows.reading.illnesses.lexicon import Lexicon, lexicon
from flows.reading.refusal import Refusal

_DATA: Final = Path(__file__).parent / "data"
_TABLE: Final[dict[str, Any]] = json.loads((_DATA / "names.json").read_text("utf-8"))
_DOCTORS: Final[dict[str, Any]] = json.loads((_DATA / "doctors.json").read_text("utf-8"))

SURNAMES: Final = frozenset(_DOCTORS["surnames"] + _TABLE["surnames"])
COMPOUND: Final = tuple(_DOCTORS["compound_surnames"] + _TABLE["compound_surnames"])
_WORDS: Final = frozenset(_TABLE["words"])
_LATIN_WORDS: Final = frozenset(_TABLE["latin_words"])
_FOREIGN: Final = frozenset(_TABLE["foreign"])
_NEVER: Final = frozenset(_TABLE["never"])
_UNLIKE: Final = frozenset(_TABLE["unlike"])
_NEVER_BEGINS: Final = tuple(_TABLE["never_begins"])
_UNLIKE_FIRST: Final = frozenset(_TABLE["unlike_first"])

HAN: Final = r"々〇\u3400-\u9fff\U00020000-\U000323af"
_DOTS: Final = re.compile(r"[ ]*[·•・‧∙⋅●.][ ]*")
_HAN: Final = re.compile(rf"[{HAN}]+")
_DOTTED: Final = re.compile(rf"[{HAN}]{{1,12}}(?:·[{HAN}]{{1,12}}){{1,4}}")
_LETTER: Final = r"A-Za-zÀ-ÖØ-öø-ɏ"
_LATIN: Final = re.compile(rf"[{_LETTER}]+(?:[ '.,-]{{1,2}}[{_LETTER}]+){{0,6}}\.?")
_BETWEEN_HAN: Final = re.compile(rf"(?<=[{HAN}·]) +(?=[{HAN}·])")
_BRACKETS: Final = re.compile(r"[(\[【「『“\"‘<《].*?[)\]】」』”\"’>》]")
_PAUSE: Final = re.compile(r"[,，。;；:：!！?？/、|~\n]+")
_JOINED: Final = re.compile(r"[、/&]|和|与|跟|以及")
_OTHER_SCRIPT: Final = re.compile(rf"(?<=[{HAN}]) +(?=[{_LETTER}]{{2}})|(?<=[{_LETTER}]{{2}}) +(?=[{HAN}])")
_DAY: Final = re.compile(
    r"[上下这本大]*(?:周|星期|礼拜)[一二三四五六日天末]|[大前昨今明后][天日年]|[上下本这]个?[月年]"
)
_AGE: Final = re.compile(r"(?:今年|现年)?[0-9一二三四五六七八九十]{1,3}(?:周?岁|后)")
_DENIED: Final = re.compile(r"^(?:我|他|她|患者)?(?:不是|不叫|并非|别)")
_SHORTEST, _LONGEST, _LONGEST_HAN, _LONGEST_CHINESE = 2, 40, 14, 4
_GIVEN, _MARRIED = 2, 3


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")"


_KIN: Final = rf"(?:(?:我|他|她|我们|咱)?(?:的|家)?{_any(_TABLE['kin'])})"
OPENING: Final = re.compile(
    rf"^(?:我(?:要|想)?(?:给|帮|替))?(?:{_any(_TABLE['openings'])}[ :,]*)?{_KIN}?[ :,]*{_any(_TABLE['links'])}?[ :,]*"
    rf"(?=[{HAN}{_LETTER}])",
    re.IGNORECASE,
)
_ANNOUNCED: Final = re.compile(rf"(?:{_any(_TABLE['openings'])})?{_KIN}?(?:{_any(_TABLE['links'])})?", re.IGNORECASE)
_ENDING: Final = re.compile(rf"[ ,]*(?:{_any(_TABLE['titles'])}|{_any(_TABLE['endings'])})\.?$", re.IGNORECASE)
_FAMILY_AND_GIVEN: Final = re.compile(
    rf"^(?:我|他|她)?姓([{HAN}]{{1,2}}?)[ ,]?(?:名字?|单名)?(?:叫|是)?([{HAN}]{{1,2}})$"
)
_FAMILY_ONLY: Final = re.compile(rf"(?:我|他|她|患者|免贵)?姓[{HAN}]{{1,2}}")
_EXPLAINED: Final = re.compile(
    rf"(?:{_TABLE['explained']}|[{HAN}]{{1,4}}的[{HAN}]$|[{HAN}]{{1,4}}的[{HAN}](?=[,， 、]))"
)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name as it is written: Han without blanks and with one dot (·) between parts, Latin with single blanks."""

    value: str


def read_name(text: str) -> PersonName | Refusal:
    """Read the one name in `text`, with what stands around it (我叫…, …先生, 姓名：…) aside.

    Refusals: full_name (a surname or a title only), several_names, and bad_name with `why`: empty, number,
    illness, sentence, denied.
    """
    prepared = _BETWEEN_HAN.sub("", _prepare(text))
    if not prepared:
        return _bad("empty")
    spelt = _FAMILY_AND_GIVEN.match(prepared.strip(" .,，。"))
    if spelt and (spelt[1] in SURNAMES or spelt[1] in COMPOUND):
        return PersonName(spelt[1] + spelt[2])
    if _LATIN.fullmatch(prepared) and _holds(prepared):
        return PersonName(_spelt(prepared))
    readings = [_part(part) for part in _parts(prepared)]
    names = dict.fromkeys(reading for reading in readings if isinstance(reading, PersonName))
    if len(names) > 1:
        names = {name: None for name in names if is_chinese(name.value)} if _has_one_chinese(names) else names
    if len(names) == 1 and not _is_talk(readings):
        return next(iter(names))
    if len(names) > 1:
        return Refusal("several_names")
    return next((one for one in readings if isinstance(one, Refusal)), _bad("sentence"))


def _parts(prepared: str) -> list[str]:
    """Return the stretches between pauses, those that only announce a name left out."""
    parts = _PAUSE.split(_OTHER_SCRIPT.sub(",", _EXPLAINED.sub("", prepared)))
    spoken = [part for part in (part.strip(" .") for part in parts) if part]
    return [part for part in spoken if not _ANNOUNCED.fullmatch(part)] or spoken


def is_chinese(name: str) -> bool:
    """Return True if `name` is Han: a known surname and one or two characters, or two surnames and two (陈方安生)."""
    if not _HAN.fullmatch(name) or len(name) < _SHORTEST:
        return False
    family = next((one for one in COMPOUND if name.startswith(one)), name[0] if name[0] in SURNAMES else "")
    given = len(name) - len(family)
    married = len(family) == 1 and given == _MARRIED and name[1] in SURNAMES
    return bool(family) and (1 <= given <= _GIVEN or married)


def _bad(why: str) -> Refusal:
    return Refusal("bad_name", {"why": why})


def _prepare(text: str) -> str:
    dotted = _DOTS.sub(_dot, one_line(text))
    return re.sub(r" {2,}", " ", _AGE.sub("", _BRACKETS.sub("", dotted))).strip(" ,，。.!！?？、;；:：'\"")


def _dot(match: re.Match[str]) -> str:
    """Return a dot between Han parts as ·, any other as it stands."""
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    return "·" if _HAN.fullmatch(before) and _HAN.fullmatch(after) else match[0]


def _has_one_chinese(names: Iterable[PersonName]) -> bool:
    """Return True if a Latin name stands beside a single Chinese one: 张伟, David."""
    names = list(names)
    return sum(bool(_HAN.match(name.value)) for name in names) == 1


def _is_talk(readings: list[PersonName | Refusal]) -> bool:
    """Return True if what stands beside a name makes it one in a story, not an answer: no, not 张伟."""
    whys = [one.params.get("why") for one in readings if isinstance(one, Refusal)]
    first = readings[0]
    return isinstance(first, Refusal) and "sentence" in whys and first.params.get("why") == "sentence"


def _part(part: str) -> PersonName | Refusal:
    """Read one stretch between pauses."""
    if _DENIED.match(part):
        return _bad("denied")
    if _FAMILY_ONLY.fullmatch(part):
        return Refusal("full_name")
    for candidate in _candidates(part):
        if _holds(candidate):
            return PersonName(_spelt(candidate))
    return _why_not(part)


def _candidates(part: str) -> Iterator[str]:
    """Yield what may be the name: what follows an opening where that is surely one, the text itself, either bare."""
    opened = _opened(part)
    sure = is_chinese(_bare(opened)) or not _HAN.fullmatch(opened)
    for text in dict.fromkeys((opened, part) if sure else (part, opened)):
        yield from (_bare(text), text) if "·" in text else (text, _bare(text))


def _opened(part: str) -> str:
    return OPENING.sub("", OPENING.sub("", part, count=1), count=1).strip(" .")


def _bare(text: str) -> str:
    return _ENDING.sub("", _ENDING.sub("", text)).strip(" .")


def _spelt(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip()


def _holds(name: str) -> bool:
    """Return True if a text without anything around it is a name."""
    if not _SHORTEST <= len(name) <= _LONGEST or name in _WORDS or _DAY.fullmatch(name):
        return False
    if _LATIN.fullmatch(name):
        return not _LATIN_WORDS & set(re.findall(rf"[{_LETTER}]+", name.lower())) and not _is_illness(name)
    if _DOTTED.fullmatch(name):
        return not _UNLIKE & set(name) - _FOREIGN
    return _HAN.fullmatch(name) is not None and _is_han_name(name) and not _is_illness(name)


def _is_han_name(name: str) -> bool:
    foreign = set(name) <= _FOREIGN
    if foreign and _LONGEST_CHINESE < len(name) <= _LONGEST_HAN:
        return True
    if len(name) > _LONGEST_CHINESE or _begins_a_sentence(name) or _has_title(name):
        return False
    if is_chinese(name):
        return not _NEVER & set(name)
    return foreign or not (_UNLIKE & set(name) or _JOINED.search(name))


def _begins_a_sentence(name: str) -> bool:
    return name[0] in _UNLIKE_FIRST or name.startswith(_NEVER_BEGINS)


def _has_title(name: str) -> bool:
    """Return True if it is a surname with a title (张先生) or 老张, 小王."""
    titled = _ENDING.sub("", name)
    return titled != name or (len(name) == _SHORTEST and name[0] in "老小阿大" and name[1] in SURNAMES)


@cache
def _illness_words() -> Lexicon:
    return lexicon(load_illnesses())


def _is_illness(name: str) -> bool:
    """Return True if the words of the illnesses explain all of it, or all but one character."""
    folded = fold_words(name)
    covered = sum(one.end - one.start for one in _illness_words().scan(folded))
    return covered >= max(len(folded.text) - 1, _SHORTEST)


def _why_not(part: str) -> Refusal:
    if any(map(str.isdecimal, part)):
        return _bad("number")
    if _JOINED.search(part) and all(is_chinese(one) for one in _JOINED.split(part) if one):
        return Refusal("several_names")
    opened = _opened(part)
    if opened not in _WORDS and _is_illness(opened):
        return _bad("illness")
    bare = _bare(opened)
    titled = bare != opened or len(opened) <= _SHORTEST
    return Refusal("full_name") if titled and _is_family(bare) else _bad("sentence")


def _is_family(name: str) -> bool:
    """Return True if it is a surname, or 老 and 小 with one."""
    return name in COMPOUND or (bool(name) and name[-1] in SURNAMES and name[:-1] in {"", "老", "小", "阿", "大"})
