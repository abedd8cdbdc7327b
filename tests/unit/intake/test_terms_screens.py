"""What is acknowledged before a request: every clause once, word for word, on few screens, kept with its hash."""

from datetime import date, timedelta
from hashlib import sha256
from itertools import combinations

import pytest
from msgspec.structs import replace

from flows.ids import ChatId
from flows.intake import texts
from flows.intake.questions.question import Context
from flows.intake.questions.terms import MEANING, MEANINGS, TermsQuestion, acknowledge, screens, shown, unacknowledged
from flows.session import Session
from flows.terms import catalogue
from tests.world import MONDAY, REFERENCE, TEXTS

TERMS = catalogue.load()
QUESTION = TermsQuestion()
WAYS = (("OP", "", 1), ("IP", "IP-A", 1), ("IP", "IP-B", 3), ("IP", "review", 3), ("IP", "", 3))


def context(service: str, branch: str = "") -> Context:
    answers = {"service": service} | ({"branch": branch} if branch else {})
    return Context(Session(chat=ChatId(1), answers=answers), REFERENCE, date(2026, 11, 23))


def consents(service: str, branch: str) -> tuple[str, ...]:
    return TERMS.consents_of(service, branch if branch.startswith("IP-") else "")


def walked(start: Context) -> list[tuple[str, ...]]:
    """The clauses of each screen in turn, each acknowledged, until none is left."""
    seen: list[tuple[str, ...]] = []
    now = start
    while (screen := unacknowledged(now)) is not None:
        assert len(seen) < 3
        seen.append(screen.clauses)
        kept = now.session.acknowledged + acknowledge(screen, TERMS, MONDAY)
        now = replace(now, session=replace(now.session, acknowledged=kept))
    assert QUESTION.answered(now)
    assert QUESTION.ask(now).cites == seen[-1]
    return seen


@pytest.mark.parametrize(("service", "branch", "count"), WAYS)
def test_every_clause_is_acknowledged_once_on_few_screens(service: str, branch: str, count: int) -> None:
    seen = walked(context(service, branch))
    assert len(seen) == count
    clauses = [clause for screen in seen for clause in screen]
    assert sorted(clauses) == sorted(consents(service, branch))
    assert len(clauses) == len(set(clauses)) >= 5


@pytest.mark.parametrize(("service", "branch", "count"), WAYS)
def test_a_screen_fits_a_card_and_has_each_clause_word_for_word(service: str, branch: str, count: int) -> None:
    packed = screens(consents(service, branch), TERMS)
    assert [(screen.number, screen.screens) for screen in packed] == [(n, count) for n in range(1, count + 1)]
    for screen in packed:
        words = TEXTS(texts.STEP(step=18, steps=20, question=shown(screen, TERMS)))
        assert len(words) <= 400
        for clause in screen.clauses:
            assert f"[{clause}] {TERMS.clauses[clause].text}" in words.split("\n")
        for group in screen.groups:
            assert TEXTS(MEANINGS[group.subject]()) in words


def test_any_choice_of_clauses_fits() -> None:
    every = TERMS.consents_of("IP")
    packed = [screens(chosen, TERMS) for size in (1, 2, 12) for chosen in combinations(every, size)]
    assert len(packed) == 13 + 78 + 13
    assert all(len(TEXTS(shown(screen, TERMS))) <= 391 for several in packed for screen in several)


def test_what_a_group_means_is_one_short_sentence() -> None:
    for subject, words in MEANINGS.items():
        assert len(TEXTS(words())) + len("▪ \n") <= MEANING, subject
        assert TEXTS(words()).count("。") == 1


def test_an_acknowledgement_keeps_clause_version_hash_and_time() -> None:
    screen = screens(("OP-N9",), TERMS)[0]
    (kept,) = acknowledge(screen, TERMS, MONDAY)
    text = TERMS.clauses["OP-N9"].text
    assert (kept.key, kept.version, kept.digest, kept.at) == (
        "OP-N9",
        TERMS.version,
        sha256(text.encode()).hexdigest(),
        MONDAY,
    )


@pytest.mark.parametrize("change", [{"version": "2025-01"}, {"digest": "of other words"}])
def test_a_clause_is_shown_anew_when_its_words_or_their_version_changed(change: dict[str, str]) -> None:
    now = context("OP")
    screen = unacknowledged(now)
    assert screen is not None
    first, *others = acknowledge(screen, TERMS, MONDAY - timedelta(days=1))
    old = replace(now, session=replace(now.session, acknowledged=(replace(first, **change), *others)))
    assert unacknowledged(old) == screen
    assert not QUESTION.answered(old)


def test_each_screen_offers_to_accept_or_to_decline_and_names_what_it_tells() -> None:
    prompt = QUESTION.ask(context("IP", "IP-B"))
    assert [choice.token() for row in prompt.rows for choice in row] == ["!accept", "!decline_terms"]
    assert prompt.cites == screens(TERMS.consents_of("IP", "IP-B"), TERMS)[0].clauses
    assert QUESTION.shown(context("OP")) is None
