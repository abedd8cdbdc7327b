"""Whole requests through the real python-telegram-bot: each service, each branch, each refusal, each doubt.

One bot runs for all of them; everybody has a policy of their own.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from flows.terms.policy import ENDED, SUSPENDED
from tests.bot.newcomers import Answers, Newcomer, found, newcomer
from tests.bot.process import LOW, PATIENCE, Town
from tests.bot.wording import part

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADMISSION: Answers = {"service": "住院", "notice": "有"}
BY_VISIT: Answers = {"service": "住院", "notice": "没有"}
PRIVATE = "北京和睦家医院"
UNKNOWN = "火星康宁医院"


# ---- each service ----


async def test_an_outpatient_visit_is_asked_for_and_takes_its_use(somebody: Newcomer) -> None:
    await somebody.play()
    case = await somebody.case()
    assert (case.service, case.decision and case.decision["outcome"]) == ("OP", "eligible")
    assert somebody.reserved() == ["OP"]
    assert (await somebody.player.wait_for(part("decision.bring")))["text"]


async def test_an_admission_with_a_notice_takes_its_own_use_alone(somebody: Newcomer) -> None:
    await somebody.play(**ADMISSION)
    case = await somebody.case()
    assert (case.service, case.answers["branch"], case.decision and case.decision["outcome"]) == (
        "IP",
        "IP-A",
        "eligible",
    )
    assert somebody.reserved() == ["IP"]
    assert "city" not in case.answers


async def test_an_admission_without_a_notice_asks_for_the_visit_too_and_takes_both_uses(somebody: Newcomer) -> None:
    await somebody.play(**BY_VISIT)
    case = await somebody.case()
    assert (case.service, case.answers["branch"]) == ("IP", "IP-B")
    assert "IP-N8:branch_by_visit" in found(case)
    assert somebody.reserved() == ["IP", "OP"]
    assert case.answers["city"] == "北京市"


@pytest.mark.parametrize("service", ["门诊", "住院"])
async def test_a_relatives_request_says_so_until_the_insured_confirms_from_another_account(
    running_town: Town, somebody: Newcomer, places: Iterator[int], service: str
) -> None:
    await somebody.play(applicant="家人", service=service)
    case = await somebody.case()
    assert (case.answers["relation"], case.answers["authority"], case.confirmed_at) == ("child", "yes", None)
    told = (await somebody.player.wait_for("确认 ", PATIENCE))["text"]
    code = next(word for word in told.split() if len(word) == 8 and word.isdecimal())

    await somebody.player.say(f"确认 {code}")
    await somebody.player.wait_for(part("confirm.own_account"))
    insured = await running_town.player(next(places))
    await insured.say(f"确认 {code}")
    await insured.wait_for(case.number)
    assert (await somebody.case()).confirmed_at is not None


# ---- what is refused ----

REFUSED: dict[str, tuple[str, Answers]] = {
    "patient_other": ("G3:patient_other", {"applicant": "患者不是被保险人"}),
    "record_level_low": ("OP-N1:record_level_low", {"record_hospital": LOW.name}),
    "record_private": ("OP-N1:record_private", {"record_hospital": PRIVATE}),
    "record_private_ip": ("IP-N1:record_private", {**ADMISSION, "record_hospital": PRIVATE}),
    "record_abroad": ("IP-N1:record_abroad", {**ADMISSION, "record_hospital": "香港玛丽医院"}),
    "obstetrics": ("OP-N4:department_excluded", {"department": ("产科", "=insists")}),
    "emergency": ("OP-N4:department_excluded", {"department": ("急诊", "=insists")}),
    "medical_technology": ("OP-N4:department_excluded", {"department": ("放射科", "=insists")}),
    "obstetrics_ip": ("OP-N4:department_excluded", {**BY_VISIT, "department": ("产科", "=insists")}),
}


@pytest.mark.parametrize(("finding", "others"), REFUSED.values(), ids=REFUSED)
async def test_what_the_terms_exclude_is_refused_with_its_clause_and_reviewed_in_one_tap(
    somebody: Newcomer, finding: str, others: Answers
) -> None:
    await refused(somebody, finding, others)


POLICIES: dict[str, tuple[str, dict[str, Any], Answers]] = {
    "policy_ended": ("G2:policy_ended", {"status": ENDED}, {}),
    "use_spent": ("G2:use_spent", {"limits": {"OP": 0, "IP": 1}}, {}),
    "use_spent_ip": ("G2:use_spent", {"limits": {"OP": 1, "IP": 0}}, ADMISSION),
    "second_use_spent": ("IP-N10:second_use_spent", {"limits": {"OP": 0, "IP": 1}}, BY_VISIT),
}


@pytest.mark.parametrize(("finding", "policy", "others"), POLICIES.values(), ids=POLICIES)
async def test_a_policy_that_cannot_serve_is_refused_with_its_clause(
    running_town: Town, places: Iterator[int], finding: str, policy: dict[str, Any], others: Answers
) -> None:
    await refused(await newcomer(running_town, next(places), **policy), finding, others)


async def refused(person: Newcomer, finding: str, others: Answers) -> None:
    """Play until it is refused; the clause is told, nothing is reserved, a human looks at it again if asked to."""
    applicant = await person.play("refused", **others)
    clause, _, code = finding.partition(":")
    assert f"[{clause}]" in applicant.question["text"]
    assert part(f"reason.{code}") in applicant.question["text"]
    assert finding in person.refusals()
    assert person.reserved() == []
    if code == "second_use_spent":  # an admission may be possible all the same: a human is asked at once
        await person.player.wait_for(part("decision.appealed"))
    else:
        await applicant.press("!appeal")
    case = await person.case()
    assert (case.request_type, person.reserved()) == ("appeal", [])
    assert finding in found(case)


# ---- what a human decides ----

DOUBTS: dict[str, tuple[str, Answers]] = {
    "illness_mild": ("G4:illness_mild", {"illness": "恶性肿瘤——轻度"}),
    "illness_not_listed": ("G4:illness_not_listed", {"illness": "感冒"}),
    "illness_open": ("G4:illness_open", {"illness": "=other"}),
    "record_unknown_hospital": ("OP-N1:record_unclear", {"record_hospital": UNKNOWN}),
    "record_unknown_hospital_ip": ("IP-N1:record_unclear", {**ADMISSION, "record_hospital": UNKNOWN}),
    "record_abroad_op": ("OP-N1:record_unclear", {"record_hospital": "香港玛丽医院"}),
    "record_kind_unclear": ("OP-N1:record_kind_unclear", {"record_kind": "其他"}),
    "hospital_unknown": ("OP-Tb:hospital_unclear", {"hospitals": (UNKNOWN, "=done")}),
    "department_unclear": ("OP-N4:department_unclear", {"department": ("随便看看", "看肚子的")}),
    "branch_unknown_notice": ("IP-N8:branch_undecided", {**ADMISSION, "notice": "不清楚"}),
    "branch_unknown_hospital": ("IP-N8:branch_undecided", {**ADMISSION, "wanted": UNKNOWN}),
}


@pytest.mark.parametrize(("finding", "others"), DOUBTS.values(), ids=DOUBTS)
async def test_what_the_answers_leave_open_is_a_humans_to_decide(
    somebody: Newcomer, finding: str, others: Answers
) -> None:
    await doubted(somebody, finding, others)


async def test_a_suspended_policy_is_a_humans_to_decide(running_town: Town, places: Iterator[int]) -> None:
    await doubted(await newcomer(running_town, next(places), status=SUSPENDED), "G2:policy_suspended", {})


async def doubted(person: Newcomer, finding: str, others: Answers) -> None:
    """Play until it is submitted; the reason is told and stands with the case."""
    applicant = await person.play(**others)
    case = await person.case()
    assert (applicant.state, case.decision and case.decision["outcome"]) == ("submitted", "human")
    assert finding in found(case)
    reason = part(f"reason.{finding.partition(':')[2]}")
    assert any(reason in text for text in person.town.texts(person.player.person_id))
    assert person.reserved()


# ---- what is eligible, and pointed out ----

NOTES: dict[str, tuple[str, Answers]] = {
    "report_only": ("IP-N1:record_report_only", {**ADMISSION, "record_kind": "诊断报告"}),
    "hospital_outside": ("OP-Tb:hospital_outside", {"hospitals": (PRIVATE, "=done")}),
    "wish_too_early": ("OP-P1a:wish_too_early", {"visit_date": ("明天", "=wished")}),
    "doctor_named": ("OP-N6a:doctor_declined", {"department": "肿瘤科的李明远主任"}),
    "other_issuer": ("IP-N8:branch_by_visit", {**ADMISSION, "issuer": "上海华山医院"}),
    "wanted_outside": ("IP-N8:branch_by_visit", {**ADMISSION, "wanted": PRIVATE}),
    "originals": ("OP-N5:originals_withheld", {"originals": "不愿意"}),
    "infectious": ("IP-N2:infectious", {**ADMISSION, "infectious": "有"}),
    "transfer": ("IP-N6:transfer_declined", {**ADMISSION, "transfer": "不接受"}),
}


@pytest.mark.parametrize(("finding", "others"), NOTES.values(), ids=NOTES)
async def test_what_stands_in_nobodys_way_is_kept_with_the_case(
    somebody: Newcomer, finding: str, others: Answers
) -> None:
    await somebody.play(**others)
    case = await somebody.case()
    assert case.decision is not None
    assert case.decision["outcome"] == "eligible"
    passed_on = {f"{flag['clause']}:{flag['code']}" for flag in case.decision.get("flags", ())}
    assert finding in found(case) | passed_on


async def test_the_skipped_question_of_infectious_disease_stands_in_nobodys_way(somebody: Newcomer) -> None:
    await somebody.play(**ADMISSION, infectious="不想说")
    assert (await somebody.case()).answers["infectious"] == "skipped"


async def test_who_asks_on_the_same_policy_later_finds_its_use_taken(
    running_town: Town, somebody: Newcomer, places: Iterator[int]
) -> None:
    await somebody.play()
    relative = Newcomer(running_town, await running_town.player(next(places)), somebody.given)
    await relative.play(applicant="家人")
    assert "G2:use_spent" in relative.refusals()
    assert somebody.reserved() == ["OP"]
