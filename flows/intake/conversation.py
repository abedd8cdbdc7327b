"""The policyholder's side: one step of the intake, from an event to the next question."""

from collections.abc import Callable

from msgspec.structs import replace

from flows.desk.case import Case
from flows.desk.machine import OPEN
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
from flows.intake import cards, confirming, privacy, relay, texts
from flows.intake.beginning import CANCEL_ASKED, Beginning
from flows.intake.machine import ASKING, QUESTIONS_IN_ORDER
from flows.intake.question import Answer, Choice
from flows.intake.questions import QUESTIONS
from flows.intake.review import to_change
from flows.intake.several import several_answers
from flows.intake.typed_commands import command_in, triggers_in
from flows.reading.refusal import Refusal
from flows.session import Unread

CALL_HUMAN = Choice(texts.HUMAN(), fires="human").token()


class Intake(Beginning):
    """One event of a policyholder's chat. `past` are the chat's cases that ended, where they were looked up."""

    past: tuple[Case, ...] = ()

    def __getattr__(self, name: str) -> Callable[[], bool]:
        """Give the guard `wants_<question>` of the table. Raises AttributeError for anything else."""
        _, _, question = name.partition("wants_")
        if question not in QUESTIONS_IN_ORDER:
            raise AttributeError(name)
        return lambda: self.wants(question)

    # ---- events ----

    def receive(self, event: Event) -> None:
        """Take one event. Raises IllegalEvent where the table has no row for it; nothing is changed then."""
        match event:
            case CommandReceived() | TextReceived() | ButtonTapped() | FileReceived() | ContactShared():
                self.heard()
                self.hear(event)
            case MessageEdited():
                self.heard()
                self.edited(event)
            case OtherReceived():
                self.heard()
                self.misread(Refusal("unreadable_kind"))
            case SilenceNoticed():
                self.silence()
                return
            case _:
                self.observe(event)
        self.set_alarm()

    def hear(self, event: Event) -> None:
        """Take what a person did. Whoever does anything else does not confirm that the request be cancelled."""
        if self.session.missed == CANCEL_ASKED and not says_cancel(event):
            self.update(missed="")
        match event:
            case CommandReceived():
                self.command(event.name, event)
            case TextReceived():
                self.text(event)
            case ButtonTapped():
                self.tap(event)
            case FileReceived():
                self.captioned(event)
            case ContactShared():
                self.carded(event)

    def observe(self, event: Event) -> None:
        """Take what did not come from the person: an answer to an ask, or what the process noticed."""
        match event:
            case PolicyKnown():
                self.policy_known(event)
            case ConfirmationKnown():
                confirming.known(self, event)
            case ConversationReturned():
                self.update(heard_at=self.now, reminded=0)  # they were not silent, they talked to somebody
                self.pose()
            case OutageEnded():
                self.say(texts.WAS_AWAY())
                self.pose()
            case FileFailed():
                self.file_failed(event)
            case FileInspected():
                self.inspected(event)
            case StepFailed():
                self.say(texts.APOLOGY(hotline=self.reference.terms.hotline))
            case GroupWritten():
                self.say(texts.PRIVATE_ONLY())
            case _:
                raise IllegalEvent(type(event).__name__, self.state)

    # ---- what is said at any time ----

    def command(self, name: str, event: Event) -> None:
        """Do what /name says; an unknown one gets the list of those known."""
        known: dict[str, Callable[[], object]] = {
            "start": lambda: self.start(event),
            "human": lambda: relay.call_human(self, self.cases),
            "help": lambda: self.say(texts.HELP(hotline=self.reference.terms.hotline)),
            "repeat": self.pose,
            "status": self.status,
            "back": lambda: self.back(event),
            "cancel": self.cancel,
            "privacy": lambda: privacy.show(self),
        }
        if code := confirming.code_in(event):
            confirming.ask(self, code, event)
        else:
            known.get(name, known["help"])()

    def text(self, event: TextReceived) -> None:
        """Read what was typed: a call for help first, then a command in words, then the answer to the question."""
        urgency = relay.warn_of_danger(self, self.cases, event.text)
        if urgency == "despair":
            relay.call_human(self, self.cases)
        elif command := command_in(event.text):
            self.command(command, event)
        elif code := confirming.code_in(event):
            confirming.ask(self, code, event)
        elif trigger := self.typed_trigger(event.text):
            self.do(trigger, event)
        elif self.cases and self.state not in ASKING:
            relay.keep_for_later(self, relay.meant(self.cases), event)
        elif self.unread():
            self.keep_unread(event, urgent=bool(urgency))
        elif self.state == "review" and (changed := to_change(event.text, self.asked())):
            self.open_again(changed, amending=True)
        elif self.state in ASKING:
            self.typed(event, urgent=bool(urgency))
        else:
            self.pose()

    def typed_trigger(self, text: str) -> str:
        """Give the trigger of a button that is shown, where its words were typed; empty for anything else."""
        meant = triggers_in(text)
        offered = self.offered() if meant else set()
        return next((trigger for trigger in meant if f"!{trigger}" in offered), "")

    def tap(self, event: ButtonTapped) -> None:
        """Do what a button says, once, and only if it belongs to the question that is waiting.

        A value tapped under an older showing of the same question counts: something typed overtook the tap.
        """
        data = event.data
        conversation, state, turn, token = [*data.split(":", 3), "", "", ""][:4]
        here = (conversation, state) == (str(self.session.conversation), self.state)
        held = self.session.held
        if action := privacy.action_in(data):
            self.answer_tap(event)
            newest = here and turn == str(self.session.turn) and data != self.session.tapped
            privacy.act(self, action if newest or action not in privacy.SURE else "", self.past)
        elif token == CALL_HUMAN:
            self.answer_tap(event)
            relay.call_human(self, self.cases)
        elif data == self.session.tapped:
            self.answer_tap(event, texts.ALREADY_TAPPED())
        elif not here or (turn != str(self.session.turn) and not (token.startswith("=") and held)):
            self.answer_tap(event, texts.OLD_BUTTON())
            self.pose()
        else:
            self.answer_tap(event)
            self.update(tapped=data)
            overtaken = turn != str(self.session.turn)
            self.press(token, event)
            self.read_held(held if overtaken else None)

    def press(self, token: str, event: ButtonTapped) -> None:
        """Fire a trigger that the question offers, open a question again, turn its page, or take its value."""
        kind, value = token[:1], token[1:]
        if (kind, value) == ("!", "cancel") and self.session.missed == CANCEL_ASKED:
            self.cancel()
        elif kind in {"!", "@"} and token in self.offered():
            if kind == "!":
                self.do(value, event)
            else:
                self.open_again(value, amending=self.state == "review")
        elif kind == "#" and value.isdecimal():
            self.pose(page=int(value), instead_of=event)
        elif kind == "=" and self.state in ASKING:
            self.take(QUESTIONS[self.state].choose(value, self.asked()), event)
        else:
            self.pose()

    def do(self, trigger: str, event: Event) -> None:
        """Do what a button's trigger means; most do more than change the state."""
        known: dict[str, Callable[[], object]] = {
            "start": lambda: self.start(event),
            "renew": lambda: self.begin("renew", event),
            "agree": lambda: self.agree(event),
            "decline": self.decline,
            "submit": lambda: self.submit(event),
            "accept": lambda: self.accept(event),
            "decline_terms": self.decline_terms,
            "appeal": lambda: self.appeal(event),
            "replace_record": lambda: self.replace_record(event),
            "back": lambda: self.back(event),
            "cancel": self.cancel,
        }
        known.get(trigger, self.pose)()

    def captioned(self, event: FileReceived) -> None:
        """A call for help may stand under a picture; a file is taken at every step, or kept for the agent."""
        if relay.warn_of_danger(self, self.cases, event.caption) == "despair":
            relay.call_human(self, self.cases)
        if self.unread():
            self.keep_unread(event)
        elif self.state in ASKING:
            self.file(event)
        elif self.cases:
            relay.keep_for_later(self, relay.meant(self.cases), event)
        else:
            self.misread(Refusal("no_file_here"))

    def carded(self, event: ContactShared) -> None:
        """Take a contact card."""
        if self.unread():
            self.keep_unread(event)
        elif self.state in ASKING:
            self.contact(event)
        else:
            self.misread(Refusal("unreadable_kind"))

    def edited(self, event: MessageEdited) -> None:
        """Read an edited message again as the answer it gave; an agent is told, and else the person is."""
        if relay.warn_of_danger(self, self.cases, event.text) == "despair":
            relay.call_human(self, self.cases)
        given = [name for name, message in self.session.sources.items() if message == event.message]
        if any(early.message == event.message for early in self.session.early):
            self.update(early=tuple(_amended(early, event) for early in self.session.early))
        elif self.state in ASKING and given:
            self.read_again(given, event)
        elif self.cases and self.state not in ASKING and event.text:
            relay.keep_for_later(self, relay.meant(self.cases), event)
        elif event.text:
            self.say(texts.EDIT_UNREAD())
            self.pose()

    def read_again(self, names: list[str], event: MessageEdited) -> None:
        """Take what an edited message says now in place of what it said."""
        asked, given = self.asked(), self.session.answers
        unsaid = replace(asked.session, answers={name: value for name, value in given.items() if name not in names})
        answers = several_answers(event.text, replace(asked, session=unsaid)) if len(names) > 1 else {}
        if len(names) == 1:
            reading = QUESTIONS[names[0]].read(event.text, self.asked())
            answers = {names[0]: reading} if isinstance(reading, Answer) else {}
        if answers:
            self.take_several(answers, event)
        else:
            self.say(texts.EDIT_UNREAD())
            self.pose()

    def status(self) -> None:
        """Where the newest case stands, else where the request does that is being filled in."""
        if self.cases:
            self.say(cards.status(self.cases))
        else:
            self.pose()


def with_cases(intake: Intake, cases: tuple[Case, ...]) -> None:
    """Let the step know the chat's cases, the open ones apart from those that ended."""
    mine = tuple(case for case in cases if case.chat == intake.session.chat)
    still = tuple(case for case in mine if case.state in OPEN)
    intake.cases = tuple(case for case in still if not (case.unasked and case.state == "queued"))
    intake.past = tuple(case for case in mine if case.state not in OPEN)
    still_open = tuple(case.id for case in still)
    ended = tuple(case for case in intake.session.cases if case not in still_open)
    intake.update(cases=still_open, past=tuple(dict.fromkeys((*intake.session.past, *ended))))


def says_cancel(event: Event) -> bool:
    """Say whether an event is 取消: a command, the word, or its button."""
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
