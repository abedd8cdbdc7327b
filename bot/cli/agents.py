"""`agents`: who works at the desk, and in which role."""

from enum import StrEnum
from typing import Annotated, Final

import typer

from bot.cli import texts as t
from bot.cli.execution import fail, in_loop, say, settings_or_exit
from bot.cli.help import Command, Group
from bot.cli.wiring import Wiring
from flows import actors
from flows.ids import AgentId
from flows.session import Agent
from flows.terms.calendar import in_shanghai


class Role(StrEnum):
    """The roles that can be given (`flows.actors.ROLES`)."""

    AGENT = actors.AGENT
    SUPERVISOR = actors.SUPERVISOR
    AUDITOR = actors.AUDITOR


ROLES: Final = {Role.AGENT: t.ROLE_AGENT, Role.SUPERVISOR: t.ROLE_SUPERVISOR, Role.AUDITOR: t.ROLE_AUDITOR}

Number = Annotated[int, typer.Argument(help=say(t.CLI_USER))]
Name = Annotated[str, typer.Argument(help=say(t.CLI_NAME))]
RoleOption = Annotated[Role, typer.Option(help=say(t.CLI_ROLE, roles=" ".join(Role)))]


def register(app: typer.Typer, wiring: Wiring) -> None:
    """Add the group of commands."""
    agents = typer.Typer(cls=Group, help=say(t.CLI_AGENTS), no_args_is_help=True)
    app.add_typer(agents, name="agents")

    @agents.command(cls=Command, help=say(t.CLI_AGENTS_ADD))
    def add(number: Number, name: Name, role: RoleOption = Role.AGENT) -> None:
        agent = Agent(AgentId(number), name, role.value)
        in_loop(wiring.operations(settings_or_exit()).add_agent(agent))
        typer.echo(say(t.AGENT_ADDED, role=_word(agent), name=name))

    @agents.command(cls=Command, help=say(t.CLI_AGENTS_REMOVE))
    def remove(number: Number) -> None:
        agent = in_loop(wiring.operations(settings_or_exit()).remove_agent(AgentId(number)))
        if agent is None:
            fail(say(t.AGENT_UNKNOWN, number=number))
        typer.echo(say(t.AGENT_REMOVED, role=_word(agent), name=agent.name))

    @agents.command("list", cls=Command, help=say(t.CLI_AGENTS_LIST))
    def list_all() -> None:
        found = in_loop(wiring.operations(settings_or_exit()).agents())
        for agent in found:
            typer.echo(f"{agent.id}\t{_word(agent)}\t{agent.name}\t{_duty(agent)}")
        if not found:
            typer.echo(say(t.NO_AGENTS))


def _word(agent: Agent) -> str:
    return say(ROLES[Role(agent.role)])


def _duty(agent: Agent) -> str:
    since = agent.on_duty_since
    return say(t.ON_DUTY, since=in_shanghai(since)) if since else say(t.OFF_DUTY)
