"""A case whose time is up keeps what it decided and loses whose it was, in every place where that stood.

Looked for without encryption: what is forgotten is gone, not only unreadable to those who have no key.
"""

from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec import structs
from sqlalchemy import func, select, text

from flows.cases.anonymising import NOBODY, anonymous
from flows.cases.case import Case, Line
from flows.effects import AuditEntry, Confirmation, FileClaim, TranscriptLine, UseReservation
from flows.errors import Busy, Unreadable
from flows.ids import AgentId, CaseId, DocumentId, PolicyId
from flows.ports.unit_of_work import Changes
from flows.terms.policy import RESERVED
from storage.database import Database, Purged
from storage.records import forgetting
from storage.schema import metadata
from tests.bot.traces import on_disk, search
from tests.contract.samples import LATER, LI, NOW, WANG, Backend, case, file, policy, recorded, save
from tests.fakes import Counter, FakeStore

DUE = NOW + timedelta(days=365)
YEAR = date(2025, 5, 1)
REPORT = DocumentId(5)
IDENTITY = {
    "name": "欧阳静姝",
    "id_number": "110101197503129930",
    "phone": "13655556666",
    "policy_number": "P-88776655",
    "illness_words": "左边乳房里长了东西",
    "doctor_words": "想看李主任的门诊",
    "hospitals": "上海瑞金医院、上海中山医院",
}
CLOSED = {"service": "OP", "applicant": "relative", "illness": "cancer", "condition": "confirmed", "visit_kind": "vip"}
EARLIER = "早先的一个名字"
SECRETS = (
    *IDENTITY.values(),
    EARLIER,
    "电话请打我女儿的",
    "我住在朝阳区建国路",
    "pathology-20260091",
    "bytes of a picture",
    "44443333",
    str(WANG),
)


def context(*, id_: int = 1, version: int = 0) -> Case:
    """A case with everything in it that says whose it is."""
    return structs.replace(
        case(f"GC-{id_}", id_=id_, stage="closed", version=version),
        answers=IDENTITY | CLOSED,
        unread_messages=(Line(NOW, "电话请打我女儿的"),),
        forget_at=DUE,
    )


async def fill(store: Backend) -> None:
    """One case, from its first version to its last, with all that hangs on it."""
    await store.directory.import_policies([policy()], Counter())
    use = UseReservation(policy=PolicyId(4), service="OP", year=YEAR, case=CaseId(1))
    opened = AuditEntry(action="case_opened", chat=WANG, case=CaseId(1), codes={"kind": "OP"})
    claimed = AuditEntry(action="claimed", chat=LI, case=CaseId(1), actor=AgentId(LI))
    said = TranscriptLine(case=CaseId(1), author="policyholder", text="我住在朝阳区建国路", at=NOW)
    first = structs.replace(context(), answers=IDENTITY | CLOSED | {"name": EARLIER}, forget_at=None)
    changes = recorded(
        use,
        Confirmation(code="44443333", case=CaseId(1), until=DUE + timedelta(days=1)),
        structs.replace(file(), name="pathology-20260091.pdf"),
        FileClaim(case=CaseId(1), documents=(REPORT,)),
        opened,
        claimed,
        said,
        new_cases=[first],
    )
    await save(store, changes)
    await store.documents.keep(REPORT, b"bytes of a picture", NOW)
    await save(store, Changes(changed_cases=[context(version=1)]))


async def places(store: Backend, folder: Path) -> dict[str, bytes]:
    """Everything that is kept: the files of SQLite, the rows of PostgreSQL, the documents, the state of the fake."""
    if isinstance(store, FakeStore):
        return {"state": repr(store.state).encode()}
    kept = on_disk(folder)
    async with store._engines.reader.connect() as connection:  # noqa: SLF001 - the test looks where no caller may
        for table in metadata.tables.values():
            rows = (await connection.execute(select(table))).all()
            kept[table.name] = b"\n".join(_written(value) for row in rows for value in row)
    return kept


