"""An agent edits a message: what was sent is corrected, what was not sent stays unsent."""

from typing import Final

from flows.desk import texts
from flows.desk.step import DeskStep
from flows.effects import CasesAsk
from flows.events import Event, MessageEdited, MessageReceived
from flows.ids import CaseId
from flows.session import Sent

KEPT: Final = 20  # of the newest messages it is known to which case they went


def remember_sent(step: DeskStep, case: CaseId, event: Event) -> None:
    """Remember that a message of this chat went to the policyholder of `case`."""
    if isinstance(event, MessageReceived):
        others = tuple(each for each in step.session.sent if each.message != event.message)
        step.update(sent=(*others, Sent(event.message, case))[-KEPT:])


def correct(step: DeskStep, event: MessageEdited) -> None:
    """Look up the case that the message went to; say so where the edit is not passed on."""
    case = next((each.case for each in step.session.sent if each.message == event.message), None)
    if case is None or not event.text:
        step.say(texts.EDIT_OF_UNSENT())
    elif step.commands.phrase_near(event.text) is not None:
        step.say(texts.EDIT_LIKE_COMMAND())
    else:
        step.add(CasesAsk(because=event, cases=(case,)))
