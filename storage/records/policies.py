"""Policies, their uses and identity failures: found by the keyed hash of the normalised number, people encrypted."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Row, bindparam, func, select

from flows.ids import PolicyId
from flows.terms.policy import Person, Policy, Use
from storage.connection.connection import Connection, Values
from storage.connection.dialects import upsert
from storage.connection.encryption import Codec
from storage.progress import WRITING, Progress
from storage.schema.policies import identity_failures, policies, uses

BODY: Final = "policies|body"
NUMBER: Final = "policies.number"
PERSON: Final = "person.number"
_CHUNK: Final = 5000  # numbers of one IN, rows of one call

_LOAD = (
    select(policies)
    .where(policies.c.number_hash.in_(bindparam("hashes", expanding=True)))
    .order_by(policies.c.id)
    .with_for_update()
)
_USES = select(uses).where(uses.c.policy_id.in_(bindparam("ids", expanding=True))).order_by(uses.c.id)
_IDENTITY_FAILURES = (
    select(identity_failures)
    .where(identity_failures.c.policy_id.in_(bindparam("ids", expanding=True)))
    .order_by(identity_failures.c.at, identity_failures.c.id)
)

_KNOWN = select(policies.c.id, policies.c.number_hash).where(
    policies.c.number_hash.in_(bindparam("hashes", expanding=True))
)
_SAVE = upsert(policies, changing=[column.name for column in policies.c if column.name != "id"])
_ONE = select(policies).limit(1)
_COUNT = select(func.count()).select_from(policies)


class Body(msgspec.Struct, frozen=True):
    """What of a policy is encrypted."""

    number: str
    holder: Person
    insured: Person


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Body)


async def load(connection: Connection, numbers: Sequence[str]) -> dict[str, Policy]:
    """Return the policies by normalised number, with uses and failures, locked in order of id: one statement each."""
    hashes = [value for number in set(numbers) for value in number_hashes(connection.codec, number)]
    rows = await connection.read(_LOAD, {"hashes": hashes}) if hashes else ()
    if not rows:
        return {}
    ids = [row.id for row in rows]
    used, failed = await _uses(connection, ids), await _identity_failures(connection, ids)
    found = (policy(connection.codec, row, tuple(used[row.id]), tuple(failed[row.id])) for row in rows)
    return {policy.number: policy for policy in found}


async def known(connection: Connection, numbers: Sequence[str]) -> dict[str, PolicyId]:
    """Return the ids of those on file, by normalised number; unlocked."""
    hashes = {value: number for number in numbers for value in number_hashes(connection.codec, number)}
    asked = list(hashes)
    found = {}
    for start in range(0, len(asked), _CHUNK):
        for each in await connection.read(_KNOWN, {"hashes": asked[start : start + _CHUNK]}):
            found[hashes[each.number_hash]] = PolicyId(each.id)
    return found


async def save(connection: Connection, rows: Sequence[Values], progress: Progress) -> None:
    """Add rows as `row` gives them, replace those of the same id. Raises Duplicate where another has the number."""
    for start in range(0, len(rows), _CHUNK):
        progress(WRITING, start, len(rows))
        await connection.write(_SAVE, rows[start : start + _CHUNK])


async def probe(connection: Connection) -> int:
    """Decrypt one policy, and return how many there are. Raises Unreadable with a wrong key."""
    for found in await connection.read(_ONE):
        policy(connection.codec, found)
    ((count,),) = await connection.read(_COUNT)
    return int(count)


def number_hashes(codec: Codec, number: str) -> tuple[bytes, ...]:
    """Return the hashes under which a policy with this normalised number may stand."""
    return codec.digests(NUMBER, number.encode())


def row(codec: Codec, policy: Policy) -> dict[str, Any]:
    """Return a policy's row."""
    body = _encoder.encode(Body(policy.number, policy.holder, policy.insured))
    holder = codec.digest(PERSON, policy.holder.number.encode())
    same = policy.insured.number == policy.holder.number
    return {
        "id": policy.id,
        "number_hash": codec.digest(NUMBER, policy.number.encode()),
        "holder_hash": holder,
        "insured_hash": holder if same else codec.digest(PERSON, policy.insured.number.encode()),
        "product": policy.product,
        "version": policy.version,
        "status": policy.status,
        "starts": policy.starts,
        "ends": policy.ends,
        "limits": dict(policy.limits),
        "body": codec.seal(body, column=BODY, row=policy.id),
    }


async def _uses(connection: Connection, ids: Sequence[int]) -> dict[int, list[Use]]:
    used: dict[int, list[Use]] = defaultdict(list)
    for found in await connection.read(_USES, {"ids": ids}):
        used[found.policy_id].append(Use(found.service, found.year, found.state, found.case_id))
    return used


async def _identity_failures(connection: Connection, ids: Sequence[int]) -> dict[int, list[datetime]]:
    failed: dict[int, list[datetime]] = defaultdict(list)
    for found in await connection.read(_IDENTITY_FAILURES, {"ids": ids}):
        failed[found.policy_id].append(found.at)
    return failed


def policy(
    codec: Codec, found: Row[*tuple[Any, ...]], used: tuple[Use, ...] = (), failed: tuple[datetime, ...] = ()
) -> Policy:
    """Return the policy of a row, decrypted. Raises Unreadable."""
    body = _decoder.decode(codec.open(found.body, column=BODY, row=found.id))
    return Policy(
        id=PolicyId(found.id),
        number=body.number,
        product=found.product,
        version=found.version,
        status=found.status,
        starts=found.starts,
        ends=found.ends,
        holder=body.holder,
        insured=body.insured,
        limits=found.limits,
        uses=used,
        identity_failures=failed,
    )
