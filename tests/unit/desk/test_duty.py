"""On and off duty by the agent's own word: typed, commanded or tapped; audited; kept from one event to the next."""

import pytest
from msgspec.structs import replace

from flows.actors import AUDITOR, SUPERVISOR
from flows.ids import AgentId
from tests.unit.play import AGENT_ONE, AGENTS, PATIENT, Play
from tests.world import TEXTS


def since(play: Play) -> object:
    return play.store.state.agents[AGENTS[0].id].on_duty_since


def audited(play: Play) -> list[tuple[str, AgentId | None]]:
    return [(entry.action, entry.actor) for entry in play.store.state.audit.values()]


def last(play: Play) -> str:
    return TEXTS(play.messages[-1].text)


@pytest.mark.parametrize(("on", "off"), [("上班", "下班"), ("/on_duty", "/off_duty"), ("我上班了。", "我下班了")])
def test_an_agent_says_when_they_are_on_duty_and_when_not(on: str, off: str) -> None:
    play = Play()
    play.say(on, AGENT_ONE)
    assert since(play) == play.now
    assert last(play) == "您已上班：新案件和急事会通知您。"
    play.say(off, AGENT_ONE)
    assert since(play) is None
    assert last(play) == "您已下班：不再通知您新案件。您手上的案件仍在您名下。"
    assert audited(play) == [("on_duty", AGENTS[0].id), ("off_duty", AGENTS[0].id)]


def test_duty_is_shown_and_changed_by_a_button() -> None:
    play = Play()
    play.say("/duty", AGENT_ONE)
    assert last(play) == "您现在不在班，新案件不会通知您。"
    play.press("on_duty:0", AGENT_ONE)
    assert since(play) == play.now
    play.say("/duty", AGENT_ONE)
    assert last(play) == "您从 11月23日（周一） 10:00 起在班。"
    play.press("off_duty:0", AGENT_ONE)
    assert since(play) is None


def test_who_is_on_duty_already_stays_so_from_when_they_were() -> None:
    play = Play()
    play.say("上班", AGENT_ONE)
    began = since(play)
    play.say("上班", AGENT_ONE)
    assert since(play) == began
    assert len(audited(play)) == 1


def test_a_supervisor_may_be_on_duty_and_who_only_reads_never_is() -> None:
    play = Play()
    play.store.add_agent(replace(AGENTS[0], role=AUDITOR))
    play.say("上班", AGENT_ONE)
    assert (since(play), last(play)) == (None, "您的角色只查看，不值班。")
    play.store.add_agent(replace(AGENTS[0], role=SUPERVISOR))
    play.say("上班", AGENT_ONE)
    assert since(play) == play.now


def test_the_word_of_a_policyholder_changes_nobody_s_duty() -> None:
    play = Play()
    for words in ("上班", "/duty", "/on_duty"):
        play.say(words, PATIENT)
    play.tap("desk:on_duty:0", PATIENT)
    assert audited(play) == []
    assert all(agent.on_duty_since is None for agent in play.store.state.agents.values())
