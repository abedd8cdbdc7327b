"""The one way in which a step fires the intake's table."""

from flows.intake.machine import ASK, INTAKE, OPEN, Trigger
from flows.intake.step import IntakeStep


def fire(step: IntakeStep, trigger: Trigger) -> None:
    """Fire the table; the buttons of the question that was answered go away. Raises IllegalEvent."""
    INTAKE.fire(trigger, step)
    step.clear_buttons()


def fire_ask(step: IntakeStep, name: str) -> None:
    """Leave the hub to a question."""
    INTAKE.fire(ASK[name], step)


def fire_open(step: IntakeStep, name: str) -> None:
    """Open a question again. Raises IllegalEvent for one that is never reopened."""
    fire(step, "reopen")
    INTAKE.fire(OPEN.get(name, f"open_{name}"), step)
