"""What the chat remembers of a form, and what it answers to one that is not complete."""

from collections.abc import Mapping
from typing import Any, Final

from flows.cases.case import Case
from flows.cases.outcomes import SETTLED
from flows.desk import process_texts as texts
from flows.desk import texts as desk_texts
from flows.desk.buttons import BUTTONS
from flows.desk.forms import TABLE, Filled, FormContext, arguments, filled_in, to_fill_in
from flows.desk.registry import Refused
from flows.effects import Button
from flows.events import ButtonTapped, Event, TextReceived
from flows.ids import CaseId
from flows.messages import VERBATIM, Lines
from flows.session import Form
from flows.step import Step

CONFIRM: Final = "confirm"  # the button with which the form that is complete is sent once more, confirmed
YES: Final = {"confirmed": "yes"}


def case_of(step: Step) -> CaseId | None:
    """Return the case that a typed command is about: that of the conversation, or else that of the last command."""
    form = step.session.form
    return step.session.active_case or (form.case if form else None)


def confirmed_command(step: Step, case: CaseId | None) -> str:
    """Return the command whose form waits to be confirmed; empty where none does for this case."""
    form = step.session.form
    return form.command if form is not None and form.case == case else ""


def values_of(step: Step, event: Event, command: str, case: CaseId) -> dict[str, str]:
    """Return what was filled in for a command, as it was typed: with what an open form of the same case holds."""
    typed = filled_in(event.text) if isinstance(event, TextReceived) else None
    confirmed = isinstance(event, ButtonTapped) and event.data.startswith(f"desk:{CONFIRM}:")
    form = step.session.form
    held = form.values if form is not None and (form.case, form.command) == (case, command) else {}
    if confirmed:
        return {**held, **YES}
    return {**held, **typed.values} if typed else {}


def arguments_of(step: Step, case: Case, values: Mapping[str, str]) -> dict[str, Any]:
    """Return the arguments that were filled in; `confirmed` comes of a button only."""
    context = FormContext(step.now, step.reference, case.answers.get("city", ""))
    read = arguments({k: v for k, v in values.items() if k not in YES}, context)
    return {**read, "confirmed": True} if YES.items() <= values.items() else read


def say_unread(step: Step, form: Filled) -> None:
    """Say which line of a form is none; nothing was sent to anybody."""
    step.say(texts.UNREADABLE_LINE(line=form.unread))


def say_incomplete(step: Step, case: Case, command: str, refused: Refused, values: dict[str, str]) -> None:
    """Keep what was filled in, and ask for what is missing, or for the confirmation alone."""
    missing = refused.params["missing"]
    if step.session.active_case not in {None, case.id}:  # what is typed next would be about the other case
        step.say(desk_texts.BUSY_WITH(number=case.number))
        return
    step.update(form=Form(case.id, command, {k: v for k, v in values.items() if k not in YES}))
    if missing == ("confirmed",):
        outcome = texts.OUTCOME_NAMES[arguments_of(step, case, values).get("outcome", SETTLED)]
        button = Button(label=texts.BUTTON_CONFIRM(), data=f"desk:{CONFIRM}:{case.id}")
        step.say(texts.CONFIRM_END(number=case.number, outcome=outcome()), rows=[[button]])
        return
    faults = Lines(tuple(texts.FAULTS[name]() for name in missing if _is_fault(name, values)))
    lines = to_fill_in(command, missing)
    if lines:
        form = Lines((BUTTONS[command](), *(VERBATIM(text=line) for line in lines)))
        step.say(texts.FORM(number=case.number, faults=faults, form=form))
    else:
        step.say(texts.FAULTS_ONLY(number=case.number, faults=faults))


def _is_fault(name: str, values: Mapping[str, str]) -> bool:
    """Return True for a fact whose value was given and does not do, or which has to be explained."""
    given = bool(values.get(TABLE["facts"].get(name, name)))
    return name in texts.FAULTS and (given or name in TABLE["explained"])


def settle(step: Step, case: CaseId) -> None:
    """Forget the form that was carried out; the case stays the one that typed commands are about."""
    step.update(form=Form(case))
