from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from flows.cases.case import EMERGENCY_FROM
from flows.effects import IdentityFailure, UseConsumption, UseRelease, UseReservation
from flows.errors import Busy, Duplicate, StorageError
from flows.ids import AgentId, CaseId, PolicyId
from flows.ports.unit_of_work import Changes
from flows.terms.policy import CONSUMED, RELEASED, RESERVED, Use
from tests.contract.samples import LATER, NOW, Backend, case, policy, recorded, save
from tests.fakes import Counter


async def test_every_field_of_a_case_comes_back(store: Backend) -> None:
    await save(store, Changes(new_cases=[case(stage="verifying")]))
    async with store.begin() as work:
        found = await work.cases([CaseId(1), CaseId(2), CaseId(1)])
    assert found == {CaseId(1): case(stage="verifying")}


async def test_a_case_is_replaced_by_its_next_version(store: Backend) -> None:
    await save(store, Changes(new_cases=[case(), case("GC-2", id_=2)]))
    changed = [case("GC-2", id_=2, stage="verifying", version=1), case(stage="closed", version=1)]
    await save(store, Changes(changed_cases=changed))
    async with store.begin() as work:
        assert await work.cases([CaseId(1), CaseId(2)]) == {each.id: each for each in changed}


@pytest.mark.parametrize("version", [1, 2, 4])
async def test_another_version_than_the_next_is_busy(store: Backend, version: int) -> None:
    await save(store, Changes(new_cases=[case(version=2), case("GC-2", id_=2)]))
    changed = [case("GC-2", id_=2, version=1), case(stage="verifying", version=version)]
    with pytest.raises(Busy):
        await save(store, Changes(changed_cases=changed))
    async with store.begin() as work:
        assert await work.cases([CaseId(1)]) == {CaseId(1): case(version=2)}


async def test_a_case_that_is_not_there_cannot_be_replaced(store: Backend) -> None:
    with pytest.raises(Busy):
        await save(store, Changes(changed_cases=[case(version=1)]))


async def test_a_number_is_given_once(store: Backend) -> None:
    await save(store, Changes(new_cases=[case()]))
    with pytest.raises(Duplicate) as raised:
        await save(store, Changes(new_cases=[case(id_=2)]))
    assert raised.value.constraint == "uq_cases_number"
    with pytest.raises(Duplicate) as raised:
        await save(store, Changes(new_cases=[case("GC-2")]))
    assert raised.value.constraint == "pk_cases"


async def test_the_queue_is_in_order_of_due_time_then_id_with_the_number_of_all(store: Backend) -> None:
    soon = NOW + timedelta(minutes=5)
    await save(
        store,
        Changes(
            new_cases=[
                case("GC-1", id_=1),
                case("GC-4", id_=4, due=soon),
                case("GC-3", id_=3, due=soon),
                case("GC-2", id_=2, due=NOW, stage="verifying"),
            ]
        ),
    )
    async with store.begin() as work:
        cases, waiting = await work.queue(2)
        assert [each.number for each in cases] == ["GC-3", "GC-4"]
        assert waiting == 3


@pytest.mark.parametrize("limit", [1, 2, 6, 9])
async def test_emergencies_come_first_and_of_what_is_due_together_the_more_urgent(store: Backend, limit: int) -> None:
    soon = NOW + timedelta(minutes=5)
    places = [  # id, due, urgency; in the order of the queue
        (5, soon, EMERGENCY_FROM),
        (4, LATER, EMERGENCY_FROM),
        (6, NOW, 0),
        (2, soon, 3),
        (1, soon, 1),
        (3, soon, 1),
    ]
    new = [replace(case(f"GC-{id_}", id_=id_, due=due), urgency=urgency) for id_, due, urgency in places]
    away = replace(case("GC-7", id_=7, stage="verifying"), urgency=EMERGENCY_FROM)
    await save(store, Changes(new_cases=[*sorted(new, key=lambda each: each.id), away]))
    async with store.begin() as work:
        found, waiting = await work.queue(limit)
    assert [each.id for each in found] == [id_ for id_, _, _ in places][:limit]
    assert [each.place_in_queue for each in found] == sorted(each.place_in_queue for each in found)
    assert waiting == len(places)


async def test_a_case_that_becomes_urgent_moves_in_the_queue(store: Backend) -> None:
    await save(store, Changes(new_cases=[case(), case("GC-2", id_=2)]))
    await save(store, Changes(changed_cases=[replace(case("GC-2", id_=2, version=1), urgency=EMERGENCY_FROM)]))
    async with store.begin() as work:
        found, _ = await work.queue(2)
    assert [each.id for each in found] == [2, 1]


async def test_the_open_cases_of_agents_are_found_by_their_owner(store: Backend) -> None:
    mine = [case(f"GC-{n}", id_=n, stage="verifying") for n in (1, 2)]
    owner = mine[0].owner
    assert owner is not None
    others = replace(case("GC-3", id_=3, stage="verifying"), owner=AgentId(owner + 1))
    closed, free = case("GC-4", id_=4, stage="closed"), case("GC-5", id_=5)
    await save(store, Changes(new_cases=[*mine, others, closed, free]))
    async with store.begin() as work:
        assert sorted(each.id for each in await work.owned([owner])) == [1, 2]
        assert sorted(each.id for each in await work.owned([owner, AgentId(owner + 1)])) == [1, 2, 3]
        assert await work.owned([AgentId(owner + 2)]) == []


