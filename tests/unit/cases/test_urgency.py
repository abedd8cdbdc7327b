"""Which requests come before others, and why: by illness and age, and above all by words of danger."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from flows.cases.alerts import DESPAIR, EMERGENCY
from flows.cases.case import EMERGENCY_FROM
from flows.cases.urgency import REASONS, as_emergency, urgency_of
from flows.desk.card import card, full_card
from flows.ids import AgentId
from flows.reading.documents.gb11643 import check_character
from flows.terms.policy import Person
from tests.unit.desk.test_agents_card import case
from tests.unit.play import AGENT_ONE, Play, at
from tests.world import MONDAY, POLICY, REFERENCE, TEXTS

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("illness", "words", "reasons"),
    [
        ("", "急性白血病", ["acute_leukaemia"]),
        ("恶性肿瘤——重度", "急性髓系白血病 M2", ["acute_leukaemia"]),
        ("", "急性早幼粒细胞白血病", ["acute_leukaemia"]),
        ("", "慢性白血病", []),
        ("主动脉手术", "主动脉夹层A型", ["aortic_dissection"]),
        ("", "腹主动脉瘤", []),
        ("较重急性心肌梗死", "心梗", ["acute_myocardial_infarction"]),
        ("", "急性前壁心肌梗死", ["acute_myocardial_infarction"]),
        ("", "急性心梗", ["acute_myocardial_infarction"]),
        ("", "陈旧性心梗", []),
        ("", "高血压脑出血", ["cerebral_haemorrhage"]),
        ("", "腦溢血", ["cerebral_haemorrhage"]),
        ("严重脑中风后遗症", "脑出血后遗症", []),
        ("急性重症肝炎或亚急性重症肝炎", "", ["severe_hepatitis"]),
        ("", "重型乙型肝炎", ["severe_hepatitis"]),
        ("", "慢性乙型肝炎", []),
        ("恶性肿瘤——重度", "肺癌", []),
        ("", "", []),
    ],
)
def test_an_acute_illness_is_urgent_by_its_name_or_in_the_words_typed(
    illness: str, words: str, reasons: list[str]
) -> None:
    found = urgency_of({"illness_words": words}, illness, TODAY)
    assert list(found.reasons) == reasons
    assert found.level == 2 * len(reasons)


@pytest.mark.parametrize(
    ("born", "reasons"),
    [
        ("20121123", []),  # fourteen today
        ("20121124", ["under_14"]),
        ("20260101", ["under_14"]),
        ("19501123", ["over_75"]),
        ("19501124", []),  # seventy-five
        ("19800101", []),
    ],
)
def test_a_child_and_an_old_person_are_urgent_by_the_number_on_their_document(born: str, reasons: list[str]) -> None:
    first = f"110101{born}001"
    answers = {"id_number": first + check_character(first), "id_kind": "resident_id"}
    assert list(urgency_of(answers, "", TODAY).reasons) == reasons


@pytest.mark.parametrize(
    "answers", [{"id_number": "E12345678", "id_kind": "passport"}, {"id_number": "?"}, {"id_kind": "?"}]
)
def test_a_document_that_states_no_age_gives_none(answers: dict[str, str]) -> None:
    assert urgency_of(answers, "", TODAY) == (0, ())


def test_reasons_add_up_and_stay_below_an_emergency() -> None:
    words = "急性白血病、主动脉夹层、急性心肌梗死、脑出血、重症肝炎"
    assert urgency_of({"illness_words": words, "id_number": "11010120150312993X"}, "", TODAY) == (9, REASONS[:-1])


def test_danger_makes_an_emergency_and_keeps_the_other_reasons() -> None:
    its = replace(case("OP"), urgency=3, urgent_for=("acute_leukaemia", "under_14"))
    after = as_emergency(its, EMERGENCY)
    assert (after.urgency, after.urgent_for) == (EMERGENCY_FROM, (EMERGENCY, *its.urgent_for))
    assert as_emergency(after, EMERGENCY) is after
    assert as_emergency(after, DESPAIR).urgent_for[:2] == (DESPAIR, EMERGENCY)


def test_both_cards_say_why_a_case_is_urgent() -> None:
    its = replace(case("OP", illness_words="急性白血病"), urgency=3, urgent_for=("acute_leukaemia", "under_14", "?"))
    assert TEXTS(card(its, REFERENCE, waiting=1)).split("\n")[0] == "急：急性白血病、未满14周岁"
    assert TEXTS(full_card(its, REFERENCE)).split("\n")[1] == "急：急性白血病、未满14周岁"
    plain = replace(its, urgency=0, urgent_for=())
    assert "急：" not in TEXTS(card(plain, REFERENCE, waiting=1)) + TEXTS(full_card(plain, REFERENCE))


def test_the_card_of_a_call_says_it_too_and_that_of_a_restricted_case_does_not() -> None:
    call = replace(case("help"), urgent_for=(DESPAIR,))
    assert TEXTS(full_card(call, REFERENCE)).startswith("急：客户情绪危急\n")
    restricted = replace(case("OP"), urgent_for=("over_75",), restricted_at=MONDAY)
    assert "急" not in TEXTS(full_card(restricted, REFERENCE))


def test_a_request_is_opened_with_its_urgency() -> None:
    play = Play()
    insured = Person("张小兰", "resident_id", "11010120150312993X")
    play.policy = replace(POLICY, insured=insured)
    play.right |= {"name": insured.name, "id_number": insured.number}
    at("submitted", play)
    (its,) = play.cases.values()
    assert (its.urgency, its.urgent_for) == (1, ("under_14",))
    play.say("/next", AGENT_ONE)
    assert TEXTS(play.messages[-1].text).startswith("急：未满14周岁\n")


def test_danger_brings_a_case_to_the_front_of_the_queue_whether_anybody_is_on_duty_or_not() -> None:
    play = Play()
    at("submitted", play)
    (request,) = play.cases
    play.say("我胸口疼得厉害，喘不上气，快救命")
    first = play.cases[request]
    assert (first.urgency, first.urgent_for) == (EMERGENCY_FROM, ("emergency",))
    sooner = replace(first, id=first.id + 1, number="2", urgency=0, urgent_for=(), due_at=MONDAY - timedelta(days=1))
    play.cases[sooner.id] = sooner
    play.say("/next", AGENT_ONE)
    assert play.shown[AGENT_ONE] == [f"desk:claim:{request}"]


def test_the_urgency_outlives_its_owner() -> None:
    play = Play()
    at("submitted", play)
    play.say("我胸口疼得厉害，喘不上气，快救命")
    (request,) = play.cases
    play.tap(f"desk:claim:{request}", AGENT_ONE)
    assert play.cases[request].owner == AgentId(AGENT_ONE)
    play.say("放回", AGENT_ONE)
    assert play.cases[request].is_queued
    assert play.cases[request].urgency == EMERGENCY_FROM
