"""Who is on duty: kept with the agent, whoever is renamed, removed or taken back."""

import pytest

from flows.actors import AGENT, AUDITOR, SUPERVISOR, Duty
from flows.effects import DutyChange
from flows.ids import AgentId, ChatId
from flows.session import Agent
from tests.contract.samples import LATER, NOW, Backend, recorded, save

ONE, TWO, THREE = AgentId(11), AgentId(12), AgentId(13)


@pytest.fixture
async def staffed(store: Backend) -> Backend:
    """Return a backend with an agent, a supervisor and an auditor, nobody on duty."""
    for agent in (Agent(TWO, "周洁", SUPERVISOR), Agent(ONE, "林敏"), Agent(THREE, "何平", AUDITOR)):
        await store.directory.add_agent(agent)
    return store


async def duties(store: Backend) -> list[Duty]:
    async with store.begin() as work:
        return await work.duties()


async def test_who_may_work_on_cases_is_given_in_order_with_who_is_on_duty(staffed: Backend) -> None:
    await save(staffed, recorded(DutyChange(agent=TWO, since=NOW)))
    assert await duties(staffed) == [Duty(ONE, AGENT, on_duty=False), Duty(TWO, SUPERVISOR, on_duty=True)]


async def test_the_last_change_of_a_batch_counts_and_one_of_nobody_is_nothing(staffed: Backend) -> None:
    changes = recorded(
        DutyChange(agent=ONE, since=NOW),
        DutyChange(agent=TWO, since=NOW),
        DutyChange(agent=TWO, since=None),
        DutyChange(agent=AgentId(99), since=NOW),
    )
    await save(staffed, changes)
    assert [duty.agent for duty in await duties(staffed) if duty.on_duty] == [ONE]


async def test_a_session_and_the_list_say_since_when_its_agent_is_on_duty(staffed: Backend) -> None:
    await save(staffed, recorded(DutyChange(agent=ONE, since=NOW)))
    async with staffed.begin() as work:
        sessions = await work.sessions([ChatId(ONE), ChatId(TWO)])
    assert sessions[ChatId(ONE)].agent == Agent(ONE, "林敏", AGENT, NOW)
    assert sessions[ChatId(TWO)].agent == Agent(TWO, "周洁", SUPERVISOR)
    assert [agent.on_duty_since for agent in await staffed.directory.agents()] == [NOW, None, None]


async def test_a_new_name_leaves_the_duty_and_a_removal_ends_it(staffed: Backend) -> None:
    await save(staffed, recorded(DutyChange(agent=ONE, since=NOW)))
    await staffed.directory.add_agent(Agent(ONE, "林小敏"))
    assert (await staffed.directory.agents())[0] == Agent(ONE, "林小敏", AGENT, NOW)
    await staffed.directory.retire_agent(ONE)
    await save(staffed, recorded(DutyChange(agent=ONE, since=LATER)))
    assert [duty.agent for duty in await duties(staffed)] == [TWO]
    await staffed.directory.add_agent(Agent(ONE, "林敏"))
    assert (await staffed.directory.agents())[0] == Agent(ONE, "林敏")


async def test_an_agent_may_begin_on_duty(store: Backend) -> None:
    await store.directory.add_agent(Agent(ONE, "林敏", AGENT, NOW))
    assert await duties(store) == [Duty(ONE, AGENT, on_duty=True)]
