import asyncio
from datetime import timedelta

import pytest
from msgspec import structs

from flows.effects import AuditEntry, TranscriptLine
from flows.errors import Busy, StorageError
from flows.ids import AgentId, CaseId, ChatId, RowId
from flows.ports.outbox import Delivered, OutboxRow
from flows.ports.unit_of_work import Changes, DeadLetter
from flows.session import Agent, Session
from storage.database import Purged
from tests.contract.samples import LI, NOW, WANG, Backend, case, lease, recorded, row, save, session, settle


async def test_a_key_is_unseen_once(store: Backend) -> None:
    async with store.begin() as work:
        assert await work.unseen(["u:1", "u:2"], NOW) == {"u:1", "u:2"}
        assert await work.unseen(["u:2", "u:3"], NOW) == {"u:3"}
        await work.commit()
    async with store.begin() as work:
        assert await work.unseen(["u:1", "u:2", "u:3", "u:4"], NOW) == {"u:4"}
        assert await work.unseen([], NOW) == set()


async def test_two_hundred_keys_are_unseen_at_once(store: Backend) -> None:
    keys = [f"u:{n}" for n in range(200)]
    async with store.begin() as work:
        assert await work.unseen(keys, NOW) == set(keys)


async def test_leaving_without_a_commit_changes_nothing(store: Backend) -> None:
    async with store.begin() as work:
        await work.unseen(["u:1"], NOW)
        await work.save(Changes(sessions=[session()], new_cases=[case()]), NOW)
    async with store.begin() as work:
        assert await work.unseen(["u:1"], NOW) == {"u:1"}
        assert await work.sessions([WANG]) == {WANG: Session(WANG)}
        assert await work.cases([CaseId(1)]) == {}


async def test_an_error_rolls_back_and_passes(store: Backend) -> None:
    with pytest.raises(KeyError):
        await _save_and_fail(store)
    async with store.begin() as work:
        assert await work.sessions([WANG]) == {WANG: Session(WANG)}


async def _save_and_fail(store: Backend) -> None:
    async with store.begin() as work:
        await work.save(Changes(sessions=[session()]), NOW)
        raise KeyError("a step went wrong")


async def test_a_unit_of_work_that_was_left_does_nothing(store: Backend) -> None:
    async with store.begin() as work:
        pass
    with pytest.raises(StorageError):
        await work.sessions([WANG])
    with pytest.raises(StorageError):
        await work.commit()


async def test_a_unit_of_work_sees_what_it_wrote(store: Backend) -> None:
    async with store.begin() as work:
        await work.save(Changes(sessions=[session()], new_cases=[case()]), NOW)
        assert await work.sessions([WANG]) == {WANG: session()}
        assert await work.cases([CaseId(1)]) == {CaseId(1): case()}


async def test_every_field_of_a_session_comes_back(store: Backend) -> None:
    await save(store, Changes(sessions=[session()]))
    async with store.begin() as work:
        assert await work.sessions([WANG]) == {WANG: session()}


async def test_an_unknown_chat_has_a_new_session(store: Backend) -> None:
    async with store.begin() as work:
        assert await work.sessions([LI, WANG, LI]) == {WANG: Session(WANG), LI: Session(LI)}
        assert await work.sessions([]) == {}


async def test_an_agent_comes_with_the_session_and_is_not_stored_with_it(store: Backend) -> None:
    agent = Agent(AgentId(WANG), "小陈")
    await store.directory.add_agent(agent)
    async with store.begin() as work:
        found = await work.sessions([WANG, LI])
        assert found == {WANG: Session(WANG, agent=agent), LI: Session(LI)}
        await work.save(Changes(sessions=list(found.values())), NOW)
        await work.commit()
    await store.directory.retire_agent(agent.id)
    async with store.begin() as work:
        assert (await work.sessions([WANG]))[WANG].agent is None
    assert await store.directory.agents() == []


async def test_the_last_of_two_saves_stands(store: Backend) -> None:
    await save(store, Changes(sessions=[session()]))
    await save(store, Changes(sessions=[Session(WANG, state="help")]))
    async with store.begin() as work:
        assert await work.sessions([WANG]) == {WANG: Session(WANG, state="help")}


