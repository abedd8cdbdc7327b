import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.reading.illnesses import (
    Certainty,
    Illness,
    IllnessList,
    IllnessReading,
    IllnessStatus,
    Severity,
    load_illnesses,
    read_illness,
)
from flows.reading.illnesses.context import CUES
from flows.reading.illnesses.folded import fold_words
from flows.reading.illnesses.kinds import WEIGHERS
from flows.reading.illnesses.lexicon import known_words

UNIT = Path(__file__).parents[1]
SHOWN: dict[str, Any] = json.loads((UNIT.parent / "examples" / "illnesses.json").read_text("utf-8"))
MORE: dict[str, Any] = json.loads((UNIT / "data" / "illnesses_more.json").read_text("utf-8"))
CASES: list[dict[str, Any]] = SHOWN["cases"] + MORE["cases"]
LIST = load_illnesses()
PHRASES = [case["phrase"] for case in CASES]
NAMED = {IllnessStatus.LISTED, IllnessStatus.MILD}
MUST_NOT_BE_LISTED = {"mild", "not_listed", "contract_dependent", "unclear"}


def _names(reading: IllnessReading) -> list[str]:
    return sorted(one.name for one in reading.illnesses)


def _is_right(reading: IllnessReading, expect: dict[str, Any]) -> bool:
    if expect["status"] == "listed" and reading.status is IllnessStatus.REVIEW:
        return True
    if reading.status != expect["status"]:
        return False
    return reading.status not in NAMED or _names(reading) == sorted(expect["illness"])


def _noted(word: str) -> list[dict[str, Any]]:
    return [case for case in MORE["cases"] if word in case.get("note", "")]


