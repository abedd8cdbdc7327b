"""How much an ill person has to tap and type until the request is with us: measured, and never more than this."""

import pytest

from tests.unit.play import PATIENT
from tests.unit.stories import STORIES, played

MOST = {
    "outpatient": 28,
    "by_relative": 30,
    "at_once": 18,
    "with_notice": 30,
    "with_notice_at_once": 22,
    "by_visit": 36,
    "by_visit_at_once": 23,
}


@pytest.mark.parametrize(("story", "most"), MOST.items())
def test_a_request_takes_few_taps_and_messages(story: str, most: int) -> None:
    play = played(story)
    (case,) = play.cases.values()
    assert case.is_queued
    assert 10 < play.last_message <= most


@pytest.mark.parametrize("story", ["policy_ended", "use_spent"])
def test_who_cannot_be_served_is_told_as_soon_as_the_policy_is_known(story: str) -> None:
    play = played(story)
    assert "illness" not in play.session.answers
    assert play.last_message == 10


def test_an_admission_whose_visit_was_used_is_told_so_where_the_branch_is_known() -> None:
    play = played("second_use_spent")
    (case,) = play.cases.values()
    assert "branch" in case.answers
    assert "city" not in case.answers
    assert (case.request_type, case.answers["refused_for"]) == ("appeal", "second_use_spent")


def test_several_answers_in_one_message_save_at_least_a_third() -> None:
    for alone, together in (
        ("outpatient", "at_once"),
        ("with_notice", "with_notice_at_once"),
        ("by_visit", "by_visit_at_once"),
    ):
        assert played(together).last_message <= played(alone).last_message * 0.7


def test_no_story_meets_a_refusal_of_the_tables_or_is_answered_by_silence() -> None:
    assert len(STORIES) > 20
    for story in STORIES:
        play = played(story)
        assert play.illegal == 0, story
        assert play.messages[-1].chat == PATIENT
