"""One folding for all readers: what it changes, what it leaves, and where its characters stood."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading.dates import vocabulary
from flows.reading.departments import FOLD as DEPARTMENT
from flows.reading.fold import (
    LINES,
    PLAIN,
    SIMPLIFIED,
    Fold,
    bare,
    one_line,
    plain,
    simplified,
    simplified_forms,
    to_lower,
    without_end_marks,
)
from flows.reading.hospitals.text import name_form
from flows.reading.illnesses.folded import fold_words

DATA = Path(__file__).parents[2] / "flows"
PAIRS = json.loads((Path(__file__).parent / "data" / "traditional.json").read_text("utf-8"))
TRADITIONAL, SIMPLE = ("".join(PAIRS[key]) for key in ("traditional", "simplified"))
FOLDS = (plain, bare, one_line, simplified)
STEPWISE = (PLAIN, LINES, SIMPLIFIED, DEPARTMENT)
TYPED = st.text(st.characters(), max_size=24) | st.text(
    st.sampled_from("aÉé\u0301\u200d\ufe0f\u00a0\u3000\r\n\t １㈠…—－−著麼著陸參ﬁ½。，！癌ẞİ"), max_size=24
)


@given(TYPED)
def test_folding_twice_is_folding_once(text: str) -> None:
    for fold in (*FOLDS, DEPARTMENT, vocabulary.fold):
        assert fold(fold(text)) == fold(text), fold


def test_every_character_is_folded_once_and_for_all() -> None:
    typed = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    for fold in FOLDS:
        assert [char for char in typed if fold(fold(char)) != fold(char)] == []


@given(TYPED)
def test_dates_are_folded_to_the_same_length(text: str) -> None:
    assert len(vocabulary.fold(text)) == len(text)


@given(TYPED)
def test_a_placed_fold_says_where_each_character_was_typed(text: str) -> None:
    for fold in STEPWISE:
        folded, places = fold.placed(text)
        assert len(folded) == len(places)
        assert list(places) == sorted(places)
        assert folded == "".join(fold.placed(char)[0] for char in text)
        assert all(char in fold.placed(text[place])[0] for char, place in zip(folded, places, strict=True))


@given(st.text(st.sampled_from(TRADITIONAL), max_size=24))
def test_simplifying_keeps_the_length(text: str) -> None:
    assert len(simplified(text)) == len(text)


def test_the_traditional_characters_that_readers_must_know_are_folded() -> None:
    assert len(TRADITIONAL) > 2500
    assert simplified(TRADITIONAL) == SIMPLE
    numerals = vocabulary.WORDS["fold"]
    dated = [(char, form) for char, form in zip(TRADITIONAL, SIMPLE, strict=True) if char not in numerals]
    assert vocabulary.fold("".join(char for char, _ in dated)) == "".join(form for _, form in dated)


def test_a_simplified_character_stays() -> None:
    forms = simplified_forms()
    assert not forms.keys() & set(forms.values())
    assert simplified("什么都著名，甚至显著") == "什么都著名,甚至显著"


def test_two_characters_are_folded_only_where_their_reader_means_another_word() -> None:
    assert fold_words("睡不著").text == "睡不着"
    assert DEPARTMENT("甚麼科") == "什么科"


def test_no_word_list_holds_a_form_that_its_readers_never_see() -> None:
    files = [file for file in DATA.rglob("data/*") if file.suffix in {".json", ".toml", ".csv"}]
    assert len(files) > 15
    found = {file.name: set(file.read_text("utf-8")) & simplified_forms().keys() for file in files}
    kept = {"names.json": {"於"}, "dates.json": set("參貳陸")}  # a surname as it is written, formal numerals
    assert {name: chars for name, chars in found.items() if chars} == kept


@pytest.mark.parametrize(
    ("fold", "typed", "form"),
    [
        (plain, " Ａ　Ｂ\r\n\u200bc\t１ ", "A B\n\nc 1"),
        (plain, "Re\u0301ne\u0301", "Réné"),
        (bare, "好 的，谢谢！～", "好的谢谢"),
        (without_end_marks, "没有，取消。! ", "没有,取消"),
        (one_line, "１３８—٠٠\n➖②⃣", "138-00 ➖2"),
        (one_line, "Jose\u0301", "José"),
        (simplified, "臺大醫院ICU\ufe0f", "台大医院icu"),
        (name_form, "  第９院（東院區） ", "第九院 东院区"),
    ],
)
def test_what_each_fold_is_for(fold: Callable[[str], str], typed: str, form: str) -> None:
    assert fold(typed) == form


def test_a_character_for_private_use_is_not_lost() -> None:
    assert plain("张\ue863伟") == one_line("张\ue863伟") == "张\ue863伟"


def test_a_fold_is_made_from_another_by_further_steps() -> None:
    small = Fold(to_lower)
    assert small.then(lambda char: char * 2)("Ａb") == "aabb"
    assert Fold(lambda char: char * 2, keep_length=True)("ab㈠") == "ab㈠"
