"""Every kind of record has one writer, and one that has none is found before anything is written."""

import pytest

from flows.effects import AuditEntry, FileClaim, FileFetch, UseConsumption, UseSettlement, record_kinds
from flows.ids import ChatId, RowId
from flows.ports.unit_of_work import Changes, Entry
from storage.connection.connection import Connection
from storage.records import registry
from tests.fake_records import WRITERS as FAKE_WRITERS
from tests.world import MONDAY


def test_every_kind_of_record_has_a_writer_in_storage_and_in_the_fake() -> None:
    kinds = set(record_kinds())
    assert len(kinds) >= 10
    assert kinds == registry.WRITERS.keys() == FAKE_WRITERS.keys()


def test_kinds_are_written_as_they_are_declared_files_before_their_claims() -> None:
    kinds = record_kinds()
    assert kinds.index(FileFetch) < kinds.index(FileClaim)
    assert UseSettlement not in kinds
    assert UseConsumption in kinds


def _forget_a_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    others = {kind: writer for kind, writer in registry.WRITERS.items() if kind is not AuditEntry}
    monkeypatch.setattr(registry, "WRITERS", others)


def test_a_kind_without_a_writer_is_an_error_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    _forget_a_writer(monkeypatch)
    with pytest.raises(LookupError, match="AuditEntry"):
        registry.check()


async def test_what_nothing_writes_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    _forget_a_writer(monkeypatch)
    changes = Changes()
    changes.add(RowId(1), AuditEntry(action="asked", chat=ChatId(1)))
    with pytest.raises(LookupError, match="AuditEntry"):
        await registry.write_all(Connection.__new__(Connection), changes, MONDAY)


def test_a_second_writer_is_refused() -> None:
    async def again(connection: Connection, entries: list[Entry[AuditEntry]], now: object) -> None:
        raise NotImplementedError((connection, entries, now))

    with pytest.raises(ValueError, match="two writers: AuditEntry"):
        registry.writes(AuditEntry)(again)  # type: ignore[arg-type] # its types do not matter here
