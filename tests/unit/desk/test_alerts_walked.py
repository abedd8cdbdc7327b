"""Whatever happens in whatever order: a push reaches who is on duty, each once a day for a case and kind."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from flows.actors import SUPERVISOR
from flows.effects import Message
from flows.events import CaseDue
from flows.ids import AgentId, ChatId
from flows.session import Agent
from flows.terms.calendar import in_shanghai
from tests.unit.play import AGENTS, PATIENT, Play
from tests.world import PERSON, REFERENCE, TEXTS

CHIEF = Agent(AgentId(20), "陈主管", SUPERVISOR)
STAFF = (*AGENTS, CHIEF)
URGENT = {"alert.emergency", "alert.despair"}

Act = Callable[[Play, random.Random], None]


def anybody(chance: random.Random) -> ChatId:
    return ChatId(chance.choice(STAFF).id)


def claim(play: Play, chance: random.Random) -> None:
    agent = anybody(chance)
    play.say("/next", agent)
    play.tap_nth(0, agent)


def look_at_cases(play: Play, _chance: random.Random) -> None:
    for case in list(play.cases.values()):
        if case.wake_at is not None:
            play.now = max(play.now, case.wake_at)
            play.feed(CaseDue(case=case.id))


def nudge(play: Play, chance: random.Random) -> None:
    if play.cases:
        play.tap(f"nudge:{chance.choice(list(play.cases))}")


def let_time_pass(play: Play, chance: random.Random) -> None:
    play.now += timedelta(hours=chance.randrange(1, 15))


ACTS: tuple[Act, ...] = (
    *(lambda play, _: play.answer_right(),) * 12,
    lambda play, _: play.say("我胸口疼得厉害，喘不上气，快救命"),
    lambda play, _: play.say("我不想活了"),
    lambda play, _: play.say("请问办得怎么样了"),
    lambda play, _: play.say("转人工"),
    *(lambda play, chance: play.say("上班", anybody(chance)),) * 2,
    lambda play, chance: play.say("下班", anybody(chance)),
    claim,
    lambda play, chance: play.say(chance.choice(("交还", "放回", "办结")), anybody(chance)),
    look_at_cases,
    nudge,
    let_time_pass,
)


def check(play: Play, pushed: list[Message], duty: set[int]) -> None:
    """Raise AssertionError where a push of one act reached somebody it should not have, twice, or with a name in it."""
    owners = {case.owner for case in play.cases.values()}
    for push in pushed:
        assert push.chat in duty or (push.text.key == "alert.overdue" and AgentId(push.chat) in owners) or not duty
        assert push.chat in duty or AgentId(push.chat) == CHIEF.id or push.text.key not in URGENT
        assert push.text.key in URGENT or REFERENCE.calendar.is_open(play.now)
        assert not {word for word in (PERSON.name, PERSON.number, PERSON.phone) if word and word in TEXTS(push.text)}
    heard = Counter((push.chat, push.text.params["number"]) for push in pushed)
    assert heard.total() == len(heard), "what happened in a case is pushed to nobody twice"


def on_duty(play: Play) -> set[int]:
    return {agent.id for agent in play.store.state.agents.values() if agent.on_duty_since is not None}


@pytest.mark.parametrize("seed", range(12))
def test_a_push_reaches_who_is_on_duty_and_nobody_twice(seed: int) -> None:
    play, chance, told = Play(reload=seed % 2 == 0), random.Random(seed), Counter[tuple[object, ...]]()  # noqa: S311 - a walk
    play.store.add_agent(replace(CHIEF, on_duty_since=play.now if seed % 3 else None))
    for _ in range(150):
        before, duty = len(play.messages), on_duty(play)
        chance.choice(ACTS)(play, chance)
        pushed = [each for each in play.messages[before:] if each.text.key.startswith("alert.")]
        check(play, pushed, duty | on_duty(play))
        day = in_shanghai(play.now).date()
        told.update((each.chat, each.text.key, each.text.params["number"], day) for each in pushed)
    assert len(told) > 0
    assert {key: count for key, count in told.items() if count > 1 and "alert.nudged" not in key} == {}
    assert not any(message.chat == PATIENT for message in play.messages if message.text.key.startswith("alert."))
