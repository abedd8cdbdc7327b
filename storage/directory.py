"""What operators put in, and what is looked at outside of a batch: agents, policies, products, hospitals, records."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from operator import attrgetter
from typing import Any, Final

from msgspec import Struct, structs
from sqlalchemy import Row, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from flows.effects import TranscriptLine
from flows.ids import AgentId, CaseId, Ids, PolicyId
from flows.ports.unit_of_work import DeadLetter
from flows.reading.hospitals.directory import Hospital
from flows.session import Agent
from flows.terms.policy import Policy
from storage.connection.dialects import upsert
from storage.connection.encryption import Codec
from storage.connection.transaction import transaction
from storage.progress import WRITING, Progress, unwatched
from storage.records import audit, policies, sessions
from storage.records.uses import INSERT_USES
from storage.schema.policies import policies as policy_table
from storage.schema.reference import hospitals, products
from storage.schema.sessions_agents import agents

PRODUCT: Final = "products|body"
_CHUNK: Final = 5000  # ids of one IN, rows of one call

_SAVE_AGENT = upsert(agents, changing=("name", "active", "role"))
_RETIRE = update(agents).where(agents.c.user_id == bindparam("its_id")).values(active=False)
_AGENTS = select(agents).where(agents.c.active).order_by(agents.c.user_id)
_KNOWN = select(policy_table.c.id, policy_table.c.number_hash).where(
    policy_table.c.number_hash.in_(bindparam("hashes", expanding=True))
)
_SAVE_POLICIES = upsert(policy_table, changing=[column.name for column in policy_table.c if column.name != "id"])
_ONE_POLICY = select(policy_table).limit(1)
_POLICY_COUNT = select(func.count()).select_from(policy_table)
_SAVE_PRODUCTS = upsert(products, changing=("body",))
_PRODUCTS = select(products).order_by(products.c.id, products.c.version)
_NO_HOSPITALS = delete(hospitals)
_ADD_HOSPITALS = insert(hospitals)
_HOSPITALS = select(*(column for column in hospitals.c if column.name != "position")).order_by(
    hospitals.c.position, hospitals.c.name
)


class Product(Struct, frozen=True):
    """A product in one version; `body` is its terms (illness list and the like) as JSON in UTF-8."""

    id: str
    version: str
    body: bytes


class Directory:
    """Reference data and records. Each method is one transaction."""

    def __init__(self, *, writer: AsyncEngine, reader: AsyncEngine, codec: Codec) -> None:
        self._writer = writer
        self._reader = reader
        self._codec = codec

    async def add_agent(self, agent: Agent) -> None:
        """Add an agent, or rename one, or take one back."""
        name = self._codec.seal(agent.name.encode(), column=sessions.AGENT_NAME, row=agent.id)
        async with transaction(self._writer, self._codec) as connection:
            await connection.write(
                _SAVE_AGENT, [{"user_id": agent.id, "name": name, "active": True, "role": agent.role}]
            )

    async def retire_agent(self, user: AgentId) -> None:
        """Take an agent's rights away. Their cases stay theirs until somebody gives them on."""
        async with transaction(self._writer, self._codec) as connection:
            await connection.change(_RETIRE, {"its_id": user})

    async def agents(self) -> list[Agent]:
        """Return the active agents in order of id."""
        async with transaction(self._reader, self._codec) as connection:
            rows = await connection.read(_AGENTS)
        return [sessions.agent(self._codec, row.user_id, row.name, row.role) for row in rows]

    async def import_policies(self, given: Sequence[Policy], ids: Ids, *, progress: Progress = unwatched) -> int:
        """Add policies, replace those whose number is known; all or none. Returns how many were new.

        Numbers are normalised already, and distinct. A known policy keeps its id and its uses; a new one takes the id
        it comes with and the uses it brings, spent elsewhere (by phone). Raises Duplicate where another import adds one
        of the numbers meanwhile.
        """
        known = await self._known(given)
        # Sealed before the transaction begins, which on SQLite keeps everybody else from writing; written in order of
        # id, as units of work lock them, so that the two never wait for each other.
        kept = sorted((_under(known, policy) for policy in given), key=attrgetter("id"))
        rows = [policies.row(self._codec, policy) for policy in kept]
        new = [policy for policy in given if policy.number not in known]
        uses = [row for policy in new for row in _uses(policy, ids)]
        async with transaction(self._writer, self._codec) as connection:
            for start in range(0, len(rows), _CHUNK):
                progress(WRITING, start, len(rows))
                await connection.write(_SAVE_POLICIES, rows[start : start + _CHUNK])
            await connection.write(INSERT_USES, uses)
        progress(WRITING, len(rows), len(rows))
        return len(new)

    async def save_products(self, given: Sequence[Product]) -> None:
        """Add products, replace those of the same id and version."""
        rows = [
            {
                "id": product.id,
                "version": product.version,
                "body": self._codec.seal(product.body, column=PRODUCT, row=_place(product)),
            }
            for product in given
        ]
        async with transaction(self._writer, self._codec) as connection:
            await connection.write(_SAVE_PRODUCTS, rows)

    async def products(self) -> list[Product]:
        """Return every product in every version."""
        async with transaction(self._reader, self._codec) as connection:
            rows = await connection.read(_PRODUCTS)
        return [_product(self._codec, row) for row in rows]

    async def replace_hospitals(self, given: Sequence[Hospital]) -> None:
        """Replace the whole list; all or none."""
        async with transaction(self._writer, self._codec) as connection:
            await connection.change(_NO_HOSPITALS, {})
            await connection.write(_ADD_HOSPITALS, [asdict(h) | {"position": n} for n, h in enumerate(given)])

    async def hospitals(self) -> list[Hospital]:
        """Return every hospital in the order of the operator's list: those offered first stand first there."""
        async with transaction(self._reader, self._codec) as connection:
            return [Hospital(*row) for row in await connection.read(_HOSPITALS)]

    async def probe(self) -> int:
        """Decrypt one of what is stored, and return how many policies there are. Raises Unreadable with a wrong key."""
        async with transaction(self._reader, self._codec) as connection:
            for row in await connection.read(_ONE_POLICY):
                policies.policy(self._codec, row)
            (count,) = await connection.read(_POLICY_COUNT)
        return int(count[0])

    async def dead_letters(self, limit: int) -> list[DeadLetter]:
        """Return the oldest updates that were set aside."""
        async with transaction(self._reader, self._codec) as connection:
            return await audit.letters(connection, limit)

    async def transcript(self, case: CaseId) -> list[TranscriptLine]:
        """Return what was said in a case, oldest first."""
        async with transaction(self._reader, self._codec) as connection:
            return await audit.lines(connection, case)

    async def _known(self, given: Sequence[Policy]) -> dict[str, PolicyId]:
        """Return the ids of those that are on file, by number."""
        hashes = {
            value: policy.number for policy in given for value in policies.number_hashes(self._codec, policy.number)
        }
        asked = list(hashes)
        known = {}
        async with transaction(self._reader, self._codec) as connection:
            for start in range(0, len(asked), _CHUNK):
                for row in await connection.read(_KNOWN, {"hashes": asked[start : start + _CHUNK]}):
                    known[hashes[row.number_hash]] = PolicyId(row.id)
        return known


def _under(known: Mapping[str, PolicyId], policy: Policy) -> Policy:
    return structs.replace(policy, id=known[policy.number]) if policy.number in known else policy


def _uses(policy: Policy, ids: Ids) -> list[dict[str, Any]]:
    return [
        {
            "id": ids.new(),
            "policy_id": policy.id,
            "service": use.service,
            "year": use.year,
            "state": use.state,
            "case_id": use.case,
        }
        for use in policy.uses
    ]


def _place(product: Product) -> str:
    return f"{product.id}|{product.version}"


def _product(codec: Codec, row: Row[*tuple[Any, ...]]) -> Product:
    product = Product(row.id, row.version, b"")
    return structs.replace(product, body=codec.open(row.body, column=PRODUCT, row=_place(product)))
