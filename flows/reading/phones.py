"""Reading a contact number as people type it.

phonenumbers takes letters for the keys of a telephone and finds a number in almost anything, so the forms of
mainland numbers are looked for here, letters and left-over digits raise doubt, and it is asked only about
other countries.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import phonenumbers

from flows.reading.fold import one_line
from flows.reading.refusal import Refusal
from flows.reading.spoken import spoken_digits


class PhoneKind(StrEnum):
    """What sort of number it is."""

    MOBILE = "mobile"
    """手机, of the mainland"""
    LANDLINE = "landline"
    """座机, of the mainland, with its area code"""
    INTL = "intl"
    """Hong Kong, Macau, Taiwan, or another country"""
    SERVICE = "service"
    """A hotline or an emergency number, nobody's own"""
    UNASSIGNED = "unassigned_prefix"
    """The form of a mobile number, in a range that no operator has"""


@dataclass(frozen=True, slots=True)
class Phone:
    """A contact number: `e164` is +, country and number without blanks; `extension` is dialled after it."""

    kind: PhoneKind
    e164: str
    extension: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """A piece of the text with digits in it: a number, or what is left over (`phone` is None)."""

    start: int
    end: int
    phone: Phone | None


_GAP: Final = r"[ ().\-·_]{0,3}"
_DIGIT: Final = rf"(?:{_GAP}[0-9])"
_CHINA: Final = rf"\+?{_GAP}0{{0,2}}{_GAP}86{_GAP}"
_MOBILE: Final = re.compile(
    r"(?!(?:19|20)[0-9]{2}[-.][0-9]{1,2}[-.][0-9]{1,2}(?![0-9]))"
    rf"\(?(?:{_CHINA})?0?(?P<number>1{_GAP}[3-9]{_DIGIT}{{9}})(?![0-9])"
)
_LANDLINE: Final = re.compile(
    rf"\(?(?:{_CHINA}0?|0){_GAP}(?P<number>"
    rf"(?:1{_GAP}0|2{_GAP}[0-57-9]){_GAP}[2-9]{_DIGIT}{{7}}|[3-9]{_DIGIT}{{2}}{_GAP}[2-9]{_DIGIT}{{6,7}})(?![0-9])"
    rf"(?:{_GAP}(?:转|分机|EXT|X|#|-)[号: .]{{0,2}}(?P<extension>[0-9]{{1,6}})(?!{_DIGIT}))?"
)
_SERVICE: Final = re.compile(
    rf"\(?(?:{_CHINA})?(?P<number>[48]00{_DIGIT}{{7}}|951[0-9]{{5}}|9[56][0-9]{{3,4}}|1010{_GAP}[0-9]{{4}}"
    r"|1[012][0-9]{3}|1[12][0-9])(?![0-9])"
)
_ABROAD: Final = re.compile(rf"\(?(?:\+|00){_GAP}(?P<number>[1-9]{_DIGIT}{{6,14}})(?![0-9])")
_NEIGHBOUR: Final = re.compile(
    rf"\(?(?P<number>85[23]{_GAP}[2-9]{_DIGIT}{{7}}|886{_GAP}0?{_GAP}9{_DIGIT}{{8}})(?![0-9])"
)
_START: Final = re.compile(r"[+(]{0,2}[0-9]")
_LEFTOVER: Final = re.compile(r"[+(]*[0-9]+")
_JOINED: Final = re.compile(r"[ ().\-·_+]*")
_WORDS: Final = re.compile(
    r"(?<![A-Z])(?:TEL|TELEPHONE|PHONE|MOBILE|MOB|CELL|NUMBER|NO|HP|WECHAT|WX|VX|CALL|CN|CHINA)(?![A-Z])"
)
_COMMAS: Final = str.maketrans(dict.fromkeys(",/、;", " "))
_LIST_MARK: Final = re.compile(r"[0-9]{1,2}[.)] ?")
_BROKEN: Final = re.compile(r"1[3-9][0-9]{8,10}")
_DOUBTFUL: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ*@$%^?")
_LETTER_O: Final = re.compile(r"[0-9][OIL]|[OIL][0-9]")

_ASSIGNED: Final = re.compile(r"1(?:3[0-9]|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8[0-9]|9[0-35-9])")
"""The mobile ranges that the ministry (工业和信息化部) has given to an operator."""

_LENGTHS: Final = {852: 8, 853: 8, 886: 9}
_NORTH_AMERICA: Final = 1
_CHINA_CODE: Final = 86
_PLACES: Final = (("香港", "+852", 8), ("澳门", "+853", 8), ("台湾", "+886", 9))
_LOCAL: Final = re.compile(r"[2-9][0-9]{6,7}")
_MOBILE_LENGTH: Final = 11
_CHINA_START: Final = re.compile(r"(?:00)?86(?=1)")


def read_phone(text: str) -> Phone | Refusal:
    """Read the one number in `text`: a mobile, a landline with its area code, or one of another country.

    Refusals: multiple, service, unassigned_prefix, and invalid with `why`: no_number, too_short, too_long,
    no_area_code, letter, letter_o (a letter seems to stand for a digit), not_a_number.
    """
    prepared = _prepare(text)
    found = _scan(prepared)
    if not any(piece.phone for piece in found):
        prepared = prepared.translate(_COMMAS)
        found = _scan(prepared)
    phones = _distinct(piece.phone for piece in found)
    if not phones:
        return _of_named_place(prepared) or _refused(found, prepared)
    if len(phones) > 1 or any(_is_broken(piece, prepared) for piece in found):
        return Refusal("multiple")
    if any(_in_doubt(n, found, prepared) for n, piece in enumerate(found) if piece.phone):
        return _invalid(_reason(found, prepared))
    phone = phones[0]
    if phone.kind in {PhoneKind.SERVICE, PhoneKind.UNASSIGNED}:
        return Refusal(phone.kind.value)
    return phone


