"""Agents: a row each, the name encrypted; one who was removed stays on file as inactive."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from flows.ids import AgentId
from flows.session import Agent
from storage.connection.connection import Connection
from storage.connection.dialects import upsert
from storage.connection.encryption import Codec
from storage.schema.sessions_agents import agents

NAME: Final = "agents|name"

_SAVE = upsert(agents, changing=("name", "active", "role"))
_RETIRE = update(agents).where(agents.c.user_id == bindparam("its_id")).values(active=False)
_ACTIVE = select(agents).where(agents.c.active).order_by(agents.c.user_id)


async def save(connection: Connection, given: Sequence[Agent]) -> None:
    """Add agents; of a known one replace name and role, and let them work again."""
    await connection.write(_SAVE, [_row(connection.codec, agent) for agent in given])


async def retire(connection: Connection, user: AgentId) -> None:
    """Take an agent's rights away. Their cases stay theirs until somebody gives them on."""
    await connection.change(_RETIRE, {"its_id": user})


async def active(connection: Connection) -> list[Agent]:
    """Return the active agents in order of id."""
    return [agent(connection.codec, row.user_id, row.name, row.role) for row in await connection.read(_ACTIVE)]


def agent(codec: Codec, user: int, name: bytes, role: str) -> Agent:
    """Return an agent as it is stored. Raises Unreadable."""
    return Agent(AgentId(user), codec.open(name, column=NAME, row=user).decode(), role)


def _row(codec: Codec, agent: Agent) -> dict[str, Any]:
    name = codec.seal(agent.name.encode(), column=NAME, row=agent.id)
    return {"user_id": agent.id, "name": name, "active": True, "role": agent.role}
