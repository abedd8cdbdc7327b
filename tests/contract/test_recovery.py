"""What a bot finds when it comes up after a crash."""

import os
from datetime import timedelta
from pathlib import Path

from msgspec import structs

from flows.ids import RowId
from flows.ports.unit_of_work import Changes, DeadLetter
from storage.connection.encryption import Encryption, generate_key
from storage.database import Database
from tests.contract.samples import LI, NOW, SOON, WANG, file, lease, queue, recorded, row, save, session


async def test_who_is_alone_takes_over_what_the_dead_had_leased(database: Database) -> None:
    await queue(database, row(1))
    await save(database, recorded(file(7)))
    await lease(database)
    await database.documents.lease(limit=1, now=NOW, until=SOON)
    assert await lease(database, holder="new") == []
    assert await database.recover(NOW)
    assert [(each.id, each.doubted) for each in await lease(database, holder="new")] == [(1, True)]
    assert [job.document for job in await database.documents.lease(limit=1, now=NOW, until=SOON)] == [7]


async def test_who_is_not_alone_waits_for_the_leases_to_end(database: Database, tmp_path: Path) -> None:
    codec = Encryption(sealing={"s1": generate_key()}, hashing={"h1": generate_key()})
    other = Database.open(f"sqlite:///{tmp_path / 'intake.db'}", codec=codec, documents=tmp_path / "documents")
    await queue(database, row(1))
    await lease(database)
    assert not await database.recover(NOW)
    await other.close()
    assert await database.recover(NOW + timedelta(seconds=1))


async def test_on_postgresql_others_may_be_alive(postgresql: Database) -> None:
    assert not await postgresql.recover(NOW)


async def test_who_comes_next_knows_when_somebody_was_last_at_work(database: Database, tmp_path: Path) -> None:
    url, documents = f"sqlite:///{tmp_path / 'intake.db'}", tmp_path / "documents"
    codec = Encryption(sealing={"s1": generate_key()}, hashing={"h1": generate_key()})
    assert database.last_beat is None
    database.beat()
    os.utime(tmp_path / "intake.db.lock", (0, NOW.timestamp()))
    other = Database.open(url, codec=codec, documents=documents)
    assert other.last_beat == NOW
    other.beat()
    await other.close()
    assert (tmp_path / "intake.db.lock").stat().st_mtime > NOW.timestamp()


async def test_chats_that_wait_for_an_answer_are_found_by_state_and_time(database: Database) -> None:
    await save(database, Changes(sessions=[session(WANG), structs.replace(session(LI), state="submitted")]))
    state = session(WANG).state
    assert await database.waiting([state], NOW) == [WANG]
    assert await database.waiting([state], NOW + timedelta(seconds=1)) == []
    assert await database.waiting([state, "submitted"], NOW) == sorted([WANG, LI])


async def test_what_was_set_aside_is_deleted_after_thirty_days(database: Database) -> None:
    await save(database, Changes(dead=[DeadLetter(RowId(1), WANG, "KeyError", b"{}")]))
    for days, deleted in ((29, 0), (31, 1)):
        assert (await database.purge(NOW + timedelta(days=days), keep_sent=timedelta(days=90))).letters == deleted
    assert await database.directory.dead_letters(10) == []
