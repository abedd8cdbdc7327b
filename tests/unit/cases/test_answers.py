"""Every answer is declared once: what it may hold, how it is stored, what an agent reads of it."""

from datetime import date
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.cases import answers
from flows.cases.answers import DECLARED, FIELDS, UNASKED, AnswerField
from flows.cases.codecs import Code, Codec, Count, Or, Span
from flows.engine import engine
from flows.intake.questions.choice_question import ChoiceQuestion
from flows.intake.questions.ordered import ALL, check_declared
from flows.intake.questions.question import Question
from tests.unit.stories import STORIES, played
from tests.world import REFERENCE, TEXTS

WORDS = st.text(min_size=1)
DAYS = st.dates()
SPANS = st.tuples(DAYS, DAYS).map(lambda days: Span(min(days), max(days)))


class Ward(Question):
    state: ClassVar[str] = "ward"
    also: ClassVar[tuple[str, ...]] = ("stay", "bed")


def parts(separator: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(WORDS.filter(lambda text: separator not in text)).map(tuple)


VALUES: list[tuple[Codec[Any], st.SearchStrategy[object]]] = [
    (answers.TEXT, WORDS),
    (answers.DAY, DAYS),
    (answers.DAYS, SPANS),
    (Count(), st.integers(0, 999_999_999)),
    (answers.NAMES, parts("、")),
    (answers.CODES, parts(",")),
    (answers.NAME_OPTIONS, parts("\n")),
    (answers.DAY_OPTIONS, st.lists(DAYS).map(tuple)),
    (answers.DAYS_OPTIONS, st.lists(SPANS).map(tuple)),
    (FIELDS["record_date"].codec, DAYS | st.just("unknown")),
    (FIELDS["visit_date"].codec, SPANS | st.just("soonest")),
    (FIELDS["hospitals"].codec, parts("、") | st.just("recommend")),
]


@given(st.sampled_from(VALUES).flatmap(lambda each: st.tuples(st.just(each[0]), each[1])))
def test_a_value_is_read_again_as_it_was_stored(stored: tuple[Codec[Any], object]) -> None:
    codec, value = stored
    assert codec.decode(codec.encode(value)) == value


@given(st.sampled_from(DECLARED), st.text())
def test_any_text_is_decoded_or_refused_and_what_was_decoded_is_stable(field: AnswerField, text: str) -> None:
    value = field.codec.decode(text)
    field.codec.in_words(text)
    if value is not None:
        assert field.codec.decode(field.codec.encode(value)) == value


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2026-12-01", Span(date(2026, 12, 1), date(2026, 12, 1))),
        ("2026-12-01/2026-12-04", Span(date(2026, 12, 1), date(2026, 12, 4))),
        ("2026-12-04/2026-12-01", None),
        ("2026-12-01/soon", None),
        ("soonest", None),
        ("/", None),
        ("", None),
    ],
)
def test_days_in_a_row_are_two_with_a_slash(text: str, span: Span | None) -> None:
    assert answers.DAYS.decode(text) == span


def test_a_code_that_is_not_on_its_list_is_refused() -> None:
    codec = FIELDS["stay"].codec
    assert codec.decode("surgery") == "surgery"
    assert [codec.decode(text) for text in ("", "Surgery", "hospice")] == [None] * 3


def test_each_answer_is_declared_once_and_stands_behind_one_that_has_a_line() -> None:
    assert len(FIELDS) == len(DECLARED) > 60
    assert all(FIELDS[field.beside].label for field in DECLARED if field.beside)
    assert not [field.name for field in DECLARED if field.working and (field.label or field.beside)]
    assert all(field.identifies for field in DECLARED if field.working)
    assert all(TEXTS(field.label()) for field in DECLARED if field.label)


def test_what_questions_store_is_declared_and_nothing_else_but_what_follows_from_policy_and_decision() -> None:
    stored = {name for question in ALL for name in question.stores}
    assert stored == FIELDS.keys() - UNASKED
    assert sorted(UNASKED) == ["phone_on_file", "refused_for", "uses_left"]


def test_the_buttons_of_a_choice_are_codes_of_its_answer() -> None:
    choices = [question for question in ALL if isinstance(question, ChoiceQuestion)]
    assert len(choices) > 10
    for question in choices:
        codec = FIELDS[question.state].codec
        assert isinstance(codec, Code), question.state
        assert question.options.keys() <= codec.words.keys(), question.state


def test_an_answer_that_nobody_declared_is_an_error_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    check_declared(ALL)
    with pytest.raises(ValueError, match=r"bed.*ward"):
        check_declared((*ALL, Ward()))
    monkeypatch.setattr(engine, "ALL", (*ALL, Ward()))
    with pytest.raises(ValueError, match=r"bed.*ward"):
        engine.Engine(REFERENCE)


@pytest.mark.parametrize("story", STORIES)
def test_whatever_is_stored_on_the_way_is_declared_and_can_be_decoded(story: str) -> None:
    play = played(story)
    held = [play.session.answers, *(case.answers for case in play.cases.values())]
    assert any(held)
    for name, text in (item for stored in held for item in stored.items()):
        codec = FIELDS[name].codec
        assert not text or codec.decode(text) is not None, (name, text)


def test_a_word_in_place_of_a_value_is_told_from_it() -> None:
    codec = FIELDS["record_date"].codec
    assert isinstance(codec, Or)
    assert codec.decode("unknown") == "unknown"
    assert codec.decode("2026-11-02") == date(2026, 11, 2)
    assert codec.decode("someday") is None
