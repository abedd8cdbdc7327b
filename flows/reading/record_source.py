"""Whether a hospital's record may open a request: its level, its ownership, where it is [OP-N1, IP-N1].

二级 or above and public, army hospitals included; the inpatient service further asks for one in the mainland.
What is unknown goes to a human; what is known to fall short is refused with its reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from flows.reading.fold import simplified
from flows.reading.hospitals.directory import Hospital
from flows.reading.hospitals.lexicon import lexicon

Outcome = Literal["accept", "reject", "review"]
CLAUSES: Mapping[str, str] = MappingProxyType({"OP": "OP-N1", "IP": "IP-N1"})

MAINLAND = "mainland"
_MAINLAND_WORDS = frozenset({"mainland", "中国", "中国大陆", "中国内地", "大陆", "内地", "国内", "境内", "cn", "china"})
_HIGH = ("三级", "二级", "三甲", "三乙", "三丙", "三特", "二甲", "二乙", "二丙")
_LOW = ("一级", "一甲", "一乙", "一丙")
_PRIMARY = (
    "社区",
    "卫生院",
    "卫生室",
    "卫生所",
    "卫生站",
    "卫生服务",
    "村医",
    "乡镇",
    "诊所",
    "门诊部",
    "医务室",
)
_NO_HOSPITAL = ("体检", "健康管理", "互联网", "线上", "月子", "美容")
_PUBLIC = frozenset({"公立", "军队", "部队", "武警", "公办", "国有", "国立", "政府办", "公立医院", "军队医院"})
_PRIVATE = ("民营", "私立", "私营", "民办", "外资", "合资", "社会办", "个体", "私人")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one service makes of the source: outcome, codes of the reasons, clauses they come from.

    Codes: qualifies; level_too_low, primary_care, private (reject); not_a_hospital, level_unknown,
    ownership_unknown, region_unknown (review); outside_mainland (IP rejects, OP reviews).
    """

    outcome: Outcome
    reasons: tuple[str, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceVerdict:
    """The verdicts of the outpatient (OP) and the inpatient (IP) service on one source."""

    op: Verdict
    ip: Verdict

    def of(self, service: str) -> Verdict:
        """Return the verdict of `service`, "OP" or "IP". Raises KeyError for any other."""
        return {"OP": self.op, "IP": self.ip}[service]


def record_source(level: str, ownership: str, region: str) -> SourceVerdict:
    """Judge a source by the directory's words for its level and ownership ("" unknown) and its region.

    `region` is "mainland" (大陆, 内地 or a province), 香港, 澳门, 台湾 or a country; "" is unknown.
    """
    where = simplified(region)
    if not where:
        return _both("review", ("region_unknown",))
    if not _is_mainland(where):
        return _abroad()
    return _mainland(simplified(level), simplified(ownership))


def hospital_source(hospital: Hospital) -> SourceVerdict:
    """Judge a hospital of the directory; its province says where it is."""
    return record_source(hospital.level, hospital.ownership, hospital.province)


def unlisted_source() -> SourceVerdict:
    """Judge a mainland hospital that the directory does not hold: a human decides."""
    return record_source("", "", MAINLAND)


def _is_mainland(region: str) -> bool:
    if region in _MAINLAND_WORDS:
        return True
    place = lexicon().places.get(region)
    return place is not None and place.level != "outside"


def _abroad() -> SourceVerdict:
    reasons = ("outside_mainland",)
    return SourceVerdict(Verdict("review", reasons, (CLAUSES["OP"],)), Verdict("reject", reasons, (CLAUSES["IP"],)))


def _both(outcome: Outcome, reasons: tuple[str, ...]) -> SourceVerdict:
    return SourceVerdict(Verdict(outcome, reasons, (CLAUSES["OP"],)), Verdict(outcome, reasons, (CLAUSES["IP"],)))


def _mainland(level: str, ownership: str) -> SourceVerdict:
    short = tuple(reason for reason in (_shortfall(level), _private(ownership)) if reason)
    if short:
        return _both("reject", short)
    unknown = tuple(reason for reason in (_unknown_level(level), _unknown_owner(ownership)) if reason)
    return _both("review", unknown) if unknown else _both("accept", ("qualifies",))


def _shortfall(level: str) -> str:
    if level.startswith(_LOW):
        return "level_too_low"
    return "primary_care" if any(word in level for word in _PRIMARY) else ""


def _private(ownership: str) -> str:
    return "private" if any(word in ownership for word in _PRIVATE) else ""


def _unknown_level(level: str) -> str:
    """Return the code for a level that does not decide; a public check-up centre has none of its own."""
    if any(word in level for word in _NO_HOSPITAL):
        return "not_a_hospital"
    return "" if level.startswith(_HIGH) else "level_unknown"


def _unknown_owner(ownership: str) -> str:
    return "" if ownership in _PUBLIC else "ownership_unknown"
