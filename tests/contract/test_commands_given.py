"""Commands on a case, given at once from everywhere: one is carried out, each other is told why not."""

import asyncio

import pytest

from bot.telegram.render import TelegramRenderer
from flows.actors import Actor
from flows.engine.engine import Engine
from flows.engine.service import ALREADY_SEEN, DONE, REFUSED, Answered, BatchService
from flows.events import Arrival, CommandGiven
from flows.ids import AgentId, CaseId
from flows.ports.unit_of_work import Changes
from tests.contract.samples import NOW, Backend, case, lease, save
from tests.fakes import Counter
from tests.world import REFERENCE, TEXTS

ONE, NOWHERE = CaseId(1), CaseId(99)


@pytest.fixture
async def service(store: Backend) -> BatchService:
    await save(store, Changes(new_cases=[case()]))
    return BatchService(store, Engine(REFERENCE), TelegramRenderer(TEXTS), ids=Counter(4096), clock=lambda: NOW)


def given(number: int, name: str = "claim", of: CaseId = ONE) -> Arrival:
    actor = Actor(AgentId(number), f"客服{number}")
    return Arrival((f"w:{number}:{name}",), CommandGiven(case=of, actor=actor, name=name))


def late(owner: str) -> Answered:
    return Answered(REFUSED, "already_claimed", {"owner": owner, "at": NOW, "mine": False})


async def test_of_fifty_claims_in_one_batch_the_first_is_carried_out(store: Backend, service: BatchService) -> None:
    handled = await service.handle([given(number) for number in range(1, 51)])
    assert handled.answers == (Answered(DONE), *[late("客服1")] * 49)
    async with store.begin() as work:
        found = (await work.cases([ONE]))[ONE]
    assert (found.owner, found.version) == (AgentId(1), 1)


async def test_of_fifty_claims_at_once_one_is_carried_out(store: Backend, service: BatchService) -> None:
    handled = await asyncio.gather(*(service.handle([given(number)]) for number in range(1, 51)))
    answers = [answer for each in handled for answer in each.answers]
    async with store.begin() as work:
        found = (await work.cases([ONE]))[ONE]
    assert [number for number, answer in enumerate(answers, 1) if answer.outcome == DONE] == [found.owner]
    assert answers.count(late(found.owner_name)) == 49


async def test_a_command_that_comes_again_was_seen(service: BatchService) -> None:
    assert (await service.handle([given(1)])).answers == (Answered(DONE),)
    assert (await service.handle([given(1), given(2)])).answers == (Answered(ALREADY_SEEN), late("客服1"))


async def test_a_refused_command_changes_nothing(store: Backend, service: BatchService) -> None:
    refused = await service.handle([given(1, "release"), given(1, "dance"), given(1, of=NOWHERE)])
    assert [answer.code for answer in refused.answers] == ["wrong_stage", "unknown_command", "no_such_case"]
    assert await lease(store) == []
    async with store.begin() as work:
        assert await work.cases([ONE, NOWHERE]) == {ONE: case()}
