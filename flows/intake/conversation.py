"""The policyholder's side: one step of the intake, from an event to the next question."""

from collections.abc import Callable

from flows.desk.case import REVIEW, Case
from flows.desk.machine import OPEN
from flows.effects import FileDrop, PolicyAsk, PolicyKnown
from flows.errors import IllegalEvent
from flows.events import (
    ButtonTapped,
    CommandReceived,
    ConversationReturned,
    Event,
    FileFailed,
    FileReceived,
    GroupWritten,
    OtherReceived,
    OutageEnded,
    StepFailed,
    TextReceived,
)
from flows.ids import DocumentId
from flows.intake import cards, relay, texts
from flows.intake.asking import Asking
from flows.intake.consents import missing
from flows.intake.identity import agrees
from flows.intake.machine import ASKING, INTAKE, WAITING
from flows.intake.question import Answer, Choice, Gathered, Reading
from flows.intake.questions import QUESTIONS
from flows.intake.several import PARTS, UNDERSTOOD, several_answers, understood
from flows.intake.submission import decision_on, open_case, reserve
from flows.intake.words import command_in
from flows.messages import Listed
from flows.reading.refusal import Refusal
from flows.session import Attachment, Consent, Line
from flows.terms.calendar import in_shanghai
from flows.terms.eligibility import Decision, Outcome
from flows.terms.policy import Policy

RECORD = "record"  # the question that files answer
CALL_HUMAN = Choice(texts.HUMAN(), fires="human").token()


