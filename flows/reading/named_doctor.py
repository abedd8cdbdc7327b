"""A wish for a doctor: nobody can be named [OP-N6, IP-N5]; 副主任医师 or above is promised.

The word lists are in data/doctors.json. A name, or a description of one person, is declined;
a lower title is told what is promised; a superlative or a trait is told that the doctor cannot be chosen.
"""

import json
import re
from enum import StrEnum
from pathlib import Path
from typing import Any

from flows.reading.departments import FOLD

TABLE: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "doctors.json").read_text(encoding="utf-8"))
NOISE = re.compile(r"[\s。.!！~～、\"'“”]+")


class DoctorWish(StrEnum):
    """What is said to the wish."""

    DECLINED = "declined"
    OK = "ok"
    TOLD_TITLE = "told_title"
    TOLD_NO_CHOICE = "told_no_choice"


def _any(key: str) -> str:
    """Return a pattern for any entry of a list."""
    return "(?:" + "|".join(TABLE[key]) + ")"


SURNAME = f"(?!{_any('not_names')})(?:{'|'.join(TABLE['compound_surnames'])}|[{TABLE['surnames']}])"
GIVEN = rf"(?:(?!{_any('titles')})(?![{TABLE['given_not']}])[\u4e00-\u9fff])"
NEGATION = f"(?P<no>{_any('negations')}(?:再|要|让|给我|找|挂|看|请|非要|是|安排|那种|什么){{0,3}})?"
TITLED = re.compile(
    f"{NEGATION}(?:{SURNAME}{GIVEN}{{0,2}}{_any('titles')}|(?<![\u4e00-\u9fff])[老小]?{SURNAME}{_any('titles')})"
)
NAMED = re.compile(
    f"{NEGATION}(?:挂|找|约|要|请|让|由|看|指定|选|点|叫|就是|号:?){SURNAME}{GIVEN}{{1,2}}"
    "(?:的?(?:专家|特需|普通)?号|给|来|亲自|做|主刀|看|那里|那儿|的门诊|门诊|出诊|坐诊|的$)"
    f"|(?:挂|找|约|请|指定|就要|只要|只看|点|名叫|叫){SURNAME}{GIVEN}{{1,2}}$|^{SURNAME}{GIVEN}{{1,2}}$"
)
EMPHATIC = re.compile("(?:非|除了).{1,8}(?:不看|不可|不行|不挂|不要|都不)")
FOREIGN = re.compile(r"(?:\bdr\.?|\bdoctor)[a-z]{2,}|dr\.?[\u4e00-\u9fff]")
GENERIC = re.compile(_any("generic"))
ONE_PERSON = re.compile(f"{NEGATION}{_any('one_person')}")
BELOW = re.compile(f"{NEGATION}(?:{_any('below')})")
BEST = re.compile(f"{NEGATION}{_any('best')}")
KIND = re.compile(_any("kind"))
INSIST = re.compile(_any("insist"))
HIGHER = re.compile("(?<!副)主任(?!以上)|正高|(?<!副)教授")
PROMISED = re.compile("副主任|副高|副教授")
ASSURED = re.compile(_any("assured") + "|" + _any("content"))
LEFT_OPEN = re.compile("不一定|不必|不用|没必要|无需|不强求|不奢求|不是|不需要|不非要")


def read_doctor_wish(text: str) -> DoctorWish:
    """Return how a wish is answered; what is not understood is told that there is no choice. Never raises."""
    folded = NOISE.sub("", FOLD(text))
    if not folded:
        return DoctorWish.OK
    if _names_one(folded):
        return DoctorWish.DECLINED
    below = list(BELOW.finditer(folded))
    if any(not m["no"] for m in below):
        return DoctorWish.TOLD_TITLE
    if _cannot_be_promised(folded):
        return DoctorWish.TOLD_NO_CHOICE
    return DoctorWish.OK if below or _is_content(folded) else DoctorWish.TOLD_NO_CHOICE


def _names_one(text: str) -> bool:
    """Whether one doctor is meant and not ruled out: by name, by office, by what is known of them."""
    plain = GENERIC.sub(";", text)
    found = [*TITLED.finditer(plain), *NAMED.finditer(plain), *ONE_PERSON.finditer(text)]
    meant = any(not m["no"] for m in found) or (bool(found) and EMPHATIC.search(text) is not None)
    return meant or FOREIGN.search(text) is not None


def _cannot_be_promised(text: str) -> bool:
    """Whether it asks for the best, for a trait, or insists on more than 副主任医师."""
    best = any(not m["no"] for m in BEST.finditer(text))
    insists = INSIST.search(text) and HIGHER.search(text) and not PROMISED.search(text)
    return best or KIND.search(text) is not None or bool(insists)


def _is_content(text: str) -> bool:
    """Whether it asks for no more than is promised, or leaves the choice to the service."""
    ruled_out = TITLED.search(GENERIC.sub(";", text))
    if ruled_out is not None:
        return LEFT_OPEN.search(text) is not None or ASSURED.search(text[ruled_out.end() :]) is not None
    return ASSURED.search(text) is not None
