"""An agent's own chat with the bot: the next case, claiming it, talking, giving the conversation back."""

from pathlib import Path

from flows.desk import life, texts
from flows.desk.card import card, full_card
from flows.desk.case import Case
from flows.effects import RELAY, CasesAsk, CasesKnown, FileDrop, Message, Nudge, QueueAsk, QueueKnown, TranscriptLine
from flows.errors import AlreadyClaimed, IllegalEvent
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
from flows.ids import CaseId, RowId
from flows.messages import VERBATIM
from flows.reading.fold import without_end_marks
from flows.reading.phrase_table import PhraseTable
from flows.session import Agent
from flows.terms.calendar import in_shanghai
from flows.turn import Turn

command_in = PhraseTable(Path(__file__).parent / "data" / "words.json", without_end_marks).meaning

IDS = 2**63  # what a database's integer holds, whoever made the button up

ABOUT_OWN_CASE = frozenset({"hand_back", "release", "close"})


class Desk(Turn):
    """One event of an agent's chat."""

    @property
    def agent(self) -> Agent:
        """Who this is. Raises IllegalEvent where the chat is no agent's."""
        if self.session.agent is None:
            raise IllegalEvent("desk", self.state)
        return self.session.agent

    def receive(self, event: Event) -> None:
        """Take one event."""
        match event:
            case QueueKnown():
                self.show_next(event)
            case CasesKnown():
                self.act(event)
            case CommandReceived():
                self.command(event.name, event)
            case TextReceived():
                self.text(event)
            case ButtonTapped():
                self.tap(event)
            case DeliveryDoubted():
                self.say(texts.UNCERTAIN(number=event.number))
            case StepFailed():
                self.say(texts.STEP_FAILED())
            case SilenceNoticed():
                self.drop_draft()
            case ConversationReturned() | FileFailed() | FileInspected():
                pass  # of a request that this agent made as a policyholder, before becoming one of us
            case _:
                self.say(texts.TEXT_ONLY())

    def drop_draft(self) -> None:
        """Drop what this agent had begun to fill in as a policyholder, before becoming one of us."""
        if self.session.attachments:
            self.add(FileDrop(documents=tuple(attachment.document for attachment in self.session.attachments)))
        self.update(answers={}, attachments=(), notes=(), early=(), sources={}, held=None, wake_at=None)

    # ---- what is looked up first ----

    def command(self, name: str, event: Event) -> None:
        """/next, 交还 and the like; anything else gets the list of what there is."""
        if name == "next":
            self.add(QueueAsk(because=event))
        elif name in ABOUT_OWN_CASE and self.session.desk is not None:
            self.add(CasesAsk(because=event, cases=(self.session.desk,)))
        elif name in ABOUT_OWN_CASE:
            self.say(texts.NO_CASE())
        else:
            self.say(texts.AGENT_HELP(name=self.agent.name), keyboard=[[texts.NEXT(), texts.HAND_BACK()]])

    def text(self, event: TextReceived) -> None:
        """A command in words, or words for the policyholder."""
        if command := command_in(event.text):
            self.command(command, event)
        elif self.session.desk is None:
            self.say(texts.NO_CASE(), rows=[[texts.next_button()]])
        else:
            self.add(CasesAsk(because=event, cases=(self.session.desk,)))

    def tap(self, event: ButtonTapped) -> None:
        """A button of a card: which case, and what shall be done with it."""
        self.answer_tap(event)
        action, case = button_of(event.data)
        if action == "next":
            self.add(QueueAsk(because=event))
        elif case is not None:
            self.add(CasesAsk(because=event, cases=(case,)))

    def show_next(self, event: QueueKnown) -> None:
        """Show the case that is due first; it stays free until somebody claims it."""
        if event.case is None:
            self.say(texts.QUEUE_EMPTY())
        else:
            text = card(event.case, self.reference, waiting=event.waiting)
            self.say(text, rows=[[texts.claim_button(event.case)]])

    # ---- what is done with a case ----

    def act(self, event: CasesKnown) -> None:
        """Do what was asked for, now that the case is known and locked."""
        if not event.cases:
            self.update(desk=None)
            self.say(texts.GONE())
            return
        case, because = event.cases[0], event.because
        try:
            self.do(action_of(because), case, because)
        except AlreadyClaimed as error:
            if case.owner == self.agent.user:
                self.say(full_card(case, self.reference), rows=texts.owned_buttons(case))
                return
            self.say(texts.TAKEN(number=case.number, owner=error.owner, at=in_shanghai(error.at)))
        except IllegalEvent:
            if self.session.desk == case.id and case.owner != self.agent.user:
                self.update(desk=None)
            self.say(texts.NOT_POSSIBLE(number=case.number))

    def do(self, action: str, case: Case, because: Event) -> None:
        """Dispatch one action. Raises IllegalEvent where the table has no row for it."""
        match action:
            case "claim":
                self.claim(case)
            case "talk":
                self.talk(case)
            case "hand_back":
                self.hand_back(case)
            case "release":
                self.release(case)
            case "close":
                self.close(case)
            case "say" if isinstance(because, TextReceived):
                self.relay(case, because)
            case _:
                raise IllegalEvent(action, case.state)

    def claim(self, case: Case) -> None:
        """Compare and set: of all who tap 领取, one gets the case and its policyholder hears who it is."""
        if self.occupied(case):
            return
        claimed = life.claim(case, self.agent, self.now)
        self.change_case(claimed)
        self.update(desk=case.id)
        self.audit("claimed", case=case.id)
        self.say(full_card(case, self.reference), rows=[[texts.hand_back_button(case)]])
        self.tell_waiting(case)
        self.say(texts.CLAIMED())
        self.say(texts.AGENT_JOINED(owner=self.agent.name, number=case.number), to=case.chat)

    def talk(self, case: Case) -> None:
        """The owner takes the conversation again."""
        if self.occupied(case):
            return
        self.change_case(life.talk(case, self.agent))
        self.update(desk=case.id)
        self.audit("talk", case=case.id)
        self.say(texts.TALKING(number=case.number), rows=[[texts.hand_back_button(case)]])
        self.tell_waiting(case)
        self.say(texts.AGENT_JOINED(owner=self.agent.name, number=case.number), to=case.chat)

    def occupied(self, case: Case) -> bool:
        """Say so where the agent talks about a case already: about this one (tapped twice), or another."""
        if self.session.desk == case.id and case.state == "talking" and case.owner == self.agent.user:
            self.say(texts.TALKING(number=case.number), rows=[[texts.hand_back_button(case)]])
            return True
        if self.session.desk not in {None, case.id}:
            self.say(texts.BUSY_WITH(number=case.number))
            return True
        return False

    def tell_waiting(self, case: Case) -> None:
        """Show what the policyholder said while nobody was there."""
        lines = "\n".join(f"{in_shanghai(line.at):%H:%M} {line.text}" for line in case.waiting)
        if lines:
            for part in texts.parts(VERBATIM(text=lines)):
                self.say(texts.LINES(lines=part))

    def hand_back(self, case: Case) -> None:
        """The bot has the conversation again and goes on where it was."""
        after = life.hand_back(case, self.agent)
        self.leave(after, "handed_back")
        if after.state == "closed":
            self.say(texts.HELP_ENDED(number=case.number), rows=[[texts.next_button()]])
        else:
            self.say(texts.HANDED_BACK(number=case.number), rows=texts.owned_buttons(case))
        self.say(texts.AGENT_LEFT(owner=self.agent.name), to=case.chat)
        self.add(Nudge(event=ConversationReturned(chat=case.chat)))

    def release(self, case: Case) -> None:
        """Back into the queue, with its history and its promise."""
        self.leave(life.release(case, self.agent), "released")
        self.say(texts.RELEASED(number=case.number), rows=[[texts.next_button()]])
        self.say(texts.AGENT_RELEASED(number=case.number), to=case.chat)

    def close(self, case: Case) -> None:
        """The case is done."""
        self.leave(life.close(case, self.agent, self.now), "closed")
        self.say(texts.CLOSED(number=case.number), rows=[[texts.next_button()]])
        self.say(texts.CASE_CLOSED(number=case.number), to=case.chat)
        self.add(Nudge(event=ConversationReturned(chat=case.chat)))

    def leave(self, case: Case, action: str) -> None:
        """Write the case, and leave it in this chat."""
        self.change_case(case)
        if self.session.desk == case.id:
            self.update(desk=None)
        self.audit(action, case=case.id)

    def relay(self, case: Case, event: TextReceived) -> None:
        """The owner's words reach the policyholder, never twice: where their fate is unknown, the owner is told."""
        life.say(case, self.agent)
        self.add(TranscriptLine(case=case.id, author="agent", text=event.text, at=event.at))
        for part in texts.parts(VERBATIM(text=event.text)):
            self.add(
                Message(
                    id=RowId(self.ids.new()),
                    chat=case.chat,
                    text=texts.AGENT_SAYS(owner=self.agent.name, text=part),
                    kind=RELAY,
                    doubt=(event.chat, case.number),
                )
            )


def button_of(data: str) -> tuple[str, CaseId | None]:
    """Read a desk button's token `desk:action:case`; anything else is no action."""
    place, action, case = [*data.split(":", 2), "", ""][:3]
    if place != "desk" or not case.isdecimal() or int(case) >= IDS:
        return "", None
    return action, CaseId(int(case))


def action_of(event: Event) -> str:
    """What an event asks to be done with a case."""
    if isinstance(event, ButtonTapped):
        return button_of(event.data)[0]
    if isinstance(event, CommandReceived):
        return event.name
    if isinstance(event, TextReceived):
        return command_in(event.text) or "say"
    return ""
