"""Revision 0003 rewrites encrypted bodies: all of them or none, there and back, and none that it cannot open."""

from typing import Final

import msgspec
import pytest
import structlog
from sqlalchemy import Connection, text

from flows.cases.case import Case
from flows.errors import KeysRequired
from flows.session import Session
from storage.connection.encryption import Encryption, generate_key
from storage.migrations import bodies as names
from storage.migrations import migrate, rewriting
from tests.contract.last_release import CODEC, FOUND, REVISION, bodies, rows_of

FOREIGN: Final = Encryption(sealing={"x": generate_key()}, hashing={"y": generate_key()})
CHAT: Final = next(found["chat"] for found in FOUND["chats"] if found["scene"] == "asking_policy_number")
CASE: Final = next(found["id"] for found in FOUND["cases"] if found["scene"] == "OP_talking")
PLACES: Final = {("sessions", CHAT): "chat_id", ("cases", CASE): "id"}


async def test_every_name_in_a_body_is_a_field_so_that_nothing_falls_back_to_a_default(last_release_url: str) -> None:
    await migrate.upgrade(last_release_url, codec=CODEC)
    found = await bodies(last_release_url)
    assert len(found) > 100
    for (table, _), body in found.items():
        fields = Session.__struct_fields__ if table == "sessions" else Case.__struct_fields__
        assert body.keys() <= set(fields)


async def test_what_went_up_comes_down_as_it_was(last_release_url: str) -> None:
    before, rows = uncounted(await bodies(last_release_url)), await rows_of(last_release_url)
    await migrate.upgrade(last_release_url, codec=CODEC)
    assert await bodies(last_release_url) != before
    await migrate.downgrade(last_release_url, REVISION, codec=CODEC)
    assert await bodies(last_release_url) == before
    after = await rows_of(last_release_url)
    for table in (*rows.values(), *after.values()):
        for row in table:
            row.pop("body", None)  # sealed anew
    assert {name: sorted(table, key=str) for name, table in after.items()} == {
        name: sorted(table, key=str) for name, table in rows.items()
    }


async def test_without_keys_a_database_with_bodies_is_left_as_it_is(last_release_url: str) -> None:
    before = await rows_of(last_release_url)
    with pytest.raises(KeysRequired):
        await migrate.upgrade(last_release_url)
    assert await migrate.current(last_release_url) == REVISION
    assert await rows_of(last_release_url) == before
    await migrate.upgrade(last_release_url, codec=CODEC)
    with pytest.raises(KeysRequired):
        await migrate.downgrade(last_release_url, REVISION)
    assert await migrate.current(last_release_url) == migrate.head()


async def test_rows_are_rewritten_a_portion_at_a_time(last_release_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting, "PORTION", 7)
    await migrate.upgrade(last_release_url, codec=CODEC)
    found = await bodies(last_release_url)
    assert sum("kind" in body for (table, _), body in found.items() if table == "cases") == 0
    assert any("failed_answers" in body for body in found.values())
    assert not any("misses" in body for body in found.values())


async def test_a_body_that_cannot_be_opened_stays_as_it_is_and_stops_no_other(last_release_url: str) -> None:
    before = await bodies(last_release_url)
    await migrate.run(last_release_url, lambda connection: _seal(connection, before, FOREIGN))
    with structlog.testing.capture_logs() as logs:
        await migrate.upgrade(last_release_url, codec=CODEC)
    assert [(log["event"], log["table"], log["row"], log["code"]) for log in logs] == [
        ("body_unreadable", table, row, "unreadable") for table, row in PLACES
    ]
    await migrate.run(last_release_url, lambda connection: _seal(connection, before, CODEC))
    found = await bodies(last_release_url)
    assert {place for place, body in found.items() if {"kind", "misses"} & body.keys()} == PLACES.keys()


