"""The form of each kind of document number, so that a wrong kind can be named (这看起来是护照号)."""

import re
from enum import StrEnum
from typing import Final

from flows.reading.documents import gb11643


class IdKind(StrEnum):
    """The documents that the service takes."""

    RESIDENT_ID = "resident_id"
    """居民身份证"""
    HMT_RESIDENCE = "hmt_residence"
    """港澳台居民居住证"""
    FOREIGN_PR = "foreign_pr"
    """外国人永久居留身份证"""
    HK_MO_PERMIT = "hk_mo_permit"
    """港澳居民来往内地通行证 (回乡证)"""
    TW_PERMIT = "tw_permit"
    """台湾居民来往大陆通行证 (台胞证)"""
    CN_PASSPORT = "cn_passport"
    """中国护照"""
    FOREIGN_PASSPORT = "foreign_passport"
    """外国护照"""


class OtherKind(StrEnum):
    """What people give instead, and what the service does not take as a document."""

    MAINLAND_HK_MO_PERMIT = "mainland_hk_mo_permit"
    """往来港澳通行证, of mainland residents"""
    MAINLAND_TW_PERMIT = "mainland_tw_permit"
    """大陆居民往来台湾通行证"""
    TW_NATIONAL_ID = "tw_national_id"
    """台湾身份证 or 居留证"""
    HK_ID = "hk_id"
    """香港身份证"""
    SAR_PASSPORT = "sar_passport"
    """香港 or 澳门特别行政区护照"""
    BANK_CARD = "bank_card"
    PHONE = "phone"


SeenKind = IdKind | OtherKind

HK_MO_PERMIT: Final = re.compile(r"[HM][0-9]{8}")
HK_MO_PERMIT_OLD: Final = re.compile(r"[HM][0-9]{10}")
"""With the two digits that counted the renewals."""
TW_PERMIT: Final = re.compile(r"[0-9]{8}")
TW_PERMIT_OLD: Final = re.compile(r"[0-9]{10}[A-Z]?|[0-9]{8}[A-Z]")
"""The booklet's, with the renewals, and a letter in brackets."""
CN_PASSPORT: Final = re.compile(r"[EGDSP][0-9]{8}|[DSP][0-9]{7}|(?:[DSP]E|E[A-HJ-NP-Z])[0-9]{7}")
CN_PASSPORT_OLD: Final = re.compile(r"1[45][0-9]{7}")
CN_PASSPORT_START: Final = re.compile(r"(?:[DSP]E|E[A-HJ-NP-Z]|[EGDSP])[0-9]*")
FOREIGN_PR_OLD: Final = re.compile(r"[A-Z]{3}[0-9]{12}")
"""Of before 2023: country, place, birth as YYMMDD, an order digit, a check digit whose rule is not public."""
FOREIGN_PR: Final = re.compile(rf"{gb11643.NUMBER.pattern}|{FOREIGN_PR_OLD.pattern}")
FOREIGN_PASSPORT: Final = re.compile(r"(?=[A-Z]*[0-9])[A-Z0-9]{5,20}")
FOREIGN_PR_START: Final = "9"
MOBILE: Final = re.compile(r"(?:0{0,2}86)?1[3-9][0-9]{9}")
_BANK_CARD: Final = re.compile(r"(?:6[0-9]|9[0-9])[0-9]{14,17}|[345][0-9]{15}")

_HK_ID: Final = re.compile(r"(?:[A-Z]|[WX][A-Z])[0-9]{6}[0-9A]")
_HK_ID_SUM: Final = 11

_OTHERS: Final = (
    (HK_MO_PERMIT, IdKind.HK_MO_PERMIT),
    (HK_MO_PERMIT_OLD, IdKind.HK_MO_PERMIT),
    (CN_PASSPORT, IdKind.CN_PASSPORT),
    (FOREIGN_PR_OLD, IdKind.FOREIGN_PR),
    (MOBILE, OtherKind.PHONE),
    (re.compile(r"[CW](?:[A-HJ-NP-Z][0-9]{7}|[0-9]{8})"), OtherKind.MAINLAND_HK_MO_PERMIT),
    (re.compile(r"[TL][0-9]{8}"), OtherKind.MAINLAND_TW_PERMIT),
    (re.compile(r"[A-Z][1289][0-9]{8}"), OtherKind.TW_NATIONAL_ID),
    (re.compile(r"K[0-9]{8}|(?:KJ|HJ|MA|MB)[0-9]{7}"), OtherKind.SAR_PASSPORT),
)


def seen_kind(token: str) -> SeenKind | None:
    """Name the kind of number whose form `token` (capitals and digits) has; None for none in particular."""
    if gb11643.NUMBER.fullmatch(token):
        return kind_of_eighteen(token)
    if gb11643.looks_old(token):
        return IdKind.RESIDENT_ID
    if _BANK_CARD.fullmatch(token) and not _holds_birth(token):
        return OtherKind.BANK_CARD
    if _is_hk_id(token):
        return OtherKind.HK_ID
    if TW_PERMIT.fullmatch(token):
        return None if _is_birth(token) else IdKind.TW_PERMIT
    return next((kind for pattern, kind in _OTHERS if pattern.fullmatch(token)), None)


def kind_of_eighteen(number: str) -> IdKind | None:
    """Tell by its first digits whose card an eighteen-character number is on; None for no known place."""
    if number[:2] in {"81", "82", "83"}:
        return IdKind.HMT_RESIDENCE
    if number[:2] in gb11643.PROVINCES:
        return IdKind.RESIDENT_ID
    if number[0] == FOREIGN_PR_START and number[1:3] in gb11643.PROVINCES:
        return IdKind.FOREIGN_PR
    return None


def _holds_birth(token: str) -> bool:
    """Return True if a citizen number, with a digit too few or too many, explains the token better."""
    return kind_of_eighteen(token) is not None and _is_birth(token[6:14])


def _is_hk_id(token: str) -> bool:
    """Return True if the check of a Hong Kong number holds: weights 9 down to 1, MOD 11."""
    if not _HK_ID.fullmatch(token):
        return False
    values = [36] * (9 - len(token)) + [int(char, 36) for char in token]
    return sum(value * (9 - n) for n, value in enumerate(values)) % _HK_ID_SUM == 0


def _is_birth(digits: str) -> bool:
    return digits[:2] in {"19", "20"} and gb11643.day_of(digits) is not None
