"""Who acts on cases: the roles, and an actor in one of them."""

from msgspec import Struct

from flows.ids import AgentId

AGENT = "agent"  # 客服专员: owns cases and speaks to policyholders
SUPERVISOR = "supervisor"  # 主管
AUDITOR = "auditor"  # reads, changes nothing
ROLES = (AGENT, SUPERVISOR, AUDITOR)


class Duty(Struct, frozen=True):
    """Whether somebody who may work on cases is on duty; `role` is AGENT or SUPERVISOR."""

    agent: AgentId
    role: str
    on_duty: bool


class Actor(Struct, frozen=True):
    """Who gives a command: an agent, by what name colleagues and policyholders know them, in one of ROLES."""

    id: AgentId
    name: str
    role: str = AGENT
