"""Which hospitals' records open a request [OP-N1, IP-N1]."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading.hospital_names import Hospital, load_hospitals
from flows.reading.record_source import hospital_source, record_source, unlisted_source

RULES = json.loads((Path(__file__).parents[2] / "examples" / "rules.json").read_text(encoding="utf-8"))
SHOWN = RULES["record_source"]


def test_the_case_file_holds_cases() -> None:
    assert len(SHOWN) >= 20


@pytest.mark.parametrize("case", SHOWN, ids=lambda c: f"{c['level']}-{c['ownership']}-{c['region']}")
def test_a_source_is_judged_as_its_case_says(case: dict[str, Any]) -> None:
    expect = case["expect"]
    wanted = expect if isinstance(expect, dict) else {"OP": expect, "IP": expect}
    verdict = record_source(case["level"], case["ownership"], case["region"])
    assert {"OP": verdict.of("OP").outcome, "IP": verdict.of("IP").outcome} == wanted


def test_each_service_cites_its_own_clause() -> None:
    verdict = record_source("三级甲等", "公立", "mainland")
    assert (verdict.op.clauses, verdict.ip.clauses) == (("OP-N1",), ("IP-N1",))


def test_every_reason_of_a_refusal_is_given() -> None:
    assert record_source("一级", "民营", "mainland").op.reasons == ("level_too_low", "private")
    assert record_source("社区卫生服务中心", "", "mainland").op.reasons == ("primary_care",)


def test_an_army_hospital_counts_as_public() -> None:
    assert record_source("二级甲等", "军队", "mainland").ip.outcome == "accept"


@pytest.mark.parametrize("region", ["香港", "澳门", "台湾", "日本", "新加坡", "德国"])
def test_outside_the_mainland_only_the_outpatient_service_goes_to_a_human(region: str) -> None:
    verdict = record_source("三级甲等", "公立", region)
    assert (verdict.op.outcome, verdict.ip.outcome) == ("review", "reject")
    assert verdict.ip.reasons == ("outside_mainland",)


@pytest.mark.parametrize("region", ["mainland", "中国大陆", "内地", "浙江省", "北京"])
def test_the_mainland_has_many_names(region: str) -> None:
    assert record_source("三级甲等", "公立", region).ip.outcome == "accept"


@pytest.mark.parametrize("level", ["", "未定级", "未评级", "不详", "综合医院", "体检中心"])
def test_a_public_hospital_of_unknown_level_goes_to_a_human(level: str) -> None:
    assert record_source(level, "公立", "mainland").ip.outcome == "review"


@pytest.mark.parametrize("ownership", ["", "合作办医", "公私合营", "未知"])
def test_an_unclear_owner_goes_to_a_human(ownership: str) -> None:
    assert record_source("三级甲等", ownership, "mainland").op.reasons == ("ownership_unknown",)


def test_an_unlisted_hospital_goes_to_a_human() -> None:
    assert unlisted_source().ip.outcome == "review"
    assert record_source("三级甲等", "公立", "").op.reasons == ("region_unknown",)


def test_a_hospital_of_the_directory_is_judged_by_its_row() -> None:
    private = Hospital("上海德达医院", "上海市", "上海市", "三级", "民营")
    assert hospital_source(private).op.outcome == "reject"
    public = [h for h in load_hospitals() if h.ownership in {"公立", "军队"}]
    assert public
    assert {hospital_source(h).ip.outcome for h in public} == {"accept"}


@given(st.text(), st.text(), st.text())
def test_any_words_give_a_verdict(level: str, ownership: str, region: str) -> None:
    verdict = record_source(level, ownership, region)
    assert {verdict.op.outcome, verdict.ip.outcome} <= {"accept", "reject", "review"}
    assert verdict.op.reasons
