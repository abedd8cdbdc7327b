"""How a request begins and ends: what precedes the consents, the consents, the clauses, submitting, cancelling."""

from flows.cases.case import Case, Consent
from flows.events import ContactShared, Event, FileReceived, TextReceived
from flows.intake import texts
from flows.intake.dialogue import confirming
from flows.intake.dialogue.pausing import Pausing
from flows.intake.machine import INTAKE
from flows.intake.questions.applicant import RELATIVE
from flows.intake.questions.consents import missing
from flows.intake.questions.question import Answer, Choice
from flows.intake.questions.terms import acknowledge, unacknowledged
from flows.session import Unread

KEPT_EARLY = 60  # messages before the consents
CANCEL_ASKED = "cancel_asked"  # in place of the last refusal: 取消 was said, and not yet confirmed
BEGINS = frozenset({"new", "declined", "cancelled", "refused", "locked"})


class Beginning(Pausing):
    """A turn that begins requests and ends them."""

    def opened(self, case: Case) -> None:
        """A relative's request: the insured may confirm it from an account of their own."""
        if case.answers.get("applicant") == RELATIVE:
            confirming.offer(self, case)

    def unread(self) -> bool:
        """Say whether nothing may be read yet, as consents are missing: it is kept as it came."""
        return self.state in {"new", "consents"}

    def keep_unread(self, event: Unread, *, urgent: bool = False) -> None:
        """Keep what comes before the consents: read once they are given, deleted when they are refused."""
        if len(self.session.pre_consent) >= KEPT_EARLY and not urgent:
            self.say(texts.KEPT_ENOUGH())
            self.ask()
            return
        if not urgent:
            self.update(pre_consent=(*self.session.pre_consent, event))
        if self.state != "consents" and not urgent:
            self.start(event)
            return
        if not urgent:
            self.say(texts.KEPT_UNREAD())
        self.ask()

    def start(self, event: Event) -> None:
        """/start: a new request, or where a request is under way, where it stands."""
        if self.state == "submitted" and not self.cases:
            self.begin("renew", event)
        elif self.state in BEGINS and not (self.state == "locked" and self.locked_out()):
            terms = self.reference.terms
            hours = {"opens": terms.hours.opens, "closes": terms.hours.closes}
            self.say(
                texts.WELCOME(provider=terms.provider, hotline=terms.hotline, **hours), cites=("G1", "OP-P1b", "IP-P1")
            )
            self.begin("start", event)
        else:
            self.ask()

    def begin(self, trigger: str, event: Event) -> None:
        """Begin a request with nothing answered; consents stay."""
        early = self.session.pre_consent
        locked = self.state == "locked"
        self.fire(trigger)
        self.update(conversation=self.session.conversation + 1, failed_answers=0)
        if not locked:
            self.forget()
            self.update(pre_consent=early)
        self.onward(event)

    def agree(self, event: Event) -> None:
        """Record the consent that was asked for: its key, version, hash and time; then read what came early."""
        consent = missing(self.session, self.reference)
        if consent is not None:
            digest = self.reference.consent_digests[consent.key]
            given = Consent(consent.key, consent.version, digest, self.now)
            kept = tuple(c for c in self.session.consents if c.key != consent.key)
            self.update(consents=(*kept, given))
            self.audit("consent_given", key=consent.key, version=consent.version, digest=digest)
        early = self.session.pre_consent
        if early and missing(self.session, self.reference) is None:
            self.update(pre_consent=())
            self.read_early(early, event)
        else:
            self.fire("answer")
            self.onward(event)

    def read_early(self, early: tuple[Unread, ...], event: Event) -> None:
        """Read what was said before the consents, in its order."""
        for each in early:
            if isinstance(each, FileReceived):
                self.file_early(each)
            elif isinstance(each, ContactShared) and isinstance(reading := self.read_card(each), Answer):
                self.keep({"phone": reading}, each)
            elif isinstance(each, TextReceived):
                self.read_words(each.text, each)
        self.fire("answer")
        self.onward(event)

    def decline(self) -> None:
        """Without consent nothing is kept: it ends kindly, with the hotline."""
        self.fire("decline")
        self.forget()
        self.audit("consent_refused")
        self.ask()

    def accept(self, event: Event) -> None:
        """Keep that the clauses of this screen were taken note of, each with version, hash and time."""
        screen = unacknowledged(self.context())
        if screen is not None:
            given = acknowledge(screen, self.reference.terms, self.now)
            self.update(acknowledged=(*self.session.acknowledged, *given))
            self.audit("clauses_acknowledged", terms=self.reference.terms.version, clauses=",".join(screen.clauses))
        self.fire("answer")
        self.onward(event)

    def decline_terms(self) -> None:
        """Without them nothing can be submitted; nothing is lost, and a human can be asked."""
        self.audit("clauses_declined")
        self.say(texts.DECLINED_TERMS(hotline=self.reference.terms.hotline))
        self.ask()

    def cancel(self) -> None:
        """End the request under way and drop what was answered: asked once more where something would be lost."""
        if "cancel" not in INTAKE.triggers(self.state):
            self.ask()
        elif self.session.missed == CANCEL_ASKED or not (self.session.answers or self.session.attachments):
            self.fire("cancel")
            self.forget()
            self.update(missed="")
            self.ask()
        else:
            self.update(missed=CANCEL_ASKED, failed_answers=0)
            go_on, sure = Choice(texts.GO_ON(), page=1), Choice(texts.SURE_CANCEL(), fires="cancel")
            self.ask_beside(texts.ASK_CANCEL(), ((go_on, sure),))

    def submit(self, event: Event) -> None:
        """Submit, if nothing is left to be asked."""
        if not self.complete():
            self.fire("answer")
            self.onward(event)
            return
        self.fire("submit")
        self.look_up(event)
