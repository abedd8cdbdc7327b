"""An agent's own chat with the bot: it reads what the agent types and taps as commands, and says what came of them."""

from typing import Any, Final

from flows.actors import Actor
from flows.cases.case import Case
from flows.desk import process_texts, texts
from flows.desk.buttons import BUTTONS, DONE, NEXT, TYPED, button, buttons_for, next_button
from flows.desk.card import card, full_card
from flows.desk.commands import COMMANDS, carry_out
from flows.desk.filling import (
    CONFIRM,
    arguments_of,
    case_of,
    confirmed_command,
    say_incomplete,
    say_unread,
    settle,
    values_of,
)
from flows.desk.forms import command_in, filled_in
from flows.desk.registry import Done, Invocation, Refused
from flows.effects import CasesAsk, CasesKnown, FileDrop, QueueAsk, QueueKnown
from flows.errors import IllegalEvent
from flows.events import (
    ButtonTapped,
    CommandReceived,
    ConversationReturned,
    DeliveryDoubted,
    Event,
    FileFailed,
    FileInspected,
    SilenceNoticed,
    StepFailed,
    TextReceived,
)
from flows.ids import CaseId
from flows.messages import VERBATIM, parts
from flows.session import Agent
from flows.step import Step
from flows.terms.calendar import in_shanghai

IDS: Final = 2**63  # what a database's integer holds, whoever made the button up
BY_BUTTON: Final = frozenset({"claim", "take_over"})  # on a case that the chat does not have yet
IN_WORDS: Final = frozenset(COMMANDS) - BY_BUTTON - TYPED
FORMERLY: Final = {"hand_back": "return_to_bot", "talk": "take_over"}  # names on buttons of an earlier release


class DeskStep(Step):
    """The working copy of one step in an agent's chat."""

    @property
    def agent(self) -> Agent:
        """Return who this is. Raises IllegalEvent where the chat is no agent's."""
        if self.session.agent is None:
            raise IllegalEvent("desk", self.state)
        return self.session.agent


def receive(step: DeskStep, event: Event) -> None:
    """Take one event of an agent's chat."""
    match event:
        case QueueKnown():
            _show_next(step, event)
        case CasesKnown():
            _act(step, event)
        case CommandReceived():
            _command(step, event.name, event)
        case TextReceived():
            _text(step, event)
        case ButtonTapped():
            _tap(step, event)
        case DeliveryDoubted():
            step.say(texts.UNCERTAIN(number=event.number))
        case StepFailed():
            step.say(texts.STEP_FAILED())
        case SilenceNoticed():
            _drop_draft(step)
        case ConversationReturned() | FileFailed() | FileInspected():
            pass  # of a request that this agent made as a policyholder, before becoming one of us
        case _:
            step.say(texts.TEXT_ONLY())


def _drop_draft(step: DeskStep) -> None:
    """Drop what this agent had begun to fill in as a policyholder, before becoming one of us."""
    if step.session.attachments:
        step.add(FileDrop(documents=tuple(attachment.document for attachment in step.session.attachments)))
    step.update(answers={}, attachments=(), notes=(), pre_consent=(), sources={}, overtaken=None, wake_at=None)


# ---- what is looked up first ----


def _command(step: DeskStep, name: str, event: Event) -> None:
    """Read /next, /release and the like; anything else gets the list of what there is."""
    if name == "next":
        step.add(QueueAsk(because=event))
    elif FORMERLY.get(name, name) not in IN_WORDS:
        keyboard = [[NEXT(), BUTTONS["return_to_bot"]()]]
        step.say(texts.AGENT_HELP(name=step.agent.name), keyboard=keyboard)
    elif (case := case_of(step)) is None:
        step.say(texts.NO_CASE())
    else:
        step.add(CasesAsk(because=event, cases=(case,)))


def _text(step: DeskStep, event: TextReceived) -> None:
    """Read a command in words, or words for the policyholder."""
    form = filled_in(event.text)
    if form is not None and form.unread:
        say_unread(step, form)
    elif command := form.command if form else command_in(event.text):
        _command(step, command, event)
    elif step.session.active_case is None:
        step.say(texts.NO_CASE(), rows=[[next_button()]])
    else:
        step.add(CasesAsk(because=event, cases=(step.session.active_case,)))


def _tap(step: DeskStep, event: ButtonTapped) -> None:
    """Read a button of a card: which case, and which command on it."""
    step.answer_tap(event)
    name, case = button_of(event.data)
    if name == "next":
        step.add(QueueAsk(because=event))
    elif case is not None:
        step.add(CasesAsk(because=event, cases=(case,)))


