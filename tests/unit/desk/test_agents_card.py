"""The card of a case: everything it has, in words, masked until it is claimed, and short enough for one message."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from flows.cases.answers import DECLARED
from flows.cases.case import APPLICATION, Attachment, Case
from flows.desk.card import card, full_card
from flows.ids import CaseId, ChatId, DocumentId
from flows.terms import catalogue
from flows.terms.calendar import DayResult
from flows.terms.promises import starts
from tests.world import MONDAY, REFERENCE, TEXTS

TERMS = catalogue.load()
COMMON = {
    "applicant": "relative", "relation": "child", "name": "张桂兰", "id_number": "110101195503129931",
    "phone": "13900001234", "phone_verified": "holder", "policy_number": "P2026000001", "illness": "malignant_tumour",
    "illness_words": "肺上长了个东西", "condition": "suspected", "record_hospital": "北京协和医院",
    "record_kind": "discharge_summary", "record_date": "2026-11-02", "doctor_words": "想找王主任",
}  # fmt: skip
VISIT = {
    "city": "上海", "hospitals": "复旦大学附属华山医院、上海市第一人民医院", "hospitals_network": "unknown",
    "department": "神经外科", "department_insists": "yes", "visit_kind": "either",
    "visit_date": "2026-12-01/2026-12-04", "originals": "no",
}  # fmt: skip
STAY = {
    "stay": "surgery", "wanted": "北京协和医院", "wanted_network": "no", "notice": "yes", "issuer": "北京医院",
    "issuer_network": "yes", "issuer_is_wanted": "no", "notice_date": "2026-11-20", "infectious": "yes",
    "transfer": "no", "branch": "IP-B",
}  # fmt: skip
AGAINST = [
    {"clause": "G4", "verdict": "human", "code": "illness_mild", "facts": {}},
    {"clause": "OP-N1", "verdict": "human", "code": "record_unclear", "facts": {}},
    {"clause": "G2", "verdict": "eligible", "code": "use_left", "facts": {}},
]


def case(kind: str, **answers: str) -> Case:
    known = starts(DayResult(date(2026, 11, 23)), complete=True, year=date(2026, 6, 1))
    files = tuple(
        Attachment(DocumentId(n), str(n), "record" if n else "notice", None if n else MONDAY) for n in range(3)
    )
    service, request_type = (kind, APPLICATION) if kind in TERMS.services else ("", kind)
    return Case(
        id=CaseId(1), number="261123-000001", request_type=request_type, service=service,
        chat=ChatId(1), created_at=MONDAY, due_at=MONDAY,
        answers=answers, attachments=files, milestones=known, decision={"outcome": "human", "findings": AGAINST},
    )  # fmt: skip


def shown(its: Case) -> str:
    return TEXTS(full_card(its, REFERENCE))


def test_an_outpatient_case_says_all_that_it_has() -> None:
    lines = shown(case("OP", **COMMON, **VISIT)).split("\n")
    assert lines == [
        "261123-000001（特需、专家门诊）",
        "阶段：待受理",
        "最晚：11月23日（周一） 10:00",
        "下一个承诺：选医院并电话确认 [OP-P3] 最晚 11月25日（周三）",
        "被保险人：张桂兰",
        "申请人：家属代办（子女、被保险人未确认）",
        "电话：13900001234（已核实，是登记的投保人号码）",
        "证件：******9931",
        "保单：******0001",
        "疾病：肺上长了个东西（怀疑）",
        "资料：病历 2 份，通知单 1 份",
        "1. 通知单，11月23日（周一）收到",
        "2. 病历",
        "3. 病历",
        "病历医院：北京协和医院",
        "病历种类：出院小结",
        "病历日期：11月2日（周一）",
        "城市：上海",
        "想去医院：复旦大学附属华山医院、上海市第一人民医院（是否网络内待核实）",
        "科室：神经外科（坚持要这个科室）",
        "门诊：特需或专家都可以",
        "日期：12月1日（周二） 至 12月4日（周五）",
        "证件原件：不愿意出示",
        "想找的医生：想找王主任（不具约束力）",
        "初步核对：请人工核实",
        "▪ [G4] 这种情况可能属于轻症，要请客服对照您的合同核实。",
        "▪ [OP-N1] 开病历的医院，要请客服核实。",
    ]


def test_an_admission_says_its_branch_and_what_is_known_of_the_notice() -> None:
    text = shown(case("IP", **COMMON, **STAY))
    for line in (
        "261123-000001（住院、手术（先看专家门诊））",
        "下一个承诺：提供可选医院 [IP-B3] 最晚 11月25日（周三）",
        "需要：手术",
        "想住医院：北京协和医院（网络外）",
        "入院通知单：有",
        "开单医院：北京医院（网络内、不是想住的医院）",
        "开单日期：11月20日（周五）",
        "传染病：有",
        "调剂医院：不接受",
    ):
        assert line in text.split("\n")


def test_a_relative_s_request_says_when_the_insured_confirmed_it() -> None:
    confirmed = replace(case("OP", **COMMON), confirmed_at=MONDAY)
    assert "申请人：家属代办（子女、被保险人已于 11月23日（周一）" in shown(confirmed)
    assert "未确认" not in shown(confirmed)
    assert "申请人：本人\n" in shown(case("OP", applicant="self"))


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        ({"phone": "13900001234", "phone_verified": "insured"}, "电话：13900001234（已核实，是登记的被保险人号码）"),
        ({"phone": "13900001234", "phone_verified": ""}, "电话：13900001234（未核实）"),
        ({"phone_on_file": "13900001234"}, "电话：13900001234（登记的号码）"),
    ],
)
def test_the_number_to_call_says_whose_it_is_known_to_be(answers: dict[str, str], line: str) -> None:
    assert line in shown(case("OP", **answers)).split("\n")


def test_before_it_is_claimed_a_case_shows_nothing_personal_but_the_illness() -> None:
    text = TEXTS(card(case("IP", **COMMON, **STAY), REFERENCE, waiting=3))
    assert "住院、手术（先看专家门诊）" in text
    assert "肺上长了个东西" in text
    for personal in ("张桂兰", "13900001234", "9931", "0001\n", "协和"):
        assert personal not in text.removeprefix("261123-000001")


def test_of_a_restricted_case_nothing_is_shown_but_that_it_is() -> None:
    text = shown(replace(case("OP", **COMMON, **VISIT), restricted_at=MONDAY))
    assert "撤回同意" in text
    assert "张桂兰" not in text
    assert "13900001234" not in text
    assert len(text.split("\n")) == 2


@pytest.mark.parametrize("kind", ["OP", "IP", "appeal", "help", "another"])
@pytest.mark.parametrize("decision", [None, {}, {"outcome": "another"}, {"outcome": "refused", "findings": []}])
def test_a_case_of_which_little_is_known_is_shown(kind: str, decision: dict[str, Any] | None) -> None:
    bare = replace(case(kind), milestones={}, attachments=(), decision=decision)
    assert "261123-000001" in shown(bare)
    assert TEXTS(card(bare, REFERENCE, waiting=1))


def test_answers_of_another_release_are_shown_as_they_are() -> None:
    codes = {"applicant": "friend", "record_kind": "video", "branch": "IP-Z", "refused_for": "?", "visit_date": "soon/"}
    text = shown(case("IP", **codes, hospitals_network="?", record_date="someday"))
    for value in ("friend", "video", "soon/", "someday"):
        assert value in text


def test_a_refusal_that_is_looked_at_again_says_why() -> None:
    assert "未受理：登记的保单目前不在有效期内。" in shown(case("appeal", refused_for="policy_ended"))


def test_the_card_fits_one_message_whatever_was_typed() -> None:
    answers = dict.fromkeys(COMMON | VISIT | STAY, "很长的话\n" * 900)
    findings = [{**AGAINST[0], "code": code} for code in ("policy_ended", "second_use_spent") * 30]
    files = tuple(Attachment(DocumentId(n), str(n), "record", MONDAY) for n in range(60))
    stuffed = replace(case("IP", **answers, phone_on_file="1"), decision={"outcome": "human", "findings": findings})
    stuffed = replace(stuffed, attachments=files)
    assert len(shown(stuffed)) <= 3500
    assert len(TEXTS(card(stuffed, REFERENCE, waiting=10**6))) <= 3500


def test_each_code_of_an_answer_has_its_words() -> None:
    words = [each for field in DECLARED for each in getattr(field.codec, "words", {}).values() if each]
    assert len(words) > 40
    assert all(TEXTS(each()) for each in words)
