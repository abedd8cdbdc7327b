"""The policyholder's side: one step of the intake, from an event to the next question."""

from collections.abc import Callable

from msgspec.structs import replace

from flows.effects import ConfirmationKnown, PolicyKnown
from flows.errors import IllegalEvent
from flows.events import (
    ButtonTapped,
    CommandReceived,
    ContactShared,
    ConversationReturned,
    Event,
    FileFailed,
    FileInspected,
    FileReceived,
    GroupWritten,
    MessageEdited,
    OtherReceived,
    OutageEnded,
    SilenceNoticed,
    StepFailed,
    TextReceived,
)
from flows.intake import texts
from flows.intake.dialogue import cards, confirming, nudging, privacy, relay
from flows.intake.dialogue.answering import back, open_again, read_overtaken, refuse_answer, take, take_several, typed
from flows.intake.dialogue.asking import ask, offered
from flows.intake.dialogue.beginning import (
    CANCEL_ASKED,
    accept,
    agree,
    begin,
    cancel,
    decline,
    decline_terms,
    keep_unread,
    start,
    submit,
    unread,
)
from flows.intake.dialogue.deciding import appeal, policy_known
from flows.intake.dialogue.filing import contact, file, file_failed, inspected, replace_record
from flows.intake.dialogue.hub import advance
from flows.intake.dialogue.pausing import heard, set_alarm, silence
from flows.intake.dialogue.several import several_answers
from flows.intake.machine import ASKING
from flows.intake.questions.ordered import QUESTIONS
from flows.intake.questions.question import Answer, Choice
from flows.intake.questions.review import to_change
from flows.intake.step import IntakeStep
from flows.intake.typed_commands import command_in, triggers_in
from flows.reading.refusal import Refusal
from flows.session import Unread

CALL_HUMAN = Choice(texts.HUMAN(), fires="human").token()


# ---- events ----


def receive(step: IntakeStep, event: Event) -> None:
    """Take one event. Raises IllegalEvent where the table has no row for it; nothing is changed then."""
    match event:
        case CommandReceived() | TextReceived() | ButtonTapped() | FileReceived() | ContactShared():
            heard(step)
            _hear(step, event)
        case MessageEdited():
            heard(step)
            _edited(step, event)
        case OtherReceived():
            heard(step)
            refuse_answer(step, Refusal("unreadable_kind"))
        case SilenceNoticed():
            silence(step)
            return
        case _:
            _observe(step, event)
    set_alarm(step)


def _hear(step: IntakeStep, event: Event) -> None:
    """Take what a person did. Whoever does anything else does not confirm that the request be cancelled."""
    if step.session.missed == CANCEL_ASKED and not says_cancel(event):
        step.update(missed="")
    match event:
        case CommandReceived():
            _command(step, event.name, event)
        case TextReceived():
            _text(step, event)
        case ButtonTapped():
            _tap(step, event)
        case FileReceived():
            _captioned(step, event)
        case ContactShared():
            _carded(step, event)


def _observe(step: IntakeStep, event: Event) -> None:
    """Take what did not come from the person: an answer to an ask, or what the process noticed."""
    match event:
        case PolicyKnown():
            policy_known(step, event)
            advance(step, event.because)
        case ConfirmationKnown():
            confirming.known(step, event)
        case ConversationReturned():
            step.update(heard_at=step.now, reminded=0)  # they were not silent, they talked to somebody
            ask(step)
        case OutageEnded():
            step.say(texts.WAS_AWAY())
            ask(step)
        case FileFailed():
            file_failed(step, event)
        case FileInspected():
            inspected(step, event)
        case StepFailed():
            step.say(texts.APOLOGY(hotline=step.reference.terms.hotline))
        case GroupWritten():
            step.say(texts.PRIVATE_ONLY())
        case _:
            raise IllegalEvent(type(event).__name__, step.state)


# ---- what is said at any time ----


