"""What operators keep up, written and read outside of a batch: agents, policies, products, hospitals, dead letters.

Each method is one transaction; the SQL of a table stands in its module of `storage.records`.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from operator import attrgetter

from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncEngine

from flows.ids import AgentId, Ids, PolicyId
from flows.ports.unit_of_work import DeadLetter
from flows.reading.hospitals.directory import Hospital
from flows.session import Agent
from flows.terms.policy import Policy
from storage.connection.connection import Connection
from storage.connection.encryption import Codec
from storage.connection.transaction import transaction
from storage.progress import WRITING, Progress, unwatched
from storage.records import agents, dead_letters, hospitals, policies, products, uses
from storage.records.products import Product


class Directory:
    """Reference data, and what was set aside."""

    def __init__(self, *, writer: AsyncEngine, reader: AsyncEngine, codec: Codec) -> None:
        self._writer = writer
        self._reader = reader
        self._codec = codec

    async def add_agent(self, agent: Agent) -> None:
        """Add an agent, or rename one, or take one back."""
        async with self._writing() as connection:
            await agents.save(connection, [agent])

    async def retire_agent(self, user: AgentId) -> None:
        """Take an agent's rights away. Their cases stay theirs until somebody gives them on."""
        async with self._writing() as connection:
            await agents.retire(connection, user)

    async def agents(self) -> list[Agent]:
        """Return the active agents in order of id."""
        async with self._reading() as connection:
            return await agents.active(connection)

    async def import_policies(self, given: Sequence[Policy], ids: Ids, *, progress: Progress = unwatched) -> int:
        """Add policies, replace those whose number is known; all or none. Returns how many were new.

        Numbers are normalised already, and distinct. A known policy keeps its id and its uses; a new one takes the id
        it comes with and the uses it brings, spent elsewhere (by phone). Raises Duplicate where another import adds one
        of the numbers meanwhile.
        """
        async with self._reading() as connection:
            known = await policies.known(connection, [policy.number for policy in given])
        # Encrypted before the transaction begins, which on SQLite keeps everybody else from writing; written in order
        # of id, as units of work lock them, so that the two never wait for each other.
        kept = sorted((_under(known, policy) for policy in given), key=attrgetter("id"))
        rows = [policies.row(self._codec, policy) for policy in kept]
        new = [policy for policy in given if policy.number not in known]
        spent = uses.brought(new, ids)
        async with self._writing() as connection:
            await policies.save(connection, rows, progress)
            await uses.add(connection, spent)
        progress(WRITING, len(rows), len(rows))
        return len(new)

    async def save_products(self, given: Sequence[Product]) -> None:
        """Add products, replace those of the same id and version."""
        async with self._writing() as connection:
            await products.save(connection, given)

    async def products(self) -> list[Product]:
        """Return every product in every version."""
        async with self._reading() as connection:
            return await products.load(connection)

    async def replace_hospitals(self, given: Sequence[Hospital]) -> None:
        """Replace the whole list; all or none."""
        async with self._writing() as connection:
            await hospitals.replace(connection, given)

    async def hospitals(self) -> list[Hospital]:
        """Return every hospital in the order of the operator's list: those offered first stand first there."""
        async with self._reading() as connection:
            return await hospitals.load(connection)

    async def probe(self) -> int:
        """Decrypt one policy, and return how many there are. Raises Unreadable with a wrong key."""
        async with self._reading() as connection:
            return await policies.probe(connection)

    async def dead_letters(self, limit: int) -> list[DeadLetter]:
        """Return the oldest updates that were set aside."""
        async with self._reading() as connection:
            return await dead_letters.oldest(connection, limit)

    def _writing(self) -> AbstractAsyncContextManager[Connection]:
        return transaction(self._writer, self._codec)

    def _reading(self) -> AbstractAsyncContextManager[Connection]:
        return transaction(self._reader, self._codec)


def _under(known: Mapping[str, PolicyId], policy: Policy) -> Policy:
    return structs.replace(policy, id=known[policy.number]) if policy.number in known else policy
