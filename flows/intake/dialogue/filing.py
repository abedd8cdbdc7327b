"""Files: taken at any step, acknowledged by number, fetched and looked into after the commit."""

from typing import Final

from flows.cases.case import CHAT, Attachment, Line
from flows.effects import FileDrop
from flows.events import ContactShared, Event, FileFailed, FileInspected, FileReceived, MessageReceived
from flows.ids import DocumentId
from flows.intake import texts
from flows.intake.dialogue import relay
from flows.intake.dialogue.answering import say_understood, take, take_several
from flows.intake.dialogue.answers import keep
from flows.intake.dialogue.asking import ask
from flows.intake.dialogue.hub import answered
from flows.intake.dialogue.several import several_answers
from flows.intake.questions.identity import PhoneQuestion
from flows.intake.questions.ordered import QUESTIONS, REFUSALS
from flows.intake.questions.question import Answer, Reading
from flows.intake.step import IntakeStep
from flows.messages import Text

RECORD: Final = "record"
A_STORY: Final = 60  # characters; more than its answers stands in it
VOICE: Final = "voice"
HEARD: Final = frozenset({"voice", "audio", "video", "video_note", "animation"})  # kept for an agent
LARGEST: Final = 20 * 1024 * 1024  # bytes that a bot can fetch (Bot API, getFile)
TOLD_LOST: Final = {"too_big": (texts.FILE_TOO_BIG, texts.FILE_TOO_BIG_LATER)}
MOST: Final = 60  # files of a draft


def file(step: IntakeStep, event: FileReceived) -> None:
    """Keep a file for the question that wants it, else as a record; a double is named, not kept twice."""
    if event.size > LARGEST:
        refuse_file(step, REFUSALS["too_big"](), event)
    elif same := sent_before(step, event):
        take_again(step, same, event)
    elif len(step.session.attachments) >= MOST:
        refuse_file(step, REFUSALS["too_many_files"](), event)
    else:
        attach(step, event)


def sent_before(step: IntakeStep, event: FileReceived) -> Attachment | None:
    """Return the same file of this draft: one for the same purpose before any other."""
    same = [a for a in step.session.attachments if a.unique_id == event.unique_id]
    return next((a for a in same if a.question == filed_under(step)), same[0] if same else None)


def take_again(step: IntakeStep, same: Attachment, event: FileReceived) -> None:
    """Name a file that was sent before; one sent as a record may serve as the notice, too."""
    purpose = filed_under(step)
    if same.question == purpose:
        refuse_file(step, texts.SENT_BEFORE(number=number_of(step, same.document)), event)
        return
    step.update(attachments=(*step.session.attachments, Attachment(same.document, same.unique_id, purpose, event.at)))
    read_caption(step, event)


def refuse_file(step: IntakeStep, why: Text, event: FileReceived) -> None:
    """Say why a file is not kept, and what to do; what was written under it is read all the same."""
    if event.caption:
        step.update(notes=(*step.session.notes, Line(event.at, event.caption)))
    step.say(why)
    ask(step)


def attach(step: IntakeStep, event: FileReceived) -> None:
    """Acknowledge the file by its number; its bytes are fetched after the commit."""
    question = attach_quietly(step, event)
    if event.caption:
        step.update(notes=(*step.session.notes, Line(event.at, event.caption)))
    if question != asking_for(step):  # else the question itself says so
        step.say(acknowledgement(step, question))
    read_caption(step, event)


def attach_quietly(step: IntakeStep, event: FileReceived) -> str:
    """Keep a file, and what is written under it; return what it is for."""
    document = relay.fetch(step, event)
    question = VOICE if event.kind in HEARD else filed_under(step)
    attached = Attachment(document, event.unique_id, question, event.at)
    step.update(attachments=(*step.session.attachments, attached), failed_answers=0)
    return question


def file_early(step: IntakeStep, event: FileReceived) -> None:
    """Keep a file that came before the consents, as it would be kept now; what is amiss with it is said."""
    if event.size > LARGEST:
        step.say(REFUSALS["too_big"]())
    elif sent_before(step, event) is None and len(step.session.attachments) < MOST:
        attach_quietly(step, event)
    if event.caption:
        read_words(step, event.caption, event)


def read_words(step: IntakeStep, text: str, event: MessageReceived) -> None:
    """Take what words said before the consents answer; a story is kept for whoever takes the case."""
    answers = several_answers(text, step.context())
    if answers:
        keep(step, answers, event)
        say_understood(step, (QUESTIONS[name] for name in answers))
    if not answers or len(text) > A_STORY:
        step.update(notes=(*step.session.notes, Line(event.at, text)))


def filed_under(step: IntakeStep) -> str:
    """What a file is for: what the open question takes, else a record [OP-N1, IP-N1]."""
    return asking_for(step) or RECORD


