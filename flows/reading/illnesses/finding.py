"""What one mention amounts to."""

from dataclasses import dataclass
from enum import StrEnum

from flows.reading.illnesses.listing import Illness


class IllnessStatus(StrEnum):
    """How an answer stands to the contract's list, and with that what happens next.

    listed: accept. mild, review, contract_dependent: accept for a human. not_listed: ask once for the
    doctor's words, then a human. unclear: ask back. emergency: 120 (or care) first.
    """

    LISTED = "listed"
    MILD = "mild"
    REVIEW = "review"
    CONTRACT_DEPENDENT = "contract_dependent"
    NOT_LISTED = "not_listed"
    UNCLEAR = "unclear"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Finding:
    """A status with the codes (2020 revision) or the entry of the list that it is about.

    `stage` says that the stage decides and was not given. `weak`: a complaint or a situation, which counts
    only where no illness is named.
    """

    status: IllnessStatus
    codes: tuple[str, ...] = ()
    item: Illness | None = None
    stage: bool = False
    weak: bool = False


NOT_LISTED = Finding(IllnessStatus.NOT_LISTED)
UNCLEAR = Finding(IllnessStatus.UNCLEAR)
WEAK = Finding(IllnessStatus.UNCLEAR, weak=True)
CONTRACT = Finding(IllnessStatus.CONTRACT_DEPENDENT)
CANCER = Finding(IllnessStatus.LISTED, ("cancer",))
CANCER_MILD = Finding(IllnessStatus.MILD, ("cancer_mild",))
CANCER_REVIEW = Finding(IllnessStatus.REVIEW, ("cancer",))
CANCER_STAGE = Finding(IllnessStatus.REVIEW, ("cancer",), stage=True)


def listed(*codes: str) -> Finding:
    """Return a finding on the list."""
    return Finding(IllnessStatus.LISTED, codes)


def mild(*codes: str) -> Finding:
    """Return a finding among the mild ones."""
    return Finding(IllnessStatus.MILD, codes)


def review(*codes: str) -> Finding:
    """Return a finding for a human."""
    return Finding(IllnessStatus.REVIEW, codes)