def _command(step: IntakeStep, name: str, event: Event) -> None:
    """Do what /name says; an unknown one gets the list of those known."""
    known: dict[str, Callable[[], object]] = {
        "start": lambda: start(step, event),
        "human": lambda: relay.call_human(step, step.cases),
        "help": lambda: step.say(texts.HELP(hotline=step.reference.terms.hotline)),
        "repeat": lambda: ask(step),
        "status": lambda: _status(step),
        "back": lambda: back(step, event),
        "cancel": lambda: cancel(step),
        "privacy": lambda: privacy.show(step),
    }
    if code := confirming.code_in(event):
        confirming.ask(step, code, event)
    else:
        known.get(name, known["help"])()


def _text(step: IntakeStep, event: TextReceived) -> None:
    """Read what was typed: a call for help first, then a command in words, then the answer to the question."""
    urgency = relay.warn_of_danger(step, step.cases, event.text)
    if urgency == "despair":
        relay.call_human(step, step.cases, urgent=urgency)
    elif name := command_in(event.text):
        _command(step, name, event)
    elif code := confirming.code_in(event):
        confirming.ask(step, code, event)
    elif trigger := _typed_trigger(step, event.text):
        _do(step, trigger, event)
    elif step.cases and step.state not in ASKING:
        relay.keep_for_later(step, relay.meant(step.cases), event)
    elif unread(step):
        keep_unread(step, event, urgent=bool(urgency))
    elif step.state == "review" and (changed := to_change(event.text, step.context())):
        open_again(step, changed, amending=True)
    elif step.state in ASKING:
        typed(step, event, urgent=bool(urgency))
    else:
        ask(step)


def _typed_trigger(step: IntakeStep, text: str) -> str:
    """Return the trigger of a button that is shown, where its words were typed; empty for anything else."""
    meant = triggers_in(text)
    shown = offered(step) if meant else set()
    return next((trigger for trigger in meant if f"!{trigger}" in shown), "")


def _tap(step: IntakeStep, event: ButtonTapped) -> None:
    """Do what a button says, once, and only if it belongs to the question that is waiting.

    A value tapped under an older showing of the same question counts: something typed overtook the tap.
    """
    data = event.data
    conversation, state, turn, token = [*data.split(":", 3), "", "", ""][:4]
    here = (conversation, state) == (str(step.session.conversation), step.state)
    kept = step.session.overtaken
    if action := privacy.action_in(data):
        step.answer_tap(event)
        newest = here and turn == str(step.session.turn) and data != step.session.tapped
        privacy.act(step, action if newest or action not in privacy.SURE else "", step.past)
    elif nudging.is_nudge(event):
        nudging.receive(step, event)
    elif token == CALL_HUMAN:
        step.answer_tap(event)
        relay.call_human(step, step.cases)
    elif data == step.session.tapped:
        step.answer_tap(event, texts.ALREADY_TAPPED())
    elif not here or (turn != str(step.session.turn) and not (token.startswith("=") and kept)):
        step.answer_tap(event, texts.OLD_BUTTON())
        ask(step)
    else:
        step.answer_tap(event)
        step.update(tapped=data)
        overtaken = turn != str(step.session.turn)
        _press(step, token, event)
        read_overtaken(step, kept if overtaken else None)


def _press(step: IntakeStep, token: str, event: ButtonTapped) -> None:
    """Fire a trigger that the question offers, open a question again, turn its page, or take its value."""
    kind, value = token[:1], token[1:]
    if (kind, value) == ("!", "cancel") and step.session.missed == CANCEL_ASKED:
        cancel(step)
    elif kind in {"!", "@"} and token in offered(step):
        if kind == "!":
            _do(step, value, event)
        else:
            open_again(step, value, amending=step.state == "review")
    elif kind == "#" and value.isdecimal():
        ask(step, page=int(value), instead_of=event)
    elif kind == "=" and step.state in ASKING:
        take(step, QUESTIONS[step.state].choose(value, step.context()), event)
    else:
        ask(step)


