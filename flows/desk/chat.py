"""An agent's own chat with the bot: it reads what the agent types and taps as commands, and says what came of them."""

from typing import Any, Final

from flows.actors import Actor
from flows.cases.case import Case
from flows.desk import duty, held, lists, notes, process_texts, texts
from flows.desk.addressee import name_addressee
from flows.desk.buttons import DONE, TYPED, buttons_for, next_button
from flows.desk.card import full_card
from flows.desk.commands import carry_out
from flows.desk.corrections import correct, remember_sent
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
from flows.desk.forms import filled_in
from flows.desk.help import IN_WORDS, show_help
from flows.desk.registry import Done, Invocation, Refused
from flows.desk.step import DeskStep
from flows.desk.typed_commands import TYPED_AS, command_in, document_in
from flows.effects import CasesAsk, CasesKnown, FileDrop, OwnCasesKnown, QueueAsk, QueueKnown
from flows.events import (
    ButtonTapped,
    CommandReceived,
    ConversationReturned,
    DeliveryDoubted,
    Event,
    FileFailed,
    FileInspected,
    MessageEdited,
    SilenceNoticed,
    StepFailed,
    TextReceived,
)
from flows.ids import CaseId
from flows.messages import VERBATIM, parts
from flows.terms.calendar import in_shanghai

IDS: Final = 2**63  # what a database's integer holds, whoever made the button up
ON_CASE: Final = {"case": "take_over"}  # what opening a case by its number does with it


def receive(step: DeskStep, event: Event) -> None:
    """Take one event of an agent's chat."""
    held.drop_before(step, event)
    match event:
        case QueueKnown():
            show = lists.show_queue if _command_of(event.because) == "queue" else lists.show_next
            show(step, event)
        case OwnCasesKnown():
            _own_cases(step, event)
        case CasesKnown():
            _act(step, event)
        case CommandReceived():
            _command(step, event.name, event)
        case TextReceived():
            _text(step, event)
        case MessageEdited():
            correct(step, event)
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


def _command(step: DeskStep, name: str, event: CommandReceived | TextReceived) -> None:
    """Read /next, /release and the like; anything else gets the list of what there is."""
    if name in lists.LOOK_UPS:
        lists.LOOK_UPS[name](step, event)
    elif name in duty.ACTS:
        duty.act(step, step.agent, name)
    elif TYPED_AS.get(name, name) in IN_WORDS:
        _ask_for(step, event, case_of(step))
    elif name in held.ANSWERS and step.session.held is not None:
        held.answer(step, name, event)
    elif name not in held.OPENING and held.looks_like_command(step, event):
        held.hold(step, event)
    else:
        show_help(step)


def _ask_for(step: DeskStep, event: Event, case: CaseId | None) -> None:
    """Look up the case that is meant; without one, say so."""
    if case is None:
        step.say(texts.NO_CASE(), rows=[[next_button()]])
    else:
        step.add(CasesAsk(because=event, cases=(case,)))


def _text(step: DeskStep, event: TextReceived) -> None:
    """Read a command in words, or words for the policyholder."""
    form = filled_in(event.text)
    if notes.is_note(event.text):
        notes.ask_for_case(step, event)
    elif form is not None and form.unread:
        say_unread(step, form)
    elif command := form.command if form else command_in(event.text):
        _command(step, command, event)
    elif held.looks_like_command(step, event):
        held.hold(step, event)
    else:
        _ask_for(step, event, step.session.active_case)


def _tap(step: DeskStep, event: ButtonTapped) -> None:
    """Read a button of a card: which case, and which command on it."""
    name, case = button_of(event.data)
    if name in held.ANSWERS:
        held.tapped(step, name, event)
        return
    step.answer_tap(event)
    if name == "next":
        step.add(QueueAsk(because=event))
    elif name in duty.ACTS:
        duty.act(step, step.agent, name)
    elif case is not None:
        step.add(CasesAsk(because=event, cases=(case,)))


def _own_cases(step: DeskStep, event: OwnCasesKnown) -> None:
    """Show the agent's own cases, or look up the one that is meant."""
    because = event.because
    if isinstance(because, TextReceived) and notes.is_note(because.text):
        notes.choose_case(step, event.cases, because)
    elif _command_of(because) == "mine":
        lists.show_own(step, event.cases)
    else:
        lists.open_case(step, event.cases, because)


