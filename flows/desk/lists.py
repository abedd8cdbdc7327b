"""What an agent looks up in the chat: the queue, their own cases, and one of these by its number.

Nothing here changes a case: a case that is opened is looked up once more, with its lock, for the command that takes
the conversation over. All of it is read in the batch's own transaction, and not through the read port: an agent who
claims, releases and looks in one batch sees what they did.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from flows.cases.case import Case
from flows.desk import texts
from flows.desk.buttons import button, next_button
from flows.desk.card import card, kind, next_promise
from flows.desk.process_texts import STAGE_NAMES
from flows.desk.step import DeskStep
from flows.desk.typed_commands import number_in
from flows.effects import Button, CasesAsk, OwnCasesAsk, QueueAsk, QueueKnown
from flows.events import CommandReceived, Event, TextReceived
from flows.messages import VERBATIM, Lines, MessageKey, Text
from flows.terms.calendar import in_shanghai

QUEUED_SHOWN: Final = 5
OWN_SHOWN: Final = 30  # a line and a button each: a message has room for 4,096 characters and 100 buttons

LOOK_UPS: Final[Mapping[str, Callable[[DeskStep, Event], None]]] = {
    "next": lambda step, event: step.add(QueueAsk(because=event)),
    "mine": lambda step, event: step.add(OwnCasesAsk(because=event, owner=step.agent.id)),
    "queue": lambda step, event: step.add(QueueAsk(because=event, first=QUEUED_SHOWN)),
    "case": lambda step, event: step.add(OwnCasesAsk(because=event, owner=step.agent.id)),
}
"""The chat's commands that are on no case yet, and what each asks for."""


def show_next(step: DeskStep, event: QueueKnown) -> None:
    """Show the case that is due first; it stays free until somebody claims it."""
    if not event.cases:
        step.say(texts.QUEUE_EMPTY())
    else:
        case = event.cases[0]
        step.say(card(case, step.reference, waiting=event.waiting), rows=[[button("claim", case.id)]])


def show_queue(step: DeskStep, event: QueueKnown) -> None:
    """Show how many cases wait, and the first of them: nothing personal."""
    if not event.cases:
        step.say(texts.QUEUE_EMPTY())
    else:
        lines = Lines(tuple(_in_queue(case) for case in event.cases))
        step.say(texts.QUEUE(waiting=event.waiting, lines=lines), rows=[[next_button()]])


def show_own(step: DeskStep, cases: Sequence[Case]) -> None:
    """Show an agent's open cases, each with a button that takes its conversation over."""
    if not cases:
        step.say(texts.NONE_OWNED(), rows=[[next_button()]])
    else:
        _list(step, cases, texts.OWN)


def open_case(step: DeskStep, cases: Sequence[Case], event: Event) -> None:
    """Look up the one case whose number ends in the digits that were typed; show them where they are not one."""
    digits = number_typed(event)
    found = ending_in(digits, cases)
    if not digits:
        show_own(step, cases)
    elif not found:
        step.say(texts.NOT_OWNED(number=VERBATIM(text=digits)))
    elif len(found) == 1:
        step.add(CasesAsk(because=event, cases=(found[0].id,)))
    else:
        _list(step, found, texts.SEVERAL_END_SO)


def ending_in(digits: str, cases: Sequence[Case]) -> list[Case]:
    """Return the cases whose numbers end in these digits, separators left out."""
    return [case for case in cases if case.number.replace("-", "").endswith(digits)]


def number_typed(event: Event) -> str:
    """Return the digits behind /case or 打开; empty where there are none."""
    if isinstance(event, CommandReceived):
        return "".join(filter(str.isdecimal, event.argument))
    return number_in(event.text) if isinstance(event, TextReceived) else ""


def own_line(step: DeskStep, case: Case) -> Text:
    """Return a line of the list: number, kind, stage, and what is promised next."""
    due = next_promise(case, step.reference) or texts.DUE_AT(due=in_shanghai(case.due_at))
    return texts.OWN_LINE(number=case.number, kind=kind(case), stage=STAGE_NAMES[case.stage](), due=due)


def _list(step: DeskStep, cases: Sequence[Case], heading: MessageKey) -> None:
    listed = cases[:OWN_SHOWN]
    lines = Lines(tuple(own_line(step, case) for case in listed))
    step.say(heading(count=len(cases), lines=lines), rows=[[_open(case)] for case in listed])


def _in_queue(case: Case) -> Text:
    return texts.QUEUE_LINE(number=case.number, kind=kind(case), due=in_shanghai(case.due_at))


def _open(case: Case) -> Button:
    return Button(label=texts.OPEN(number=case.number), data=button("take_over", case.id).data)
