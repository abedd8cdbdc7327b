"""What looks like a command is not sent to the policyholder before the agent says so; what is said is sent at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from flows.desk.buttons import BUTTONS
from flows.desk.commands import COMMANDS
from flows.desk.typed_commands import ORDINARY, TYPED_COMMANDS, command_in
from flows.engine.commands import commands_of
from flows.intake.texts import MENU
from flows.intake.typed_commands import TYPED_COMMANDS as OF_POLICYHOLDERS
from flows.reading.near_phrases import NearPhrases, folded
from flows.session import Session
from tests.unit.play import AGENT_ONE, AGENTS, PATIENT, Play
from tests.world import REFERENCE, TEXTS

COMMANDS_OF_ALL = commands_of(REFERENCE.button_labels)
PHRASES = sorted({folded(each) for each in (*TYPED_COMMANDS, *OF_POLICYHOLDERS, *REFERENCE.button_labels)})
UNUSUAL = "龘鑫驫龖齉爨韭丑"  # characters with which none of the ordinary answers is made

ORDINARY_SENTENCES = (
    "好的，请您带上身份证", "好", "是", "是的", "好的", "您好", "您好，我是林敏", "请问您什么时候方便？",
    "明天上午十点在门诊一楼见", "收到", "谢谢", "不客气", "不行", "不用", "没有", "可以", "稍等", "请稍等", "后天",
    "放心", "真的", "我来帮您", "取消的话请提前两小时告诉我", "您的进度我帮您查一下", "帮助您安排", "请不要取消",
    "结束治疗后再联系", "ok", "OK", "👌", "1", "？",
)  # fmt: skip


def talking() -> Play:
    """A play in which an agent has the conversation."""
    play = Play()
    play.say("转人工")
    play.say("/next", AGENT_ONE)
    play.tap_nth(0, AGENT_ONE)
    return play


def heard(play: Play) -> list[str]:
    """What the policyholder was told in an agent's words."""
    return [TEXTS(m.text) for m in play.messages if m.chat == PATIENT and m.text.key == "talk.says"]


def keys(play: Play, since: int) -> list[str]:
    return [m.text.key for m in play.messages[since:]]


def said(text: str) -> Play:
    play = talking()
    play.say(text, AGENT_ONE)
    return play


@st.composite
def slips(draw: st.DrawFn) -> str:
    """A command with one character removed, doubled, swapped, replaced, or a space put in."""
    phrase = draw(st.sampled_from([each for each in PHRASES if len(each) > 1]))
    at = draw(st.integers(0, len(phrase) - 1))
    how = draw(st.sampled_from(("removed", "doubled", "swapped", "replaced", "spaced", "slashed", "as it is")))
    before, char, after = phrase[:at], phrase[at], phrase[at + 1 :]
    return {
        "removed": before + after,
        "doubled": before + char + char + after,
        "swapped": before + after[:1] + char + after[1:],
        "replaced": before + draw(st.sampled_from(UNUSUAL)) + after,
        "spaced": before + " " + char + after,
        "slashed": "/" + phrase,
        "as it is": phrase,
    }[how]


@settings(max_examples=2000, deadline=None)
@given(slips())
def test_a_command_with_one_slip_is_recognised(text: str) -> None:
    assert folded(text) in map(folded, ORDINARY) or COMMANDS_OF_ALL.phrase_near(text) is not None


@settings(max_examples=150, deadline=None)
@given(slips())
def test_a_command_with_one_slip_never_reaches_the_policyholder(text: str) -> None:
    if folded(text) not in map(folded, ORDINARY):
        assert heard(said(text)) == []


@pytest.mark.parametrize("text", ORDINARY_SENTENCES)
def test_what_agents_say_is_sent_at_once(text: str) -> None:
    play = said(text)
    assert heard(play) == [f"客服林敏：{text}"]
    assert play.sessions[AGENT_ONE].held is None


