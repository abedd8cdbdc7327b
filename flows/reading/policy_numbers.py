"""Reading a policy number as people type it: grouped, in full width, behind 保单号是, beside other numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flows.reading.documents import gb11643, shapes
from flows.reading.fold import one_line
from flows.reading.refusal import Refusal
from flows.reading.spoken import spoken_digits

SHORTEST: Final = 6
LONGEST: Final = 30
_TOKEN: Final = re.compile(r"[A-Z0-9](?:[ ().\-_/]{0,3}[A-Z0-9])*")
_GAP: Final = re.compile(r"[ ().\-_/]+")
_LABEL: Final = re.compile(
    r"(?:保险?单|保险|合同|保险合同|保险凭证|投保单|POLICY)(?:的)?(?:编号|号码|号|NUMBER|NO)?[是为:.：# ]*$"
)
_WORDS: Final = frozenset({"POLICY", "NUMBER", "NO", "MY", "IS", "ID", "THE", "NR", "NUM", "CODE"})
_DATE: Final = re.compile(r"(?:19|20)[0-9]{2}[-./ ](?:0?[1-9]|1[0-2])[-./ ](?:0?[1-9]|[12][0-9]|3[01])")
_CALENDAR: Final = re.compile(r"[0-9]{1,4}(?=[年月日号岁点])(?!号(?!楼|房))")
_INTERRUPTED: Final = re.compile(r"[0-9]{3,}[字第号]{1,3}[0-9]{3,}")
_MASKED: Final = re.compile(r"[0-9A-Z][*]+[0-9A-Z]|[0-9A-Z][*]{2,}|[*]{2,}[0-9A-Z]")
_WHOLE: Final = re.compile(r"[A-Z]{1,4}[0-9]{7,}|[0-9]{13,}")
_LANDLINE: Final = re.compile(r"0(?:10|2[0-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}|400[0-9]{7}|800[0-9]{7}")
_BIRTH: Final = slice(6, 14)


@dataclass(frozen=True, slots=True)
class PolicyNumber:
    """A policy number: `value` is 6 to 30 capitals and digits, at least one of them a digit, without gaps."""

    value: str


def read_policy_number(text: str) -> PolicyNumber | Refusal:
    """Read the one policy number in `text`.

    Refusals: is_id_number, is_phone (the number is another one), multiple, and bad_policy_number with `why`:
    empty, too_short, too_long, no_digit, date, masked, interrupted.
    """
    prepared = spoken_digits(one_line(text)).upper()
    segments = _TOKEN.findall(_without_dates(prepared))
    found = dict.fromkeys(token for segment in segments for token in _tokens(segment))
    numbers = [token for token in found if any(map(str.isdecimal, token))]
    own = [token for token in numbers if SHORTEST <= len(token) <= LONGEST and not other_kind(token)]
    labelled = [token for token in own if _LABEL.search(prepared[: _place(prepared, token)])]
    chosen = labelled if len(labelled) == 1 and len({_shape(token) for token in own}) == len(own) else own
    if _MASKED.search(prepared) or _INTERRUPTED.search(prepared):
        return _bad("masked" if _MASKED.search(prepared) else "interrupted")
    if len(chosen) > 1:
        return Refusal("multiple")
    return PolicyNumber(chosen[0]) if chosen else _why_not(prepared, numbers, list(found))


def other_kind(token: str) -> str | None:
    """Name what a number (capitals and digits) surely is instead: is_id_number, is_phone; None for nothing."""
    if gb11643.NUMBER.fullmatch(token):
        born = gb11643.day_of(token[_BIRTH]) is not None
        return "is_id_number" if born and shapes.kind_of_eighteen(token) else None
    if gb11643.looks_old(token):
        return "is_id_number"
    return "is_phone" if shapes.MOBILE.fullmatch(token) or _LANDLINE.fullmatch(token) else None


def _shape(token: str) -> str:
    """Return the form of a number: two of one form may both be policies."""
    return re.sub("[0-9]", "9", token)


def _without_dates(prepared: str) -> str:
    return _CALENDAR.sub(",", _DATE.sub(",", prepared))


def _tokens(segment: str) -> Iterator[str]:
    """Yield the numbers of one segment: what is whole by itself, and the groups between put together."""
    pieces = [piece for piece in _GAP.split(segment) if piece and piece not in _WORDS]
    whole = [piece for piece in pieces if _WHOLE.fullmatch(piece) or other_kind(piece)]
    if not whole:
        yield "".join(pieces)
        return
    yield from whole
    yield "".join(piece for piece in pieces if piece not in whole)


def _place(prepared: str, token: str) -> int:
    """Return where a token begins in the text that it was put together from."""
    spaced = r"[ ().\-_/]{0,3}".join(map(re.escape, token))
    found = re.search(spaced, prepared)
    return found.start() if found else 0


def _why_not(prepared: str, numbers: list[str], found: list[str]) -> Refusal:
    others = [kind for token in numbers if (kind := other_kind(token))]
    if others:
        return Refusal(others[0])
    if _DATE.search(prepared):
        return _bad("date")
    if not numbers:
        return _bad("no_digit" if found else "empty")
    longest = max(map(len, numbers))
    return _bad("too_long" if longest > LONGEST else "too_short")


def _bad(why: str) -> Refusal:
    return Refusal("bad_policy_number", {"why": why})
