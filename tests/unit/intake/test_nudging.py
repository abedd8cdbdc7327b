"""催一下: offered under 进度 when it is time, answered with facts at once, heard by the owner or by who is on duty."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from flows.cases.case import Case
from flows.cases.nudging import AGAIN_AFTER, after_service
from flows.ids import ChatId
from tests.unit.play import AGENT_ONE, AGENTS, PATIENT, Play, at
from tests.world import MONDAY, REFERENCE, TEXTS

HALF_AN_HOUR = timedelta(minutes=30)
LIN, ZHOU = (agent.id for agent in AGENTS)


def play_with(*on_duty: int) -> tuple[Play, Case]:
    """A play with a request that was made, and these agents on duty since."""
    play = at("submitted", Play())
    for agent in AGENTS:
        play.store.add_agent(replace(agent, on_duty_since=MONDAY if agent.id in on_duty else None))
    (case,) = play.cases.values()
    return play, case


def offered(play: Play) -> bool:
    """Whether 进度 comes with the button now."""
    before = len(play.messages)
    play.say("进度")
    return any(b.data.startswith("nudge:") for m in play.messages[before:] for row in m.rows for b in row)


def nudge(play: Play, case: Case) -> list[tuple[int, str]]:
    """Tap; give who was told what because of it."""
    before = len(play.messages)
    play.tap(f"nudge:{case.id}")
    return [(m.chat, m.text.key) for m in play.messages[before:]]


def last(play: Play) -> str:
    return [TEXTS(m.text) for m in play.messages if m.chat == PATIENT][-1]


def test_it_is_offered_from_half_an_hour_after_the_request_and_again_after_four_hours_of_service() -> None:
    play, case = play_with()
    play.now = case.created_at + HALF_AN_HOUR - timedelta(minutes=1)
    assert not offered(play)
    play.now = case.created_at + HALF_AN_HOUR
    assert offered(play)
    nudge(play, case)
    asked = play.now
    assert not offered(play)
    play.now = asked + AGAIN_AFTER - timedelta(minutes=1)
    assert not offered(play)
    play.now = asked + AGAIN_AFTER
    assert offered(play)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-23T10:00", "2026-11-23T14:00"),
        ("2026-11-23T16:00", "2026-11-23T20:00"),
        ("2026-11-23T18:30", "2026-11-24T10:30"),
        ("2026-11-23T23:00", "2026-11-24T12:00"),
        ("2026-11-23T06:00", "2026-11-23T12:00"),
    ],
)
def test_hours_of_service_go_over_the_night(start: str, end: str) -> None:
    began, ends = (datetime.fromisoformat(f"{each}+08:00") for each in (start, end))
    assert after_service(REFERENCE.calendar, began, AGAIN_AFTER) == ends


def test_an_unowned_case_is_answered_with_facts_and_pushed_to_who_is_on_duty_with_the_claim() -> None:
    play, case = play_with(ZHOU)
    play.now += HALF_AN_HOUR
    assert nudge(play, case) == [(PATIENT, "nudge.queued"), (ZHOU, "alert.nudged")]
    assert last(play).split("\n") == [
        f"编号 {case.number}：11月23日（周一） 10:00 收到，正等客服领取。",
        "最晚 11月25日（周三） 20:00联系您。",
        "已记下您的催办，请您留意电话。",
    ]
    assert play.shown[ChatId(ZHOU)] == [f"desk:claim:{case.id}"]
    play.say("/next", AGENT_ONE)
    assert "客户催过：11月23日（周一） 10:30" in TEXTS(play.messages[-1].text)
    assert [entry.case for entry in play.store.state.audit.values() if entry.action == "nudged"] == [case.id]


def test_the_owner_is_told_and_colleagues_too_where_the_owner_is_off_duty() -> None:
    for on_duty, told in (((LIN, ZHOU), [LIN]), ((ZHOU,), [LIN, ZHOU]), ((), [LIN])):
        play, case = play_with(*on_duty)
        play.tap(f"desk:claim:{case.id}", AGENT_ONE)
        play.now += HALF_AN_HOUR
        heard = nudge(play, case)
        assert [chat for chat, _ in heard if chat != PATIENT] == told
        assert (PATIENT, "nudge.owned") in heard, "even while the agent has the conversation"
        assert "客服林敏" in last(play)


def test_a_second_tap_too_early_says_from_when_on_and_changes_nothing() -> None:
    play, case = play_with(LIN)
    play.now += HALF_AN_HOUR
    nudge(play, case)
    kept = play.cases[case.id]
    assert nudge(play, case) == []
    assert play.cases[case.id] == kept


def test_a_request_that_is_late_is_said_to_be() -> None:
    play, case = play_with()
    play.now = case.due_at + timedelta(hours=1)
    nudge(play, case)
    assert "本应在 11月25日（周三） 20:00前联系您，抱歉让您久等了。" in last(play)


@pytest.mark.parametrize("data", ["nudge:999", "nudge:", "nudge:x"])
def test_a_button_of_another_case_does_nothing(data: str) -> None:
    play, _ = play_with(LIN)
    play.now += HALF_AN_HOUR
    before = len(play.messages)
    play.tap(data)
    assert len(play.messages) == before


def test_a_case_whose_data_is_only_kept_is_not_nudged() -> None:
    play, case = play_with(LIN)
    play.cases[case.id] = replace(case, restricted_at=play.now)
    play.now += HALF_AN_HOUR
    assert not offered(play)
    assert nudge(play, case) == []