def _written(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


async def purge(store: Backend) -> Purged:
    return await store.purge(DUE, keep_sent=timedelta(days=30))


async def test_nothing_is_left_that_says_whose_a_forgotten_case_was(plain: Backend, tmp_path: Path) -> None:
    await fill(plain)
    await plain.purge(DUE - timedelta(seconds=1), keep_sent=timedelta(days=30))
    found = search(SECRETS, await places(plain, tmp_path)).found
    assert {*SECRETS} - {EARLIER} <= found.keys()
    purged = await purge(plain)
    assert (purged.cases, purged.documents) == (1, 1)
    searched = search(SECRETS, await places(plain, tmp_path))
    assert searched.found == {}
    assert searched.size > 500


async def test_ledger_and_findings_stay(plain: Backend) -> None:
    await fill(plain)
    await purge(plain)
    async with plain.begin() as work:
        kept = (await work.cases([CaseId(1)]))[CaseId(1)]
        uses = (await work.policies(["P-1001"]))["P-1001"].uses
    (use,) = uses
    assert (use.service, use.year, use.state) == ("OP", YEAR, RESERVED)
    assert use.case not in {None, CaseId(1)}, "it leads to no case"
    assert kept == anonymous(context(version=1))
    assert (kept.decision, kept.answers) == (context().decision, CLOSED)
    assert (kept.chat, kept.version, kept.forget_at) == (NOBODY, 2, None)


async def test_everything_that_hung_on_the_case_is_gone(plain: Backend) -> None:
    await fill(plain)
    await purge(plain)
    assert await plain.queries.transcript(CaseId(1), limit=9) == []
    with pytest.raises(Unreadable):
        await plain.documents.read(REPORT)
    async with plain.begin() as work:
        assert await work.confirmations(["44443333"], NOW) == {}


async def test_other_cases_keep_what_they_have(store: Backend) -> None:
    await fill(store)
    line = TranscriptLine(case=CaseId(2), author="agent", text="您好", at=NOW)
    other = structs.replace(context(id_=2), forget_at=DUE + timedelta(seconds=1))
    claim = FileClaim(case=CaseId(2), documents=(DocumentId(6),))
    await save(store, recorded(line, file(6), claim, new_cases=[other]))
    await store.documents.keep(DocumentId(6), b"theirs", NOW)
    assert (await purge(store)).cases == 1
    said = await store.queries.transcript(CaseId(2), limit=9)
    assert [(each.author, each.text, each.at) for each in said] == [(line.author, line.text, line.at)]
    assert await store.documents.read(DocumentId(6)) == b"theirs"
    async with store.begin() as work:
        assert await work.cases([CaseId(2)]) == {CaseId(2): other}


async def test_a_case_is_forgotten_once_and_who_wrote_to_it_meanwhile_begins_again(store: Backend) -> None:
    await fill(store)
    assert [(await purge(store)).cases for _ in range(2)] == [1, 0]
    with pytest.raises(Busy):
        await save(store, Changes(changed_cases=[context(version=2)]))


async def test_more_cases_than_a_portion_are_all_forgotten(store: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "_DUE", forgetting._DUE.limit(2))  # noqa: SLF001 - a hundred cases would be slow
    await save(store, Changes(new_cases=[context(id_=n) for n in range(1, 6)]))
    assert (await purge(store)).cases == 5


async def test_the_audit_says_what_was_done_to_the_case_and_by_which_agent(database: Database) -> None:
    await fill(database)
    await purge(database)
    async with database._engines.reader.connect() as connection:  # noqa: SLF001 - the test looks where no caller may
        entries = (await connection.execute(select(metadata.tables["audit"]).order_by(text("id")))).all()
        chats = [
            (await connection.execute(select(func.count()).where(table.c.chat_id == WANG))).scalar_one()
            for table in metadata.tables.values()
            if "chat_id" in table.c
        ]
    assert [(each.action, each.chat_id, each.actor) for each in entries] == [
        ("case_opened", NOBODY, None),
        ("claimed", LI, LI),
    ]
    assert chats == [0] * 7


async def test_a_case_that_cannot_be_read_holds_up_no_other(database: Database) -> None:
    await save(database, Changes(new_cases=[context(id_=1), context(id_=2)]))
    async with database._engines.writer.begin() as connection:  # noqa: SLF001 - the test damages what no caller may
        await connection.execute(text("UPDATE cases SET body = (SELECT body FROM cases WHERE id = 2) WHERE id = 1"))
    assert (await purge(database)).cases == 1


async def test_a_file_that_arrives_after_its_case_was_forgotten_is_not_kept(store: Backend, tmp_path: Path) -> None:
    claim = FileClaim(case=CaseId(1), documents=(REPORT,))
    await save(store, recorded(file(), claim, new_cases=[context()]))
    await store.documents.lease(limit=1, now=NOW, until=LATER)
    await purge(store)
    await store.documents.keep(REPORT, b"bytes of a picture", NOW)
    with pytest.raises(Unreadable):
        await store.documents.read(REPORT)
    assert not [name for name in on_disk(tmp_path) if name == f"documents/{REPORT}"]
