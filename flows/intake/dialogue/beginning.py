"""How a request begins and ends: what precedes the consents, the consents, the clauses, submitting, cancelling."""

from typing import Literal

from flows.cases.case import Consent
from flows.events import ContactShared, Event, FileReceived, TextReceived
from flows.intake import texts
from flows.intake.dialogue.answers import keep
from flows.intake.dialogue.asking import ask, ask_beside
from flows.intake.dialogue.filing import file_early, forget, read_card, read_words
from flows.intake.dialogue.hub import advance, answered, look_up
from flows.intake.dialogue.moves import fire
from flows.intake.machine import INTAKE, is_complete
from flows.intake.questions.consents import missing
from flows.intake.questions.question import Answer, Choice
from flows.intake.questions.terms import acknowledge, unacknowledged
from flows.intake.step import IntakeStep
from flows.session import Unread

KEPT_EARLY = 60  # messages before the consents
CANCEL_ASKED = "cancel_asked"  # in place of the last refusal: 取消 was said, and not yet confirmed
BEGINS = frozenset({"new", "declined", "cancelled", "refused", "locked"})


def unread(step: IntakeStep) -> bool:
    """Return True if nothing may be read yet, as consents are missing: it is kept as it came."""
    return step.state in {"new", "consents"}


def keep_unread(step: IntakeStep, event: Unread, *, urgent: bool = False) -> None:
    """Keep what comes before the consents: read once they are given, deleted when they are refused."""
    if len(step.session.pre_consent) >= KEPT_EARLY and not urgent:
        step.say(texts.KEPT_ENOUGH())
        ask(step)
        return
    if not urgent:
        step.update(pre_consent=(*step.session.pre_consent, event))
    if step.state != "consents" and not urgent:
        start(step, event)
        return
    if not urgent:
        step.say(texts.KEPT_UNREAD())
    ask(step)


def start(step: IntakeStep, event: Event) -> None:
    """/start: a new request, or where a request is under way, where it stands."""
    if step.state == "submitted" and not step.cases:
        begin(step, "renew", event)
    elif step.state in BEGINS and not (step.state == "locked" and step.locked_out):
        terms = step.reference.terms
        hours = {"opens": terms.hours.opens, "closes": terms.hours.closes}
        step.say(
            texts.WELCOME(provider=terms.provider, hotline=terms.hotline, **hours), cites=("G1", "OP-P1b", "IP-P1")
        )
        begin(step, "start", event)
    else:
        ask(step)


def begin(step: IntakeStep, trigger: Literal["start", "renew"], event: Event) -> None:
    """Begin a request with nothing answered; consents stay."""
    early = step.session.pre_consent
    locked = step.state == "locked"
    fire(step, trigger)
    step.update(conversation=step.session.conversation + 1, failed_answers=0)
    if not locked:
        forget(step)
        step.update(pre_consent=early)
    advance(step, event)


def agree(step: IntakeStep, event: Event) -> None:
    """Record the consent that was asked for: its key, version, hash and time; then read what came early."""
    consent = missing(step.session, step.reference)
    if consent is not None:
        digest = step.reference.consent_digests[consent.key]
        given = Consent(consent.key, consent.version, digest, step.now)
        kept = tuple(c for c in step.session.consents if c.key != consent.key)
        step.update(consents=(*kept, given))
        step.audit("consent_given", key=consent.key, version=consent.version, digest=digest)
    early = step.session.pre_consent
    if early and missing(step.session, step.reference) is None:
        step.update(pre_consent=())
        read_early(step, early, event)
    else:
        answered(step, event)


def read_early(step: IntakeStep, early: tuple[Unread, ...], event: Event) -> None:
    """Read what was said before the consents, in its order."""
    for each in early:
        if isinstance(each, FileReceived):
            file_early(step, each)
        elif isinstance(each, ContactShared) and isinstance(reading := read_card(each), Answer):
            keep(step, {"phone": reading}, each)
        elif isinstance(each, TextReceived):
            read_words(step, each.text, each)
    answered(step, event)


def decline(step: IntakeStep) -> None:
    """Without consent nothing is kept: it ends kindly, with the hotline."""
    fire(step, "decline")
    forget(step)
    step.audit("consent_refused")
    ask(step)


def accept(step: IntakeStep, event: Event) -> None:
    """Keep that the clauses of this screen were taken note of, each with version, hash and time."""
    screen = unacknowledged(step.context())
    if screen is not None:
        given = acknowledge(screen, step.reference.terms, step.now)
        step.update(acknowledged=(*step.session.acknowledged, *given))
        step.audit("clauses_acknowledged", terms=step.reference.terms.version, clauses=",".join(screen.clauses))
    answered(step, event)


def decline_terms(step: IntakeStep) -> None:
    """Without them nothing can be submitted; nothing is lost, and a human can be asked."""
    step.audit("clauses_declined")
    step.say(texts.DECLINED_TERMS(hotline=step.reference.terms.hotline))
    ask(step)


def cancel(step: IntakeStep) -> None:
    """End the request under way and drop what was answered: asked once more where something would be lost."""
    if not INTAKE.can_fire("cancel", step.state):
        ask(step)
    elif step.session.missed == CANCEL_ASKED or not (step.session.answers or step.session.attachments):
        fire(step, "cancel")
        forget(step)
        step.update(missed="")
        ask(step)
    else:
        step.update(missed=CANCEL_ASKED, failed_answers=0)
        go_on, sure = Choice(texts.GO_ON(), page=1), Choice(texts.SURE_CANCEL(), fires="cancel")
        ask_beside(step, texts.ASK_CANCEL(), ((go_on, sure),))


def submit(step: IntakeStep, event: Event) -> None:
    """Submit, if nothing is left to be asked."""
    if not is_complete(step):
        answered(step, event)
        return
    fire(step, "submit")
    look_up(step, event)
    advance(step, event)