def _do(step: IntakeStep, trigger: str, event: Event) -> None:
    """Do what a button's trigger means; most do more than change the state."""
    known: dict[str, Callable[[], object]] = {
        "start": lambda: start(step, event),
        "renew": lambda: begin(step, "renew", event),
        "agree": lambda: agree(step, event),
        "decline": lambda: decline(step),
        "submit": lambda: submit(step, event),
        "accept": lambda: accept(step, event),
        "decline_terms": lambda: decline_terms(step),
        "appeal": lambda: appeal(step, event),
        "replace_record": lambda: replace_record(step, event),
        "back": lambda: back(step, event),
        "cancel": lambda: cancel(step),
    }
    known.get(trigger, lambda: ask(step))()


def _captioned(step: IntakeStep, event: FileReceived) -> None:
    """A call for help may stand under a picture; a file is taken at every step, or kept for the agent."""
    if relay.warn_of_danger(step, step.cases, event.caption) == "despair":
        relay.call_human(step, step.cases)
    if unread(step):
        keep_unread(step, event)
    elif step.state in ASKING:
        file(step, event)
    elif step.cases:
        relay.keep_for_later(step, relay.meant(step.cases), event)
    else:
        refuse_answer(step, Refusal("no_file_here"))


def _carded(step: IntakeStep, event: ContactShared) -> None:
    """Take a contact card."""
    if unread(step):
        keep_unread(step, event)
    elif step.state in ASKING:
        contact(step, event)
    else:
        refuse_answer(step, Refusal("unreadable_kind"))


def _edited(step: IntakeStep, event: MessageEdited) -> None:
    """Read an edited message again as the answer it gave; an agent is told, and else the person is."""
    if relay.warn_of_danger(step, step.cases, event.text) == "despair":
        relay.call_human(step, step.cases)
    given = [name for name, message in step.session.sources.items() if message == event.message]
    if any(early.message == event.message for early in step.session.pre_consent):
        step.update(pre_consent=tuple(_amended(early, event) for early in step.session.pre_consent))
    elif step.state in ASKING and given:
        _read_again(step, given, event)
    elif step.cases and step.state not in ASKING and event.text:
        relay.keep_for_later(step, relay.meant(step.cases), event)
    elif event.text:
        step.say(texts.EDIT_UNREAD())
        ask(step)


def _read_again(step: IntakeStep, names: list[str], event: MessageEdited) -> None:
    """Take what an edited message says now in place of what it said."""
    context, given = step.context(), step.session.answers
    unsaid = replace(context.session, answers={name: value for name, value in given.items() if name not in names})
    answers = several_answers(event.text, replace(context, session=unsaid)) if len(names) > 1 else {}
    if len(names) == 1:
        reading = QUESTIONS[names[0]].read(event.text, step.context())
        answers = {names[0]: reading} if isinstance(reading, Answer) else {}
    if answers:
        take_several(step, answers, event)
    else:
        step.say(texts.EDIT_UNREAD())
        ask(step)


def _status(step: IntakeStep) -> None:
    """Where the newest case stands, else where the request does that is being filled in."""
    if step.cases:
        step.say(cards.status(step.cases), rows=nudging.rows(step, step.cases))
    else:
        ask(step)


def says_cancel(event: Event) -> bool:
    """Return True if an event is 取消: a command, the word, or its button."""
    match event:
        case CommandReceived(name=name):
            return name == "cancel"
        case TextReceived(text=text):
            return command_in(text) == "cancel"
        case ButtonTapped(data=data):
            return data.endswith(":!cancel")
    return False


def _amended(early: Unread, event: MessageEdited) -> Unread:
    if early.message != event.message or not isinstance(early, TextReceived):
        return early
    return TextReceived(chat=early.chat, message=early.message, at=early.at, text=event.text)
