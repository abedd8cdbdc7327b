"""A case as an agent sees it in the chat: masked until it is claimed."""

from flows.desk import texts
from flows.desk.case import HELP, Case
from flows.masking import masked
from flows.messages import VERBATIM, Text
from flows.reasons import REASONS
from flows.reference import Reference
from flows.terms.calendar import in_shanghai


def card(case: Case, reference: Reference, *, waiting: int) -> Text:
    """The card before it is claimed: what, how urgent, and nothing personal but the illness."""
    return texts.CARD(
        number=case.number,
        kind=texts.KINDS[case.kind](),
        due=in_shanghai(case.due_at),
        illness=illness(case, reference),
        waiting=waiting,
    )


def full_card(case: Case, reference: Reference) -> Text:
    """The card for its owner, with the number to call; others stay masked, as a chat is read in corridors."""
    if case.kind == HELP:
        return texts.CARD_HELP(number=case.number, due=in_shanghai(case.due_at))
    return texts.CARD_FULL(
        number=case.number,
        kind=texts.KINDS[case.kind](),
        due=in_shanghai(case.due_at),
        name=case.answers.get("name", ""),
        phone=case.answers.get("phone_on_file", ""),
        id_number=masked(case.answers.get("id_number", "")),
        policy_number=masked(case.answers.get("policy_number", "")),
        illness=illness(case, reference),
        records=sum(attachment.question == "record" for attachment in case.attachments),
        decision=outcome(case),
    )


def illness(case: Case, reference: Reference) -> Text:
    """The illness's name on the list it was chosen from, and the words in which it was typed."""
    name = reference.illness_name(case.product, case.answers.get("illness", ""))
    words = case.answers.get("illness_words", "")
    if name and words:
        return texts.ILLNESS_IN_WORDS(name=name, words=words)
    return VERBATIM(text=name or words) if name or words else texts.NO_ILLNESS()


def outcome(case: Case) -> Text:
    """What the terms said; of a refusal that is looked at again, why."""
    if refused := case.answers.get("refused_for"):
        return texts.OUTCOME_REFUSED(reason=REASONS[refused]())
    return texts.OUTCOMES[case.decision["outcome"] if case.decision else "none"]()
