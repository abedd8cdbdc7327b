"""What is true of SQLite alone: how many statements, who waits for whom, what stands on the disk."""

import asyncio
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import event, insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from flows.effects import (
    AuditEntry,
    Confirmation,
    FileClaim,
    IdentityFailure,
    TranscriptLine,
    UseConsumption,
    UseRelease,
    UseReservation,
)
from flows.errors import Busy, Duplicate, Unreadable
from flows.ids import AgentId, CaseId, ChatId, DocumentId, PolicyId, RowId
from flows.ports.unit_of_work import Changes, DeadLetter
from flows.reading.hospitals.directory import Hospital
from flows.session import Agent
from storage.connection.encryption import Codec, Encryption, generate_key
from storage.connection.engines import Engines
from storage.database import Database
from storage.records.products import Product
from storage.schema import metadata
from storage.schema.base import EPOCH
from storage.schema.outbox import outbox
from tests.contract.samples import NOW, WANG, case, file, lease, policy, queue, recorded, row, save, sent, session
from tests.fakes import Counter
from tests.plain import Plain

PERSONAL = frozenset(
    ("王小明", "王大明", "小陈", "脑膜瘤", "病理报告", "您好", "第1条", "13800000000", "P-1001", "110101198001010013")
)


def engines(database: Database) -> Engines:
    return database._engines  # noqa: SLF001 - the test listens where no caller may


@contextmanager
def statements(engine: AsyncEngine) -> Iterator[list[str]]:
    """Gather the statements that the engine is given, without BEGIN."""
    given: list[str] = []

    def note(*arguments: object) -> None:
        if not str(arguments[2]).startswith("BEGIN"):
            given.append(str(arguments[2]))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    yield given
    event.remove(engine.sync_engine, "before_cursor_execute", note)


async def _batch(database: Database, size: int) -> None:
    chats = [ChatId(1000 + n) for n in range(size)]
    async with database.begin() as work:
        await work.unseen([f"{kind}:{size}:{n}" for n in range(size) for kind in ("update", "message")], NOW)
        found = await work.sessions(chats)
        changes = recorded(
            *(AuditEntry(action="asked", chat=chat) for chat in chats),
            sessions=[structs.replace(each, turn=each.turn + 1) for each in found.values()],
            outbox=[row(size * 1000 + n, chat) for n, chat in enumerate(chats)],
        )
        await work.save(changes, NOW)
        await work.commit()


@pytest.mark.parametrize("size", [1, 2, 100])
async def test_a_batch_takes_at_most_eight_statements_whatever_its_size(database: Database, size: int) -> None:
    with statements(engines(database).writer) as given:
        await _batch(database, size)
    assert 0 < len(given) <= 8


async def test_each_further_kind_takes_one_statement_more(database: Database) -> None:
    await database.directory.import_policies([policy()], Counter())
    await save(database, Changes(new_cases=[case("GC-9", id_=9)]))
    numbers = range(1, 11)
    records = (
        lambda n: UseReservation(policy=PolicyId(4), service="OP", year=date(2025, 5, 1), case=CaseId(n)),
        lambda n: UseConsumption(case=CaseId(n), service="OP"),
        lambda n: UseRelease(case=CaseId(n), service="IP"),
        lambda _: IdentityFailure(policy=PolicyId(4)),
        lambda n: Confirmation(code=f"{n:08}", case=CaseId(n), until=NOW),
        file,
        lambda n: FileClaim(case=CaseId(1), documents=(DocumentId(n),)),
        lambda _: TranscriptLine(case=CaseId(1), author="bot", text="您好", at=NOW),
    )
    changes = recorded(
        *(record(n) for record in records for n in numbers),
        new_cases=[case(f"GC-1{n}", id_=10 + n) for n in numbers],
        changed_cases=[case("GC-9", id_=9, version=1)],
        dead=[DeadLetter(RowId(n), WANG, "unexpected", b"{}") for n in numbers],
    )
    with statements(engines(database).writer) as given:
        await save(database, changes)
    assert len(given) == 11


