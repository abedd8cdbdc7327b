"""The database of the last release (commit 0910dde), migrated: everything in it is read as it was."""

from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import text

from flows.cases.anonymising import NOBODY
from flows.cases.case import Case
from flows.cases.promises import promises_of
from flows.errors import Unreadable
from flows.ids import AgentId, ChatId, DocumentId
from flows.session import Agent, Session
from flows.terms.promises import Promise
from tests.contract.last_release import FOUND, Found, Replay
from tests.world import REFERENCE

RENAMED: Final = {
    "misses": "failed_answers",
    "early": "pre_consent",
    "held": "overtaken",
    "mismatches": "identity_failures",
    "unasked": "identity_review",
    "past": "closed_cases",
    "desk": "active_case",
}
REQUESTS: Final = {"help": "help", "review": "appeal", "OP": "application", "IP": "application"}
LIFE: Final = {  # by state, and whether it was worked on: stage, and who has the conversation
    ("queued", False): ("received", "unassigned"),
    ("queued", True): ("verifying", "unassigned"),
    ("talking", True): ("verifying", "agent_speaks"),
    ("owned", True): ("verifying", "bot_speaks"),
}
TIMES: Final = ("created_at", "due_at", "claimed_at", "confirmed_at", "restricted_at", "forget_at")


async def test_every_session_says_what_it_said(replay: Replay) -> None:
    sessions = await replay.sessions([found["chat"] for found in FOUND["chats"]])
    assert len(sessions) == len(FOUND["chats"]) > 80
    for found in FOUND["chats"]:
        assert _told_of(sessions[found["chat"]]) == _expected_session(found), found["scene"]


def _told_of(session: Session) -> Found:
    stored = msgspec.to_builtins(session)
    wake_at = session.wake_at and session.wake_at.isoformat()
    return {
        "state": session.state,
        "fields": sorted(stored.keys() - {"chat"}),
        "answers": session.answers,
        "attachments": [attachment.question for attachment in session.attachments],
        "cases": list(session.cases),
        "closed_cases": list(session.closed_cases),
        "identity_review": session.identity_review,
        "wake_at": wake_at,
    }


def _expected_session(found: Found) -> Found:
    return {
        "state": found["state"],
        "fields": sorted(RENAMED.get(name, name) for name in found["fields"]),
        "answers": found["answered"],
        "attachments": found["attachments"],
        "cases": found["cases"],
        "closed_cases": found["past"],
        "identity_review": found["unasked"],
        "wake_at": found["wake_at"],
    }


async def test_what_is_particular_about_a_session_is_under_its_new_name(replay: Replay) -> None:
    scenes = {found["scene"]: found["chat"] for found in FOUND["chats"]}
    sessions = await replay.sessions(list(scenes.values()))

    def of(scene: str) -> Session:
        return sessions[ChatId(scenes[scene])]

    assert of("asking_policy_number").failed_answers == 3
    assert [type(event).__name__ for event in of("early").pre_consent].count("FileReceived") == 1
    held = of("asking_condition").overtaken
    assert held is not None and held.text  # noqa: PT018 - what there is not has no text
    assert len(of("locked").identity_failures) == 5
    assert len(of("asking_originals").guesses) == 2
    assert {name for found in FOUND["chats"] for name in found["fields"]} >= RENAMED.keys() - {"desk"}


async def test_every_agent_is_in_the_conversation_they_were_in(replay: Replay) -> None:
    sessions = await replay.sessions([found["user"] for found in FOUND["agents"]])
    for found in FOUND["agents"]:
        session = sessions[found["user"]]
        assert session.active_case == found["desk"]
        expected = Agent(AgentId(found["user"]), found["name"], "agent") if found["active"] else None
        assert session.agent == expected
    assert sum(found["desk"] is not None for found in FOUND["agents"]) == 5


async def test_every_case_says_what_it_said(replay: Replay) -> None:
    cases = await replay.cases([found["id"] for found in FOUND["cases"]])
    assert len(cases) == len(FOUND["cases"]) > 30
    for found in FOUND["cases"]:
        case = cases[found["id"]]
        assert _facts(case) == _expected_facts(found), found["scene"]
        assert _life(case) == _expected_life(found), found["scene"]
    assert {(found["kind"], found["state"]) for found in FOUND["cases"]} > {(k, "queued") for k in REQUESTS}


def _facts(case: Case) -> Found:
    return {
        "number": case.number,
        "version": case.version,
        "chat": case.chat,
        "owner": case.owner,
        "owner_name": case.owner_name,
        "policy": case.policy,
        "unasked": case.identity_review,
        "answered": case.answers,
        "attachments": [attachment.question for attachment in case.attachments],
        "waiting": len(case.unread_messages),
        "acknowledged": len(case.acknowledged),
        "promises": [promise.name for promise in _promised(case)],
        "outcome": (case.decision or {}).get("outcome"),
    } | {name: _at(getattr(case, name)) for name in TIMES}


def _promised(case: Case) -> tuple[Promise, ...]:
    """Return what is counted from a case's milestones; of one that was made anonymous, nothing had been kept."""
    return promises_of(case, REFERENCE.terms, REFERENCE.calendar) if case.chat != NOBODY else ()


