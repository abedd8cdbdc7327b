"""Make the fixture database with the code of commit 0910dde, and with that code only.

It runs in a checkout of 0910dde to which this folder was added: `python -m tests.release_0910dde.make FOLDER` writes
`database.sqlite3.xz`, `documents.tar.xz` and `inventory.json` into FOLDER. Later code has other names, and cannot run
it: it is kept for the record. README.md says what the database holds.
"""

import asyncio
import lzma
import shutil
import sqlite3
import sys
import tarfile
import tempfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Final

from flows.events import FileFailed, GroupWritten
from flows.ids import ChatId, RowId
from flows.ports import DeadLetter
from storage import migrate
from storage.imports import industry_product
from storage.imports.hospitals import read_hospitals
from tests.release_0910dde import cases, drafts
from tests.release_0910dde.cast import Cast, request
from tests.release_0910dde.house import House
from tests.release_0910dde.inventory import inventory
from tests.release_0910dde.people import PRODUCT
from tests.world import MONDAY

WEEKS_BEFORE: Final = datetime(2026, 10, 19, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai, as are the others
LAST_WEEK: Final = datetime(2026, 12, 3, 2, 0, tzinfo=UTC)  # a Thursday
HOSPITALS: Final = Path("flows/reading/data/hospitals.csv")
PLACES: Final = frozenset({"北京市", "上海市"})
KEPT_SENT: Final = timedelta(days=7)  # as the settings have it


async def reference_data(cast: Cast) -> None:
    """Store the hospitals of two cities, the sample product with its illnesses, the agents."""
    directory = cast.house.database.directory
    await directory.replace_hospitals([h for h in read_hospitals(HOSPITALS) if h.province in PLACES])
    await directory.save_products([industry_product(*PRODUCT)])
    await cast.hire()
    await cast.house.load()


async def play(cast: Cast) -> None:
    """Play everything, from October to the evening of the last day."""
    house = cast.house
    await cases.forgotten(cast)
    await house.pass_to(MONDAY)
    await purge(house)
    await cases.each_kind_in_each_state(cast)
    await cases.of_a_relative(cast)
    await cases.restricted(cast)
    await cases.particular(cast)
    await house.fetch_files()
    await house.pass_to(LAST_WEEK - timedelta(days=1, minutes=10))
    await (await cast.customer("reminded")).come_to("illness")
    await house.pass_to(LAST_WEEK)
    await drafts.in_each_question(cast)
    await drafts.particular(cast)
    await drafts.guarded(cast)
    await drafts.resting(cast)
    await request(cast, "relative_unconfirmed", "OP", applicant="家人")
    cast.note("relative_unconfirmed", confirmation_code=house.ids.codes[-1])
    await purge(house)
    await unfinished(cast)


async def purge(house: House) -> None:
    """Forget what is old, as the process does every day."""
    await house.database.purge(house.now, keep_sent=KEPT_SENT)


async def unfinished(cast: Cast) -> None:
    """Leave everything as a process that was killed leaves it: rows and files on their way, a letter set aside."""
    house = cast.house
    await house.fetch_files()
    dropped = await (await cast.customer("file_dropped")).come_to("record_hospital")
    await dropped.say("取消")
    await dropped.press("!cancel")
    await failed_file(cast)
    letter = DeadLetter(RowId(house.ids.new()), dropped.id, "KeyError", b'{"update_id":1}', key="u:800001")
    await house.service.handle([], [letter])
    await house.handle(GroupWritten(chat=ChatId(900)), "m:900:1")
    fetching = await (await cast.customer("file_fetching")).come_to("record")
    await fetching.photo()
    await house.database.documents.lease(limit=1, now=house.now, until=house.now + timedelta(minutes=5))
    await (await cast.customer("file_pending")).come_to("record_hospital")
    await lanes(cast)


async def failed_file(cast: Cast) -> None:
    """A file that Telegram does not give any more."""
    house = cast.house
    customer = await (await cast.customer("file_failed")).come_to("record_kind")
    (job,) = await house.database.documents.lease(limit=1, now=house.now, until=house.now + timedelta(minutes=5))
    await house.database.documents.give_up(job.document, "gone")
    await house.handle(FileFailed(chat=customer.id, document=job.document, code="gone"))


async def lanes(cast: Cast) -> None:
    """A chat that blocked the bot, one whose row is on its way, two whose rows wait."""
    house = cast.house
    blocked = await (await cast.customer("lane_blocked")).come_to("name")
    house.delivers = False
    await blocked.answer()
    await house.deliver("blocked")
    await cast.agents["陈浩"].say("请问您周四上午方便吗？")
    await house.database.outbox.lease(
        holder="sender-2", limit=200, now=house.now, until=house.now + timedelta(minutes=2)
    )
    for scene in ("rows_queued", "rows_queued_review"):
        customer = await cast.customer(scene)
        house.delivers = True
        await customer.come_to("phone" if scene == "rows_queued" else "terms")
        house.delivers = False
        await customer.answer()


def packed(folder: Path, into: Path) -> None:
    """Write the database as one file, vacuumed, and the documents beside it, both compressed."""
    connection = sqlite3.connect(folder / "database.sqlite3", isolation_level=None)
    for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA journal_mode=DELETE", "VACUUM"):
        connection.execute(statement).fetchall()
    connection.close()
    compressed = lzma.compress((folder / "database.sqlite3").read_bytes(), preset=9 | lzma.PRESET_EXTREME)
    (into / "database.sqlite3.xz").write_bytes(compressed)
    tarred = BytesIO()
    with tarfile.open(fileobj=tarred, mode="w") as archive:
        for file in sorted((folder / "documents").iterdir()):
            entry = tarfile.TarInfo(f"documents/{file.name}")
            entry.size = file.stat().st_size
            archive.addfile(entry, BytesIO(file.read_bytes()))
    (into / "documents.tar.xz").write_bytes(lzma.compress(tarred.getvalue(), preset=9 | lzma.PRESET_EXTREME))


async def make(into: Path) -> None:
    """Make everything in a folder of its own, then pack it."""
    folder = Path(tempfile.mkdtemp())
    try:
        await migrate.upgrade(f"sqlite:///{folder / 'database.sqlite3'}")
        house = await House.open(folder, WEEKS_BEFORE)
        cast = Cast(house)
        await reference_data(cast)
        await play(cast)
        described = await inventory(cast)
        await house.database.close()
        packed(folder, into)
        (into / "inventory.json").write_text(described, "utf-8")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    asyncio.run(make(Path(sys.argv[1])))
