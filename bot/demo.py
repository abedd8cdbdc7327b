"""The demo's people and settings: whom to play, in a sandbox without a token or a network."""

import secrets
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace
from pydantic import SecretStr

from bot.sandbox.people import Person
from bot.sandbox.telegram import StandIn
from bot.settings import KEY_BYTES, Settings
from bot.texts import Texts
from flows.ids import AgentId
from flows.messages import message
from flows.session import Agent

HINT = message("demo.hint", "what", "name", "number", "policy")
ROLE_POLICYHOLDER = message("demo.role_policyholder")
ROLE_AGENT = message("demo.role_agent")
AGENT_HINT = message("demo.agent_hint")
PLAYERS = (
    (101, "张桂兰", message("demo.eligible"), "110101195503129931", "P2026000001", "8613900001234"),
    (102, "李建国", message("demo.ended"), "310101196207089949", "P2026000002", "8613700001234"),
    (103, "王秀英", message("demo.spent"), "440106197001159919", "P2026000003", "8613600001234"),
    (104, "张伟", message("demo.relative"), "110101195503129931", "P2026000001", "8613800001234"),
)
AGENT_PHONES = "8613300000"  # the agent's number in Telegram follows
AGENTS = (Agent(AgentId(201), "林敏"), Agent(AgentId(202), "周洁"))


def demo_settings(folder: Path, stand_in: StandIn, url: str) -> Settings:
    """Return settings of a bot in `folder`, with keys of its own."""
    return Settings(
        _env_file=None,
        token=SecretStr(stand_in.token),
        api_url=url,
        database_url=f"sqlite:///{folder / 'demo.sqlite3'}",
        documents=folder / "documents",
        sealing_keys={"demo": secrets.token_bytes(KEY_BYTES)},
        hashing_keys={"demo": secrets.token_bytes(KEY_BYTES)},
        limit_total=0,
        limit_chat=0,
        limit_group=0,
    )


def on_duty(now: datetime) -> list[Agent]:
    """Return the demo's agents, on duty from `now` on."""
    return [replace(agent, on_duty_since=now) for agent in AGENTS]


def people(stand_in: StandIn, texts: Texts) -> list[str]:
    """Add the sample people to the sandbox; return a line about each."""
    lines = []
    for chat, name, what, number, policy, phone in PLAYERS:
        hint = texts(HINT(what=what(), name=name, number=number, policy=policy))
        role = texts(ROLE_POLICYHOLDER())
        stand_in.add_person(Person(id=chat, first_name=name, role=role, hint=hint, phone=phone))
        lines.append(hint)
    for agent in AGENTS:
        hint = texts(AGENT_HINT())
        role, phone = texts(ROLE_AGENT()), f"{AGENT_PHONES}{agent.id}"
        stand_in.add_person(Person(id=agent.id, first_name=agent.name, role=role, hint=hint, phone=phone))
        lines.append(f"{agent.name}: {hint}")
    return lines
