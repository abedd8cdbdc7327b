"""What stands in the database, for tests of later code: read back from it, with the keys and what plays it on."""

import base64
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import select

from flows.desk.case import Case
from flows.ids import CaseId
from storage import migrate, tables
from storage.transaction import transaction
from tests.release_0910dde.cast import Cast
from tests.release_0910dde.house import HASHING, SEALING, Chat, unsaid

COUNTED = ("outbox", "documents", "uses", "lanes", "seen", "audit", "transcript", "dead_letters", "policy_misses")
STATEFUL = ("outbox", "documents", "uses")


async def inventory(cast: Cast) -> str:
    """Return the inventory as JSON."""
    found = {
        "commit": "0910dde",
        "revision": migrate.head(),
        "now": cast.house.now.isoformat(),
        "sealing_keys": encoded(SEALING),
        "hashing_keys": encoded(HASHING),
        "agents": [await agent(chat, name) for name, chat in cast.agents.items()],
        "chats": [await chat(cast, scene, each) for scene, each in cast.scenes.items()],
        "cases": [await case(cast, each) for each in await all_cases(cast)],
        "rows": {name: await count(cast, name) for name in COUNTED},
    }
    return "{\n" + ",\n".join(f"{written(name)}: {lines(value)}" for name, value in found.items()) + "\n}\n"


def written(value: object) -> str:
    """Return JSON in one line."""
    return json.dumps(value, ensure_ascii=False, default=str)


def lines(value: object) -> str:
    """Return JSON with one line for each member of a list."""
    return "[\n" + ",\n".join(map(written, value)) + "\n]" if isinstance(value, list) else written(value)


def encoded(keys: Mapping[str, bytes]) -> dict[str, str]:
    """Return keys in Base64, as the settings have them."""
    return {name: base64.b64encode(key).decode() for name, key in keys.items()}


async def agent(who: Chat, name: str) -> dict[str, Any]:
    """Describe an agent."""
    session = await who.house.session(who.id)
    return {"user": who.id, "name": name, "active": session.agent is not None, "desk": session.desk}


async def chat(cast: Cast, scene: str, who: Chat) -> dict[str, Any]:
    """Describe a chat: its state, its cases, its policy, what it answers when it is played on, its newest buttons."""
    session = await cast.house.session(who.id)
    held = cast.policies.get(scene)
    return {
        "chat": who.id,
        "scene": scene,
        "state": session.state,
        "fields": sorted(unsaid(session).keys() - {"chat"}),
        "answered": session.answers,
        "attachments": [a.question for a in session.attachments],
        "cases": session.cases,
        "past": session.past,
        "unasked": session.unasked,
        "wake_at": session.wake_at and session.wake_at.isoformat(),
        "person": msgspec.to_builtins(who.who),
        "policy_status": held.status if held else "",
        "differs": differing(who),
        "buttons": cast.house.renderer.buttons.get(who.id, []),
        **cast.notes.get(scene, {}),
    }


def differing(who: Chat) -> dict[str, str]:
    """Return what this chat answers in another way than `tests.right.answers` does for its person."""
    if who.who is None:
        return {}
    usual = Chat(who.house, who.id, who.who).right
    return {question: answer for question, answer in who.right.items() if usual[question] != answer}


async def all_cases(cast: Cast) -> list[Case]:
    """Return every case in order of id."""
    async with transaction(cast.house.database._engines.reader, cast.house.database._codec) as link:  # noqa: SLF001
        ids = [CaseId(row.id) for row in await link.read(select(tables.cases.c.id).order_by(tables.cases.c.id))]
    async with cast.house.database.begin() as unit:
        return list((await unit.cases(ids)).values())


async def case(cast: Cast, each: Case) -> dict[str, Any]:
    """Describe a case; its body in short."""
    said = await cast.house.database.directory.transcript(each.id)
    return {
        "id": each.id,
        "number": each.number,
        "kind": each.kind,
        "branch": each.answers.get("branch", ""),
        "state": each.state,
        "version": each.version,
        "chat": each.chat,
        "scene": next((scene for scene, who in cast.scenes.items() if who.id == each.chat), ""),
        "owner": each.owner,
        "owner_name": each.owner_name,
        "created_at": each.created_at.isoformat(),
        "due_at": each.due_at.isoformat(),
        "claimed_at": each.claimed_at and each.claimed_at.isoformat(),
        "confirmed_at": each.confirmed_at and each.confirmed_at.isoformat(),
        "restricted_at": each.restricted_at and each.restricted_at.isoformat(),
        "forget_at": each.forget_at and each.forget_at.isoformat(),
        "policy": each.policy,
        "unasked": each.unasked,
        "worked_on": each.worked_on,
        "answered": each.answers,
        "attachments": [a.question for a in each.attachments],
        "waiting": len(each.waiting),
        "acknowledged": len(each.acknowledged),
        "promises": [promise.name for promise in each.promises],
        "outcome": (each.decision or {}).get("outcome"),
        "transcript": len(said),
    }


async def count(cast: Cast, name: str) -> dict[str, int]:
    """Count the rows of a table, by state where they have one."""
    table = tables.metadata.tables[name]
    column = table.c.state if name in STATEFUL else None
    async with transaction(cast.house.database._engines.reader, cast.house.database._codec) as link:  # noqa: SLF001
        rows = await link.read(select(table))
    return dict(Counter("rows" if column is None else str(row.state) for row in rows))
