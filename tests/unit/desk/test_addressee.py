"""An agent knows whom their words go to, and of which case the policyholder's words are."""

from datetime import timedelta

from flows.cases.notices import CALLED, FROM_POLICYHOLDER, LEFT_WORDS
from flows.desk.texts import LINES
from tests.unit.desk.test_held import talking
from tests.unit.play import AGENT_ONE, PATIENT, Play, at
from tests.world import TEXTS

MINUTE = timedelta(minutes=1)


def named(play: Play) -> list[str]:
    return [TEXTS(m.text) for m in play.messages if m.chat == AGENT_ONE and m.text.key == "desk.sent_to"]


def claimed() -> Play:
    """An agent has the conversation about a request."""
    play = at("submitted")
    play.say("/next", AGENT_ONE)
    play.tap_nth(0, AGENT_ONE)
    return play


def test_the_first_line_names_its_case_and_the_masked_name_and_the_next_does_not() -> None:
    play = claimed()
    number = next(iter(play.cases.values())).number
    play.say("您好", AGENT_ONE)
    assert named(play) == [f"已发给 {number}（张**）。"]
    assert [m.chat for m in play.messages[-2:]] == [PATIENT, AGENT_ONE], "said beside it, not asked before"
    play.say("我是林敏", AGENT_ONE)
    assert len(named(play)) == 1


def test_after_ten_quiet_minutes_it_is_named_again_and_a_line_either_way_is_no_quiet() -> None:
    play = claimed()
    play.say("您好", AGENT_ONE)
    play.now += 9 * MINUTE
    play.say("在的", PATIENT)
    play.now += 9 * MINUTE
    play.say("请您带上身份证", AGENT_ONE)
    assert len(named(play)) == 1
    play.now += 11 * MINUTE
    play.say("到了吗", AGENT_ONE)
    assert len(named(play)) == 2


def test_each_conversation_begins_with_the_name() -> None:
    play = claimed()
    play.say("您好", AGENT_ONE)
    play.say("交还", AGENT_ONE)
    play.press(":take_over:" + str(next(iter(play.cases))), AGENT_ONE)
    play.say("又是我", AGENT_ONE)
    assert len(named(play)) == 2


def test_a_call_without_a_name_and_a_restricted_case_are_named_by_number_alone() -> None:
    play = talking()
    play.say("您好", AGENT_ONE)
    restricted = claimed()
    restricted.say("/privacy")
    restricted.press("%withdraw")
    restricted.press("%withdraw_now")
    restricted.say("您好", AGENT_ONE)
    for each in (play, restricted):
        assert named(each) == [f"已发给 {next(iter(each.cases.values())).number}。"]


def test_whatever_is_relayed_from_the_policyholder_bears_the_number_of_its_case() -> None:
    play = at("submitted")
    number = next(iter(play.cases.values())).number
    play.say("还有一句话")
    play.say("/next", AGENT_ONE)
    play.tap_nth(0, AGENT_ONE)
    play.say("请问")
    play.photo(99)
    play.edit(play.last_message, "请问一下")
    play.say("交还", AGENT_ONE)
    play.say("谢谢")
    play.say("转人工")
    relayed = {FROM_POLICYHOLDER.key, LEFT_WORDS.key, LINES.key, CALLED.key}
    told = [m for m in play.messages if m.chat == AGENT_ONE and m.text.key in relayed]
    assert {m.text.key for m in told} == relayed
    assert [TEXTS(m.text) for m in told if number not in TEXTS(m.text)] == []