@pytest.mark.parametrize(
    "text",
    ["我的案件吗", "下一见", "转人工", "取消", "上一步", "进度", "重复", "/clse", "close", "/privacy", "人工客服",
     "我的按键", "轉人工", "办洁", "办 结", "结朿", "领取", "接谈", "放回？", "NEXT", "/nxt", "ｃｌｏｓｅ", "查看进度",
     "撤回同意", "不发", "打看 000001", "打 开000001", "case 000001"],
)  # fmt: skip
def test_what_looks_like_a_command_is_shown_back_and_asked_about(text: str) -> None:
    play = said(text)
    asked = play.messages[-1]
    assert heard(play) == []
    assert (asked.chat, asked.text.key) == (AGENT_ONE, "desk.held")
    assert text.lower() in TEXTS(asked.text).lower()
    assert [TEXTS(each.label) for row in asked.rows for each in row] == ["发给客户", "不发"]


def test_the_commands_of_both_sides_are_all_among_those_recognised() -> None:
    assert set(COMMANDS) <= set(TYPED_COMMANDS)
    assert set(MENU) <= set(OF_POLICYHOLDERS)
    assert {TEXTS(label()) for label in (*BUTTONS.values(), *MENU.values())} <= REFERENCE.button_labels
    assert all(COMMANDS_OF_ALL.phrase_near(phrase) == phrase for phrase in PHRASES)
    assert len(PHRASES) > 90


def test_each_ordinary_text_would_be_taken_for_a_command_and_is_none() -> None:
    without = NearPhrases(PHRASES)
    assert [text for text in ORDINARY if without.phrase_near(text) is None] == []
    assert [text for text in ORDINARY if folded(text) in PHRASES] == []
    assert len({*ORDINARY}) == len(ORDINARY)


def test_held_text_is_sent_once_however_often_its_button_is_tapped() -> None:
    play = said("取消")
    send, _ = play.shown[AGENT_ONE]
    for _ in range(3):
        play.tap(send, AGENT_ONE)
    assert heard(play) == ["客服林敏：取消"]
    assert play.sessions[AGENT_ONE].held is None


def test_held_text_is_not_sent_with_no_and_its_old_button_does_nothing() -> None:
    play = said("转人工")
    send, drop = play.shown[AGENT_ONE]
    play.tap(drop, AGENT_ONE)
    assert play.messages[-1].text.key == "desk.held_not_sent"
    play.tap(send, AGENT_ONE)
    assert heard(play) == []


@pytest.mark.parametrize(("answer", "sent"), [("发给客户", ["客服林敏：进度"]), ("不发", [])])
def test_the_question_may_be_answered_in_words(answer: str, sent: list[str]) -> None:
    play = said("进度")
    play.say(answer, AGENT_ONE)
    assert heard(play) == sent
    assert play.sessions[AGENT_ONE].held is None


def test_whatever_the_agent_does_next_drops_the_held_text_and_says_so() -> None:
    play = said("下一见")
    send, since = play.shown[AGENT_ONE][0], len(play.messages)
    play.say("您好", AGENT_ONE)
    assert keys(play, since)[0] == "desk.held_dropped"
    play.tap(send, AGENT_ONE)
    assert heard(play) == ["客服林敏：您好"]


def test_a_button_of_an_earlier_question_neither_sends_nor_drops_the_text_that_is_held_now() -> None:
    play = said("下一见")
    earlier = play.shown[AGENT_ONE][0]
    play.say("取肖", AGENT_ONE)
    play.tap(earlier, AGENT_ONE)
    assert heard(play) == []
    play.tap(play.shown[AGENT_ONE][0], AGENT_ONE)
    assert heard(play) == ["客服林敏：取肖"]


def test_held_text_is_not_sent_once_the_conversation_is_another_s() -> None:
    play = said("下一见")
    (case,) = play.cases.values()
    play.cases[case.id] = replace(case, owner=AGENTS[1].id, owner_name="周洁", version=case.version + 1)
    play.tap(play.shown[AGENT_ONE][0], AGENT_ONE)
    assert heard(play) == []
    assert play.sessions[AGENT_ONE].held is None


@pytest.mark.parametrize(
    ("text", "done"), [("交还", "desk.help_ended"), ("帮助", "desk.help"), ("/start", "desk.help")]
)
def test_a_command_spelt_right_is_carried_out(text: str, done: str) -> None:
    assert done in keys(said(text), 0)


def test_a_session_from_before_there_was_anything_to_hold_holds_nothing() -> None:
    assert Session(AGENT_ONE).held is None
    assert command_in("不发") == "drop_held"