async def test_what_was_set_aside_and_said_is_kept(store: Backend) -> None:
    letters = [
        DeadLetter(RowId(1), WANG, "unexpected", '{"text":"你好"}'.encode()),
        DeadLetter(RowId(2), None, "parse", b"{"),
    ]
    line = TranscriptLine(case=CaseId(1), author="agent", text="您好，我是小陈", at=NOW)
    entry = AuditEntry(action="claimed", chat=WANG, case=CaseId(1), actor=AgentId(77), codes={"number": "GC-1"})
    await save(store, recorded(line, entry, dead=letters))
    assert await store.directory.dead_letters(10) == letters
    assert await store.directory.dead_letters(1) == letters[:1]
    (said,) = await store.queries.transcript(CaseId(1), limit=9)
    assert (said.author, said.text, said.at) == (line.author, line.text, line.at)
    assert await store.queries.transcript(CaseId(2), limit=9) == []


async def test_two_units_of_work_that_claim_a_case_are_serialised_or_one_is_busy(store: Backend) -> None:
    await save(store, Changes(new_cases=[case()]))
    outcomes = await asyncio.gather(*(_claim(store) for _ in range(5)))
    assert sorted(outcomes) == ["claimed", "late", "late", "late", "late"]


async def _claim(store: Backend) -> str:
    try:
        async with store.begin() as work:
            found = (await work.cases([CaseId(1)]))[CaseId(1)]
            if not found.is_queued:
                return "late"
            await work.save(Changes(changed_cases=[case(stage="verifying", version=1)]), NOW)
            await work.commit()
            return "claimed"
    except Busy:
        return "late"


async def test_batches_of_other_chats_all_arrive(store: Backend) -> None:
    chats = [ChatId(n) for n in range(1, 11)]
    await asyncio.gather(*(save(store, Changes(sessions=[session(chat)])) for chat in chats))
    async with store.begin() as work:
        assert await work.sessions(chats) == {chat: session(chat) for chat in chats}


async def test_batches_and_senders_at_once_lose_nothing_and_send_nothing_twice(store: Backend) -> None:
    chats = [ChatId(n) for n in range(1, 7)]
    batches = [chats[n % 3 : n % 3 + 3][:: 1 - 2 * (n % 2)] for n in range(12)]
    await asyncio.gather(*(_write(store, n, some) for n, some in enumerate(batches)))
    sent = await asyncio.gather(*(_send(store, name) for name in "abc"))
    rows = [row for rows in sent for row in rows]
    assert sorted(row.id for row in rows) == sorted(n * 10 + i for n in range(12) for i in range(3))
    assert not any(row.doubted for row in rows)
    async with store.begin() as work:
        found = await work.sessions(chats)
    assert sum(session.turn for session in found.values()) == 36


async def _write(store: Backend, number: int, chats: list[ChatId]) -> None:
    async with store.begin() as work:
        found = (await work.sessions(chats)).values()
        changed = [structs.replace(session, turn=session.turn + 1) for session in found]
        rows = [row(number * 10 + n, chat) for n, chat in enumerate(chats)]
        await work.save(Changes(sessions=changed, outbox=rows), NOW)
        await work.commit()


async def _send(store: Backend, name: str) -> list[OutboxRow]:
    """Send until nothing waits, never more of a chat at a time than it was given, in order."""
    sent: list[OutboxRow] = []
    while await store.outbox.next_due(NOW) is not None:
        rows = await lease(store, holder=name, limit=5)
        assert [row.id for row in rows] == sorted(row.id for row in rows)
        results = [Delivered(row.id, row.chat, "sent", message=row.id) for row in rows]
        await settle(store, *results, holder=name, free=tuple({row.chat for row in rows}))
        sent += rows
    return sent


async def test_a_cancelled_unit_of_work_frees_the_writer(store: Backend) -> None:
    task = asyncio.ensure_future(_hang(store))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(1), store.begin() as work:
        assert await work.sessions([WANG]) == {WANG: Session(WANG)}


async def _hang(store: Backend) -> None:
    async with store.begin() as work:
        await work.save(Changes(sessions=[session()]), NOW)
        await asyncio.Event().wait()


async def test_what_was_seen_is_forgotten_after_48_hours(store: Backend) -> None:
    async with store.begin() as work:
        await work.unseen(["old"], NOW - timedelta(hours=49))
        await work.unseen(["young"], NOW - timedelta(hours=47))
        await work.commit()
    assert await store.purge(NOW, keep_sent=timedelta(days=30)) == Purged(processed_updates=1)
    async with store.begin() as work:
        assert await work.unseen(["old", "young"], NOW) == {"old"}