async def test_an_empty_queue_has_nobody_waiting(store: Backend) -> None:
    async with store.begin() as work:
        assert await work.queue(1) == ([], 0)


async def test_a_policy_is_found_by_its_number_with_its_uses(store: Backend) -> None:
    by_phone = Use("IP", date(2025, 5, 1), CONSUMED)
    given = [policy(uses=(by_phone,)), policy("P-1002", id_=3), policy("P-1003", id_=6)]
    assert await store.directory.import_policies(given, Counter()) == 3
    async with store.begin() as work:
        found = await work.policies(["P-1001", "P-1002", "P-9999", "P-1001"])
        assert found == {"P-1001": given[0], "P-1002": given[1]}
        assert await work.policies(["P-9999"]) == {}
        assert await work.policies([]) == {}


async def test_a_reserved_use_is_seen_at_once_and_after_the_commit(store: Backend) -> None:
    await store.directory.import_policies([policy()], Counter())
    year = date(2025, 5, 1)
    reservation = UseReservation(policy=PolicyId(4), service="OP", year=year, case=CaseId(1))
    reserved = (Use("OP", year, RESERVED, CaseId(1)),)
    async with store.begin() as work:
        await work.save(recorded(reservation), NOW)
        assert (await work.policies(["P-1001"]))["P-1001"].uses == reserved
        await work.commit()
    async with store.begin() as work:
        assert (await work.policies(["P-1001"]))["P-1001"].uses == reserved


async def test_reserved_uses_are_consumed_or_released_and_others_stay_as_they_are(store: Backend) -> None:
    year, one, two = date(2025, 5, 1), CaseId(1), CaseId(2)
    await store.directory.import_policies([policy(uses=(Use("OP", year, CONSUMED),))], Counter())
    rows = ((one, "OP"), (one, "IP"), (two, "OP"), (two, "IP"))
    reserved = [
        UseReservation(policy=PolicyId(4), service=service, year=year, case=case)
        for n, (case, service) in enumerate(rows)
    ]
    await save(store, recorded(*reserved))
    consumed = [UseConsumption(case=two, service="OP"), UseConsumption(case=one, service="OP")]
    await save(store, recorded(*consumed, UseRelease(case=one, service="IP")))
    late = recorded(UseConsumption(case=one, service="IP"), UseRelease(case=one, service="OP"))
    await save(store, late)
    async with store.begin() as work:
        uses = (await work.policies(["P-1001"]))["P-1001"].uses
    states = [(use.case, use.service, use.state) for use in uses]
    assert sorted(states, key=str) == sorted(
        [
            (None, "OP", CONSUMED),
            (one, "OP", CONSUMED),
            (one, "IP", RELEASED),
            (two, "OP", CONSUMED),
            (two, "IP", RESERVED),
        ],
        key=str,
    )


async def test_a_use_can_be_reserved_and_settled_in_one_batch(store: Backend) -> None:
    await store.directory.import_policies([policy()], Counter())
    use = UseReservation(policy=PolicyId(4), service="OP", year=date(2025, 5, 1), case=CaseId(1))
    await save(store, recorded(use, UseRelease(case=CaseId(1), service="OP")))
    async with store.begin() as work:
        assert [each.state for each in (await work.policies(["P-1001"]))["P-1001"].uses] == [RELEASED]


async def test_a_use_belongs_to_a_policy_that_is_there(store: Backend) -> None:
    use = UseReservation(policy=PolicyId(4), service="OP", year=date(2025, 5, 1), case=CaseId(1))
    with pytest.raises(StorageError):
        await save(store, recorded(use))


async def test_a_second_import_replaces_the_policy_and_keeps_id_and_uses(store: Backend) -> None:
    spent = Use("OP", date(2025, 5, 1), CONSUMED)
    await store.directory.import_policies([policy(uses=(spent,))], Counter())
    assert await store.directory.import_policies([policy(id_=50), policy("P-2", id_=51)], Counter()) == 1
    async with store.begin() as work:
        found = await work.policies(["P-1001", "P-2"])
    assert found == {"P-1001": policy(uses=(spent,)), "P-2": policy("P-2", id_=51)}


async def test_misses_of_a_policy_come_with_it_the_oldest_first_and_are_forgotten_after_48_hours(
    store: Backend,
) -> None:
    await store.directory.import_policies([policy(), policy("P-2", id_=2)], Counter())
    hours = (47, 49, 1)
    for ago in hours:
        async with store.begin() as work:
            await work.save(recorded(IdentityFailure(policy=PolicyId(4))), NOW - timedelta(hours=ago))
            await work.commit()
    missed = [NOW - timedelta(hours=ago) for ago in sorted(hours, reverse=True)]
    async with store.begin() as work:
        found = await work.policies(["P-1001", "P-2"])
    assert {number: list(each.identity_failures) for number, each in found.items()} == {"P-1001": missed, "P-2": []}
    assert (await store.purge(NOW, keep_sent=timedelta(days=30))).identity_failures == 1
    await store.directory.import_policies([policy(id_=9)], Counter())
    async with store.begin() as work:
        assert list((await work.policies(["P-1001"]))["P-1001"].identity_failures) == missed[1:]


async def test_a_miss_belongs_to_a_policy_that_is_there(store: Backend) -> None:
    with pytest.raises(StorageError):
        await save(store, recorded(IdentityFailure(policy=PolicyId(4))))
