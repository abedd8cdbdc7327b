"""Which way an admission goes: with a notice that counts (IP-A), or by way of a visit (IP-B) [IP-N8].

Any one of the four conditions that is known to hold leads to IP-B. Where none is, and one cannot be told, a human
decides: a hospital that the directory does not hold is not outside the network, and IP-B costs an outpatient use.
"""

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

OTHER_CAMPUS: Literal["other campus"] = "other campus"

WITH_NOTICE = "IP-A"
BY_VISIT = "IP-B"
UNDECIDED = "review"


class AdmissionNotice(Struct, frozen=True):
    """What is known of the admission notice (入院通知单) and the two hospitals; None is not known.

    `issuer_is_wanted` compares them after alias resolution; "other campus" is another 院区 of the same hospital.
    """

    has_notice: bool | None = None
    issuer_is_wanted: bool | Literal["other campus"] | None = None
    wanted_in_network: bool | None = None
    issuer_in_network: bool | None = None


class Placement(Struct, frozen=True):
    """`branch` is IP-A, IP-B or review; `because` the clauses that lead to IP-B, or the codes of what is not known."""

    branch: str
    because: tuple[str, ...] = ()


class Condition(Struct, frozen=True):
    """One reason: a clause or a code, and when it holds."""

    reason: str
    holds: Callable[[AdmissionNotice], bool]


def place(notice: AdmissionNotice) -> Placement:
    """Return the branch with its reasons [IP-A, IP-B, IP-N8]."""
    if because := _holding(AGAINST, notice):
        return Placement(BY_VISIT, because)
    if doubts := _holding(DOUBTS, notice):
        return Placement(UNDECIDED, doubts)
    return Placement(WITH_NOTICE)


def _holding(conditions: tuple[Condition, ...], notice: AdmissionNotice) -> tuple[str, ...]:
    return tuple(condition.reason for condition in conditions if condition.holds(notice))


def none_issued(notice: AdmissionNotice) -> bool:
    """There is no admission notice."""
    return notice.has_notice is False


def issued_elsewhere(notice: AdmissionNotice) -> bool:
    """There may be a notice, and another hospital than the one wanted issued it."""
    return notice.has_notice is not False and notice.issuer_is_wanted is False


def wanted_outside(notice: AdmissionNotice) -> bool:
    """The hospital wanted is known to be outside the network."""
    return notice.wanted_in_network is False


def issuer_outside(notice: AdmissionNotice) -> bool:
    """There may be a notice, and the hospital that issued it is known to be outside the network."""
    return notice.has_notice is not False and notice.issuer_in_network is False


def notice_unknown(notice: AdmissionNotice) -> bool:
    """Nobody knows whether there is a notice."""
    return notice.has_notice is None


def issuer_unknown(notice: AdmissionNotice) -> bool:
    """There is a notice, and it is not known who issued it."""
    return notice.has_notice is True and notice.issuer_is_wanted is None


def other_campus(notice: AdmissionNotice) -> bool:
    """There is a notice, from another campus of the hospital wanted."""
    return notice.has_notice is True and notice.issuer_is_wanted == OTHER_CAMPUS


def hospital_unknown(notice: AdmissionNotice) -> bool:
    """It is not known whether the hospital wanted, or one known to have issued the notice, is in the network."""
    issuer = notice.has_notice is True and notice.issuer_is_wanted is not None and notice.issuer_in_network is None
    return notice.wanted_in_network is None or issuer


AGAINST: tuple[Condition, ...] = (
    Condition("IP-N8.1", none_issued),
    Condition("IP-N8.2", issued_elsewhere),
    Condition("IP-N8.3", wanted_outside),
    Condition("IP-N8.4", issuer_outside),
)

DOUBTS: tuple[Condition, ...] = (
    Condition("unknown_notice", notice_unknown),
    Condition("unknown_issuer", issuer_unknown),
    Condition("other_campus", other_campus),
    Condition("unknown_hospital", hospital_unknown),
)
