"""Files: taken at any step, acknowledged by number, fetched and looked into after the commit."""

from typing import Final

from flows.cases.case import Attachment, Line
from flows.effects import FileDrop
from flows.events import ContactShared, Event, FileFailed, FileInspected, FileReceived, MessageReceived
from flows.ids import DocumentId
from flows.intake import texts
from flows.intake.dialogue import relay
from flows.intake.dialogue.answering import Answering
from flows.intake.dialogue.several import several_answers
from flows.intake.questions.identity import PhoneQuestion
from flows.intake.questions.ordered import QUESTIONS, REFUSALS
from flows.intake.questions.question import Answer, Reading
from flows.messages import Text

RECORD: Final = "record"
A_STORY: Final = 60  # characters; more than its answers stands in it
VOICE: Final = "voice"
HEARD: Final = frozenset({"voice", "audio", "video", "video_note", "animation"})  # kept for an agent
LARGEST: Final = 20 * 1024 * 1024  # bytes that a bot can fetch (Bot API, getFile)
TOLD_LOST: Final = {"too_big": (texts.FILE_TOO_BIG, texts.FILE_TOO_BIG_LATER)}
MOST: Final = 60  # files of a draft


class Filing(Answering):
    """A turn that takes files."""

    def file(self, event: FileReceived) -> None:
        """Keep a file for the question that wants it, else as a record; a double is named, not kept twice."""
        if event.size > LARGEST:
            self.refuse_file(REFUSALS["too_big"](), event)
        elif same := self.sent_before(event):
            self.take_again(same, event)
        elif len(self.session.attachments) >= MOST:
            self.refuse_file(REFUSALS["too_many_files"](), event)
        else:
            self.attach(event)

    def sent_before(self, event: FileReceived) -> Attachment | None:
        """Give the same file of this draft: one for the same purpose before any other."""
        same = [a for a in self.session.attachments if a.unique_id == event.unique_id]
        return next((a for a in same if a.question == self.filed_under()), same[0] if same else None)

    def take_again(self, same: Attachment, event: FileReceived) -> None:
        """Name a file that was sent before; one sent as a record may serve as the notice, too."""
        purpose = self.filed_under()
        if same.question == purpose:
            self.refuse_file(texts.SENT_BEFORE(number=self.number_of(same.document)), event)
            return
        self.update(attachments=(*self.session.attachments, Attachment(same.document, same.unique_id, purpose)))
        self.read_caption(event)

    def refuse_file(self, why: Text, event: FileReceived) -> None:
        """Say why a file is not kept, and what to do; what was written under it is read all the same."""
        if event.caption:
            self.update(notes=(*self.session.notes, Line(event.at, event.caption)))
        self.say(why)
        self.ask()

    def attach(self, event: FileReceived) -> None:
        """Acknowledge the file by its number; its bytes are fetched after the commit."""
        question = self.attach_quietly(event)
        if event.caption:
            self.update(notes=(*self.session.notes, Line(event.at, event.caption)))
        if question != self.asking_for():  # else the question itself says so
            self.say(self.acknowledgement(question))
        self.read_caption(event)

    def attach_quietly(self, event: FileReceived) -> str:
        """Keep a file, and what is written under it; give what it is for."""
        document = relay.fetch(self, event)
        question = VOICE if event.kind in HEARD else self.filed_under()
        self.update(
            attachments=(*self.session.attachments, Attachment(document, event.unique_id, question)), failed_answers=0
        )
        return question

    def file_early(self, event: FileReceived) -> None:
        """Keep a file that came before the consents, as it would be kept now; what is amiss with it is said."""
        if event.size > LARGEST:
            self.say(REFUSALS["too_big"]())
        elif self.sent_before(event) is None and len(self.session.attachments) < MOST:
            self.attach_quietly(event)
        if event.caption:
            self.read_words(event.caption, event)

    def read_words(self, text: str, event: MessageReceived) -> None:
        """Take what words said before the consents answer; a story is kept for whoever takes the case."""
        answers = several_answers(text, self.context())
        if answers:
            self.keep(answers, event)
            self.say_understood(QUESTIONS[name] for name in answers)
        if not answers or len(text) > A_STORY:
            self.update(notes=(*self.session.notes, Line(event.at, text)))

    def filed_under(self) -> str:
        """What a file is for: what the open question takes, else a record [OP-N1, IP-N1]."""
        return self.asking_for() or RECORD

    def asking_for(self) -> str:
        """What files the open question takes; empty where it takes none."""
        question = QUESTIONS.get(self.state)
        return question.files if question else ""

    def acknowledgement(self, question: str) -> Text:
        """Say which file was received, by its number."""
        count = self.count(question)
        if question == VOICE:
            return texts.VOICE_KEPT()
        return texts.NOTICE_KEPT(count=count) if question == "notice" else texts.RECORD_KEPT(count=count)

    def count(self, question: str) -> int:
        """How many files there are for a question."""
        return sum(attachment.question == question for attachment in self.session.attachments)

    def read_caption(self, event: FileReceived) -> None:
        """Take what stands under a file as answers, where it says any; then the question again."""
        answers = several_answers(event.caption, self.context()) if event.caption else {}
        if answers:
            self.take_several(answers, event)
        else:
            self.ask()

    def contact(self, event: ContactShared) -> None:
        """Take a contact card where the phone is asked for, or out of its order."""
        reading = self.read_card(event)
        if isinstance(reading, Answer) and self.state != "phone":
            self.take_several({"phone": reading}, event)
        else:
            self.take(reading, event)

    def read_card(self, event: ContactShared) -> Reading:
        """Read the number of a contact card; verified is only the sender's own."""
        return PhoneQuestion().shared(event.phone, own=event.own)

    def forget(self) -> None:
        """Drop the draft: answers, files, notes, the policy matched. What was submitted is the case's by now."""
        if self.session.attachments:
            self.add(FileDrop(documents=tuple(attachment.document for attachment in self.session.attachments)))
        self.update(answers={}, attachments=(), notes=(), pre_consent=(), sources={}, overtaken=None, amending="")
        self.update(policy=None, product="", acknowledged=(), failed_answers=0, missed="")

    def replace_record(self, event: Event) -> None:
        """Another record is to be given in place of one that falls short: the files go, and the questions on them."""
        kept = tuple(a for a in self.session.attachments if a.question != RECORD)
        used = {a.document for a in kept}  # one may serve as the notice, too
        old = tuple(a.document for a in self.session.attachments if a.document not in used)
        gone = {name for name in self.session.answers if name.startswith(RECORD) or name == "better_record"}
        answers = {name: value for name, value in self.session.answers.items() if name not in gone}
        if old:
            self.add(FileDrop(documents=old))
        self.update(attachments=kept, answers=answers)
        self.fire("answer")
        self.onward(event)

    # ---- what became of it ----

    def file_failed(self, event: FileFailed) -> None:
        """A file could not be fetched: ask for it again, if it is still wanted: by the draft, or by an open case."""
        number = self.number_of(event.document)
        if number or self.cases:
            lost, later = TOLD_LOST.get(event.code, (texts.FILE_LOST, texts.FILE_LOST_LATER))
            self.say(lost(number=number) if number else later())
            self.let_go(event.document, event)

    def inspected(self, event: FileInspected) -> None:
        """Say what is the matter with a file, where something is; what is of no use at all is not kept."""
        number = self.number_of(event.document)
        if not number:
            return
        same = event.same_as is not None and self.purpose_of(event.document) == self.purpose_of(event.same_as) != ""
        if event.same_as is not None and same and (first := self.number_of(event.same_as)):
            self.say(texts.SAME_FILE(number=number, first=first))
            self.let_go(event.document, event, posing=False)
        elif event.fault in texts.FILE_FAULTS:
            self.say(texts.FILE_FAULTS[event.fault](number=number))
            if event.fault not in texts.STILL_KEPT:
                self.let_go(event.document, event)

    def number_of(self, document: DocumentId) -> int:
        """The number by which a file of the draft or of an open case was acknowledged; 0 for any other."""
        for owned in (self.session.attachments, *(case.attachments for case in self.cases)):
            mine = next((a for a in owned if a.document == document), None)
            if mine is not None:
                return [a.document for a in owned if a.question == mine.question].index(document) + 1
        return 0

    def purpose_of(self, document: DocumentId) -> str:
        """What a file of the draft is for; empty for one that is not there."""
        return next((a.question for a in self.session.attachments if a.document == document), "")

    def let_go(self, document: DocumentId, event: Event, *, posing: bool = True) -> None:
        """Take a file off the draft; where the last of its kind is gone, it is asked for again."""
        lost = next((a for a in self.session.attachments if a.document == document), None)
        if lost is None:
            return
        self.add(FileDrop(documents=(document,)))
        self.update(attachments=tuple(a for a in self.session.attachments if a.document != document))
        if not posing or self.state not in QUESTIONS or any(case.agent_speaks for case in self.cases):
            return
        if lost.question == RECORD and not self.count(RECORD) and "record" in self.session.answers:
            self.fire("answer")
            self.onward(event)
        else:
            self.ask()
