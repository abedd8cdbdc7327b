"""The way to a human: calling one, and passing on what is said while one has the conversation."""

from collections.abc import Iterator, Sequence

from flows.cases.alerts import DESPAIR, NEW_CASE, OWNER_ABSENT
from flows.cases.case import CHAT, HELP, Attachment, Case
from flows.cases.changes import changed, spoken, with_customer_message
from flows.cases.notices import ALARM, CALLED, FROM_POLICYHOLDER, LEFT_WORDS
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
from flows.ids import DocumentId
from flows.intake import texts
from flows.intake.dialogue.submission import open_case
from flows.intake.step import IntakeStep
from flows.messages import VERBATIM, Text, parts
from flows.reading.urgency import read_urgency
from flows.terms.calendar import in_shanghai


def warn_of_danger(step: IntakeStep, cases: Sequence[Case], text: str) -> str:
    """Answer a call for help before anything else: 120 in danger, a word of care in despair. Gives which, or "".

    The owners of the chat's cases hear of it, too. Said even while an agent has the conversation.
    """
    urgency = read_urgency(text)
    if urgency is None:
        return ""
    step.audit("urgent", kind=urgency.kind)
    step.say(texts.DESPAIR() if urgency.kind == "despair" else texts.EMERGENCY())
    for case in cases:
        step.tell_owner(case, ALARM(number=case.number))
    if cases and (urgency.kind != DESPAIR or step.agent_speaks):  # else `call_human` alerts the desk
        case = next((case for case in cases if case.agent_speaks), meant(cases))
        step.alert(case.id, urgency.kind)
    return str(urgency.kind)


def call_human(step: IntakeStep, cases: Sequence[Case], *, urgent: str = "") -> None:
    """Call a human: a word to the owner of a case, where the one called stands in the queue, or a new case for it.

    `urgent` is the kind of alert that made this necessary, if any.

    A request that waits in the queue is no substitute: it is due in days, a call for a human in minutes.
    """
    owned = next((case for case in reversed(cases) if case.owner is not None), None)
    called = next((case for case in cases if case.request_type == HELP), None)
    if owned is not None:
        step.tell_owner(owned, CALLED(number=owned.number), "take_over")
        step.alert(owned.id, urgent or OWNER_ABSENT)
        step.say(texts.HUMAN_TOLD(owner=owned.owner_name))
    elif called is not None:
        if urgent:
            step.alert(called.id, urgent)
        step.say(texts.HUMAN_WAITING(number=called.number, due=in_shanghai(called.due_at)))
    else:
        queue_call(step, urgent or NEW_CASE)


def queue_call(step: IntakeStep, alert: str = NEW_CASE) -> None:
    """Open a case for the call, alert the desk, and say when it is answered."""
    case = open_case(step, HELP)
    step.alert(case.id, alert)
    calendar, hotline = step.reference.calendar, step.reference.terms.hotline
    called = texts.HUMAN_CALLED if calendar.is_open(step.now) else texts.HUMAN_CALLED_CLOSED
    step.say(called(at=in_shanghai(case.due_at), hotline=hotline))


def hand_through(step: IntakeStep, talking: Sequence[Case], event: Event) -> None:
    """Let every owner who has the conversation hear it: the chat's cases may be with two, and neither waits in vain.

    What cannot be passed on (a voice message, a sticker) is not kept either, and the person is told so.
    """
    if isinstance(event, ButtonTapped):
        step.answer_tap(event, texts.AGENT_TALKING())
    elif isinstance(event, OtherReceived):
        step.say(texts.REFUSALS["unreadable_kind"]())
    else:
        for case in talking:
            pass_on(step, case, event)


def pass_on(step: IntakeStep, case: Case, event: Event) -> None:
    """Pass what the policyholder says to an owner who has the conversation; the bot itself is silent."""
    if not isinstance(event, MessageReceived):
        return
    case = spoken(keep(step, case, event), step.now)
    step.change_case(case)
    if isinstance(event, MessageEdited) and not event.text:
        return
    for part in told_to_agent(event):
        step.tell_owner(case, FROM_POLICYHOLDER(number=case.number, text=part))
    step.alert(case.id, OWNER_ABSENT)


def keep_for_later(step: IntakeStep, case: Case, event: MessageReceived) -> None:
    """Keep what comes while nobody has the conversation: its owner is told, else whoever claims it sees it first."""
    case = keep(step, case, event)
    words = said(event)
    if case.owner is not None:
        for part in told_to_agent(event):
            step.tell_owner(case, LEFT_WORDS(number=case.number, text=part), "take_over")
        step.alert(case.id, OWNER_ABSENT)
    elif words:
        step.change_case(with_customer_message(case, words, step.now))
    human = Button(label=texts.HUMAN(), data=f"{step.session.conversation}:{step.state}:{step.session.turn}:!human")
    noted = texts.NOTED if words else texts.FILE_NOTED
    step.say(noted(number=case.number), rows=[[human]])


def meant(cases: Sequence[Case]) -> Case:
    """Return the case that words are about, of those that are open (one at least): the newest request before a call."""
    return next((case for case in reversed(cases) if case.request_type != HELP), cases[-1])


def keep(step: IntakeStep, case: Case, event: MessageReceived) -> Case:
    """Add words to the case's transcript, and a file to its documents; return the case with it."""
    if words := said(event):
        step.add(TranscriptLine(case=case.id, author="policyholder", text=words, at=event.at))
    return add_document(step, case, event) if isinstance(event, FileReceived) else case


def add_document(step: IntakeStep, case: Case, event: FileReceived) -> Case:
    """Add a file that was sent after the request to the case's documents; return the case with it."""
    document = fetch(step, event)
    step.add(FileClaim(case=case.id, documents=(document,)))
    sent = Attachment(document, event.unique_id, CHAT, event.at)
    case = changed(case, attachments=(*case.attachments, sent))
    step.change_case(case)
    return case


def fetch(step: IntakeStep, event: FileReceived) -> DocumentId:
    """Have a file fetched after the commit; return the document it will be."""
    document = DocumentId(step.ids.new())
    step.add(
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
    """Return what an agent is shown of a message, in parts that fit; of what has no words, what it is."""
    words = said(event)
    if isinstance(event, MessageEdited):
        for part in parts(VERBATIM(text=words)):
            yield texts.CHANGED_WORDS(text=part)
    elif isinstance(event, ContactShared):
        yield texts.CARD_TO_AGENT(phone=event.phone)
    else:
        yield from parts(VERBATIM(text=words) if words else texts.FILE_TO_AGENT())


def said(event: Event) -> str:
    """Return the words of an event; empty for what has none."""
    if isinstance(event, TextReceived | MessageEdited):
        return event.text
    if isinstance(event, ContactShared):
        return event.phone
    if isinstance(event, CommandReceived):
        return f"/{event.name} {event.argument}".strip()
    return event.caption if isinstance(event, FileReceived) else ""
