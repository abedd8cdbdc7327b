"""What is pushed to agents: to whom, when, once, and with nothing that says who the policyholder is."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from flows.actors import AUDITOR, SUPERVISOR
from flows.cases.case import Case
from flows.events import CaseDue
from flows.ids import AgentId, ChatId
from flows.session import Agent
from tests.unit.play import AGENT_ONE, AGENTS, PATIENT, RIGHT, Play, at
from tests.world import MONDAY, PERSON, TEXTS

LIN, ZHOU = (agent.id for agent in AGENTS)
CHIEF, AUDIT = AgentId(20), AgentId(21)
DANGER, DESPAIR = "我胸口疼得厉害，喘不上气，快救命", "我不想活了"
OP_AND_IP = ("OP", "IP")  # stand in the names of clauses
NIGHT = timedelta(hours=13)  # from MONDAY: 23:00


def staffed(*on_duty: AgentId, play: Play | None = None) -> Play:
    """A play with a supervisor and an auditor besides the two agents; these are on duty."""
    play = play or Play()
    staff = (*AGENTS, Agent(CHIEF, "陈主管", SUPERVISOR), Agent(AUDIT, "何平", AUDITOR))
    for agent in staff:
        play.store.add_agent(replace(agent, on_duty_since=MONDAY if agent.id in on_duty else None))
    return play


def submitted(play: Play) -> Case:
    """Let the request be made; return its case."""
    at("submitted", play)
    return case_of(play)


def case_of(play: Play) -> Case:
    """The newest case."""
    return play.cases[max(play.cases)]


def pushes(play: Play) -> list[tuple[int, str]]:
    """Who was pushed what, in order."""
    return [(m.chat, m.text.key.removeprefix("alert.")) for m in play.messages if m.text.key.startswith("alert.")]


def told(play: Play, kind: str) -> list[int]:
    return [chat for chat, pushed in pushes(play) if pushed == kind]


def claimed(play: Play, agent: ChatId = AGENT_ONE) -> Case:
    """Let an agent have the newest case."""
    play.tap(f"desk:claim:{case_of(play).id}", agent)
    assert case_of(play).owner == AgentId(agent)
    return case_of(play)


# ---- a new case ----


def test_everybody_on_duty_hears_of_a_new_case_and_can_claim_it_at_once() -> None:
    play = staffed(LIN, CHIEF)
    case = submitted(play)
    assert pushes(play) == [(LIN, "new_case"), (CHIEF, "new_case")]
    assert play.shown[AGENT_ONE] == [f"desk:claim:{case.id}"]
    play.press(f"claim:{case.id}", AGENT_ONE)
    assert case_of(play).owner == LIN


def test_a_call_for_a_human_and_an_appeal_are_new_cases() -> None:
    play = staffed(LIN)
    at("illness", play).say("转人工")
    assert pushes(play) == [(LIN, "new_case")]
    assert case_of(play).request_type == "help"


@pytest.mark.parametrize("on_duty", [(), (AUDIT,)])
def test_who_is_off_duty_or_only_reads_hears_nothing(on_duty: tuple[AgentId, ...]) -> None:
    play = staffed(*on_duty)
    submitted(play)
    assert pushes(play) == []


def test_out_of_service_hours_the_queue_tells_it_in_the_morning() -> None:
    play = staffed(LIN, CHIEF)
    play.now += NIGHT
    submitted(play)
    assert pushes(play) == []
    play.say("/next", AGENT_ONE)
    assert play.messages[-1].text.key == "desk.card"


def test_an_agent_is_not_pushed_what_they_asked_for_before_they_became_one() -> None:
    play = staffed(LIN)
    submitted(play)
    play.store.add_agent(Agent(AgentId(PATIENT), "张桂兰", on_duty_since=MONDAY))
    overdue(play)
    assert told(play, "overdue") == [LIN]


def test_who_comes_on_duty_hears_of_what_comes_from_then_on() -> None:
    play = staffed()
    play.say("上班", AGENT_ONE)
    submitted(play)
    assert pushes(play) == [(LIN, "new_case")]
    play.say("下班", AGENT_ONE)
    play.say("/human")
    assert len(play.cases) == 2
    assert len(pushes(play)) == 1


# ---- danger and despair ----


def test_danger_in_a_case_is_pushed_at_any_hour_to_everybody_on_duty() -> None:
    play = staffed(LIN, ZHOU, CHIEF)
    case = submitted(play)
    play.now += NIGHT
    play.say(DANGER)
    assert told(play, "emergency") == [LIN, ZHOU, CHIEF]
    assert play.shown[AGENT_ONE] == [f"desk:claim:{case.id}"]


def test_where_nobody_is_on_duty_every_supervisor_hears_of_danger() -> None:
    play = staffed()
    submitted(play)
    play.say(DANGER)
    assert pushes(play) == [(CHIEF, "emergency")]


def test_the_owner_hears_the_alarm_and_colleagues_the_push_nobody_both() -> None:
    play = staffed(LIN, ZHOU)
    submitted(play)
    claimed(play)
    play.say(DANGER)
    assert told(play, "emergency") == [ZHOU]
    assert [int(m.chat) for m in play.messages if m.text.key == "desk.alarm"] == [LIN]


def test_danger_is_pushed_once_a_day_for_a_case() -> None:
    play = staffed(LIN)
    submitted(play)
    play.say(DANGER)
    play.say(DANGER)
    assert told(play, "emergency") == [LIN]
    play.now += timedelta(days=1)
    play.say(DANGER)
    assert told(play, "emergency") == [LIN, LIN]


@pytest.mark.parametrize("state", ["illness", "submitted"])
def test_despair_calls_a_human_and_is_pushed_once(state: str) -> None:
    play = staffed(LIN)
    at(state, play)
    before = len(pushes(play))
    play.say(DESPAIR)
    assert pushes(play)[before:] == [(LIN, "despair")]
    assert case_of(play).request_type == "help"
    assert play.shown[AGENT_ONE] == [f"desk:claim:{case_of(play).id}"]
    play.say(DESPAIR)
    assert len(told(play, "despair")) == 1


def test_despair_while_an_agent_talks_is_pushed_to_the_others() -> None:
    play = staffed(LIN, ZHOU)
    submitted(play)
    claimed(play)
    play.say(DESPAIR)
    assert told(play, "despair") == [ZHOU]
    assert len(play.cases) == 1


# ---- words to an owner who is off duty ----


def test_words_to_an_owner_who_is_off_duty_are_pushed_once_a_day() -> None:
    play = staffed(LIN, ZHOU)
    submitted(play)
    claimed(play)
    play.say("请问挂哪家医院")
    assert told(play, "owner_absent") == []
    play.say("下班", AGENT_ONE)
    for _ in range(3):
        play.say("您在吗")
    assert told(play, "owner_absent") == [ZHOU]
    play.now += timedelta(days=1)
    play.say("您在吗")
    assert told(play, "owner_absent") == [ZHOU, ZHOU]


def test_a_call_and_words_to_the_bot_count_too_when_the_owner_is_off_duty() -> None:
    for words in ("转人工", "谢谢您"):
        play = staffed(ZHOU)
        submitted(play)
        claimed(play)
        play.say("交还", AGENT_ONE)
        play.say(words)
        assert told(play, "owner_absent") == [ZHOU], words
        assert play.shown[ChatId(ZHOU)] == [f"desk:claim:{case_of(play).id}"], "of the new case, before it was claimed"


def test_danger_to_an_owner_who_is_off_duty_is_one_push() -> None:
    play = staffed(ZHOU)
    submitted(play)
    claimed(play)
    play.say(DANGER)
    assert [kind for _, kind in pushes(play)] == ["new_case", "emergency"]


# ---- a promise that is overdue ----


def overdue(play: Play) -> None:
    """Let the first promise's last day end, and the next day begin, the clock looking whenever it is due."""
    for _ in range(2):
        case = case_of(play)
        assert case.wake_at is not None
        play.now = case.wake_at
        play.feed(CaseDue(case=case.id))


