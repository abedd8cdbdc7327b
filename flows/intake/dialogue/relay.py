"""The way to a human: calling one, and passing on what is said while one has the conversation."""

from collections.abc import Iterator, Sequence

from flows.cases.case import HELP, Case
from flows.cases.changes import hear
from flows.desk import texts as desk_texts
from flows.desk.texts import talk_button
from flows.effects import Button, FileClaim, FileFetch, TranscriptLine
from flows.events import (
    ButtonTapped,
    CommandReceived,
    ContactShared,
    Event,
    FileReceived,
    MessageEdited,
    MessageReceived,
    OtherReceived,
    TextReceived,
)
from flows.ids import ChatId, DocumentId
from flows.intake import texts
from flows.intake.dialogue.submission import open_case
from flows.messages import VERBATIM, Text
from flows.reading.urgency import read_urgency
from flows.step import Turn
from flows.terms.calendar import in_shanghai


def warn_of_danger(turn: Turn, cases: Sequence[Case], text: str) -> str:
    """Answer a call for help before anything else: 120 in danger, a word of care in despair. Gives which, or "".

    The owners of the chat's cases hear of it, too. Said even while an agent has the conversation.
    """
    urgency = read_urgency(text)
    if urgency is None:
        return ""
    turn.audit("urgent", kind=urgency.kind)
    turn.say(texts.DESPAIR() if urgency.kind == "despair" else texts.EMERGENCY())
    for case in cases:
        if case.owner is not None:
            turn.say(desk_texts.ALARM(number=case.number), to=ChatId(case.owner))
    return str(urgency.kind)


def call_human(turn: Turn, cases: Sequence[Case]) -> None:
    """Call a human: a word to the owner of a case, where the one called stands in the queue, or a new case for it.

    A request that waits in the queue is no substitute: it is due in days, a call for a human in minutes.
    """
    owned = next((case for case in reversed(cases) if case.owner is not None), None)
    called = next((case for case in cases if case.kind == HELP), None)
    if owned is not None and owned.owner is not None:
        turn.say(desk_texts.CALLED(number=owned.number), rows=[[talk_button(owned)]], to=ChatId(owned.owner))
        turn.say(texts.HUMAN_TOLD(owner=owned.owner_name))
    elif called is not None:
        turn.say(texts.HUMAN_WAITING(number=called.number, due=in_shanghai(called.due_at)))
    else:
        queue_call(turn)


def queue_call(turn: Turn) -> None:
    """Open a case for the call, and say when it is answered."""
    case = open_case(turn, HELP)
    calendar, hotline = turn.reference.calendar, turn.reference.terms.hotline
    called = texts.HUMAN_CALLED if calendar.is_open(turn.now) else texts.HUMAN_CALLED_CLOSED
    turn.say(called(at=in_shanghai(case.due_at), hotline=hotline))


def hand_through(turn: Turn, talking: Sequence[Case], event: Event) -> None:
    """Let every owner who has the conversation hear it: the chat's cases may be with two, and neither waits in vain.

    What cannot be passed on (a voice message, a sticker) is not kept either, and the person is told so.
    """
    if isinstance(event, ButtonTapped):
        turn.answer_tap(event, texts.AGENT_TALKING())
    elif isinstance(event, OtherReceived):
        turn.say(texts.REFUSALS["unreadable_kind"]())
    else:
        for case in talking:
            pass_on(turn, case, event)


def pass_on(turn: Turn, case: Case, event: Event) -> None:
    """Pass what the policyholder says to an owner who has the conversation; the bot itself is silent."""
    if case.owner is None or not isinstance(event, MessageReceived):
        return
    hear(case, "", turn.now)
    keep(turn, case, event)
    if isinstance(event, MessageEdited) and not event.text:
        return
    for part in told_to_agent(event):
        turn.say(desk_texts.FROM_POLICYHOLDER(number=case.number, text=part), to=ChatId(case.owner))


def keep_for_later(turn: Turn, case: Case, event: MessageReceived) -> None:
    """Keep what comes while nobody has the conversation: its owner is told, else whoever claims it sees it first."""
    keep(turn, case, event)
    words = said(event)
    heard = hear(case, words, turn.now)
    if case.owner is not None:
        for part in told_to_agent(event):
            left = desk_texts.LEFT_WORDS(number=case.number, text=part)
            turn.say(left, rows=[[talk_button(case)]], to=ChatId(case.owner))
    elif words:
        turn.change_case(heard)
    human = Button(label=texts.HUMAN(), data=f"{turn.session.conversation}:{turn.state}:{turn.session.turn}:!human")
    noted = texts.NOTED if words else texts.FILE_NOTED
    turn.say(noted(number=case.number), rows=[[human]])


def meant(cases: Sequence[Case]) -> Case:
    """Give the case that words are about, of those that are open (one at least): the newest request before a call."""
    return next((case for case in reversed(cases) if case.kind != HELP), cases[-1])


def keep(turn: Turn, case: Case, event: MessageReceived) -> None:
    """Add words to the case's transcript, and a file to its documents."""
    if isinstance(event, FileReceived):
        turn.add(FileClaim(case=case.id, documents=(fetch(turn, event),)))
    if words := said(event):
        turn.add(TranscriptLine(case=case.id, author="policyholder", text=words, at=event.at))


def fetch(turn: Turn, event: FileReceived) -> DocumentId:
    """Have a file fetched after the commit; give the document it will be."""
    document = DocumentId(turn.ids.new())
    turn.add(
        FileFetch(
            document=document,
            chat=event.chat,
            file_id=event.file_id,
            unique_id=event.unique_id,
            kind=event.kind,
            size=event.size,
            name=event.name,
            mime=event.mime,
        )
    )
    return document


def told_to_agent(event: MessageReceived) -> Iterator[Text]:
    """Give what an agent is shown of a message, in parts that fit; of what has no words, what it is."""
    words = said(event)
    if isinstance(event, MessageEdited):
        for part in desk_texts.parts(VERBATIM(text=words)):
            yield texts.CHANGED_WORDS(text=part)
    elif isinstance(event, ContactShared):
        yield texts.CARD_TO_AGENT(phone=event.phone)
    else:
        yield from desk_texts.parts(VERBATIM(text=words) if words else texts.FILE_TO_AGENT())


def said(event: Event) -> str:
    """Give the words of an event; empty for what has none."""
    if isinstance(event, TextReceived | MessageEdited):
        return event.text
    if isinstance(event, ContactShared):
        return event.phone
    if isinstance(event, CommandReceived):
        return f"/{event.name} {event.argument}".strip()
    return event.caption if isinstance(event, FileReceived) else ""