async def test_look_ups_take_one_statement_a_kind_and_one_each_for_uses_and_misses(database: Database) -> None:
    await database.directory.import_policies([policy(), policy("P-2", id_=2)], Counter())
    with statements(engines(database).writer) as given:
        async with database.begin() as work:
            await work.policies(["P-1001", "P-2", "P-3"])
            await work.cases([CaseId(1), CaseId(2)])
            await work.queue(1)
            await work.confirmations(["11111111", "22222222"], NOW)
            await work.duties()
    assert len(given) == 7


async def test_an_empty_batch_takes_no_statement(database: Database) -> None:
    with statements(engines(database).writer) as given:
        await save(database, Changes())
    assert given == []


async def test_a_reader_does_not_wait_for_the_writer(database: Database) -> None:
    agent = Agent(AgentId(77), "小陈")
    await database.directory.add_agent(agent)
    async with database.begin() as work:
        await work.save(Changes(sessions=[session()], outbox=[row(1)]), NOW)
        async with asyncio.timeout(1):
            assert await database.directory.agents() == [agent]
            assert await database.outbox.next_due(NOW) is None  # not committed yet


async def test_another_process_that_writes_is_busy(database: Database, tmp_path: Path) -> None:
    other = Database.open(f"sqlite:///{tmp_path / 'intake.db'}", codec=Plain(), documents=tmp_path / "documents")
    event.listen(engines(other).writer.sync_engine, "connect", _impatient)
    async with database.begin():
        with pytest.raises(Busy):
            async with other.begin():
                pass
    async with other.begin():
        pass
    await other.close()


def _impatient(connection: Any, record: object) -> None:  # noqa: ANN401 - a driver's connection
    del record
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=1")
    cursor.close()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1), ("busy_timeout", 5000)],
)
async def test_the_writer_is_durable(database: Database, pragma: str, value: object) -> None:
    async with engines(database).writer.connect() as connection:
        assert (await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar_one() == value


async def test_leasing_reads_what_waits_and_not_what_was_sent(database: Database) -> None:
    with statements(engines(database).writer) as given:
        await queue(database, row(1))
        await lease(database)
        await database.outbox.settle([sent(row(1))], holder="a", free=[WANG], now=NOW)
    with statements(engines(database).reader) as read:
        await database.outbox.next_due(NOW)
    plans = [await _plan(database, each) for each in [*given, *read] if re.match("SELECT|UPDATE", each)]
    assert len(plans) >= 6
    assert not [step for plan in plans for step in plan if re.match(r"SCAN (outbox|lanes|earlier)(?! USING)", step)]
    assert any("ix_outbox_waiting_id" in step for plan in plans for step in plan)


async def _plan(database: Database, statement: str) -> list[str]:
    count = statement.count("?")
    async with engines(database).writer.connect() as connection:
        rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (0,) * count)
        return [each.detail for each in rows]


async def test_what_is_done_has_lost_its_words(database: Database) -> None:
    await queue(database, row(1), row(2))
    await lease(database)
    await database.outbox.settle([sent(row(1))], holder="a", free=[WANG], now=NOW)
    async with engines(database).reader.connect() as connection:
        rows = (await connection.execute(select(outbox.c.body, outbox.c.doubt).order_by(outbox.c.id))).all()
    assert [(body is None, doubt is None) for body, doubt in rows] == [(True, True), (False, False)]


async def _fill(database: Database) -> None:
    await database.directory.import_policies([policy()], Counter())
    await database.directory.add_agent(Agent(AgentId(77), "小陈"))
    line = TranscriptLine(case=CaseId(1), author="bot", text="您好", at=NOW)
    letter = DeadLetter(RowId(1), WANG, "unexpected", "您好".encode())
    changes = recorded(file(), line, sessions=[session()], new_cases=[case()], outbox=[row(1)], dead=[letter])
    await save(database, changes)
    await database.documents.keep(DocumentId(5), "病理报告:脑膜瘤".encode(), NOW)


