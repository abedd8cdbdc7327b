"""Cases whose time is up are made anonymous: nothing says any more whose they were, and their findings stay.

The case's row and body become what `flows.cases.case.anonymous` gives; what was said in it and its code of confirmation
are deleted, its documents dropped (`SqlDocuments.forget_dropped` deletes them, bytes first), the policyholder's chat is
struck from its audit entries. Uses stay, under a number that leads to no case and is the same for those of one request,
which counts once [G2]; the outbox has its own time to forget.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import BindParameter, bindparam, delete, select, update

from flows.cases.anonymising import NOBODY, anonymous
from flows.cases.case import Case
from flows.ids import CaseId
from storage.connection.connection import Connection
from storage.records.cases import read_all, replace
from storage.schema.cases import cases, confirmations
from storage.schema.documents import documents
from storage.schema.policies import uses
from storage.schema.records import audit, transcript

PORTION: Final = 100  # cases of one transaction
FIRST: Final = CaseId(0)

_DUE = (
    select(cases.c.id, cases.c.body)
    .where(cases.c.forget_at <= bindparam("now"), cases.c.id > bindparam("after"))
    .order_by(cases.c.id)
    .limit(PORTION)
    .with_for_update()
)
_ids: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
_DROP_FILES = update(documents).where(documents.c.case_id.in_(_ids)).values(state="dropped")
_NO_LINES = delete(transcript).where(transcript.c.case_id.in_(_ids))
_NO_CODES = delete(confirmations).where(confirmations.c.case_id.in_(_ids))
_NO_CASE = update(uses).where(uses.c.case_id == bindparam("its_case")).values(case_id=bindparam("nowhere"))
_NO_CHAT = (
    update(audit)
    .where(audit.c.case_id == bindparam("its_case"), audit.c.chat_id == bindparam("its_chat"))
    .values(chat_id=NOBODY)
)


class Portion(NamedTuple):
    """How many cases were made anonymous, and the last that was looked at; None where none was due."""

    anonymous: int
    last: CaseId | None


async def forget(connection: Connection, now: datetime, after: CaseId = FIRST) -> Portion:
    """Make anonymous the next cases that are due, in order of id. One that cannot be read is logged and passed over."""
    rows = await connection.read(_DUE, {"now": now, "after": after})
    due = read_all(connection.codec, rows)
    await replace(connection, [anonymous(case) for case in due])
    if due:
        await _strip(connection, due)
    return Portion(len(due), CaseId(rows[-1].id) if rows else None)


async def _strip(connection: Connection, forgotten: Sequence[Case]) -> None:
    """Delete what hangs on these cases and says whose they were."""
    ids = [case.id for case in forgotten]
    for statement in (_DROP_FILES, _NO_LINES, _NO_CODES):
        await connection.change(statement, {"ids": ids})
    await connection.write(_NO_CASE, [{"its_case": case.id, "nowhere": -secrets.randbits(62)} for case in forgotten])
    await connection.write(_NO_CHAT, [{"its_case": case.id, "its_chat": case.chat} for case in forgotten])
