"""An agent's text that looks like a command is held: nothing of it is sent before the agent says so.

The text waits in the session; it is sent once, when 发给客户 is given for this very text, and dropped with 不发 or by
whatever else the agent does next.
"""

import re
from typing import Final

from flows.desk import texts
from flows.desk.card import clipped
from flows.desk.step import DeskStep
from flows.desk.typed_commands import command_in
from flows.effects import Button, CasesAsk
from flows.events import ButtonTapped, CommandReceived, Event, MessageReceived, TextReceived
from flows.session import Held

SEND: Final = "send_held"
DROP: Final = "drop_held"
ANSWERS: Final = frozenset({SEND, DROP})
OPENING: Final = frozenset({"start", "help"})  # what Telegram's own interface gives; never meant for a policyholder

_NUMBER_BEHIND: Final = re.compile(r"[\s:：#]*\d[\d-]*\s*$")  # of a case, as 打开 has it
_SLASHED: Final = re.compile(r"\s*[/／、\\]")  # half a note; a Chinese keyboard makes 、 of the slash


def looks_like_command(step: DeskStep, event: TextReceived | CommandReceived) -> bool:
    """Return True if an event is a command of either side, perhaps with a slip, in a chat that has a conversation."""
    if step.session.active_case is None:
        return False
    if isinstance(event, CommandReceived):
        return step.commands.phrase_near(event.name) is not None
    words = _NUMBER_BEHIND.sub("", event.text)
    return _SLASHED.match(event.text) is not None or step.commands.phrase_near(words) is not None


def hold(step: DeskStep, event: TextReceived | CommandReceived) -> None:
    """Keep a text, show it, and ask whether it is meant for the policyholder."""
    case = step.session.active_case
    if case is None:
        return
    text = event.text if isinstance(event, TextReceived) else f"/{event.name} {event.argument}".strip()
    said = TextReceived(chat=event.chat, message=event.message, at=event.at, text=text)
    rows = [[_button(SEND, event), _button(DROP, event)]]
    asked = step.say(texts.HELD(text=clipped(text)), rows=rows)
    step.update(held=Held(case=case, said=said), asked=asked)


def tapped(step: DeskStep, name: str, event: ButtonTapped) -> None:
    """Take a tap on 发给客户 or 不发: once, and for the text that it was shown with."""
    kept = step.session.held
    if kept is None or not _answers(kept, event):
        step.answer_tap(event, texts.HELD_ANSWERED())
        return
    step.answer_tap(event)
    answer(step, name, event)


def answer(step: DeskStep, name: str, event: Event) -> None:
    """Send the held text, once its case is looked up, or drop it."""
    kept = step.session.held
    if kept is None:
        return
    step.clear_buttons()
    if name == SEND:
        step.add(CasesAsk(because=event, cases=(kept.case,)))
    else:
        step.update(held=None)
        step.say(texts.HELD_NOT_SENT())


def said(step: DeskStep, event: Event) -> Event:
    """Return the held text in place of the answer that sends it, and hold it no more; any other event as it is."""
    kept = step.session.held
    if kept is None or not _answers(kept, event):
        return event
    step.update(held=None)
    return kept.said


def drop_before(step: DeskStep, event: Event) -> None:
    """Drop the held text where the agent does anything else, and say so."""
    kept = step.session.held
    if kept is None or not isinstance(event, MessageReceived | ButtonTapped):
        return
    if _answers(kept, event) or _is_answer_to_any(event):
        return
    step.clear_buttons()
    step.update(held=None)
    step.say(texts.HELD_DROPPED(text=clipped(kept.said.text)))


# ---- reading ----


def _button(name: str, event: MessageReceived) -> Button:
    return Button(label=texts.HELD_BUTTONS[name](), data=_token(name, event))


def _token(name: str, event: MessageReceived) -> str:
    return f"desk:{name}:{event.message}"


def _answers(kept: Held, event: Event) -> bool:
    """Return True if an event answers the question about this text: its button, or the same words typed."""
    if isinstance(event, ButtonTapped):
        return event.data in {_token(name, kept.said) for name in ANSWERS}
    return isinstance(event, TextReceived) and command_in(event.text) in ANSWERS


def _is_answer_to_any(event: Event) -> bool:
    return isinstance(event, ButtonTapped) and event.data.startswith(tuple(f"desk:{name}:" for name in ANSWERS))
