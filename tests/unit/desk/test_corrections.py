"""An edited message of an agent corrects what was sent, and sends nothing that was not."""

from flows.cases.case import AGENT
from flows.ids import ChatId
from tests.unit.desk.test_lists import last, make, with_cases
from tests.unit.play import AGENT_ONE, Play
from tests.world import TEXTS


def talking() -> Play:
    play = with_cases(make(1, speaker=AGENT), make(2))
    play.say("/case 1", AGENT_ONE)
    return play


def heard(play: Play) -> list[str]:
    return [TEXTS(m.text) for m in play.messages if m.chat in {ChatId(1001), ChatId(1002)}]


def said(play: Play) -> list[tuple[str, str]]:
    return [(line.author, line.text) for line in play.lines]


def test_an_edit_of_what_was_sent_is_sent_as_a_correction_and_both_versions_are_kept() -> None:
    play = talking()
    play.say("请您周一来", AGENT_ONE)
    sent = play.last_message
    play.say("好的", AGENT_ONE)
    play.edit(sent, "请您周二来", AGENT_ONE)
    play.edit(sent, "请您周三来", AGENT_ONE)
    corrections = ["客服林敏更正：请您周二来", "客服林敏更正：请您周三来"]
    assert heard(play) == ["客服林敏：请您周一来", "客服林敏：好的", *corrections]
    assert said(play) == [("agent", text) for text in ("请您周一来", "好的", "请您周二来", "请您周三来")]


def test_an_edit_of_what_was_not_sent_is_not_sent() -> None:
    play = talking()
    for text in ("//家属明天到", "取肖", "/queue"):
        play.say(text, AGENT_ONE)
        play.edit(play.last_message, "请您周二来", AGENT_ONE)
        assert last(play).text.key == "desk.edit_of_unsent"
    assert heard(play) == []
    assert play.sessions[AGENT_ONE].held is None


def test_an_edit_that_looks_like_a_command_is_not_sent() -> None:
    play = talking()
    play.say("好的", AGENT_ONE)
    play.edit(play.last_message, "交环", AGENT_ONE)
    assert last(play).text.key == "desk.edit_like_command"
    assert heard(play) == ["客服林敏：好的"]


def test_a_held_text_that_was_sent_can_be_corrected() -> None:
    play = talking()
    play.say("取消", AGENT_ONE)
    written = play.last_message
    play.tap(play.shown[AGENT_ONE][0], AGENT_ONE)
    play.edit(written, "我帮您取消了", AGENT_ONE)
    assert heard(play) == ["客服林敏：取消", "客服林敏更正：我帮您取消了"]


def test_after_the_conversation_an_edit_goes_nowhere_least_of_all_to_somebody_else() -> None:
    play = talking()
    play.say("请您周一来", AGENT_ONE)
    sent = play.last_message
    play.say("交还", AGENT_ONE)
    play.say("/case 2", AGENT_ONE)
    before = heard(play)
    play.edit(sent, "请您周二来", AGENT_ONE)
    assert heard(play) == before
    assert last(play).text.key == "desk.not_possible"
    assert play.sessions[AGENT_ONE].active_case == 2


def test_only_the_newest_messages_are_remembered() -> None:
    play = talking()
    play.say("第一句话", AGENT_ONE)
    first = play.last_message
    for number in range(25):
        play.say(f"第{number}号窗口", AGENT_ONE)
    assert len(play.sessions[AGENT_ONE].sent) == 20
    play.edit(first, "请您周二来", AGENT_ONE)
    assert last(play).text.key == "desk.edit_of_unsent"