def test_the_files_held_cases_of_every_kind() -> None:
    assert len(SHOWN["cases"]) > 150
    assert len(MORE["cases"]) > 1000
    assert {case["expect"]["status"] for case in MORE["cases"]} == set(IllnessStatus)
    assert all(len(_noted(word)) >= 10 for word in ("negation", "several", "homophone"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_words_are_read_against_the_list(case: dict[str, Any]) -> None:
    reading = read_illness(case["phrase"], LIST)
    assert _is_right(reading, case["expect"]), (case["phrase"], reading.status, _names(reading))


def test_nothing_is_accepted_that_is_not_certain() -> None:
    doubtful = [case for case in CASES if case["expect"]["status"] in MUST_NOT_BE_LISTED]
    accepted = [
        case["phrase"] for case in doubtful if read_illness(case["phrase"], LIST).status is IllnessStatus.LISTED
    ]
    assert len(doubtful) > 400
    assert accepted == []


@pytest.mark.parametrize("case", _noted("homophone"), ids=lambda case: case["phrase"])
def test_a_guess_is_never_accepted_without_a_human(case: dict[str, Any]) -> None:
    assert read_illness(case["phrase"], LIST).certainty is not Certainty.CONFIRMED or case["expect"]["status"] in {
        "listed",
        "unclear",
    }


def test_most_of_what_is_certain_is_accepted_at_once() -> None:
    certain = [case for case in CASES if case["expect"]["status"] == "listed"]
    accepted = [case for case in certain if read_illness(case["phrase"], LIST).status is IllnessStatus.LISTED]
    assert len(accepted) > len(certain) * 0.95


@pytest.mark.parametrize("phrase", [case["phrase"] for case in CASES if case["expect"]["status"] == "listed"])
def test_a_doubt_around_a_name_takes_it_to_a_human(phrase: str) -> None:
    reading = read_illness(f"疑似{phrase}", LIST)
    assert reading.status in {IllnessStatus.REVIEW, IllnessStatus.LISTED}
    assert read_illness(f"{phrase}？", LIST).status is not IllnessStatus.NOT_LISTED


NAMES = ["肺癌", "胃癌", "白血病", "脑梗", "尿毒症", "心梗", "渐冻症", "帕金森", "淋巴瘤", "肝硬化失代偿期"]
DENIALS = [
    "不是{}",
    "没有{}",
    "没得{}",
    "排除了{}",
    "{}已经排除了",
    "未见{}",
    "并不是{}",
    "没查出{}",
    "{}排除",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("denial", DENIALS)
def test_what_is_denied_is_not_there(name: str, denial: str) -> None:
    assert read_illness(denial.format(name), LIST).status is IllnessStatus.UNCLEAR


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "doubt", ["不能排除{}", "是不是{}", "不除外{}", "可能是{}", "{}？", "医生怀疑{}", "{}待排", "{}算不算"]
)
def test_what_only_looks_denied_is_suspected(name: str, doubt: str) -> None:
    reading = read_illness(doubt.format(name), LIST)
    assert reading.status is IllnessStatus.REVIEW
    assert reading.certainty is Certainty.SUSPECTED


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("other", ["感冒", "高血压", "糖尿病"])
def test_the_one_on_the_list_counts_among_several(name: str, other: str) -> None:
    alone = read_illness(name, LIST)
    for text in (f"{name}和{other}", f"{other}、{name}", f"不是{other}，是{name}", f"没有{other}，{name}"):
        assert read_illness(text, LIST).illnesses == alone.illnesses
        assert read_illness(text, LIST).status is IllnessStatus.LISTED


@pytest.mark.parametrize("text", ["我爸{}二期住院了", "你好，{}", " {} ", "{}！！", "{}😭", "【{}】", "老伴得了{}"])
def test_what_stands_around_a_name_does_not_hide_it(text: str) -> None:
    assert read_illness(text.format("肺癌"), LIST).illnesses == (LIST.find("cancer"),)


def test_the_stage_is_asked_for_where_it_decides() -> None:
    assert read_illness("甲状腺癌", LIST).asks_stage
    assert read_illness("前列腺癌", LIST).asks_stage
    assert not read_illness("甲状腺癌IV期", LIST).asks_stage
    assert not read_illness("肺癌", LIST).asks_stage


def test_the_span_is_where_it_stood_in_what_was_typed() -> None:
    text = "张三 13800138000 肺 癌，住协和"
    (span,) = read_illness(text, LIST).spans
    assert text[span.start : span.end] == "肺 癌"


def test_a_coma_as_the_insured_illness_is_named_and_its_urgency_kept() -> None:
    reading = read_illness("昏迷不醒", LIST)
    assert reading.status is IllnessStatus.LISTED
    assert reading.urgency is not None


def test_the_list_of_2020_has_28_severe_and_3_mild_as_shown() -> None:
    severe = [one.name for one in LIST.illnesses if one.severity is Severity.SEVERE]
    mild = [one.name for one in LIST.illnesses if one.severity is Severity.MILD]
    assert (severe, mild) == (SHOWN["severe"], SHOWN["mild"])
    assert all(0 < len(one.short) <= 8 for one in LIST.illnesses)
    assert len({one.code for one in LIST.illnesses}) == 31
    assert len({one.short for one in LIST.illnesses}) == 31


@pytest.mark.parametrize("one", LIST.illnesses, ids=lambda one: one.code)
def test_each_entry_is_found_by_its_own_name(one: Illness) -> None:
    reading = read_illness(one.name, LIST)
    assert reading.illnesses == (one,)
    expected = IllnessStatus.LISTED if one.severity is Severity.SEVERE else IllnessStatus.MILD
    assert reading.status is expected


LONGER = IllnessList(
    "longer",
    (
        *LIST.illnesses,
        Illness("X01", "系统性红斑狼疮—（并发）Ⅲ型或以上狼疮性肾炎", "红斑狼疮", Severity.SEVERE),
        Illness("X02", "严重的某某氏综合病", "某某氏病", Severity.SEVERE, ("某某氏综合病",)),
    ),
)


def test_what_a_longer_list_has_goes_to_a_human_by_its_lay_name() -> None:
    reading = read_illness("红斑狼疮", LONGER)
    assert (reading.status, _names(reading)) == (
        IllnessStatus.REVIEW,
        ["系统性红斑狼疮—（并发）Ⅲ型或以上狼疮性肾炎"],
    )
    assert read_illness("某某氏综合病", LONGER).status is IllnessStatus.LISTED
    assert read_illness("重症肌无力", LONGER).status is IllnessStatus.CONTRACT_DEPENDENT


def test_an_older_list_answers_by_its_own_names() -> None:
    older = IllnessList("2007", (Illness("A1", "恶性肿瘤", "恶性肿瘤", Severity.SEVERE),))
    assert _names(read_illness("肺癌", older)) == ["恶性肿瘤"]


def test_what_a_shorter_list_lacks_goes_to_a_human() -> None:
    shorter = IllnessList("short", (Illness("cancer", "恶性肿瘤", "恶性肿瘤", Severity.SEVERE),))
    reading = read_illness("渐冻症", shorter)
    assert (reading.status, reading.illnesses) == (IllnessStatus.REVIEW, ())


def test_the_tables_name_only_what_the_code_and_the_list_know() -> None:
    words = known_words()
    assert len(words) > 4000
    kinds = {entry.kind for entry in words.values()}
    assert kinds - set(WEIGHERS) == {"organ", "none"}
    assert {code for entry in words.values() for code in entry.codes} <= {one.code for one in LIST.illnesses}
    assert all(entry.status in set(IllnessStatus) for entry in words.values() if entry.kind == "stands")


def test_every_word_of_the_table_is_written_as_texts_are_folded() -> None:
    assert [word for word in known_words() if fold_words(word).text != word] == []


def test_every_cue_is_used_and_every_cue_asked_for_is_there() -> None:
    package = UNIT.parents[1] / "flows" / "reading" / "illnesses"
    code = "\n".join(path.read_text("utf-8") for path in package.glob("*.py"))
    assert [cue for cue in CUES if f'"{cue}"' not in code] == []
    context = set(re.findall(r'(?:_has\(|_spread\(told, |CUES\[)"(\w+)"', code))
    assert len(context) > 40
    assert context <= set(CUES)


@given(st.text())
def test_any_text_gives_a_reading(text: str) -> None:
    assert isinstance(read_illness(text, LIST), IllnessReading)


FRAGMENTS = [
    "不是",
    "没有",
    "疑似",
    "？",
    "、",
    "，",
    "和",
    "I期",
    "T1N0M0",
    "良性",
    "恶性",
    "转移",
    "4a",
    "ai",
    "\u200b",
    "3",
]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PHRASES + FRAGMENTS), max_size=6))
def test_any_mixture_gives_a_reading_within_the_text(parts: list[str]) -> None:
    text = "".join(parts)
    reading = read_illness(text, LIST)
    assert all(0 <= span.start < span.end <= len(text) for span in reading.spans)
    assert all(one in LIST.illnesses for one in reading.illnesses)


@pytest.mark.parametrize(
    "phrase", ["皮夫癌", "皮夫鳞癌", "基底细跑癌", "佳状腺癌", "膀光癌", "癌钱病变", "青度脑梗", "较青急性心梗"]
)
def test_a_misspelt_name_that_may_weigh_less_is_not_accepted_as_it_stands(phrase: str) -> None:
    assert read_illness(phrase, LIST).status is not IllnessStatus.LISTED


@pytest.mark.parametrize("phrase", ["医生说像癌", "看着像肺癌", "好像是胃癌"])
def test_what_looks_like_an_illness_is_suspected(phrase: str) -> None:
    assert read_illness(phrase, LIST).status is IllnessStatus.REVIEW


@pytest.mark.parametrize("piece", ["肺癌和", "没有肺癌，", "甲状腺癌I期"])
def test_a_letter_is_left_to_a_human(piece: str) -> None:
    assert read_illness((piece * 4096)[:4096], LIST).status is not IllnessStatus.LISTED
