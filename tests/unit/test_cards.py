"""The decision cards: what happens next with its dates, what to bring, and every clause that is to be told."""

import re
from datetime import UTC, date, datetime

import msgspec
import pytest

from flows.cases.case import APPLICATION, Case
from flows.ids import CaseId, ChatId
from flows.intake.dialogue import cards
from flows.intake.dialogue.cards import Told
from flows.intake.questions.terms import screens
from flows.reasons import REASONS
from flows.session import Session
from flows.step import Step
from flows.terms import catalogue
from flows.terms.calendar import DayResult
from flows.terms.eligibility import EDITIONS, Decision, Finding, Outcome, Row
from flows.terms.facts import Facts
from flows.terms.promises import Milestone, starts
from tests.fakes import Counter
from tests.world import MONDAY, REFERENCE, TEXTS

TERMS = catalogue.load()
WAYS = (("OP", ""), ("IP", "IP-A"), ("IP", "IP-B"), ("IP", "review"))
LATE = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)  # 21:30 in Shanghai
BREAKS = re.compile(r"[，。！？；：、\n]")


def codes(verdict: Outcome, service: str, branch: str) -> list[tuple[str, str]]:
    """The clause and code of each row of the rules that a service can meet."""
    own = TERMS.services[service]
    visited = TERMS.services["OP"] if branch == "IP-B" else own
    found = []
    for rule in EDITIONS[1]:
        rows = [row for row in rule.rows if told_as(row, verdict)]
        for row in rows:
            name = row.cites or rule.cites
            undone = name in {"branch", "second_use"} and branch == "IP-A"
            if (clause := getattr(own.cites, name) or getattr(visited.cites, name)) and not undone:
                found.append((clause, row.code))
    return found


def told_as(row: Row, verdict: Outcome) -> bool:
    return row.note if verdict is Outcome.ELIGIBLE else row.verdict is verdict


def decision(outcome: Outcome, found: list[tuple[Outcome, str, str]]) -> Decision:
    findings = tuple(Finding(clause, verdict, code, {}) for verdict, clause, code in found)
    facts = Facts(service="OP", today=date(2026, 11, 23), policy=None)
    return Decision(outcome, findings, facts, TERMS.version, 1)


def case(service: str, branch: str, *, complete: bool = True, **answers: str) -> Case:
    return Case(
        id=CaseId(1), number="261123-000001", request_type=APPLICATION, service=service,
        chat=ChatId(1), created_at=MONDAY, due_at=datetime(2026, 11, 25, 12, tzinfo=UTC),
        milestones=starts(DayResult(date(2026, 11, 23)), complete=complete, year=date(2026, 6, 1)),
        answers={"branch": branch, **answers},
    )  # fmt: skip


def turn(now: datetime = MONDAY) -> Step:
    return Step(Session(chat=ChatId(1)), now=now, ids=Counter(), reference=REFERENCE)


def given(
    service: str, branch: str, *, fits: bool = True, notes: bool = False, now: datetime = MONDAY
) -> tuple[Told, ...]:
    """The messages after a submission, with every reason and note that there can be at once."""
    outcome = Outcome.ELIGIBLE if fits else Outcome.HUMAN
    found = [] if fits else [(Outcome.HUMAN, *each) for each in codes(Outcome.HUMAN, service, branch)]
    notes_of = {clause: (Outcome.ELIGIBLE, clause, code) for clause, code in codes(Outcome.ELIGIBLE, service, branch)}
    found += list(notes_of.values()) if notes else []
    return cards.submitted(turn(now), case(service, branch), decision(outcome, found))


def words(told: tuple[Told, ...]) -> str:
    return "\n".join(TEXTS(each.text) for each in told)


def settled(branch: str) -> str:
    return branch if branch.startswith("IP-") else ""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("now", [MONDAY, LATE])
@pytest.mark.parametrize("fits", [True, False])
def test_a_card_fits_a_phone_however_much_there_is_to_say(way: tuple[str, str], now: datetime, fits: bool) -> None:  # noqa: FBT001
    told = given(*way, fits=fits, notes=True, now=now)
    assert len(told) == 2
    for each in told:
        assert len(TEXTS(each.text)) <= 400
        assert all(len(part) <= 40 for part in BREAKS.split(TEXTS(each.text)))
        assert all(len(line) <= 60 for line in TEXTS(each.text).split("\n"))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fits", [True, False])
def test_every_clause_that_is_to_be_told_is_told_before_or_after_the_submission(
    way: tuple[str, str],
    fits: bool,  # noqa: FBT001
) -> None:
    service, branch = way[0], settled(way[1])
    before = {c for screen in screens(TERMS.consents_of(service, branch), TERMS) for c in screen.clauses}
    after = {clause for told in given(*way, fits=fits) for clause in told.cites}
    due = set(TERMS.notices_of(service, branch))
    assert len(due) >= 9
    assert due <= before | after
    assert after <= due


