"""Numbers in a message: documents, telephones, policies, told apart by their form and the words before them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from flows.reading.documents import shapes
from flows.reading.id_numbers import IdKind, IdNumber, read_id_number
from flows.reading.phones import Phone, PhoneKind, read_phone
from flows.reading.policy_numbers import PolicyNumber, other_kind, read_policy_number
from flows.reading.refusal import Refusal
from flows.reading.spoken import spoken_digits

Number = IdNumber | Phone | PolicyNumber

_SEGMENT: Final = re.compile(r"[A-Z0-9](?:[ ().\-·_/]{0,3}[A-Z0-9*])*")
_PIECE: Final = re.compile(r"[A-Z0-9*]+")
_LONGEST_RUN: Final = 8
_LABEL: Final = {
    "id_number": re.compile(
        r"(?:身份证|证件|证号|ID|SFZ|居住证|居留证|护照|PASSPORT|通行证|回乡证|台胞证)[^0-9A-Z]{0,6}$"
    ),
    "phone": re.compile(r"(?:手机|电话|号码是|联系方式|联系|致电|TEL|PHONE|MOBILE|座机|微信)[^0-9A-Z]{0,6}$"),
    "policy_number": re.compile(r"(?:保险?单|合同|投保单|POLICY)[^0-9A-Z]{0,6}$"),
}
_BEFORE: Final = 16
_DOCUMENTS: Final = (
    (re.compile(r"(?:护照|PASSPORT)[^0-9A-Z]{0,6}$"), (IdKind.CN_PASSPORT, IdKind.FOREIGN_PASSPORT)),
    (re.compile(r"(?:回乡证|港澳[^0-9A-Z]{0,10})$"), (IdKind.HK_MO_PERMIT,)),
    (re.compile(r"(?:台胞证|台湾[^0-9A-Z]{0,10})$"), (IdKind.TW_PERMIT,)),
    (re.compile(r"(?:通行证)[^0-9A-Z]{0,6}$"), (IdKind.HK_MO_PERMIT, IdKind.TW_PERMIT)),
    (re.compile(r"(?:永久居留|永居)[^0-9A-Z]{0,6}$"), (IdKind.FOREIGN_PR,)),
)
_POLICY: Final = re.compile(r"[A-Z]{1,5}[0-9]{7,}")
_MOBILE_LIKE: Final = re.compile(r"(?:86)?1[3-9][0-9]{8,10}")
_ID_LIKE: Final = range(15, 21)
_MANY: Final = 12
_FEWEST: Final = 3
_DATE: Final = re.compile(r"(?:19|20)[0-9]{2}[-./ ]?[01]?[0-9][-./ ]?[0-3]?[0-9]")


@dataclass(frozen=True, slots=True)
class NumberFound:
    """A number, or what seems to be one, with its place in the folded text; `doubt` says why it is not taken."""

    kind: str
    start: int
    end: int
    answer: Number | Refusal
    doubt: str | None = None


def find_numbers(text: str, *, today: date) -> Iterator[NumberFound]:
    """Yield the numbers in the folded `text`, left to right; a part of a longer number is none."""
    figures = spoken_digits(text).upper()
    for segment in _SEGMENT.finditer(figures):
        yield from _in_segment(figures, segment, today)


def _in_segment(figures: str, segment: re.Match[str], today: date) -> Iterator[NumberFound]:
    pieces = [(segment.start() + one.start(), segment.start() + one.end()) for one in _PIECE.finditer(segment[0])]
    label = _label(figures, segment.start())
    found = list(_sure(figures, pieces, label, today))
    if found:
        yield from found
    else:
        doubtful = _doubtful(figures, segment.span(), label, today)
        if doubtful:
            yield doubtful


def _label(figures: str, start: int) -> str | None:
    """Tell what the words before a number call it: the nearest label counts."""
    before = figures[max(0, start - _BEFORE) : start]
    places = {kind: match.start() for kind, pattern in _LABEL.items() if (match := pattern.search(before))}
    return max(places, key=lambda kind: places[kind]) if places else None


def _sure(figures: str, pieces: list[tuple[int, int]], label: str | None, today: date) -> Iterator[NumberFound]:
    """Yield the longest runs of pieces that are a number without doubt."""
    place = 0
    while place < len(pieces):
        for last in range(min(len(pieces), place + _LONGEST_RUN), place, -1):
            start, end = pieces[place][0], pieces[last - 1][1]
            number = _number(figures, start, end, label if place == 0 else None, today)
            if number:
                yield NumberFound(_kind(number), start, end, number)
                place = last
                break
        else:
            place += 1


def _kind(number: Number) -> str:
    kinds = {IdNumber: "id_number", Phone: "phone", PolicyNumber: "policy_number"}
    return kinds[type(number)]


def _number(figures: str, start: int, end: int, label: str | None, today: date) -> Number | None:
    written = figures[start:end]
    if label == "policy_number":
        policy = read_policy_number(written)
        return policy if isinstance(policy, PolicyNumber) else None
    before = figures[max(0, start - _BEFORE) : start]
    kinds = next((kinds for pattern, kinds in _DOCUMENTS if pattern.search(before)), (IdKind.RESIDENT_ID,))
    whole = "".join(_PIECE.findall(written))
    for kind in kinds:
        read = read_id_number(written, declared=kind, as_of=today)
        if isinstance(read, IdNumber) and read.normalized == whole:
            return read
    return _phone(written, whole) or _policy(whole)


def _phone(written: str, whole: str) -> Phone | None:
    phone = read_phone(written)
    if not isinstance(phone, Phone) or not whole.isdecimal():
        return None
    digits = phone.e164.removeprefix("+86")
    own = whole.endswith(digits.lstrip("+")) and whole.removesuffix(digits.lstrip("+")) in {"", "0", "86", "0086", "00"}
    return phone if own and phone.kind is not PhoneKind.SERVICE else None


def _policy(whole: str) -> PolicyNumber | None:
    """Take letters and many digits without a label, unless a document has the same form."""
    taken = _POLICY.fullmatch(whole) and shapes.seen_kind(whole) is None and not other_kind(whole)
    read = read_policy_number(whole) if taken else None
    return read if isinstance(read, PolicyNumber) else None


def _doubtful(figures: str, span: tuple[int, int], label: str | None, today: date) -> NumberFound | None:
    """Return what seems to be a number, with the reason why it is not taken."""
    written = figures[slice(*span)]
    whole = "".join(_PIECE.findall(written))
    kind = label or _likely(whole)
    digits = sum(map(str.isdecimal, whole))
    if kind is None or digits < _FEWEST or (label is None and _DATE.fullmatch(written)):
        return None
    answer = _refusal(written, kind, today)
    return NumberFound(kind, *span, answer, answer.code) if answer else None


def _likely(whole: str) -> str | None:
    if len(whole) in _ID_LIKE and whole[:-1].isdecimal() and other_kind(whole[:18]) == "is_id_number":
        return "id_number"
    if _MOBILE_LIKE.fullmatch(whole):
        return "phone"
    if shapes.seen_kind(whole) is not None and not whole.isdecimal():
        return "unlabelled"
    return "unlabelled" if whole.isdecimal() and len(whole) >= _MANY else None


def _refusal(written: str, kind: str, today: date) -> Refusal | None:
    if kind == "unlabelled":
        return Refusal("unlabelled")
    if kind == "phone":
        phone = read_phone(written)
        return phone if isinstance(phone, Refusal) else None
    if kind == "policy_number":
        policy = read_policy_number(written)
        return policy if isinstance(policy, Refusal) else None
    number = read_id_number(written, declared=IdKind.RESIDENT_ID, as_of=today)
    return number if isinstance(number, Refusal) else None
