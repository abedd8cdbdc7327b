"""On and off duty: by the agent's own word, kept with the agent, recorded in the audit."""

from typing import Final

from msgspec.structs import replace

from flows.actors import AUDITOR
from flows.desk.buttons import next_button
from flows.effects import Button, DutyChange
from flows.messages import message
from flows.session import Agent
from flows.step import Step
from flows.terms.calendar import in_shanghai

SHOW: Final = "duty"
ON: Final = "on_duty"
OFF: Final = "off_duty"
ACTS: Final = frozenset({SHOW, ON, OFF})

BUTTONS: Final = {ON: message("duty.button_on"), OFF: message("duty.button_off")}
NOW_ON = message("duty.now_on")
NOW_OFF = message("duty.now_off")
IS_ON = message("duty.is_on", "since")
IS_OFF = message("duty.is_off")
NOT_YOURS = message("duty.not_yours")


def act(step: Step, agent: Agent, name: str) -> None:
    """Take one of ACTS from an agent: show whether they are on duty, or change it; who only reads is never on duty."""
    if agent.role == AUDITOR:
        step.say(NOT_YOURS())
    elif name == SHOW or (name == ON) == (agent.on_duty_since is not None):
        _show(step, agent)
    else:
        _change(step, agent, name)


def _show(step: Step, agent: Agent) -> None:
    if agent.on_duty_since is None:
        step.say(IS_OFF(), rows=[[_button(ON)]])
    else:
        step.say(IS_ON(since=in_shanghai(agent.on_duty_since)), rows=[[next_button(), _button(OFF)]])


def _change(step: Step, agent: Agent, name: str) -> None:
    since = step.now if name == ON else None
    step.add(DutyChange(agent=agent.id, since=since))
    step.audit(name)
    step.update(agent=replace(agent, on_duty_since=since))
    if name == ON:
        step.say(NOW_ON(), rows=[[next_button(), _button(OFF)]])
    else:
        step.say(NOW_OFF(), rows=[[_button(ON)]])


def _button(name: str) -> Button:
    return Button(label=BUTTONS[name](), data=f"desk:{name}:0")