def _at(value: datetime | str | None) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _expected_facts(found: Found) -> Found:
    kept = found.keys() - {"id", "kind", "branch", "state", "scene", "worked_on", "transcript", *TIMES}
    return {name: found[name] for name in kept} | {name: _at(found[name]) for name in TIMES}


def _life(case: Case) -> tuple[str, str, str, str | None]:
    return case.request_type, case.service, case.stage, case.ownership if case.is_open else None


def _expected_life(found: Found) -> tuple[str, str, str, str | None]:
    service = "" if found["kind"] == "help" else found["answered"].get("service", "")
    if found["state"] == "closed":
        return REQUESTS[found["kind"]], service, "closed", None
    stage, ownership = LIFE[found["state"], found["worked_on"]]
    return REQUESTS[found["kind"]], service, stage, ownership


async def test_the_columns_of_a_case_agree_with_its_body(replay: Replay) -> None:
    async with replay.database._engines.reader.connect() as connection:  # noqa: SLF001 - the test looks at the rows
        rows = (await connection.execute(text("SELECT id, request_type, service, stage FROM cases"))).all()
    cases = await replay.cases([row.id for row in rows])
    assert {row.id: (row.request_type, row.service, row.stage) for row in rows} == {
        case.id: (case.request_type, case.service, case.stage) for case in cases.values()
    }
    async with replay.database.begin() as unit:
        queue, count = await unit.queue(100)
    assert {case.id for case in queue} == {found["id"] for found in FOUND["cases"] if found["state"] == "queued"}
    assert count == len(queue) > 5


async def test_documents_policies_and_counted_rows_are_there(replay: Replay) -> None:
    read = [await _readable(replay, document) for document in await _documents(replay)]
    assert read.count(True) >= 50
    documents = FOUND["rows"]["documents"]
    assert read.count(False) == documents["pending"] + documents["fetching"]  # their bytes were never here
    for table, name in (("processed_updates", "seen"), ("identity_failures", "policy_misses"), ("audit", "audit")):
        assert await _count(replay, table) == FOUND["rows"][name]["rows"] > 0
    locked = next(found for found in FOUND["chats"] if found["scene"] == "locked")
    number = locked["person"]["policy_number"]
    async with replay.database.begin() as unit:
        policies = await unit.policies([number])
    assert len(policies[number].identity_failures) == 5


async def _documents(replay: Replay) -> set[DocumentId]:
    sessions = await replay.sessions([found["chat"] for found in FOUND["chats"]])
    cases = await replay.cases([found["id"] for found in FOUND["cases"]])
    owners: list[Session | Case] = [*sessions.values(), *cases.values()]
    return {attachment.document for owner in owners for attachment in owner.attachments}


async def _readable(replay: Replay, document: DocumentId) -> bool:
    try:
        content = await replay.database.documents.read(document)
    except Unreadable:
        return False
    return content.startswith(b"\x89PNG")


async def _count(replay: Replay, table: str, where: str = "1 = 1") -> int:
    async with replay.database._engines.reader.connect() as connection:  # noqa: SLF001 - the test looks at the rows
        found = await connection.execute(text(f"SELECT count(*) FROM {table} WHERE {where}"))  # noqa: S608 - constants
        return int(found.scalar_one())


async def test_what_an_agent_did_is_on_record_under_the_names_of_the_commands(replay: Replay) -> None:
    assert await _count(replay, "audit", "action IN ('talk', 'handed_back')") == 0
    assert (
        await _count(replay, "audit", "action = 'returned_to_bot'")
        > await _count(replay, "audit", "action = 'taken_over'")
        > 0
    )


# ---- what was on its way goes on ----


async def test_rows_that_waited_are_leased_in_order_and_an_agents_words_in_doubt(replay: Replay) -> None:
    outbox, until = replay.database.outbox, replay.now + timedelta(minutes=1)
    rows = await outbox.lease(holder="new", limit=100, now=replay.now, until=until)
    assert [row.id for row in rows] == sorted(row.id for row in rows)
    waiting = FOUND["rows"]["outbox"]
    assert len(rows) == waiting["queued"] + waiting["sending"] - 2  # two are for who blocked the bot
    (doubted,) = [row for row in rows if row.doubted]
    (talking,) = [found for found in FOUND["cases"] if found["scene"] == "OP_talking"]
    assert doubted.doubt == (talking["owner"], talking["number"])
    assert doubted.chat == talking["chat"]
    assert all(msgspec.json.decode(row.payload.body) for row in rows)


async def test_the_silent_are_woken_when_they_were_to_be(replay: Replay) -> None:
    due = {found["chat"]: found["wake_at"] for found in FOUND["chats"] if found["wake_at"]}
    last = max(map(datetime.fromisoformat, due.values()))
    woken = await replay.database.to_wake(last, 1000)
    assert woken == sorted(due, key=lambda chat: (datetime.fromisoformat(due[chat]), chat))
    assert len(woken) > 40
    assert await replay.database.cases_to_wake(last, 10) == []