class Intake(Asking):
    """One event of a policyholder's chat. `found` and `decision` live within the step."""

    found: Policy | None = None
    decision: Decision | None = None

    # ---- guards of the table ----

    def consents_given(self) -> bool:
        """Every consent, to its present wording."""
        return missing(self.session, self.reference) is None

    def identity_given(self) -> bool:
        """Name, document number and policy number are all there."""
        return {"name", "id_number", "policy_number"} <= self.session.answers.keys()

    def policy_matched(self) -> bool:
        """The policy on file is the one described."""
        return self.found is not None

    def record_attached(self) -> bool:
        """At least one file."""
        return any(attachment.question == RECORD for attachment in self.session.attachments)

    def refused(self) -> bool:
        """The terms leave no doubt that this cannot be served."""
        return self.decision is not None and self.decision.outcome is Outcome.REFUSED

    # ---- events ----

    def receive(self, event: Event) -> None:
        """Take one event. Raises IllegalEvent where the table has no row for it; nothing is changed then."""
        match event:
            case CommandReceived():
                self.command(event.name)
            case TextReceived():
                self.text(event)
            case ButtonTapped():
                self.tap(event)
            case FileReceived():
                self.captioned(event)
            case OtherReceived():
                self.misread(Refusal("unreadable_kind"))
            case _:
                self.observe(event)

    def observe(self, event: Event) -> None:
        """Take what did not come from the person: an answer to an ask, or what the process noticed."""
        match event:
            case PolicyKnown():
                self.policy_known(event)
            case ConversationReturned():
                self.pose()
            case OutageEnded():
                self.say(texts.WAS_AWAY())
                self.pose()
            case FileFailed():
                self.file_failed(event.document)
            case StepFailed():
                self.say(texts.APOLOGY(hotline=self.reference.terms.hotline))
            case GroupWritten():
                self.say(texts.PRIVATE_ONLY())
            case _:
                raise IllegalEvent(type(event).__name__, self.state)

    def command(self, name: str) -> None:
        """Do what /name says; an unknown one gets the list of those known."""
        known: dict[str, Callable[[], object]] = {
            "start": self.start,
            "human": lambda: relay.call_human(self, self.cases),
            "help": lambda: self.say(texts.HELP(hotline=self.reference.terms.hotline)),
            "repeat": self.pose,
            "status": self.status,
            "back": self.back,
            "cancel": self.cancel,
        }
        known.get(name, known["help"])()

    def text(self, event: TextReceived) -> None:
        """Read what was typed: a call for help first, then a command in words, then the answer to the question."""
        urgency = relay.warn_of_danger(self, self.cases, event.text)
        if urgency == "despair":
            relay.call_human(self, self.cases)
        elif command := command_in(event.text):
            self.command(command)
        elif self.cases and self.state not in ASKING:
            relay.keep_for_later(self, self.cases[-1], event)
        elif self.state in ASKING:
            self.typed(event, urgent=bool(urgency))
        elif self.state == "new" and not urgency:
            self.start()
        else:
            self.pose()

    def typed(self, event: TextReceived, *, urgent: bool) -> None:
        """Read an answer, or several at once; a call for help is no name, nor told that it was no answer."""
        if self.state in PARTS and not urgent and (answers := several_answers(event.text, self.asked())):
            self.take_several(answers, event)
            return
        reading = QUESTIONS[self.state].read(event.text, self.asked())
        if not urgent or (self.state != "name" and isinstance(reading, Answer)):
            self.take(reading, event)

    def tap(self, event: ButtonTapped) -> None:
        """Do what a button says, once, and only if it belongs to the question that is waiting."""
        data = event.data
        conversation, state, turn, token = [*data.split(":", 3), "", "", ""][:4]
        if token == CALL_HUMAN:
            self.answer_tap(event)
            relay.call_human(self, self.cases)
        elif data == self.session.tapped:
            self.answer_tap(event, texts.ALREADY_TAPPED())
        elif (conversation, state, turn) != (str(self.session.conversation), self.state, str(self.session.turn)):
            self.answer_tap(event, texts.OLD_BUTTON())
            self.pose()
        else:
            self.answer_tap(event)
            self.update(tapped=data)
            self.press(token, event)

    def press(self, token: str, event: ButtonTapped) -> None:
        """Fire a trigger that the question offers, turn its page, or take its value."""
        if token.startswith("!") and token in self.offered():
            self.do(token[1:], event)
        elif token.startswith("#") and token[1:].isdecimal():
            self.pose(page=int(token[1:]), instead_of=event)
        elif token.startswith("=") and self.state in ASKING:
            self.take(QUESTIONS[self.state].choose(token[1:], self.asked()), event)
        else:
            self.pose()

    def do(self, trigger: str, event: Event) -> None:
        """Fire a trigger that a button carries; some do more than change the state."""
        special: dict[str, Callable[[], object]] = {
            "start": self.start,
            "renew": lambda: self.begin("renew"),
            "agree": self.agree,
            "appeal": self.appeal,
            "back": self.back,
            "cancel": self.cancel,
        }
        if trigger in special:
            special[trigger]()
        else:
            self.fire(trigger)
            self.arrive(event)

    def take(self, reading: Reading, event: Event) -> None:
        """Keep an answer and go on, or say what was wrong and ask again."""
        if isinstance(reading, Refusal):
            self.misread(reading)
            return
        if isinstance(reading, Gathered):
            self.update(answers={**self.session.answers, **reading.also})
            self.pose(instead_of=event if isinstance(event, ButtonTapped) else None)
            return
        self.update(answers={**self.session.answers, self.state: reading.value, **reading.also}, misses=0, missed="")
        self.fire("answer")
        self.arrive(event)

    def take_several(self, answers: dict[str, str], event: Event) -> None:
        """Keep what a message says of who the patient is, and go on to the first question it leaves open."""
        self.update(answers={**self.session.answers, **answers}, misses=0, missed="")
        self.say(UNDERSTOOD(parts=Listed(understood(answers))))
        while self.state in answers:
            self.fire("answer")
        self.arrive(event)

    def misread(self, refusal: Refusal) -> None:
        """Say what was wrong and what a right answer looks like, then ask the same again; nothing is lost."""
        self.update(misses=self.session.misses + 1, missed=refusal.code)
        self.say(texts.REFUSALS.get(refusal.code, texts.REFUSALS["unclear"])())
        self.pose()

    # ---- what the table's triggers do besides ----

    def fire(self, trigger: str) -> None:
        """Fire the table; the buttons of the question that was answered go away."""
        INTAKE.fire(trigger, self)
        self.clear_buttons()

    def arrive(self, event: Event) -> None:
        """Ask what the new state asks: the policyholder, or for a waiting state the policy on file."""
        if self.state in WAITING:
            self.add(PolicyAsk(because=event, number=self.session.answers["policy_number"]))
        else:
            self.pose()

    def start(self) -> None:
        """/start: a new request, or where a request is under way, where it stands."""
        if self.state == "submitted" and not self.cases:
            self.begin("renew")
        elif self.state in {"new", "declined", "cancelled", "refused"}:
            terms = self.reference.terms
            self.say(
                texts.WELCOME(
                    provider=terms.provider, hotline=terms.hotline, opens=terms.hours.opens, closes=terms.hours.closes
                )
            )
            self.begin("start")
        else:
            self.pose()

    def status(self) -> None:
        """Where the newest case stands, else where the request does that is being filled in."""
        if self.cases:
            self.say(cards.status(self.cases))
        else:
            self.pose()

    def begin(self, trigger: str) -> None:
        """Begin a request with nothing answered; consents stay."""
        INTAKE.fire(trigger, self)
        self.clear_buttons()
        self.update(conversation=self.session.conversation + 1, misses=0)
        self.forget()
        self.pose()

    def forget(self) -> None:
        """Drop the draft: answers, files, notes, the policy matched. What was submitted is the case's by now."""
        if self.session.attachments:
            self.add(FileDrop(documents=tuple(attachment.document for attachment in self.session.attachments)))
        self.update(answers={}, attachments=(), notes=(), policy=None, product="")

    def agree(self) -> None:
        """Record the consent that was asked for: its key, version, hash and time."""
        consent = missing(self.session, self.reference)
        if consent is not None:
            digest = self.reference.consent_digests[consent.key]
            given = Consent(consent.key, consent.version, digest, self.now)
            kept = tuple(c for c in self.session.consents if c.key != consent.key)
            self.update(consents=(*kept, given))
            self.audit("consent_given", key=consent.key, version=consent.version, digest=digest)
        self.fire("agree")
        self.pose()

    def back(self) -> None:
        """One question back; where there is none, the same again."""
        if "back" in INTAKE.triggers(self.state):
            self.fire("back")
        self.pose()

    def cancel(self) -> None:
        """End the request under way and drop what was answered."""
        if "cancel" in INTAKE.triggers(self.state):
            self.fire("cancel")
            self.forget()
        self.pose()

    def policy_known(self, event: PolicyKnown) -> None:
        """Match the identity, or decide: whichever the state waits for."""
        if self.state == "matching":
            policy = event.policy
            self.found = policy if policy and agrees(policy.insured, self.session.answers) else None
            if self.found:
                phone = self.found.insured.phone or self.found.holder.phone
                self.update(
                    policy=self.found.id,
                    product=f"{self.found.product}/{self.found.version}",
                    answers={**self.session.answers, "phone_on_file": phone},
                )
            self.audit("identity_matched" if self.found else "identity_mismatched")
            self.fire("match")
            self.pose()
        else:
            self.decide(event.policy)

    def decide(self, policy: Policy | None) -> None:
        """Decide, and put what is not refused into the queue."""
        self.decision = decision_on(self, policy)
        self.fire("decide")
        if self.refused():
            self.update(answers={**self.session.answers, "refused_for": self.decision.against()[0].code})
            self.audit("refused", terms=self.decision.terms, findings=_codes(self.decision))
            self.pose(text=cards.refused(self.decision, self.reference.terms))
            return
        case = open_case(self, "OP", self.decision)
        if policy is not None:
            reserve(self, case, policy)
        for told in cards.submitted(self, case, self.decision):
            self.say(told.text, cites=told.cites)

    def appeal(self) -> None:
        """A human looks at the refusal again: a case without a use reserved."""
        self.fire("appeal")
        case = open_case(self, REVIEW)
        self.say(texts.APPEALED(number=case.number, due=in_shanghai(case.due_at).date()))

    # ---- files ----

    def captioned(self, event: FileReceived) -> None:
        """A call for help may stand under a picture."""
        if relay.warn_of_danger(self, self.cases, event.caption) == "despair":
            relay.call_human(self, self.cases)
        self.file(event)

    def file(self, event: FileReceived) -> None:
        """Keep a file where the question takes one; a double is named, not kept twice."""
        question = QUESTIONS.get(self.state)
        if question is None and self.cases:
            relay.keep_for_later(self, self.cases[-1], event)
        elif question is None or not question.files:
            self.misread(Refusal("no_file_here"))
        elif any(attachment.unique_id == event.unique_id for attachment in self.session.attachments):
            self.misread(Refusal("double_file"))
        else:
            self.attach(event)

    def attach(self, event: FileReceived) -> None:
        """Acknowledge the file; its bytes are fetched after the commit."""
        document = relay.fetch(self, event)
        kept = Attachment(document, event.unique_id, RECORD)
        if event.caption:
            self.update(notes=(*self.session.notes, Line(event.at, event.caption)))
        self.update(attachments=(*self.session.attachments, kept), misses=0)
        self.fire("attach")
        self.pose()

    def file_failed(self, document: DocumentId) -> None:
        """A file could not be fetched: ask for it again, if it is still wanted: by the draft, or by an open case."""
        kept = tuple(a for a in self.session.attachments if a.document != document)
        drafted = len(kept) < len(self.session.attachments)
        if not drafted and not self.cases:
            return
        self.update(attachments=kept)
        self.say(texts.FILE_LOST())
        if drafted and "lose_file" in INTAKE.triggers(self.state):
            self.fire("lose_file")
            if all(case.state != "talking" for case in self.cases):
                self.pose()


def with_open_cases(intake: Intake, cases: tuple[Case, ...]) -> None:
    """Let the step know the chat's open cases; those that ended are forgotten."""
    intake.cases = tuple(case for case in cases if case.state in OPEN)
    intake.update(cases=tuple(case.id for case in intake.cases))


def _codes(decision: Decision) -> str:
    return ",".join(f"{finding.clause}:{finding.code}" for finding in decision.findings)
