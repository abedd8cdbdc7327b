"""The scorer itself: what is right, what is a wrong acceptance, and files of any shape."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.accuracy import Report, Scored, miss, renewed, score, summary
from benchmarks.accuracy.page import BEGIN, END

SUNDAY = date(2026, 11, 22)
CARD = "110101198503129919"


def scored(document: object) -> Report:
    return score(document, today=SUNDAY)


def one(case: dict[str, Any], **file: Any) -> Scored:  # noqa: ANN401 - JSON
    report = scored({"cases": [case], **file})
    assert len(report.scored) == 1
    return report.scored[0]


def illness(phrase: str, status: str, *names: str, **more: Any) -> Scored:  # noqa: ANN401 - JSON
    return one({"phrase": phrase, "expect": {"status": status, "illness": list(names)}, **more})


def hospital(text: str, kind: str, *names: str, **more: Any) -> Scored:  # noqa: ANN401 - JSON
    return one({"input": text, "expect": {"kind": kind, "names": list(names), **more}})


def day(text: str, expect: dict[str, str], **more: Any) -> Scored:  # noqa: ANN401 - JSON
    return one({"input": text, "context": "past", "expect": expect, **more})


def document_number(text: str, **expect: Any) -> Scored:  # noqa: ANN401 - JSON
    return one({"input": text, "declared_type": "resident_id", "expect": expect}, as_of="2026-11-22")


def test_an_illness_is_right_by_status_and_name() -> None:
    assert illness("肺癌", "listed", "恶性肿瘤——重度").right
    assert not illness("肺癌", "listed", "严重慢性肾衰竭").right
    assert illness("肺部占位", "review", "严重慢性肾衰竭").right
    assert illness("大出血止不住", "emergency", "深度昏迷").right


def test_what_is_listed_may_go_to_a_human_but_not_the_other_way() -> None:
    assert illness("疑似肺癌", "listed", "恶性肿瘤——重度").right
    assert not illness("肺癌", "review", "恶性肿瘤——重度").right


@pytest.mark.parametrize("status", ["mild", "not_listed", "contract_dependent", "unclear"])
def test_listed_in_place_of_less_is_a_wrong_acceptance(status: str) -> None:
    assert illness("肺癌", status).accepted
    assert not illness("肺癌", "review").accepted
    assert not illness("肺癌", status, lenient=True).accepted


def test_a_hospital_is_right_by_name_and_its_candidates_hold_those_listed() -> None:
    assert hospital("北京协和", "unique", "北京协和医院").right
    assert hospital("协和", "ambiguous", "北京协和医院").right
    assert not hospital("协和", "ambiguous", "北京协和医院", "四川大学华西医院").right
    assert hospital("北京协和", "ambiguous", "北京协和医院", also_kinds=["unique"]).right


@pytest.mark.parametrize("kind", ["unique", "ambiguous", "unknown"])
def test_another_hospital_or_one_where_none_is_certain_is_a_wrong_acceptance(kind: str) -> None:
    assert hospital("北京协和", kind, "四川大学华西医院").accepted


def test_a_date_is_right_by_its_day_and_its_reason_does_not_count() -> None:
    assert day("2026年11月3日", {"kind": "date", "date": "2026-11-03"}).right
    assert not day("2026年11月3日", {"kind": "date", "date": "2026-11-04"}).right
    assert day("好久了", {"kind": "clarify", "reason": "whatever"}).right
    assert day("去年10月", {"kind": "range", "start": "2025-10-01", "end": "2025-10-31"}).right


@pytest.mark.parametrize("kind", ["clarify", "invalid"])
def test_a_date_where_none_may_be_taken_is_a_wrong_acceptance(kind: str) -> None:
    assert day("2026年11月3日", {"kind": kind}).accepted
    assert not day("2026年11月3日", {"kind": kind}, optional=True).accepted


def test_the_day_is_the_cases_own_else_the_files_else_the_one_given() -> None:
    yesterday = {"input": "昨天", "context": "past", "expect": {"kind": "date", "date": "2026-11-21"}}
    assert one(yesterday).right
    assert not one(yesterday, base="2026-11-21").right
    assert one({**yesterday, "base": "2026-11-22"}, base="2026-11-21").right


def test_a_document_number_is_right_by_its_values_or_its_reason() -> None:
    assert document_number(CARD, valid=True, normalized=CARD, age=41).right
    assert not document_number(CARD, valid=True, age=40).right
    assert document_number(CARD[:-1] + "8", valid=False, reason="bad_checksum").right
    assert not document_number(CARD[:-1] + "8", valid=False, reason="bad_date").right
    assert document_number(CARD[:-1] + "8", valid=False, reason="bad_date", also_ok=["bad_checksum"]).right
    assert document_number(CARD, valid=False, reason="bad_date").accepted


def test_a_phone_is_right_by_kind_and_number() -> None:
    assert one({"input": "13800001234", "expect": {"kind": "mobile", "e164": "+8613800001234"}}).right
    assert not one({"input": "13800001234", "expect": {"kind": "mobile", "e164": "+8613800001235"}}).right
    both = {"input": "13800001234 13900001234", "numbers": ["+8613800001234"]}
    assert not one({**both, "expect": {"kind": "multiple"}}).right
    phones = [{"input": text, "expect": {"kind": kind}} for text, kind in (("95511", "service"), ("138", "invalid"))]
    assert scored({"cases": phones}).right == len(phones)
    wrong = [{"input": "13800001234", "expect": {"kind": kind}} for kind in ("service", "invalid", "multiple")]
    assert scored({"cases": wrong}).wrong_acceptances == len(wrong)


def test_sending_an_accept_to_a_human_is_tolerable_accepting_a_reject_is_not() -> None:
    unknown = {"level": "", "ownership": "", "region": "mainland"}
    assert scored({"record_source": [{**unknown, "expect": "accept"}]}).right == 1
    assert scored({"record_source": [{**unknown, "expect": "reject"}]}).right == 0
    high = {"level": "三级甲等", "ownership": "公立", "region": "mainland", "expect": "reject"}
    assert scored({"record_source": [high]}).wrong_acceptances == 1
    assert scored({"departments": [{"input": "肿瘤科", "expect": "excluded"}]}).wrong_acceptances == 1
    assert scored({"named_doctor": [{"input": "主任医师就行", "expect": "declined"}]}).wrong_acceptances == 1


def test_a_working_day_counts_with_its_being_provisional() -> None:
    case = {"kind": "add", "start": "2026-11-20", "workdays": 1, "expect": "2026-11-23"}
    assert scored({"workday": [case]}).right == 1
    assert scored({"workday": [{**case, "provisional": True}]}).right == 0
    assert scored({"workday": [{**case, "expect": "2026-11-24"}]}).right == 0
    assert scored({"workday": [{**case, "kind": "unheard_of"}]}).right == 0


def test_the_reader_is_told_by_the_cases_fields_whatever_the_section_is_called() -> None:
    cases = [
        {"phrase": "肺癌", "expect": {"status": "listed", "illness": ["恶性肿瘤——重度"]}},
        {"input": "北京协和", "expect": {"kind": "unique", "names": ["北京协和医院"]}},
        {"input": "13800001234", "expect": {"kind": "mobile", "e164": "+8613800001234"}},
        {"input": "产科", "expect": "excluded"},
        {"input": "就要王主任", "expect": "declined"},
        {"at": "2026-11-23T08:00:00+08:00", "open": True},
    ]
    report = scored({f"section {n}": [case] for n, case in enumerate(cases)})
    assert len({case.reader for case in report.scored}) == report.right == len(cases)


def test_a_case_without_what_its_reader_needs_is_a_miss_and_a_strange_section_is_named() -> None:
    report = scored({"cases": [{"declared_type": "resident_id", "input": CARD}], "others": [{"colour": "red"}]})
    assert (report.right, len(report.scored), report.unscored) == (0, 1, ("others",))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
fields = st.sampled_from(
    ["id", "input", "phrase", "expect", "kind", "context", "base", "as_of", "declared_type", "start", "received", "at"]
)
documents = st.dictionaries(
    st.sampled_from(["cases", "workday", "sla", "record_source", "departments", "as_of"]),
    st.lists(st.dictionaries(fields, json_values, max_size=5), max_size=3) | json_values,
    max_size=4,
)


@given(json_values | documents)
def test_any_json_gives_a_report(document: object) -> None:
    report = scored(document)
    assert 0 <= report.right <= len(report.scored)


def test_the_lines_name_what_was_typed_expected_and_read() -> None:
    report = scored({"cases": [{"id": "X1", "phrase": "肺癌", "expect": {"status": "unclear"}}]})
    assert summary("a.json", report) == "a.json: wrong acceptances 1, right 0/1"
    assert miss(report.scored[0]) == "ACCEPTED X1: '肺癌' expected: unclear got: listed 恶性肿瘤——重度"


def test_the_page_keeps_its_words_and_renews_its_tables() -> None:
    report = scored({"cases": [{"id": "X1", "phrase": "肺癌", "expect": {"status": "unclear"}}]})
    page = renewed(f"before\n{BEGIN}\nold\n{END}\nafter\n", {"a.json": report})
    assert page.startswith("before\n")
    assert page.endswith("after\n")
    assert "| unclear | **1** |" in page
    assert "old" not in page
    assert renewed(page, {"a.json": report}) == page
    with pytest.raises(ValueError, match="no_measured_part"):
        renewed(json.dumps({}), {})
