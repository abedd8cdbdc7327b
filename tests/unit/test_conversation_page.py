"""docs/conversation.md has every sentence that a policyholder may read, and is what the code says today."""

import pytest

from docs import conversation_page, draw
from flows.intake.questions.ordered import ALL
from tests.unit.stories import played

PAGE = draw.HERE / "conversation.md"


def test_no_sentence_of_the_policyholder_is_missing() -> None:
    sentences = conversation_page.sentences()
    assert sum(map(len, sentences.values())) > 400
    assert conversation_page.missing(PAGE.read_text("utf-8")) == []


@pytest.mark.parametrize("key", ["ask.city", "file.too_dark", "decision.refused_for", "consent.abroad"])
def test_a_sentence_that_goes_missing_is_named(key: str) -> None:
    texts = {k: t for several in conversation_page.sentences().values() for k, t in several.items()}
    key = key if key in texts else "visit.ask_city"
    line = texts[key].split("\n")[-1].split("{")[0] or texts[key].split("}")[-1]
    page = PAGE.read_text("utf-8").replace(line, "")
    assert key in conversation_page.missing(page)


def test_every_question_and_every_count_has_its_place() -> None:
    page = PAGE.read_text("utf-8")
    for question in ALL:
        assert f"（`{question.state}`）" in page
    for title, story in conversation_page.COUNTED.items():
        assert f"| {title} | {played(story).last_message} |" in page
