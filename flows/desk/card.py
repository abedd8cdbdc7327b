"""A case as an agent sees it in the chat: masked until it is claimed, then everything about it on one page.

Answers are what the policyholder gave under this release or an older one: any of them may be missing.
"""

from collections.abc import Callable, Iterator, Mapping

from flows.cases.answers import DECLARED, FIELDS, AnswerField
from flows.cases.case import APPLICATION, HELP, Case
from flows.cases.promises import promises_of
from flows.desk import texts, urgency
from flows.desk.documents import listed
from flows.desk.process_card import booking_lines, stage_line
from flows.masking import masked
from flows.messages import VERBATIM, Lines, Listed, MessageKey, Text
from flows.reasons import REASONS
from flows.reference import Reference
from flows.terms.calendar import in_shanghai
from flows.terms.promises import next_due

ROOM = 80  # characters of an answer in the person's own words; all of it is in the case
FINDINGS = 8  # of a decision, the most that are shown


def card(case: Case, reference: Reference, *, waiting: int) -> Text:
    """The card before it is claimed: what, how urgent, and nothing personal but the illness."""
    card = texts.CARD(
        number=case.number,
        kind=kind(case),
        due=in_shanghai(case.due_at),
        illness=illness(case, reference),
        waiting=waiting,
    )
    return _under_urgency(case, card)


def full_card(case: Case, reference: Reference) -> Text:
    """The card for its owner, with the number to call; others stay masked, as a chat is read in corridors.

    At most 3,500 characters. Of a restricted case nothing but that it is [PIPL 47].
    """
    if case.request_type == HELP:
        card = texts.CARD_IDENTITY if case.identity_review else texts.CARD_HELP
        bare = _under_urgency(case, card(number=case.number, due=in_shanghai(case.due_at)))
        return bare if case.restricted_at else listed(case, bare)
    lines = [texts.WITH_MORE(value=VERBATIM(text=case.number), more=kind(case))]
    if case.restricted_at is not None:
        lines.append(texts.RESTRICTED(at=in_shanghai(case.restricted_at)))
    else:
        lines += [
            *urgency.lines(case),
            stage_line(case),
            *_facts(case, reference),
            *_findings(case),
            *booking_lines(case),
        ]
    return texts.CARD_FULL(lines=Lines(tuple(lines)))


def _under_urgency(case: Case, card: Text) -> Text:
    """Put why a case is urgent above what is said of it."""
    lines = (*urgency.lines(case), card)
    return texts.CARD_FULL(lines=Lines(lines)) if len(lines) > 1 else card


def kind(case: Case) -> Text:
    """The service, and the branch that it takes."""
    named = case.service if case.request_type == APPLICATION else case.request_type
    known = texts.KINDS.get(named)
    service = known() if known else VERBATIM(text=named)
    branch = texts.BRANCHES.get(case.answers.get("branch", ""))
    return texts.WITH_MORE(value=service, more=branch()) if branch else service


def illness(case: Case, reference: Reference) -> Text:
    """The illness's name on the list it was chosen from, and the words in which it was typed."""
    name = reference.illness_name(case.product, case.answers.get("illness", ""))
    words = clipped(case.answers.get("illness_words", ""))
    if name and words:
        return texts.ILLNESS_IN_WORDS(name=name, words=words)
    return VERBATIM(text=name or words) if name or words else texts.NO_ILLNESS()


def outcome(case: Case) -> Text:
    """What the terms said; of a refusal that is looked at again, why."""
    if reason := REASONS.get(case.answers.get("refused_for", "")):
        return texts.OUTCOME_REFUSED(reason=reason())
    return texts.OUTCOMES.get((case.decision or {}).get("outcome", ""), texts.OUTCOMES["none"])()


def clipped(words: str) -> str:
    """Return words on one line, cut where they are long."""
    line = " ".join(words.split())
    return line if len(line) <= ROOM else line[: ROOM - 1] + "…"


def _facts(case: Case, reference: Reference) -> Iterator[Text]:
    """Every line that the case has: the answers in the order of their declarations."""
    yield _line(texts.DUE, VERBATIM(text=in_shanghai(case.due_at)))
    if (promise := next_promise(case, reference)) is not None:
        yield _line(texts.NEXT_DUE, promise)
    for field in DECLARED:
        if field.label is not None and (value := _said(field, case, reference)) is not None:
            yield _line(field.label, value)
    yield _line(texts.DECISION, outcome(case))


