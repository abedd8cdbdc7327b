"""The new effect is written to a real database that was migrated up to the new table.

Run in a copy of the project to which the example was applied, with the name of an empty folder.
"""

import asyncio
import sqlite3
import sys
from pathlib import Path

from flows.effects import ParkingReservation  # type: ignore[attr-defined]  # the copy has it
from flows.ids import CaseId
from storage.connection.encryption import Encryption, generate_key
from storage.database import Database
from storage.migrations import migrate
from tests.contract.samples import recorded, save


async def write(folder: Path) -> None:
    url = f"sqlite:///{folder / 'intake.db'}"
    await migrate.upgrade(url)
    encryption = Encryption(sealing={"s1": generate_key()}, hashing={"h1": generate_key()})
    database = Database.open(url, codec=encryption, documents=folder)
    try:
        await save(database, recorded(ParkingReservation(case=CaseId(1), place="B2-017")))
    finally:
        await database.close()


folder = Path(sys.argv[1])
asyncio.run(write(folder))
rows = sqlite3.connect(folder / "intake.db").execute("SELECT case_id, place FROM parking").fetchall()
assert rows == [(1, "B2-017")], rows