async def test_going_down_and_up_renames_a_body_whose_key_was_found_later(last_release_url: str) -> None:
    before = await bodies(last_release_url)
    await migrate.upgrade(last_release_url, codec=CODEC)
    after = await bodies(last_release_url)
    await migrate.run(last_release_url, lambda connection: _seal(connection, before, CODEC))
    await migrate.downgrade(last_release_url, REVISION, codec=CODEC)
    assert uncounted(await bodies(last_release_url)) == uncounted(before)
    await migrate.upgrade(last_release_url, codec=CODEC)
    assert uncounted(await bodies(last_release_url)) == uncounted(after)


def uncounted(found: dict[tuple[str, int], names.Body]) -> dict[tuple[str, int], names.Body]:
    """Return bodies without what is counted from the day of acceptance, which a downgrade does not bring back."""
    return {
        place: {name: value for name, value in body.items() if name not in {"promises", "milestones"}}
        for place, body in found.items()
    }


def _seal(connection: Connection, found: dict[tuple[str, int], names.Body], codec: Encryption) -> None:
    """Write the bodies of two rows, as `codec` seals them."""
    for (table, row), key in PLACES.items():
        sealed = codec.seal(msgspec.json.encode(found[table, row]), column=f"{table}|body", row=row)
        statement = text(f"UPDATE {table} SET body = :body WHERE {key} = :row")  # noqa: S608 - names above
        connection.execute(statement, {"body": sealed, "row": row})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"kind": "help"}, {"request_type": "help"}),
        ({"kind": "OP"}, {"request_type": "application", "service": "OP"}),
        ({"kind": "review", "answers": {"service": "IP"}}, {"request_type": "appeal", "service": "IP"}),
        ({"kind": "review", "answers": {}}, {"request_type": "appeal"}),
        (
            {"kind": "OP", "state": "talking", "owner": 7, "worked_on": True},
            {"request_type": "application", "service": "OP", "stage": "verifying", "speaker": "agent", "owner": 7},
        ),
        (
            {"kind": "IP", "state": "owned", "owner": 7, "worked_on": True},
            {"request_type": "application", "service": "IP", "stage": "verifying", "owner": 7},
        ),
        (
            {"kind": "IP", "worked_on": True, "waiting": [1]},
            {"request_type": "application", "service": "IP", "stage": "verifying", "unread_messages": [1]},
        ),
        (
            {"kind": "help", "state": "closed", "owner": 7, "worked_on": True, "unasked": True},
            {"request_type": "help", "stage": "closed", "owner": 7, "identity_review": True},
        ),
        (
            {"kind": "OP", "state": "closed", "forget_at": "2026-12-23T02:27:04Z"},
            {
                "request_type": "application",
                "service": "OP",
                "stage": "closed",
                "forget_at": "2026-12-23T02:27:04Z",
            },
        ),
    ],
)
def test_each_kind_and_state_has_its_new_names_and_gets_the_old_ones_back(old: names.Body, new: names.Body) -> None:
    if old.get("answers") is not None:
        new = {**new, "answers": old["answers"]}
    assert names.new_case(old) == new
    assert names.new_case(new) == new
    assert names.old_case(new) == names.old_case(old) == old


def test_the_last_release_keeps_no_time_to_wake_a_case() -> None:
    assert names.old_case({"request_type": "help", "wake_at": "2026-12-23T02:27:04Z"}) == {"kind": "help"}


def test_a_body_that_is_no_case_is_refused() -> None:
    for rename in (names.new_case, names.old_case):
        with pytest.raises(KeyError):
            rename({"state": "queued"})


@pytest.mark.parametrize("stage", ["arranging", "booked", "in_progress", "after_visit"])
def test_a_case_of_a_later_stage_is_one_that_was_worked_on_for_the_release_before(stage: str) -> None:
    body = {"request_type": "application", "service": "OP", "stage": stage}
    assert names.old_case(body) == {"kind": "OP", "worked_on": True}
    assert names.old_case({**body, "owner": 7})["state"] == "owned"
