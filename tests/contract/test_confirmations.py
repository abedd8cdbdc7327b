from datetime import timedelta
from pathlib import Path

import pytest

from flows.effects import Confirmation
from flows.errors import Duplicate
from flows.ids import CaseId
from storage.database import Database
from tests.bot.traces import on_disk, search
from tests.contract.samples import LATER, NOW, SOON, Backend, recorded, save

ONE, TWO = CaseId(1), CaseId(2)


def confirmation(code: str, case: CaseId = ONE, *, hours: int = 1) -> Confirmation:
    return Confirmation(code=code, case=case, until=NOW + timedelta(hours=hours))


async def test_a_code_gives_its_case_and_an_unknown_one_nothing(store: Backend) -> None:
    await save(store, recorded(confirmation("11112222"), confirmation("33334444", TWO)))
    async with store.begin() as work:
        assert await work.confirmations(["11112222", "33334444", "99999999"], NOW) == {"11112222": ONE, "33334444": TWO}
        assert await work.confirmations([], NOW) == {}


async def test_a_code_that_ran_out_is_no_code_and_is_forgotten_with_the_next_purge(store: Backend) -> None:
    await save(store, recorded(confirmation("11112222"), confirmation("33334444", TWO, hours=2)))
    async with store.begin() as work:
        assert await work.confirmations(["11112222"], SOON) == {"11112222": ONE}
        assert await work.confirmations(["11112222", "33334444"], LATER) == {"33334444": TWO}
    assert (await store.purge(LATER, keep_sent=timedelta(days=30))).confirmations == 1
    async with store.begin() as work:
        assert await work.confirmations(["11112222", "33334444"], NOW) == {"33334444": TWO}


async def test_a_new_code_takes_the_place_of_the_one_before(store: Backend) -> None:
    await save(store, recorded(confirmation("11112222")))
    await save(store, recorded(confirmation("55556666"), confirmation("77778888")))
    async with store.begin() as work:
        assert await work.confirmations(["11112222", "55556666", "77778888"], NOW) == {"77778888": ONE}


async def test_two_cases_never_have_the_same_code(store: Backend) -> None:
    await save(store, recorded(confirmation("11112222")))
    with pytest.raises(Duplicate) as raised:
        await save(store, recorded(confirmation("11112222", TWO)))
    assert raised.value.constraint == "uq_confirmations_code_hash"


async def test_what_is_not_committed_confirms_nothing(store: Backend) -> None:
    async with store.begin() as work:
        await work.save(recorded(confirmation("11112222")), NOW)
        assert await work.confirmations(["11112222"], NOW) == {"11112222": ONE}
    async with store.begin() as work:
        assert await work.confirmations(["11112222"], NOW) == {}


async def test_a_code_cannot_be_read_off_the_disk(database: Database, tmp_path: Path) -> None:
    await save(database, recorded(confirmation("11112222")))
    searched = search(["11112222"], on_disk(tmp_path))
    assert searched.size > 500
    assert searched.found == {}