def asking_for(step: IntakeStep) -> str:
    """What files the open question takes; empty where it takes none."""
    question = QUESTIONS.get(step.state)
    return question.files if question else ""


def acknowledgement(step: IntakeStep, question: str) -> Text:
    """Say which file was received, by its number."""
    if question == VOICE:
        return texts.VOICE_KEPT()
    kept = texts.NOTICE_KEPT if question == "notice" else texts.RECORD_KEPT
    return kept(count=count_of(step, question))


def count_of(step: IntakeStep, question: str) -> int:
    """How many files there are for a question."""
    return sum(attachment.question == question for attachment in step.session.attachments)


def read_caption(step: IntakeStep, event: FileReceived) -> None:
    """Take what stands under a file as answers, where it says any; then the question again."""
    answers = several_answers(event.caption, step.context()) if event.caption else {}
    if answers:
        take_several(step, answers, event)
    else:
        ask(step)


def contact(step: IntakeStep, event: ContactShared) -> None:
    """Take a contact card where the phone is asked for, or out of its order."""
    reading = read_card(event)
    if isinstance(reading, Answer) and step.state != "phone":
        take_several(step, {"phone": reading}, event)
    else:
        take(step, reading, event)


def read_card(event: ContactShared) -> Reading:
    """Read the number of a contact card; verified is only the sender's own."""
    return PhoneQuestion().shared(event.phone, own=event.own)


def forget(step: IntakeStep) -> None:
    """Drop the draft: answers, files, notes, the policy matched. What was submitted is the case's by now."""
    if step.session.attachments:
        step.add(FileDrop(documents=tuple(attachment.document for attachment in step.session.attachments)))
    step.update(answers={}, attachments=(), notes=(), pre_consent=(), sources={}, overtaken=None, amending="")
    step.update(policy=None, product="", acknowledged=(), failed_answers=0, missed="")


def replace_record(step: IntakeStep, event: Event) -> None:
    """Another record is to be given in place of one that falls short: the files go, and the questions on them."""
    kept = tuple(a for a in step.session.attachments if a.question != RECORD)
    used = {a.document for a in kept}  # one may serve as the notice, too
    old = tuple(a.document for a in step.session.attachments if a.document not in used)
    gone = {name for name in step.session.answers if name.startswith(RECORD) or name == "better_record"}
    answers = {name: value for name, value in step.session.answers.items() if name not in gone}
    if old:
        step.add(FileDrop(documents=old))
    step.update(attachments=kept, answers=answers)
    answered(step, event)


# ---- what became of it ----


def file_failed(step: IntakeStep, event: FileFailed) -> None:
    """A file could not be fetched: ask for it again, if it is still wanted: by the draft, or by an open case."""
    number = number_of(step, event.document)
    if number or step.cases:
        lost, later = TOLD_LOST.get(event.code, (texts.FILE_LOST, texts.FILE_LOST_LATER))
        step.say(lost(number=number) if number else later())
        let_go(step, event.document, event)


def inspected(step: IntakeStep, event: FileInspected) -> None:
    """Say what is the matter with a file, where something is; what is of no use at all is not kept."""
    number = number_of(step, event.document)
    if not number:
        return
    same = event.same_as is not None and purpose_of(step, event.document) == purpose_of(step, event.same_as) != ""
    if event.same_as is not None and same and (first := number_of(step, event.same_as)):
        step.say(texts.SAME_FILE(number=number, first=first))
        let_go(step, event.document, event, asking_again=False)
    elif event.fault in texts.FILE_FAULTS:
        step.say(texts.FILE_FAULTS[event.fault](number=number))
        if event.fault not in texts.STILL_KEPT:
            let_go(step, event.document, event)


def number_of(step: IntakeStep, document: DocumentId) -> int:
    """The number by which a file of the draft or of an open case was acknowledged; 0 for any other."""
    for owned in (step.session.attachments, *(case.attachments for case in step.cases)):
        mine = next((a for a in owned if a.document == document and a.question != CHAT), None)
        if mine is not None:
            return [a.document for a in owned if a.question == mine.question].index(document) + 1
    return 0


def purpose_of(step: IntakeStep, document: DocumentId) -> str:
    """What a file of the draft is for; empty for one that is not there."""
    return next((a.question for a in step.session.attachments if a.document == document), "")


def let_go(step: IntakeStep, document: DocumentId, event: Event, *, asking_again: bool = True) -> None:
    """Take a file off the draft; where the last of its kind is gone, it is asked for again."""
    lost = next((a for a in step.session.attachments if a.document == document), None)
    if lost is None:
        return
    step.add(FileDrop(documents=(document,)))
    step.update(attachments=tuple(a for a in step.session.attachments if a.document != document))
    if not asking_again or step.state not in QUESTIONS or step.agent_speaks:
        return
    if lost.question == RECORD and not count_of(step, RECORD) and "record" in step.session.answers:
        answered(step, event)
    else:
        ask(step)