def find_phones(text: str) -> tuple[Phone, ...]:
    """Return every number in `text` that is free of doubt, in order, once each; see each one's kind.

    Services only where there is nothing else, and the first one only.
    """
    prepared = _prepare(text)
    found = _scan(prepared)
    return _distinct(piece.phone for n, piece in enumerate(found) if not _in_doubt(n, found, prepared))


def _prepare(text: str) -> str:
    return _WORDS.sub(" ", spoken_digits(one_line(text)).upper())


def _invalid(why: str) -> Refusal:
    return Refusal("invalid", {"why": why})


def _scan(text: str) -> list[_Found]:
    """Take the text apart, from left to right, into numbers and left-over digits."""
    return list(_pieces(text))


def _pieces(text: str) -> Iterator[_Found]:
    place = _START.search(text)
    while place is not None:
        piece = _number_at(text, place.start()) or _leftover_at(text, place.start())
        yield piece
        place = _START.search(text, piece.end)


def _leftover_at(text: str, start: int) -> _Found:
    run = _LEFTOVER.match(text, start)
    return _Found(start, run.end() if run else start + 1, None)


def _number_at(text: str, start: int) -> _Found | None:
    for pattern, build in _FORMS:
        match = pattern.match(text, start)
        phone = build(match) if match else None
        if match and phone:
            return _Found(start, match.end(), phone)
    return None


def _digits(match: re.Match[str]) -> str:
    return "".join(filter(str.isdecimal, match["number"]))


def _mobile(match: re.Match[str]) -> Phone:
    number = _digits(match)
    kind = PhoneKind.MOBILE if _ASSIGNED.match(number) else PhoneKind.UNASSIGNED
    return Phone(kind, "+86" + number)


def _landline(match: re.Match[str]) -> Phone:
    return Phone(PhoneKind.LANDLINE, "+86" + _digits(match), match["extension"])


def _service(match: re.Match[str]) -> Phone:
    return Phone(PhoneKind.SERVICE, _digits(match))


def _abroad(match: re.Match[str]) -> Phone | None:
    return _of_country("+" + _digits(match))


def _of_country(number: str) -> Phone | None:
    """Return the number of another country than China, as phonenumbers knows it; None if it is not one."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    code, length = parsed.country_code or 0, len(str(parsed.national_number))
    if code == _CHINA_CODE or length != _LENGTHS.get(code, length):
        return None
    # A mainland mobile behind a stray plus looks like North America, where most such areas do not exist.
    strict = phonenumbers.is_valid_number if code == _NORTH_AMERICA else phonenumbers.is_possible_number
    if not strict(parsed):
        return None
    return Phone(PhoneKind.INTL, phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


_FORMS: Final = (
    (_MOBILE, _mobile),
    (_LANDLINE, _landline),
    (_SERVICE, _service),
    (_ABROAD, _abroad),
    (_NEIGHBOUR, _abroad),
    (re.compile(rf"\+{_GAP}{_MOBILE.pattern}"), _mobile),
)


def _distinct(phones: Iterable[Phone | None]) -> tuple[Phone, ...]:
    """Return each number once; services only where there is nothing else."""
    known = dict.fromkeys(phone for phone in phones if phone)
    own = tuple(phone for phone in known if phone.kind is not PhoneKind.SERVICE)
    return own or tuple(known)[:1]


def _in_doubt(n: int, found: list[_Found], text: str) -> bool:
    """Return True if letters or left-over digits touch the `n`-th piece, so that it may be another number."""
    piece = found[n]
    around = text[max(piece.start - 1, 0) : piece.start] + text[piece.end : piece.end + 1]
    if _DOUBTFUL & set(around):
        return True
    neighbours = found[max(n - 1, 0) : n] + found[n + 1 : n + 2]
    return any(_touches(other, piece, text) for other in neighbours if other.phone is None)


def _touches(leftover: _Found, piece: _Found, text: str) -> bool:
    if leftover.start > piece.start:
        return _JOINED.fullmatch(text[piece.end : leftover.start]) is not None
    listed = _LIST_MARK.fullmatch(text[leftover.start : piece.start]) is not None
    return not listed and _JOINED.fullmatch(text[leftover.end : piece.start]) is not None


def _is_broken(piece: _Found, text: str) -> bool:
    """Return True if left-over digits are a second mobile number with a digit too few or too many."""
    return piece.phone is None and _BROKEN.fullmatch(text[piece.start : piece.end].strip("+(")) is not None


def _of_named_place(text: str) -> Phone | None:
    """Read a number without its country code, where the words name Hong Kong, Macau or Taiwan."""
    digits = "".join(filter(str.isdecimal, text)).lstrip("0")
    lettered = re.search("[A-Z]", text) is not None
    for name, code, length in _PLACES:
        if name in text and len(digits) == length and not lettered:
            return _of_country(code + digits)
    return None


def _refused(found: list[_Found], text: str) -> Refusal:
    return _invalid(_reason(found, text) if found else "no_number")


def _reason(found: list[_Found], text: str) -> str:
    """Say what seems wrong with the left-over digits."""
    if _LETTER_O.search(text):
        return "letter_o"
    if re.search("[0-9][A-Z]|[A-Z][0-9]", text):
        return "letter"
    digits = "".join(filter(str.isdecimal, "".join(text[piece.start : piece.end] for piece in found)))
    digits = _CHINA_START.sub("", digits)
    if _LOCAL.fullmatch(digits):
        return "no_area_code"
    if len(digits) == _MOBILE_LENGTH:
        return "not_a_number"
    return "too_short" if len(digits) < _MOBILE_LENGTH else "too_long"
