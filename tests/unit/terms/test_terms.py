"""The terms as data: no figure, entry or word changes unnoticed, and parts that do not agree are not loaded."""

import hashlib
import json
import re
from copy import deepcopy
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from flows.intake.questions.consents import CONSENTS
from flows.reading.departments import TABLE
from flows.reading.record_source import CLAUSES, record_source
from flows.reasons import REASONS
from flows.terms import catalogue
from flows.terms.calendar import ServiceHours
from flows.terms.catalogue import Contract, Limit, Offer, Uses, build, parts
from flows.terms.eligibility import codes_told

SHIPPED = catalogue.load("2026-11")
OP, IP = SHIPPED.services["OP"], SHIPPED.services["IP"]

# A version under which requests were decided never changes: a correction is a new folder, and a new line here.
DIGESTS = {
    "2026-11/clauses": "974c7e11aebd83fa",
    "2026-11/contracts": "f74299d844063248",
    "2026-11/services": "21de0bb64656d5a3",
    "2026-11/terms": "646e855f6f7f5bf8",
}


def digest(file: Path) -> str:
    """The digest of what a file says, whatever its layout."""
    said = json.dumps(json.loads(file.read_text("utf-8")), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def test_no_word_and_no_figure_of_a_shipped_version_ever_changes() -> None:
    files = [file for version in catalogue.versions() for file in (catalogue.DATA / version).iterdir()]
    assert {f"{file.parent.name}/{file.stem}": digest(file) for file in files} == DIGESTS


def test_the_current_version_is_shipped_and_names_itself() -> None:
    assert catalogue.CURRENT in catalogue.versions()
    assert all(catalogue.load(version).version == version for version in catalogue.versions())
    assert catalogue.load() == SHIPPED
    with pytest.raises(KeyError):
        catalogue.load("1999-01")


# ---- the figures, as the clauses say them ----


def test_the_limits_are_those_of_the_clauses() -> None:
    assert OP.limits == {
        "lead": Limit(clause="OP-P1a", days=5),
        "hospital_call": Limit(clause="OP-P3", target=1, days=2),
        "day_before_visit": Limit(clause="OP-P4", days=1, of="calendar_days"),
    }
    assert IP.limits == {
        "first_contact": Limit(clause="IP-P2", days=2, internal=True),
        "admission": Limit(clause="IP-A3", target=8, days=10),
        "hospital_offer": Limit(clause="IP-B3", days=2, internal=True),
        "first_visit": Limit(clause="IP-B4", days=1, internal=True),
        "specialist_visit": Limit(clause="IP-B4", days=3),
        "admission_after_visit": Limit(clause="IP-B7", target=8, days=10),
        "day_before_visit": Limit(clause="IP-B5", days=1, of="calendar_days"),
        "day_before_admission": Limit(clause="IP-A4", days=1, of="calendar_days"),
        "day_before_admission_after_visit": Limit(clause="IP-B8", days=1, of="calendar_days"),
    }
    assert SHIPPED.limits == {
        "first_contact": Limit(days=2, internal=True),
        "first_visit": Limit(days=1, internal=True),
    }
    assert SHIPPED.help_minutes == 30
    assert IP.offer == Offer(clause="IP-B3", least=2, most=3, level="三级甲等")


def test_every_figure_of_a_limit_stands_in_its_clause() -> None:
    limits = [limit for service in SHIPPED.services.values() for limit in service.limits.values() if not limit.internal]
    assert len(limits) == 9
    for limit in limits:
        figures = {figure for figure in (limit.target, limit.days) if figure is not None}
        assert figures <= {int(found) for found in re.findall(r"\d+", SHIPPED.clauses[limit.clause].text)}


def test_only_limits_in_working_days_pause_and_the_lead_does_not() -> None:
    pausing = {step.name for step in SHIPPED.every_step() if step.pauses}
    assert pausing == {"hospital_call", "hospital_offer", "specialist_visit", "admission", "admission_after_visit"}
    first = {step.name for step in SHIPPED.every_step() if step.earliest}
    assert first == {"earliest_visit", "use_counted", "visit_use_taken", "visit_use_counted"}


def test_the_internal_steps_of_a_branch_go_before_the_service_s_and_those_before_the_terms() -> None:
    def found(service: str, branch: str = "") -> dict[str, tuple[str, str, str]]:
        return {
            step.name: (owner, step.limit, step.clause) for owner, step in SHIPPED.internal_steps_of(service, branch)
        }

    assert found("OP") == {
        "first_contact": ("OP", "hospital_call", "OP-P3"),
        "first_visit": ("OP", "lead", "OP-P1a"),
    }
    assert found("IP", "IP-B") == {
        "first_contact": ("IP", "hospital_offer", "IP-B3"),
        "first_visit": ("IP", "first_visit", "IP-B4"),
    }
    of_the_terms = {"first_visit": ("", "first_visit", "")}
    assert found("IP", "IP-A") == found("IP", "review") == found("IP")
    assert found("IP") == {"first_contact": ("IP", "first_contact", "IP-P2")} | of_the_terms
    assert found("") == {"first_contact": ("", "first_contact", "")} | of_the_terms
    with pytest.raises(KeyError):
        found("XX")


def test_the_milestones_are_what_a_step_is_counted_from_or_kept_by() -> None:
    days = {"accepted", "complete", "policy_year", "claimed", "hospital_chosen", "notice_issued"}
    days |= {"visit_day", "admission_day"}
    never = {"clinic_stopped", "visit_missed", "no_indication", "beds_short", "admission_missed"}
    done = {"visit_called", "visit_done", "admission_called", "admission_done"}
    assert SHIPPED.milestones() == days | never | done


def test_the_hotline_and_its_hours_are_those_of_the_clauses() -> None:
    assert (SHIPPED.hotline, SHIPPED.hours.opens, SHIPPED.hours.closes) == ("400-620-1800", "08:00", "20:00")
    for clause in ("OP-P1a", "IP-P1"):
        assert SHIPPED.hotline in SHIPPED.clauses[clause].text
    hours = ServiceHours()
    assert (time.fromisoformat(SHIPPED.hours.opens), time.fromisoformat(SHIPPED.hours.closes)) == (
        hours.opens,
        hours.closes,
    )
    assert SHIPPED.provider in SHIPPED.clauses["G1"].text


def test_by_default_each_service_may_be_used_once_a_policy_year() -> None:
    assert SHIPPED.contracts == {"default": Contract(uses=Uses(limit=1, period="policy_year", shared=False))}


def test_excluded_departments_are_grounds_of_the_word_table() -> None:
    assert OP.excluded_departments == ("obstetrics", "emergency", "medical_technology")
    assert set(OP.excluded_departments) == set(TABLE["excluded"])
    assert IP.excluded_departments == ()


def test_the_doctors_titles_are_promised_for_the_outpatient_service_alone() -> None:
    assert (OP.titles, IP.titles) == (("副主任医师", "主任医师"), ())


def test_each_code_of_a_record_s_source_has_a_verdict() -> None:
    words = (
        ("三级甲等", "公立", "mainland"), ("一级", "公立", "mainland"), ("乡镇卫生院", "公立", "mainland"),
        ("三级", "民营", "mainland"), ("体检中心", "公立", "mainland"), ("", "", "mainland"), ("", "", ""),
        ("三级", "公立", "香港"),
    )  # fmt: skip
    codes = {reason for each in words for s in CLAUSES for reason in record_source(*each).of(s).reasons}
    for service in (OP, IP):
        rule = service.record
        assert {*rule.good, *rule.levels, *rule.ownerships, *rule.regions} == codes
        assert rule.verdict("a new code") == "human"
    assert (OP.record.verdict("outside_mainland"), IP.record.verdict("outside_mainland")) == ("human", "refused")
    assert {s: service.cites.record for s, service in SHIPPED.services.items()} == CLAUSES


def test_consents_and_notices_are_those_of_the_service_and_its_branch() -> None:
    assert SHIPPED.consents_of("OP") == ("OP-N2", "OP-N5", "OP-N8", "OP-N9", "OP-N10")
    admission = ("IP-N2", "IP-N3", "IP-N4", "IP-N6", "IP-N7", "IP-N12")
    assert SHIPPED.consents_of("IP", "IP-A") == admission
    assert SHIPPED.consents_of("IP", "IP-B") == (*admission, "IP-N10", "IP-N11", *SHIPPED.consents_of("OP"))
    assert SHIPPED.consents_of("IP") == SHIPPED.consents_of("IP", "IP-B")
    assert "IP-A5" in SHIPPED.notices_of("IP")
    assert {"IP-A5", "OP-P1a", "OP-P5c"}.isdisjoint(SHIPPED.notices_of("IP", "IP-B"))
    assert {"IP-B3", "OP-N3", "OP-N6b"} <= set(SHIPPED.notices_of("IP", "IP-B"))


def test_the_steps_are_those_of_the_service_and_of_a_branch_that_is_settled() -> None:
    def clauses(service: str, branch: str = "") -> list[str]:
        return [step.clause for _, step in SHIPPED.steps_of(service, branch)]

    outpatient = ["G2", "OP-P1b", "OP-P1a", "OP-P2", "OP-P3", "OP-P4", "OP-P5b", "OP-P5a", "OP-P5c", "OP-N3", "OP-N10"]
    admission = ["G2", "IP-P1", "IP-N4", "IP-N6", "IP-N12"]
    by_visit = ["IP-N10", "IP-N11", "IP-B3", "IP-B4", "IP-B5", "IP-B6", "IP-B7", "IP-B8", "IP-B9", "OP-N3", "OP-N10"]
    assert clauses("OP") == outpatient
    assert clauses("IP") == clauses("IP", "review") == admission
    assert clauses("IP", "IP-A") == [*admission, "IP-A3", "IP-A4", "IP-A5"]
    assert clauses("IP", "IP-B") == admission + by_visit
    owners = {step.clause: service for service, step in SHIPPED.steps_of("IP", "IP-B")}
    assert (owners["OP-N3"], owners["IP-B7"]) == ("OP", "IP")


def test_every_limit_is_that_of_a_step_and_of_its_clause_or_a_clause_like_it() -> None:
    for name, service in SHIPPED.services.items():
        every = [*service.internal_steps, *(step for each in service.branches.values() for step in each.internal_steps)]
        every += [*service.steps, *(step for branch in service.branches.values() for step in branch.steps)]
        limited = {step.limit: step.clause for step in every if step.limit and step.name != "document_reminder"}
        assert limited == {each: limit.clause for each, limit in service.limits.items()}, name


def test_what_is_acknowledged_is_shown_by_subject() -> None:
    assert SHIPPED.subjects == {
        "cost": ("OP-N9",),
        "absence": ("OP-N10", "IP-N12"),
        "papers": ("OP-N5",),
        "uses": ("IP-N10", "IP-N11"),
        "beds": ("IP-N4", "IP-N2", "IP-N6"),
        "care": ("OP-N2", "IP-N3", "OP-N8", "IP-N7"),
    }


def test_every_consent_and_every_code_that_is_told_has_its_words() -> None:
    assert [consent.key for consent in SHIPPED.consents] == list(CONSENTS)
    assert tuple(REASONS) == codes_told()


def test_the_clauses_are_all_there_and_do_only_known_things() -> None:
    assert len(SHIPPED.clauses) == 56
    assert SHIPPED.clauses["G2"].text == "保单有效期内，您可以提出服务使用申请一次。"
    assert all(clause.text and clause.do for clause in SHIPPED.clauses.values())


# ---- another service, another contract ----


def test_another_contract_s_uses_and_limits_are_data() -> None:
    data = parts()
    literal = {"limit": 1, "period": "policy_term", "shared": True}
    own: dict[str, Any] = {
        "OP": {
            "hospital_call": {"clause": "OP-P3", "target": 3, "days": 4},
            "lead": {"clause": "OP-P1a", "days": 7},
        },
        "IP": {
            "admission": {"clause": "IP-A3", "target": 11, "days": 12},
            "specialist_visit": {"clause": "IP-B4", "days": 9},
        },
    }
    data["contracts"] |= {"康健/一生": {"uses": literal}, "康健/一生/2026": {"uses": literal, "limits": own}}
    terms = build(data)
    assert terms.contract("康健/一生/2024").uses == Uses(limit=1, period="policy_term", shared=True)
    assert terms.contract("别的/2024") == terms.contract("") == terms.contracts["default"]
    for service, limits in SHIPPED.services.items():
        for name, limit in limits.limits.items():
            assert terms.limit(service, name, "康健/一生/2024") == limit
            assert terms.limit(service, name, "康健/一生/2026") == (
                Limit(**own[service][name]) if name in own[service] else limit
            )
    assert terms.limit("", "first_contact", "康健/一生/2026") == SHIPPED.limits["first_contact"]


def test_another_service_is_data() -> None:
    data = parts()
    data["clauses"]["CK-T"] = {"text": "...", "do": ["collect"]}
    data["services"]["CK"] = {**deepcopy(data["services"]["OP"]), "terms": ["CK-T"], "uses": ["CK"]}
    assert build(data).services["CK"].uses == ("CK",)


def test_the_shipped_terms_are_frozen() -> None:
    with pytest.raises(AttributeError):
        setattr(SHIPPED, "version", "2027-01")  # noqa: B010 - mypy would not let an assignment stand
