"""What begins with two slashes is noted on a case of the agent's, and never told to the policyholder."""

import pytest

from flows.cases.case import AGENT
from flows.ids import CaseId
from tests.unit.desk.test_lists import last, make, with_cases
from tests.unit.play import AGENT_ONE, AGENTS, Play
from tests.world import TEXTS


def noted(play: Play) -> list[tuple[int, str, str]]:
    return [(line.case, line.author, line.text) for line in play.lines]


@pytest.mark.parametrize("text", ["//家属明天到", "／／家属明天到", "// 家属明天到", " //家属明天到"])
def test_a_note_in_a_conversation_is_kept_and_not_sent(text: str) -> None:
    play = with_cases(make(1, speaker=AGENT))
    play.say("/case 1", AGENT_ONE)
    assert TEXTS(last(play, text).text) == "已记在 261123-000001，客户看不到。"
    assert noted(play) == [(1, "note", "家属明天到")]
    assert {m.chat for m in play.messages} == {AGENT_ONE}


def test_while_the_bot_speaks_it_goes_to_the_only_case_or_to_the_one_whose_number_it_begins_with() -> None:
    play = with_cases(make(1), make(9, AGENTS[1].id))
    last(play, "//3 天后复诊")
    last(play, "//000001 已问过")
    assert noted(play) == [(1, "note", "3 天后复诊"), (1, "note", "已问过")]
    play = with_cases(make(1), make(2))
    assert last(play, "//261123-000002 已问 A 院").text.key == "desk.noted"
    assert noted(play) == [(2, "note", "已问 A 院")]
    assert not play.cases[CaseId(2)].agent_speaks


@pytest.mark.parametrize("text", ["//已问过", "//999999 已问过"])
def test_where_it_is_not_clear_which_case_is_meant_it_is_asked(text: str) -> None:
    play = with_cases(make(1), make(2))
    shown = last(play, text)
    assert shown.text.key == "desk.note_which"
    assert "261123-000001" in TEXTS(shown.text)
    assert noted(play) == []


def test_a_note_without_words_or_without_a_case_says_how() -> None:
    assert last(with_cases(make(1)), "//").text.key == "desk.note_how"
    assert last(with_cases(make(1, AGENTS[1].id)), "//记").text.key == "desk.none_owned"


def test_a_note_that_looks_like_a_command_is_a_note() -> None:
    play = with_cases(make(1, speaker=AGENT))
    play.say("/case 1", AGENT_ONE)
    assert last(play, "//取消").text.key == "desk.noted"
    assert noted(play) == [(1, "note", "取消")]


@pytest.mark.parametrize(
    "text", ["/note", "、、家属到了", "／ 家属明天到", "、/记一下", "\\\\记一下", "／" + "长" * 4095]
)
def test_half_a_note_is_held(text: str) -> None:
    play = with_cases(make(1, speaker=AGENT))
    play.say("/case 1", AGENT_ONE)
    shown = last(play, text)
    assert shown.text.key == "desk.held"
    assert len(TEXTS(shown.text)) < 200
    assert {m.chat for m in play.messages} == {AGENT_ONE}
