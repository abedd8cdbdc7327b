"""The consents before the first question, each its own button (个人信息保护法 14, 17, 23, 28-30, 39) [G1]."""

from typing import ClassVar

from flows.intake.questions.question import Choice, Context, Prompt, Question
from flows.messages import MessageKey, message
from flows.reference import Reference
from flows.session import Session
from flows.terms.catalogue import ConsentText

AGREE = message("consent.agree")
DECLINE = message("consent.decline")

CONSENTS: dict[str, MessageKey] = {
    "sensitive": message("consent.sensitive", "hotline"),
    "provider": message("consent.provider", "provider", "hotline"),
    "abroad": message("consent.abroad", "hotline"),
}


def missing(session: Session, reference: Reference) -> ConsentText | None:
    """Return the first consent that was not given to its present wording; None where all were."""
    given = {(consent.key, consent.digest) for consent in session.consents}
    for consent in reference.terms.consents:
        if (consent.key, reference.consent_digests[consent.key]) not in given:
            return consent
    return None


class Consents(Question):
    """One consent at a time: what is handled, by whom, where; yes or no."""

    state: ClassVar[str] = "consents"
    keeps: ClassVar[bool] = False
    has_back: ClassVar[bool] = False
    counted: ClassVar[bool] = False

    def answered(self, context: Context) -> bool:
        """Every consent was given, to its present wording."""
        return missing(context.session, context.reference) is None

    def ask(self, context: Context) -> Prompt:
        """Ask for the first one missing."""
        consent = missing(context.session, context.reference)
        key = consent.key if consent else context.reference.terms.consents[-1].key
        words = CONSENTS[key]
        known = {"provider": context.reference.terms.provider, "hotline": context.reference.terms.hotline}
        buttons = (Choice(AGREE(), fires="agree"), Choice(DECLINE(), fires="decline"))
        return Prompt(words(**{name: known[name] for name in words.params}), (buttons,))