def _show_next(step: DeskStep, event: QueueKnown) -> None:
    """Show the case that is due first; it stays free until somebody claims it."""
    if event.case is None:
        step.say(texts.QUEUE_EMPTY())
    else:
        shown = card(event.case, step.reference, waiting=event.waiting)
        step.say(shown, rows=[[button("claim", event.case.id)]])


# ---- what comes of a command ----


def _act(step: DeskStep, event: CasesKnown) -> None:
    """Carry a command out, now that the case is known and locked, and say what came of it."""
    if not event.cases:
        step.update(active_case=None)
        step.say(texts.GONE())
        return
    case = event.cases[0]
    name = _command_of(event.because)
    name = confirmed_command(step, case.id) if name == CONFIRM else name
    if name in {"claim", "take_over"} and _is_occupied(step, case):
        return
    agent = step.agent
    actor = Actor(agent.id, agent.name, agent.role)
    values = values_of(step, event.because, name, case.id)
    arguments = {**_arguments(event.because), **arguments_of(step, values)}
    result = carry_out(name, Invocation(actor, case, step.now, step.ids, step.reference, arguments))
    if isinstance(result, Refused):
        if result.code == "facts_missing" and name not in TYPED:
            say_incomplete(step, case, name, result, values)
        else:
            _say_refused(step, case, result)
        return
    for effect in result.effects:
        step.add(effect)
    if name not in TYPED:
        settle(step, case.id)
        _say_done(step, name, case, result)


def _is_occupied(step: DeskStep, case: Case) -> bool:
    """Say so where the agent talks about a case already: about this one (tapped twice), or another."""
    active = step.session.active_case
    if active == case.id and case.agent_speaks and case.owner == step.agent.id:
        step.say(DONE["take_over"](number=case.number), rows=buttons_for(case, step.agent.id))
        return True
    if active not in {None, case.id}:
        step.say(texts.BUSY_WITH(number=case.number))
        return True
    return False


def _say_refused(step: DeskStep, case: Case, refused: Refused) -> None:
    """Say why a command was not carried out; a case that is somebody else's by now is left."""
    if refused.code == "already_claimed" and refused.params["mine"]:
        step.say(full_card(case, step.reference), rows=buttons_for(case, step.agent.id))
    elif refused.code == "already_claimed":
        at = in_shanghai(refused.params["at"])
        step.say(texts.TAKEN(number=case.number, owner=refused.params["owner"], at=at))
    elif refused.code == "unsuitable":
        stage = process_texts.STAGE_NAMES[case.stage]()
        step.say(process_texts.UNSUITABLE(number=case.number, stage=stage), rows=buttons_for(case, step.agent.id))
    else:
        if step.session.active_case == case.id and case.owner != step.agent.id:
            step.update(active_case=None)
        step.say(texts.NOT_POSSIBLE(number=case.number))


def _say_done(step: DeskStep, name: str, before: Case, done: Done) -> None:
    """Say what was done, and what can be done next; the chat follows the conversation that its agent has."""
    case = done.case
    speaks = case.agent_speaks and case.owner == step.agent.id
    step.update(active_case=case.id if speaks else _without(step.session.active_case, case))
    text = texts.HELP_ENDED if name == "return_to_bot" and not case.is_open else DONE[name]
    if name == "claim":
        step.say(full_card(before, step.reference), rows=buttons_for(case, step.agent.id))
        _show_unread(step, before)
        step.say(text(number=case.number))
    else:
        step.say(text(number=case.number), rows=buttons_for(case, step.agent.id))
        _show_unread(step, before if speaks else case)


def _show_unread(step: DeskStep, case: Case) -> None:
    """Show what the policyholder said while nobody was there."""
    lines = "\n".join(f"{in_shanghai(line.at):%H:%M} {line.text}" for line in case.unread_messages)
    if lines:
        for part in parts(VERBATIM(text=lines)):
            step.say(texts.LINES(lines=part))


def _without(active: CaseId | None, case: Case) -> CaseId | None:
    return None if active == case.id else active


# ---- reading ----


def button_of(data: str) -> tuple[str, CaseId | None]:
    """Read a desk button's token `desk:command:case`; anything else is no command."""
    place, name, case = [*data.split(":", 2), "", ""][:3]
    if place != "desk" or not case.isdecimal() or int(case) >= IDS:
        return "", None
    return FORMERLY.get(name, name), CaseId(int(case))


def _command_of(event: Event) -> str:
    """Return the name of the command that an event gives."""
    if isinstance(event, ButtonTapped):
        return button_of(event.data)[0]
    if isinstance(event, CommandReceived):
        return FORMERLY.get(event.name, event.name)
    if not isinstance(event, TextReceived):
        return ""
    form = filled_in(event.text)
    return form.command if form else command_in(event.text) or "say"


def _arguments(event: Event) -> dict[str, Any]:
    return {"text": event.text, "at": event.at} if isinstance(event, TextReceived) else {}