# ---- what comes of a command ----


def _act(step: DeskStep, event: CasesKnown) -> None:
    """Carry a command out, now that the case is known and locked, and say what came of it."""
    because = held.said(step, event.because)
    if not event.cases:
        step.update(active_case=None)
        step.say(texts.GONE())
        return
    command = _command_of(because)
    case, name = event.cases[0], ON_CASE.get(command, command)
    name = confirmed_command(step, case.id) if name == CONFIRM else name
    if name in {"claim", "take_over"} and _is_occupied(step, name, case):
        return
    agent = step.agent
    actor = Actor(agent.id, agent.name, agent.role)
    values = values_of(step, because, name, case.id)
    arguments = {**_arguments(because, case), **arguments_of(step, case, values)}
    result = carry_out(name, Invocation(actor, case, step.now, step.ids, step.reference, arguments))
    if isinstance(result, Refused):
        if result.code == "facts_missing" and name not in TYPED and not _is_told(result):
            say_incomplete(step, case, name, result, values)
        else:
            _say_refused(step, case, result)
        return
    for effect in result.effects:
        step.add(effect)
    if name in TYPED:
        _say_typed(step, name, case, because)
    else:
        settle(step, case.id)
        _say_done(step, name, case, result)


def _is_told(refused: Refused) -> bool:
    """Return True if what is missing has a sentence of its own, and no line of a form can give it."""
    return next(iter(refused.params["missing"])) in texts.MISSING


def _is_occupied(step: DeskStep, name: str, case: Case) -> bool:
    """Say so where the agent talks about a case already: about this one (tapped twice), or another."""
    active = step.session.active_case
    mine = case.agent_speaks and case.owner == step.agent.id
    if mine and (active == case.id or (active is None and name == "take_over")):
        step.update(active_case=case.id)
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
        missing = next(iter(refused.params.get("missing", ())), "")
        step.say(texts.MISSING.get(missing, texts.NOT_POSSIBLE)(number=case.number))


def _say_typed(step: DeskStep, name: str, before: Case, because: Event) -> None:
    """Say where it went, what was typed and is no command of a button."""
    if name == "say":
        remember_sent(step, before.id, because)
        name_addressee(step, before)
    elif name == "note":
        step.say(texts.NOTED(number=before.number))


def _say_done(step: DeskStep, name: str, before: Case, done: Done) -> None:
    """Say what was done, and what can be done next; the chat follows the conversation that its agent has."""
    case = done.case
    speaks = case.agent_speaks and case.owner == step.agent.id
    step.update(active_case=case.id if speaks else _without(step.session.active_case, case))
    text = texts.HELP_ENDED if name == "return_to_bot" and not case.is_open else DONE[name]
    if name == "claim":
        step.say(full_card(case, step.reference), rows=buttons_for(case, step.agent.id))
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
            step.say(texts.LINES(number=case.number, lines=part))


def _without(active: CaseId | None, case: Case) -> CaseId | None:
    return None if active == case.id else active


# ---- reading ----


def button_of(data: str) -> tuple[str, CaseId | None]:
    """Read a desk button's token `desk:command:case`; anything else is no command."""
    place, name, case = [*data.split(":", 2), "", ""][:3]
    if place != "desk" or not case.isdecimal() or int(case) >= IDS:
        return "", None
    return TYPED_AS.get(name, name), CaseId(int(case))


def _command_of(event: Event) -> str:
    """Return the name of the command that an event gives."""
    if isinstance(event, ButtonTapped):
        return button_of(event.data)[0]
    if isinstance(event, CommandReceived):
        return TYPED_AS.get(event.name, event.name)
    if isinstance(event, MessageEdited):
        return "say"
    return _typed_command(event.text) if isinstance(event, TextReceived) else ""


def _typed_command(text: str) -> str:
    if notes.is_note(text):
        return "note"
    form = filled_in(text)
    command = form.command if form else command_in(text)
    return "say" if command is None or command in held.ANSWERS else command


def _arguments(event: Event, case: Case) -> dict[str, Any]:
    if isinstance(event, MessageEdited):
        return {"text": event.text, "at": event.at, "corrects": True}
    if not isinstance(event, TextReceived):
        return {"number": document_in(event)}
    text = notes.note_in(event.text, case) if notes.is_note(event.text) else event.text
    return {"text": text, "at": event.at, "number": document_in(event)}
