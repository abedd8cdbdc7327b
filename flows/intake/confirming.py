"""The insured confirms a relative's request from their own account, with a code that the relative was given."""

import re
from datetime import timedelta
from typing import Final

from flows.desk import texts as desk_texts
from flows.desk.case import Case
from flows.desk.life import confirm
from flows.effects import CasesAsk, Confirmation, ConfirmationAsk, ConfirmationKnown
from flows.events import CommandReceived, Event, TextReceived
from flows.ids import ChatId
from flows.intake.deciding import within_a_day
from flows.intake.pausing import Pausing
from flows.messages import message
from flows.reading.fold import plain
from flows.terms.calendar import in_shanghai

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
    """Give the code that an event confirms with; empty for any other."""
    if isinstance(event, TextReceived):
        found = _CODE.fullmatch(plain(event.text))
        return found[1].replace(" ", "") if found else ""
    found = _START.fullmatch(event.argument) if isinstance(event, CommandReceived) and event.name == "start" else None
    return found[1] if found else ""


def offer(turn: Pausing, case: Case) -> None:
    """Give the relative a code to pass on; until it comes back, the case says that the insured has not confirmed."""
    until = turn.now + GOOD_FOR
    code = turn.ids.code()
    turn.add(Confirmation(code=code, case=case.id, until=until))
    turn.say(CODE_WORDS(code=code))  # by itself, to be forwarded as it is
    turn.say(CODE(until=in_shanghai(until).date()))


def ask(turn: Pausing, code: str, event: Event) -> None:
    """Look a code up, unless too many were wrong today."""
    recent = within_a_day(turn.session.guesses, turn.now)
    if len(recent) >= GUESSES_A_DAY:
        turn.say(TOO_OFTEN(hotline=turn.reference.terms.hotline))
    else:
        turn.add(ConfirmationAsk(because=event, code=code))


def known(turn: Pausing, event: ConfirmationKnown) -> None:
    """Look up the case behind a code, or say that there is none."""
    if event.case is None:
        turn.update(guesses=(*within_a_day(turn.session.guesses, turn.now), turn.now))
        turn.say(UNKNOWN())
    else:
        turn.add(CasesAsk(because=event, cases=(*turn.session.cases, event.case)))


def confirmed(turn: Pausing, case: Case) -> None:
    """Write down that the insured confirmed; the relative and the owner hear of it."""
    if case.chat == turn.session.chat:
        turn.say(OWN_ACCOUNT())
        return
    if case.confirmed_at is None:
        turn.change_case(confirm(case, turn.now))
        turn.audit("insured_confirmed", case=case.id)
        turn.say(DONE_FOR_RELATIVE(number=case.number), to=case.chat)
        if case.owner is not None:
            turn.say(desk_texts.TELL_CONFIRMED(number=case.number), to=ChatId(case.owner))
    turn.say(DONE(number=case.number))
