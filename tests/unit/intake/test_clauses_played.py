"""Every clause of the terms, in each role that its `do` names, is kept by some conversation that is played."""

from functools import cache

import pytest

from flows.intake.dialogue import cards
from flows.intake.questions.admission import Infectious
from flows.intake.questions.identity import PolicyNumber
from flows.intake.questions.question import Question
from flows.terms import catalogue
from tests import clauses
from tests.clauses import Kept
from tests.unit.play import PATIENT
from tests.unit.stories import STORIES, played

TERMS = catalogue.load()
OF_THE_DESK = {("IP-B3", "check")}  # whether the 2-3 hospitals offered are of the network and 三甲: at the offer


@cache
def kept_in(story: str) -> frozenset[tuple[str, str]]:
    """What one conversation told, had acknowledged, collected, found and promised."""
    play = played(story)
    kept = clauses.told(message for message in play.messages if message.chat == PATIENT)
    kept |= clauses.acknowledged(play.session.consents, TERMS)
    for case in play.cases.values():
        kept |= clauses.of_case(case, TERMS) | clauses.collected(case)
        kept |= clauses.acknowledged(case.acknowledged, TERMS)
    return frozenset(kept)


def kept(*without: str) -> Kept:
    return {each for story in STORIES if story not in without for each in kept_in(story)}


def owed() -> Kept:
    return {(clause, role) for clause, role in clauses.owed(TERMS) if role != "agent task"} - OF_THE_DESK


def test_every_clause_is_kept_in_every_role_that_it_names() -> None:
    assert {clause for clause, _ in owed()} == set(TERMS.clauses)
    assert len(owed()) > 100
    assert sorted(owed() - kept()) == []


@pytest.mark.parametrize(
    ("story", "needs"),
    [
        ("outpatient", {"OP-P3", "OP-P4", "OP-N9", "OP-N10", "OP-N1", "OP-N5", "OP-P5c"}),
        ("with_notice", {"IP-A", "IP-A3", "IP-A4", "IP-A5", "IP-N1", "IP-N2", "IP-N4", "IP-N6", "IP-N7", "IP-N12"}),
        ("by_visit", {"IP-B", "IP-B3", "IP-B4", "IP-B7", "IP-N8.1", "IP-N10", "IP-N11", "OP-N4", "OP-N9"}),
        ("doctor_named", {"OP-N6a"}),
        ("doctor_named_for_admission", {"IP-N5"}),
        ("issuer_elsewhere", {"IP-N8.2"}),
        ("wanted_outside", {"IP-N8.3"}),
        ("issuer_outside", {"IP-N8.4"}),
        ("department_insisted", {"OP-N4"}),
        ("policy_ended", {"G2"}),
    ],
)
def test_each_conversation_keeps_the_clauses_it_is_about(story: str, needs: set[str]) -> None:
    assert needs <= {clause for clause, _ in kept_in(story)}


@pytest.mark.parametrize(("question", "clause"), [(Infectious, "IP-N2"), (PolicyNumber, "G2")])
def test_a_question_that_cites_nothing_any_more_is_noticed(
    question: type[Question], clause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (case,) = played("with_notice").cases.values()
    before = clauses.collected(case)
    monkeypatch.setattr(question, "cites", ())
    assert before - clauses.collected(case) == {(clause, "collect")}


def test_a_notice_that_is_not_told_any_more_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = tuple(notice for notice in cards.NOTICES if "OP-P5c" not in notice.cites)
    monkeypatch.setattr(cards, "NOTICES", fewer)
    told = clauses.told(STORIES["outpatient"]().messages)
    assert {clause for clause, _ in kept_in("outpatient")} - {clause for clause, _ in told} >= {"OP-P5c"}
    assert ("OP-P5c", "inform") not in told


@pytest.mark.parametrize(
    ("only", "lost"),
    [
        ("title_asked", ("OP-N6b", "check")),
        ("issuer_elsewhere", ("IP-N8.2", "check")),
    ],
)
def test_without_the_conversation_that_has_it_a_clause_is_missing(only: str, lost: tuple[str, str]) -> None:
    assert owed() - kept(only) == {lost}
