"""Notes: what begins with two slashes is written down with the case, and never sent to the policyholder."""

import re
from collections.abc import Sequence
from typing import Final

from flows.cases.case import Case
from flows.desk import texts
from flows.desk.lists import OWN_SHOWN, ending_in, own_line, show_own
from flows.desk.step import DeskStep
from flows.effects import CasesAsk, OwnCasesAsk
from flows.events import TextReceived
from flows.messages import Lines

_NOTE: Final = re.compile(r"\s*[/／]{2}\s*(.*)", re.DOTALL)
_ADDRESSED: Final = re.compile(r"(\d[\d-]{3,})\s+(.+)", re.DOTALL)  # shorter figures begin a sentence: 3 天后复诊


def is_note(text: str) -> bool:
    """Return True if a text begins with two slashes, of whatever width."""
    return _NOTE.match(text) is not None


def ask_for_case(step: DeskStep, event: TextReceived) -> None:
    """Look up what a note is for: the case that the chat talks about, else the agent's own ones."""
    if not note_in(event.text):
        step.say(texts.NOTE_HOW())
    elif step.session.active_case is not None:
        step.add(CasesAsk(because=event, cases=(step.session.active_case,)))
    else:
        step.add(OwnCasesAsk(because=event, owner=step.agent.id))


def choose_case(step: DeskStep, cases: Sequence[Case], event: TextReceived) -> None:
    """Note it on the case whose number it begins with, or on the only one; else ask which case is meant."""
    number, _ = _parts(event.text)
    found = ending_in(number, cases) if number else []
    found = found or list(cases)
    if not cases:
        show_own(step, cases)
    elif len(found) == 1:
        step.add(CasesAsk(because=event, cases=(found[0].id,)))
    else:
        lines = Lines(tuple(own_line(step, case) for case in found[:OWN_SHOWN]))
        step.say(texts.NOTE_WHICH(lines=lines))


def note_in(text: str, case: Case | None = None) -> str:
    """Return what a note says, without the number of `case` where it begins with it."""
    number, words = _parts(text)
    return words if case is not None and number and ending_in(number, [case]) else _whole(text)


def _whole(text: str) -> str:
    found = _NOTE.fullmatch(text)
    return found[1].strip() if found else ""


def _parts(text: str) -> tuple[str, str]:
    """Return the digits that a note begins with, and the rest; no digits where it begins with words."""
    found = _ADDRESSED.fullmatch(_whole(text))
    return (found[1].replace("-", ""), found[2].strip()) if found else ("", _whole(text))
