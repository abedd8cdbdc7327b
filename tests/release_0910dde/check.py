"""Open the packed database with the code of commit 0910dde, read everything back, and play it on to the end.

`python -m tests.release_0910dde.check FOLDER`, in the same checkout as `make`. Every case is closed by its owner, every
draft submitted; what cannot be raises.
"""

import asyncio
import lzma
import sys
import tarfile
import tempfile
from collections import Counter
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import msgspec

from flows.errors import Unreadable
from flows.ids import CaseId, ChatId, UserId
from flows.session import Agent
from tests.release_0910dde.cast import AGENTS
from tests.release_0910dde.house import Chat, House, Worker
from tests.release_0910dde.people import Person

A_DAY_LATER: Final = timedelta(hours=26)  # a locked chat is open again, a guarded policy no longer is
FREE: Final = 207  # the agent who takes what nobody owns
COUNTED: Final = 10_000


def unpacked(source: Path, folder: Path) -> Path:
    """Write the database and its documents into a folder, as they were; return the folder."""
    (folder / "database.sqlite3").write_bytes(lzma.decompress((source / "database.sqlite3.xz").read_bytes()))
    with tarfile.open(fileobj=BytesIO(lzma.decompress((source / "documents.tar.xz").read_bytes()))) as archive:
        archive.extractall(folder, filter="data")
    return folder


def seated(house: House, found: dict[str, Any]) -> Chat:
    """Return a chat of the inventory, in front of the buttons that it was shown last."""
    who = msgspec.convert(found["person"], Person) if found["person"] else None
    chat = Chat(house, found["chat"], who, **found["differs"])
    house.renderer.buttons[chat.id] = found["buttons"]
    house.renderer.older[chat.id] = list(found["buttons"])
    return chat


async def read_back(house: House, inventory: dict[str, Any]) -> Counter[str]:
    """Compare every session, case and document with the inventory; count what was read."""
    read: Counter[str] = Counter()
    async with house.database.begin() as unit:
        sessions = await unit.sessions([ChatId(each["chat"]) for each in inventory["chats"]])
        cases = await unit.cases([CaseId(each["id"]) for each in inventory["cases"]])
    for each in inventory["chats"]:
        session = sessions[ChatId(each["chat"])]
        if (session.state, session.answers) != (each["state"], each["answered"]):
            raise AssertionError(each)
        read["sessions"] += 1
        for attachment in session.attachments:
            read[await read_file(house, attachment.document)] += 1
    for each in inventory["cases"]:
        case = cases[CaseId(each["id"])]
        if (case.state, case.kind, case.answers) != (each["state"], each["kind"], each["answered"]):
            raise AssertionError(each)
        read["cases"] += 1
        for attachment in case.attachments:
            read[await read_file(house, attachment.document)] += 1
    return read


async def read_file(house: House, document: Any) -> str:  # noqa: ANN401 - an id
    """Return True if a document's bytes are there."""
    try:
        await house.database.documents.read(document)
    except Unreadable:
        return "files not there"
    return "files"


async def close_cases(house: House, inventory: dict[str, Any]) -> Counter[str]:
    """Let the owner, or else a free agent, close every open case; count them by the state that they were in."""
    done: Counter[str] = Counter()
    await house.database.directory.add_agent(Agent(UserId(208), dict(AGENTS)[208]))
    for each in sorted(inventory["cases"], key=lambda case: case["state"] != "talking"):
        worker = Worker(house, each["owner"] or FREE)
        if each["state"] == "queued":
            await worker.do("claim", each["id"])
        if each["state"] in {"queued", "talking"}:
            await worker.do("hand_back", each["id"])
        if each["state"] != "closed" and each["kind"] != "help":
            await worker.do("close", each["id"])
        async with house.database.begin() as unit:
            case = (await unit.cases([CaseId(each["id"])]))[CaseId(each["id"])]
        if case.state != "closed":
            raise AssertionError((each, case.state))
        done[each["state"]] += 1
    return done


async def submit_drafts(house: House, inventory: dict[str, Any]) -> Counter[str]:
    """Play on every chat that has not submitted; count them by the state that they were in."""
    done: Counter[str] = Counter()
    for found in inventory["chats"]:
        chat, state = seated(house, found), found["state"]
        if not found["person"] or state == "submitted":
            continue
        if state == "refused":
            await chat.press("!appeal")
        elif state == "locked":
            await chat.say("/start")
        try:
            await chat.come_to("submitted")
        except AssertionError:
            await ended(chat)
            state += " (refused)"
        done[state] += 1
    return done


async def ended(chat: Chat) -> None:
    """A request that is refused by now, as the policy's use is spent, goes to a human. Raises where it is not."""
    if await chat.state() != "refused":
        raise AssertionError((chat.id, await chat.state()))
    await chat.press("!appeal")
    await chat.come_to("submitted")


async def check(source: Path) -> None:
    """Check a folder that `make` wrote."""
    inventory = msgspec.json.decode((source / "inventory.json").read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        now = datetime.fromisoformat(inventory["now"]) + A_DAY_LATER
        house = await House.open(unpacked(source, Path(folder)), now, counted=COUNTED)
        await house.load()
        for work in (read_back, close_cases, submit_drafts):
            sys.stdout.write(f"{work.__name__}: {dict(await work(house, inventory))}\n")
        await house.database.close()


if __name__ == "__main__":
    asyncio.run(check(Path(sys.argv[1])))