def _found(folder: Path) -> set[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) >= 2
    everything = b"".join(path.read_bytes() + path.name.encode() for path in files)
    assert len(everything) > 100
    return {word for word in PERSONAL if word.encode() in everything}


async def test_nothing_personal_stands_on_the_disk(database: Database, tmp_path: Path) -> None:
    await _fill(database)
    assert _found(tmp_path) == set()


async def test_without_encryption_everything_would_be_found(tmp_path: Path, migrated: Path) -> None:
    database = _opened(tmp_path, migrated, Plain())
    await _fill(database)
    assert _found(tmp_path) == PERSONAL
    await database.close()


async def test_a_value_moved_to_another_row_is_unreadable(database: Database) -> None:
    await save(database, Changes(sessions=[session(ChatId(1)), session(ChatId(2))]))
    async with engines(database).writer.begin() as connection:
        moved = "UPDATE sessions SET body = (SELECT body FROM sessions WHERE chat_id = 1) WHERE chat_id = 2"
        assert (await connection.execute(text(moved))).rowcount == 1
    async with database.begin() as work:
        assert await work.sessions([ChatId(1)]) == {1: session(ChatId(1))}
        with pytest.raises(Unreadable):
            await work.sessions([ChatId(2)])


async def test_an_old_key_still_reads_and_finds(tmp_path: Path, migrated: Path) -> None:
    old_seal, old_hash = {"s1": generate_key()}, {"h1": generate_key()}
    new_seal, new_hash = {"s2": generate_key()}, {"h2": generate_key()}
    database = _opened(tmp_path, migrated, Encryption(sealing=old_seal, hashing=old_hash))
    await database.directory.import_policies([policy()], Counter())
    await database.close()
    rotated = Encryption(sealing=new_seal | old_seal, hashing=new_hash | old_hash)
    database = _opened(tmp_path, None, rotated)
    await database.directory.import_policies([policy("P-2", id_=2)], Counter())
    assert await database.directory.import_policies([policy(id_=9)], Counter()) == 0
    await database.close()
    database = _opened(tmp_path, None, Encryption(sealing=new_seal, hashing=new_hash))
    async with database.begin() as work:
        assert await work.policies(["P-1001", "P-2"]) == {"P-1001": policy(), "P-2": policy("P-2", id_=2)}
    await database.close()


def _opened(folder: Path, migrated: Path | None, codec: Codec) -> Database:
    path = folder / "intake.db"
    if migrated is not None:
        path.write_bytes(migrated.read_bytes())
    return Database.open(f"sqlite:///{path}", codec=codec, documents=folder / "documents")


async def test_an_error_says_nothing_of_the_values(database: Database) -> None:
    await save(database, Changes(new_cases=[case()]))
    with pytest.raises(Duplicate) as raised:
        await save(database, Changes(new_cases=[case(id_=2)]))
    said = "".join(traceback.format_exception(raised.value))
    assert "uq_cases_number" in said
    assert "GC-1" not in said


async def test_reference_data_comes_back_and_is_replaced(database: Database) -> None:
    products = [Product("CI-2026", "1", b'{"illnesses":[]}'), Product("CI-2026", "2", b"{}")]
    await database.directory.save_products(products)
    await database.directory.save_products(products[1:])
    assert await database.directory.products() == products
    hospital = Hospital("北京协和医院", "北京市", "北京市", "三级甲等", "公立", network=True)
    await database.directory.replace_hospitals([hospital])
    await database.directory.replace_hospitals([hospital])
    assert await database.directory.hospitals() == [hospital]


async def test_every_column_of_an_instant_refuses_a_naive_one(database: Database) -> None:
    async with engines(database).writer.connect() as connection:
        with pytest.raises(Exception, match="naive datetime"):
            await connection.execute(
                insert(metadata.tables["processed_updates"]), {"key": "k", "at": NOW.replace(tzinfo=None)}
            )
    assert EPOCH.tzinfo is not None