def test_the_owner_and_supervisors_on_duty_hear_of_an_overdue_promise_in_the_morning() -> None:
    play = staffed(ZHOU, CHIEF)
    submitted(play)
    claimed(play)
    overdue(play)
    assert told(play, "overdue") == [LIN, CHIEF]
    assert (play.now - timedelta(hours=8)).time() == play.now.replace(hour=0).time()
    (text,) = {TEXTS(m.text) for m in play.messages if m.text.key == "alert.overdue"}
    assert "OP-P3" in text


def test_of_a_case_without_an_owner_everybody_on_duty_hears_of_it() -> None:
    play = staffed(ZHOU, CHIEF)
    case = submitted(play)
    overdue(play)
    assert told(play, "overdue") == [ZHOU, CHIEF]
    assert play.shown[ChatId(ZHOU)] == [f"desk:claim:{case.id}"]


def test_an_overdue_promise_is_told_once() -> None:
    play = staffed(ZHOU)
    submitted(play)
    overdue(play)
    case = case_of(play)
    play.cases[case.id] = replace(case, wake_at=play.now)
    play.feed(CaseDue(case=case.id))
    assert told(play, "overdue") == [ZHOU]


# ---- nothing personal ----


def said_of(play: Play) -> Iterator[str]:
    yield from (TEXTS(m.text) for m in play.messages if m.text.key.startswith("alert."))


def test_a_push_has_the_number_and_the_due_time_and_nothing_personal() -> None:
    play = staffed(ZHOU, CHIEF)
    case = submitted(play)
    claimed(play)
    play.say("我叫张桂兰，电话13900001234，得的是肺癌")
    for words in (DANGER, DESPAIR):
        play.say(words)
    overdue(play)
    assert {kind for _, kind in pushes(play)} == {"new_case", "emergency", "despair", "owner_absent", "overdue"}
    personal = {PERSON.name, PERSON.number, PERSON.phone, "肺癌", "恶性", *RIGHT.values(), *case.answers.values()}
    assert len(personal) > 20
    for text in said_of(play):
        assert case.number in text
        assert "最晚 11月" in text
        assert [word for word in personal if len(word) > 1 and word not in OP_AND_IP and word in text] == []


def test_a_batch_that_pushes_nothing_asks_for_no_duties(monkeypatch: pytest.MonkeyPatch) -> None:
    play = staffed(LIN)

    async def refuse(_unit: object) -> None:
        raise AssertionError

    monkeypatch.setattr("tests.fakes.FakeUnitOfWork.duties", refuse)
    at("review", play)
    play.say("上班", AGENT_ONE)
    play.now += NIGHT
    play.answer_right()
    assert case_of(play).is_queued
