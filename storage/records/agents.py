"""Agents: a row each, the name encrypted; one who was removed stays on file as inactive."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, select, update

from flows.actors import AUDITOR, Duty
from flows.effects import DutyChange
from flows.ids import AgentId
from flows.ports.unit_of_work import Entry
from flows.session import Agent
from storage.connection.connection import Connection
from storage.connection.dialects import upsert
from storage.connection.encryption import Codec
from storage.records.registry import writes
from storage.schema.sessions_agents import agents

NAME: Final = "agents|name"

_SAVE = upsert(agents, changing=("name", "active", "role"))
_RETIRE = update(agents).where(agents.c.user_id == bindparam("its_id")).values(active=False, on_duty_since=None)
_ACTIVE = select(agents).where(agents.c.active).order_by(agents.c.user_id)
_DUTIES = (
    select(agents.c.user_id, agents.c.role, agents.c.on_duty_since)
    .where(agents.c.active, agents.c.role != AUDITOR)
    .order_by(agents.c.user_id)
)
_CHANGE_DUTY = (
    update(agents)
    .where(agents.c.user_id == bindparam("its_id"), agents.c.active)
    .values(on_duty_since=bindparam("since"))
)


async def save(connection: Connection, given: Sequence[Agent]) -> None:
    """Add agents; of a known one replace name and role, and let them work again; who is on duty stays so."""
    await connection.write(_SAVE, [_row(connection.codec, agent) for agent in given])


async def retire(connection: Connection, user: AgentId) -> None:
    """Take an agent's rights away. Their cases stay theirs until somebody gives them on."""
    await connection.change(_RETIRE, {"its_id": user})


async def active(connection: Connection) -> list[Agent]:
    """Return the active agents in order of id."""
    return [agent(connection.codec, row) for row in await connection.read(_ACTIVE)]


async def duties(connection: Connection) -> list[Duty]:
    """Return who may work on cases, on duty or not, in order of id."""
    rows = await connection.read(_DUTIES)
    return [Duty(AgentId(row.user_id), row.role, row.on_duty_since is not None) for row in rows]


@writes(DutyChange)
async def change_duty(connection: Connection, given: Sequence[Entry[DutyChange]], now: datetime) -> None:
    """Write who is on duty, the last change of each agent."""
    del now
    last = {each.agent: each.since for _, each in given}
    await connection.write(_CHANGE_DUTY, [{"its_id": agent, "since": since} for agent, since in sorted(last.items())])


def agent(codec: Codec, row: Row[*tuple[Any, ...]]) -> Agent:
    """Return an agent as a row has it (user_id, name, role, on_duty_since). Raises Unreadable."""
    name = codec.open(row.name, column=NAME, row=row.user_id).decode()
    return Agent(AgentId(row.user_id), name, row.role, row.on_duty_since)


def _row(codec: Codec, agent: Agent) -> dict[str, Any]:
    name = codec.seal(agent.name.encode(), column=NAME, row=agent.id)
    return {"user_id": agent.id, "name": name, "active": True, "role": agent.role, "on_duty_since": agent.on_duty_since}
