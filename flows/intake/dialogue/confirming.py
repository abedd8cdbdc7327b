"""The insured confirms a relative's request from their own account, with a code that the relative was given."""

import re
from datetime import timedelta
from typing import Final

from flows.cases.case import Case
from flows.cases.changes import confirmed as confirmed_case
from flows.cases.notices import TELL_CONFIRMED
from flows.effects import CasesAsk, Confirmation, ConfirmationAsk, ConfirmationKnown
from flows.events import CommandReceived, Event, TextReceived
from flows.intake.step import IntakeStep
from flows.messages import message
from flows.reading.fold import plain
from flows.terms.calendar import in_shanghai
from flows.times import within_a_day

GOOD_FOR: Final = timedelta(days=7)
GUESSES_A_DAY: Final = 5
_CODE: Final = re.compile(r"(?:确认|確認)[:： ]*((?:[0-9] *){8})")
_START: Final = re.compile(r"c([0-9]{8})")  # /start c12345678, as a link carries it

CODE = message("confirm.code", "until")
CODE_WORDS = message("confirm.words", "code")
DONE = message("confirm.done", "number")
DONE_FOR_RELATIVE = message("confirm.done_for_relative", "number")
UNKNOWN = message("confirm.unknown")
OWN_ACCOUNT = message("confirm.own_account")
TOO_OFTEN = message("confirm.too_often", "hotline")


def code_in(event: Event) -> str:
    """Return the code that an event confirms with; empty for any other."""
    if isinstance(event, TextReceived):
        found = _CODE.fullmatch(plain(event.text))
        return found[1].replace(" ", "") if found else ""
    found = _START.fullmatch(event.argument) if isinstance(event, CommandReceived) and event.name == "start" else None
    return found[1] if found else ""


def offer(step: IntakeStep, case: Case) -> None:
    """Send the relative a code to pass on; until it comes back, the case says that the insured has not confirmed."""
    until = step.now + GOOD_FOR
    code = step.ids.code()
    step.add(Confirmation(code=code, case=case.id, until=until))
    step.say(CODE_WORDS(code=code))  # by itself, to be forwarded as it is
    step.say(CODE(until=in_shanghai(until).date()))


def ask(step: IntakeStep, code: str, event: Event) -> None:
    """Look a code up, unless too many were wrong today."""
    recent = within_a_day(step.session.guesses, step.now)
    if len(recent) >= GUESSES_A_DAY:
        step.say(TOO_OFTEN(hotline=step.reference.terms.hotline))
    else:
        step.add(ConfirmationAsk(because=event, code=code))


def known(step: IntakeStep, event: ConfirmationKnown) -> None:
    """Look up the case behind a code, or say that there is none."""
    if event.case is None:
        step.update(guesses=(*within_a_day(step.session.guesses, step.now), step.now))
        step.say(UNKNOWN())
    else:
        step.add(CasesAsk(because=event, cases=(*step.session.cases, event.case)))


def confirmed(step: IntakeStep, case: Case) -> None:
    """Write down that the insured confirmed; the relative and the owner hear of it."""
    if case.chat == step.session.chat:
        step.say(OWN_ACCOUNT())
        return
    if case.confirmed_at is None:
        step.change_case(confirmed_case(case, step.now))
        step.audit("insured_confirmed", case=case.id)
        step.say(DONE_FOR_RELATIVE(number=case.number), to=case.chat)
        step.tell_owner(case, TELL_CONFIRMED(number=case.number))
    step.say(DONE(number=case.number))