def test_an_outpatient_request_that_fits_is_told_its_days() -> None:
    text = words(given("OP", ""))
    assert "编号 261123-000001" in text
    assert "客服最晚 11月25日（周三）与您电话确认医院" in text
    assert "要提前 5 个工作日预约，最早 11月30日（周一）就诊" in text
    assert "热线 400-620-1800，每天 08:00-20:00，春节假期除外" in text
    assert "全程陪同" in text
    assert "休息时间" not in text
    assert "国务院" not in text


def test_whoever_comes_after_hours_is_told_when_it_goes_on() -> None:
    assert "现在是休息时间，客服 11月24日（周二） 08:00 上班后开始处理。" in words(given("OP", "", now=LATE))


def test_an_admission_with_a_notice_is_told_its_days_and_no_throughout() -> None:
    text = words(given("IP", "IP-A"))
    assert "争取 12月3日（周四）、最晚 12月7日（周一），为您协调好住院" in text
    assert "陪您办入院手续" in text
    assert "▪ 入院通知单" in text
    assert "全程陪同" not in text
    assert "门诊" not in text


def test_an_admission_whose_papers_are_missing_is_told_the_figures() -> None:
    told = cards.submitted(turn(), case("IP", "IP-A", complete=False), decision(Outcome.ELIGIBLE, []))
    assert "资料齐全后，8-10 个工作日内为您协调住院" in words(told)


def test_an_admission_by_way_of_a_visit_is_told_every_step() -> None:
    text = words(given("IP", "IP-B"))
    assert "争取 11月25日（周三）前，给您 2-3 家三甲医院挑选" in text
    assert "3 个工作日内看专家门诊" in text
    assert "8-10 个工作日内协调住院" in text
    assert "全程陪同" not in text


def test_an_admission_whose_branch_a_human_settles_is_told_both_ways() -> None:
    text = words(given("IP", "review", fits=False))
    assert "入院通知单可用：直接为您安排住院" in text
    assert "不能用：给您 2-3 家三甲医院挑选" in text


def test_what_a_human_looks_at_is_told_with_the_day_of_the_call() -> None:
    found = [(Outcome.HUMAN, "G4", "illness_mild"), (Outcome.HUMAN, "OP-N1", "record_unclear")]
    text = words(cards.submitted(turn(), case("OP", ""), decision(Outcome.HUMAN, found)))
    for code in ("illness_mild", "record_unclear"):
        assert TEXTS(REASONS[code]()) in text
    assert "最晚 11月25日（周三）与您电话联系" in text
    assert "核实通过后，这样安排" in text
    assert "符合服务条件" not in text
    assert "确认医院" not in text


def test_a_note_is_told_in_place_of_what_is_told_to_everybody() -> None:
    note = [(Outcome.ELIGIBLE, "OP-N6a", "doctor_declined")]
    told = cards.submitted(turn(), case("OP", ""), decision(Outcome.ELIGIBLE, note))
    assert TEXTS(REASONS["doctor_declined"]()) in words(told)
    assert "医生由客服安排" not in words(told)
    assert "OP-N6a" in told[1].cites


def test_whoever_withholds_originals_is_told_what_it_may_cost_and_not_to_bring_them() -> None:
    told = cards.submitted(turn(), case("OP", "", originals="no"), decision(Outcome.ELIGIBLE, []))
    assert "您说不便出示证件原件" in words(told)
    assert "▪ 证件原件，有的医院会要看" not in words(told)
    assert "OP-N5" in told[1].cites


def test_days_that_wait_for_the_state_council_say_so() -> None:
    late = msgspec.structs.replace(case("OP", ""), milestones={"accepted": Milestone(date(2099, 12, 28))})
    assert "待国务院公布" in words(cards.submitted(turn(), late, decision(Outcome.ELIGIBLE, [])))


REFUSALS = [(way, each) for way in WAYS for each in codes(Outcome.REFUSED, *way)]


@pytest.mark.parametrize(("way", "found"), REFUSALS)
def test_a_refusal_says_why_in_plain_words_and_in_the_clause_s_own(
    way: tuple[str, str], found: tuple[str, str]
) -> None:
    clause, code = found
    text = TEXTS(cards.refused(decision(Outcome.REFUSED, [(Outcome.REFUSED, clause, code)]), TERMS))
    assert TEXTS(REASONS[code]()) in text, way
    assert f"依据条款 [{clause}]：{TERMS.clauses[clause].text}" in text
    assert TERMS.hotline in text
    assert "申请人工复核" in text


def test_two_reasons_of_a_refusal_fit_one_card() -> None:
    assert {code for _, (_, code) in REFUSALS} >= {
        "patient_other", "record_level_low", "record_private", "record_abroad", "department_excluded",
        "second_use_spent",
    }  # fmt: skip
    for _, first in REFUSALS:
        for _, second in REFUSALS:
            found = [(Outcome.REFUSED, *first), (Outcome.REFUSED, *second), (Outcome.REFUSED, *first)]
            assert len(TEXTS(cards.refused(decision(Outcome.REFUSED, found), TERMS))) <= 400


def test_no_reason_has_a_long_sentence_without_a_break() -> None:
    for words_of in REASONS.values():
        assert all(len(part) <= 40 for part in BREAKS.split(TEXTS(words_of())))