def _line(label: MessageKey, value: Text) -> Text:
    return texts.FIELD(name=label(), value=value)


def _findings(case: Case) -> Iterator[Text]:
    """Why a human decides, or why it was refused: each finding against, with its clause."""
    decision = case.decision or {}
    against = [f for f in decision.get("findings", ()) if f["verdict"] == decision.get("outcome") != "eligible"]
    for finding in against[:FINDINGS]:
        reason = REASONS.get(finding["code"])
        said = reason() if reason else VERBATIM(text=finding["code"])
        yield texts.FINDING(clause=finding["clause"], reason=said)


# ---- what a line says ----


def _said(field: AnswerField, case: Case, reference: Reference) -> Text | None:
    """What the line of an answer says; None where the case does not have it."""
    special = SPECIAL.get(field.name)
    return special(case, reference) if special else _with_others(_answer(field, case), field, case)


def _answer(field: AnswerField, case: Case) -> Text | None:
    """An answer masked, in the words for its value, or as it was given."""
    text = case.answers.get(field.name, "")
    if not text:
        return None
    return VERBATIM(text=masked(text)) if field.masked else field.codec.in_words(text) or VERBATIM(text=clipped(text))


def _with_others(value: Text | None, field: AnswerField, case: Case) -> Text | None:
    """An answer with what stands in brackets behind it."""
    return None if value is None else _more(value, *_beside(field, case))


def _beside(field: AnswerField, case: Case) -> Iterator[Text]:
    """The words for the answers that stand behind another one."""
    for other in DECLARED:
        if other.beside == field.name and (words := other.codec.in_words(case.answers.get(other.name, ""))):
            yield words


def _more(value: Text, *more: Text) -> Text:
    """A value with what else is known of it."""
    return texts.WITH_MORE(value=value, more=Listed(more)) if more else value


def next_promise(case: Case, reference: Reference) -> Text | None:
    """Return the tracked promise that is due first, with its clause; None where nothing is."""
    promise = next_due(promises_of(case, reference.terms, reference.calendar))
    if promise is None or promise.due is None:
        return None
    words = texts.PROMISES.get(promise.name)
    name = words() if words else VERBATIM(text=promise.name)
    return texts.NEXT_PROMISE(name=name, clause=promise.clause, due=promise.due)


def _applicant(case: Case, _reference: Reference) -> Text | None:
    """Who applied; for a relative's request, whether the insured has confirmed it."""
    field = FIELDS["applicant"]
    value = _answer(field, case)
    if value is None or case.answers[field.name] == "self":
        return value
    at = case.confirmed_at
    confirmed = texts.CONFIRMED(at=in_shanghai(at)) if at else texts.UNCONFIRMED()
    return _more(value, *_beside(field, case), confirmed)


def _phone(case: Case, _reference: Reference) -> Text | None:
    """The number to call, and whose it is known to be."""
    field = FIELDS["phone"]
    if given := _answer(field, case):
        return _more(given, *(tuple(_beside(field, case)) or (texts.PHONE_UNVERIFIED(),)))
    on_file = _answer(FIELDS["phone_on_file"], case)
    return _more(on_file, texts.PHONE_ON_FILE()) if on_file else None


def _illness(case: Case, reference: Reference) -> Text | None:
    """The illness, also where it was not asked for, and whether a doctor confirmed it."""
    return _more(illness(case, reference), *_beside(FIELDS["illness"], case))


def _files(case: Case, _reference: Reference) -> Text | None:
    kinds = [attachment.question for attachment in case.attachments]
    return listed(case, texts.FILES(records=kinds.count("record"), notices=kinds.count("notice")))


def _doctor(case: Case, _reference: Reference) -> Text | None:
    """A doctor whom the policyholder would like: a wish that binds nobody [OP-N6a, IP-N5]."""
    words = case.answers.get("doctor_words", "")
    return texts.NOT_BINDING(value=clipped(words)) if words else None


SPECIAL: Mapping[str, Callable[[Case, Reference], Text | None]] = {
    "applicant": _applicant,
    "phone": _phone,
    "illness": _illness,
    "record": _files,
    "doctor_words": _doctor,
}
"""The lines that say more than their answer."""
