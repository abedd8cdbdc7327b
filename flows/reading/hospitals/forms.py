"""The short forms that follow from an official name by rule, each with what it is worth.

An official name is [university] + [附属] + tail + 医院, or [place] + tail + 医院. A form that many cities
share (一院, 省人民, 附一) names a hospital only with its place; a tail of its own (瑞金) does so alone.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from flows.reading.hospitals.directory import Hospital
from flows.reading.hospitals.lexicon import Lexicon
from flows.reading.hospitals.text import solid

HOSPITAL = "医院"
_NUMERAL = "[一二三四五六七八九十]{1,3}"
_UNIVERSITY = re.compile(r"^(.*?(?:大学|学院|科学院|研究所)(?:医学院|同济医学院)?)(.+)$")
_AFFILIATE = re.compile(rf"^(?:附属第({_NUMERAL})|第({_NUMERAL})附属)$")
_NUMBERED = re.compile(rf"^第?({_NUMERAL})(人民|中心|总|中医)?$")
_ARMY = re.compile(r"^中国人民解放军(?:联勤保障部队)?第([0-9]{3})医院$")
_ARMY_UNIVERSITY = "军医大学"  # its hospitals go by names of their own, never by 附一
_LONG_ENOUGH = 4
_PROVINCIAL = ("省", "自治区", "区")
_LEVELS = re.compile(r"^(?:省|市|县|区|自治区|自治州|地区)")


class Grade(IntEnum):
    """What a form is worth; a lower grade says more."""

    NAME = 0  # names the hospital by itself
    COMMON = 1  # a name that others bear, too: needs the city or the province
    CITY = 2  # the city's: needs that city
    PROVINCE = 3  # the province's, said so (省人民): needs the province or a city of it
    PROVINCE_BARE = 4  # the province's without 省: needs the province
    AFFILIATE = 5  # a university's, said so (附一): needs the city or the province
    LOOSE = 6  # may be meant: never more than a candidate


Form = tuple[str, Grade]


@dataclass(frozen=True, slots=True)
class Home:
    """Where a hospital is, in short names; `own` is the place its official name begins with, "" without one.

    A university is called after a place that need not be the hospital's (中山大学).
    """

    province: str
    city: str
    own: str


def home(hospital: Hospital, words: Lexicon) -> Home:
    """Return the places of `hospital`."""
    name = solid(hospital.name)
    place = "" if _UNIVERSITY.match(name) else _leading_place(name, words)[0]
    own = words.places[place].names[0] if place else ""
    return Home(words.place_short(hospital.province), words.place_short(hospital.city), own)


def forms(hospital: Hospital, words: Lexicon) -> Iterator[Form]:
    """Yield every form of the official name, normalised; a form may come twice."""
    name = solid(hospital.name)
    yield name, Grade.NAME
    yield from _without_ending(name, words)
    if army := _ARMY.match(name):
        yield from _army(army.group(1))
    university = _UNIVERSITY.match(name)
    if university:
        yield from _of_university(university.group(1), university.group(2), words)
    else:
        yield from _of_place(name, hospital, words)


def _without_ending(name: str, words: Lexicon) -> Iterator[Form]:
    short = name.removesuffix(HOSPITAL)
    if len(short) >= _LONG_ENOUGH and short not in words.places and not short.endswith(("附属", "中")):
        yield short, Grade.NAME


def _army(number: str) -> Iterator[Form]:
    for before in ("", "第", "解放军", "解放军第"):
        yield f"{before}{number}医院", Grade.NAME


def _leading_place(name: str, words: Lexicon) -> tuple[str, str]:
    """Return the longest place at the beginning of `name` ("" without one) and what follows it."""
    for end in range(min(len(name), 12), 1, -1):
        if name[:end] in words.places:
            return name[:end], name[end:]
    return "", name


def _tail(rest: str) -> str:
    if rest.endswith("中医院"):
        return rest.removesuffix("院")
    return rest.removesuffix(HOSPITAL)


# --- universities ------------------------------------------------------------------------------------------


def _short_universities(name: str, words: Lexicon) -> tuple[str, ...]:
    listed = words.universities.get(name)
    if listed is not None:
        return (name, *listed, *_clipped(name))
    return (name, *_systematic(name), *_clipped(name))


def _clipped(name: str) -> Iterator[str]:
    """Yield the name of a medical university without its last character: 新疆医科大, which no other place bears."""
    if name.endswith(("医科大学", "医药大学")):
        yield name.removesuffix("学")


def _systematic(name: str) -> Iterator[str]:
    for full, short in (("医科大学", "医大"), ("中医药大学", "中医"), ("医学院", "医"), ("大学", "大")):
        if name.endswith(full):
            stem = name.removesuffix(full)
            yield from (stem + short, stem[:1] + short)
            return


def _of_university(university: str, rest: str, words: Lexicon) -> Iterator[Form]:
    tail = _tail(rest)
    prefixes = _short_universities(university, words)
    affiliate = _AFFILIATE.match(tail)
    numbered = _NUMBERED.match(tail)
    if affiliate:
        yield from _affiliate(
            affiliate.group(1) or affiliate.group(2), prefixes, bare=not university.endswith(_ARMY_UNIVERSITY)
        )
    elif numbered and not numbered.group(2):
        yield from _joined(prefixes, _plain_numbers(numbered.group(1)))
        yield from ((form, Grade.LOOSE) for form in _plain_numbers(numbered.group(1)))
    elif tail == "附属":
        yield from _joined(prefixes, ("附院", "附属医院", "附属", "附医"))
        yield from ((form, Grade.AFFILIATE) for form in ("附院", "附属医院"))
    else:
        yield from _named_affiliate(tail.removeprefix("附属"), prefixes, words)


def _joined(prefixes: Iterable[str], tails: Iterable[str]) -> Iterator[Form]:
    listed = tuple(tails)
    yield from ((prefix + tail, Grade.NAME) for prefix in prefixes for tail in listed)


def _plain_numbers(number: str) -> tuple[str, ...]:
    return (f"{number}院", f"{number}医院", f"第{number}医院", f"第{number}", f"{number}医")


def _affiliate(number: str, prefixes: Iterable[str], *, bare: bool) -> Iterator[Form]:
    marked = (
        *(f"附{number}", f"附{number}院", f"附{number}医院", f"附属{number}院", f"附属第{number}"),
        *(f"附属第{number}医院", f"第{number}附属", f"第{number}附属医院", f"{number}附院", f"{number}附属"),
        *(f"{number}附属医院", f"附第{number}医院", f"{number}附", f"第{number}附院", f"附属{number}"),
    )
    plain = _plain_numbers(number)
    yield from _joined(prefixes, (*marked, *plain))
    if not bare:
        return
    yield from ((form, Grade.AFFILIATE) for form in marked)
    yield from ((form, Grade.LOOSE) for form in plain if not form.startswith("第"))


def _named_affiliate(tail: str, prefixes: Iterable[str], words: Lexicon) -> Iterator[Form]:
    if len(tail) > 1:
        spelt = (tail, f"附属{tail}", *_synonyms(tail))
        yield from _joined(prefixes, spelt)
    place, rest = _leading_place(tail, words)
    if place and rest:
        yield tail, Grade.NAME
        yield from _of_city(rest, words)
    elif not place and tail in words.generic_tails:
        yield from ((form, Grade.LOOSE) for form in (tail, *_synonyms(tail)))
    elif not place and len(tail) > 1:
        yield tail, Grade.NAME


# --- places ------------------------------------------------------------------------------------------------


def _of_place(name: str, hospital: Hospital, words: Lexicon) -> Iterator[Form]:
    place, rest = _leading_place(name, words)
    if not place:
        return
    tail = _tail(_LEVELS.sub("", rest) if len(_LEVELS.sub("", rest)) > len(HOSPITAL) else rest)
    short = words.places[place].names[0]
    if not tail:
        yield short + HOSPITAL, Grade.NAME
        return
    if len(short + tail) >= _LONG_ENOUGH or tail not in words.generic_tails:
        yield short + tail, Grade.NAME
    if _is_provincial(place, hospital, words):
        yield from _of_province(tail, words)
    else:
        yield from _of_city(tail, words)


def _is_provincial(place: str, hospital: Hospital, words: Lexicon) -> bool:
    short = words.places[place].names[0]
    province = words.places[place].level == "province" and short == words.place_short(hospital.province)
    return province and short not in words.municipalities


def _is_generic(tail: str, words: Lexicon) -> bool:
    return tail in words.generic_tails or _NUMBERED.match(tail) is not None


def _of_city(tail: str, words: Lexicon) -> Iterator[Form]:
    if not _is_generic(tail, words):
        if len(tail) > 1:
            yield tail, Grade.NAME
        return
    for form in _generic_forms(tail):
        yield form, Grade.CITY
        yield f"市{form}", Grade.CITY
    number = _NUMBERED.match(tail)
    if number and number.group(2) in {None, "人民"}:
        yield f"市{number.group(1)}", Grade.CITY
    if tail == "人民":
        yield from (("市人医", Grade.CITY), ("人医", Grade.CITY), ("市医院", Grade.LOOSE))


def _of_province(tail: str, words: Lexicon) -> Iterator[Form]:
    if not _is_generic(tail, words):
        if len(tail) > 1:
            yield tail, Grade.NAME
        return
    for form in _generic_forms(tail):
        yield form, Grade.PROVINCE_BARE
        yield from ((level + form, Grade.PROVINCE) for level in _PROVINCIAL)
    if tail == "人民":
        yield from ((form, Grade.PROVINCE) for form in ("省医院", "省医", "省人医", "区医院"))


def _generic_forms(tail: str) -> tuple[str, ...]:
    number = _NUMBERED.match(tail)
    if not number:
        return (tail, *_synonyms(tail))
    ordinal, kind = number.group(1), number.group(2) or ""
    if kind in {"中心", "总", "中医"}:
        return (f"第{ordinal}{kind}", f"{ordinal}{kind}")
    plain = _plain_numbers(ordinal)
    return (f"第{ordinal}人民", f"{ordinal}人民", f"人民第{ordinal}", f"人民{ordinal}院", *plain)


_SYNONYMS = {
    "妇幼保健院": ("妇幼", "妇幼保健", "妇保院"),
    "妇女儿童": ("妇儿",),
    "妇女儿童医疗中心": ("妇儿中心", "妇女儿童", "妇女儿童中心"),
    "中医": ("中医医",),
    "中医医": ("中医",),
    "妇产科": ("妇产",),
    "妇产": ("妇产科",),
    "精神卫生中心": ("精卫中心",),
    "红十字会": ("红十字", "红会"),
    "红十字": ("红会",),
    "心血管病": ("心血管",),
    "中西医结合": ("中西医",),
}


def _synonyms(tail: str) -> tuple[str, ...]:
    return _SYNONYMS.get(tail, ())
