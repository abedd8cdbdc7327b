"""How the intake shows where things stand: cards of resting states, decisions, the status of a case."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec import structs

from flows.cases.bookings import CONFIRMED, MET, TOLD
from flows.cases.case import Case
from flows.cases.promises import promises_of
from flows.cases.stages import RECEIVED, VERIFYING
from flows.effects import Button, Message
from flows.ids import MessageId, RowId
from flows.intake import texts
from flows.intake.questions.question import Choice, Prompt
from flows.messages import VERBATIM, Lines, MessageKey, Text, Value, message
from flows.reasons import REASONS
from flows.step import Step
from flows.terms.branch import WITH_NOTICE
from flows.terms.calendar import in_shanghai
from flows.terms.catalogue import ServiceStep, Terms
from flows.terms.eligibility import Decision, Finding, Outcome
from flows.terms.promises import Promise, promised

STATUS = message("status.card", "lines")
SUBMITTED = message("decision.submitted", "number", "lines")
FITS = message("decision.fits")
HUMAN_CALLS = message("decision.human_calls", "due")
CLOSED_NOW = message("decision.closed_now", "opens")
NEXT = message("decision.next")
NEXT_IF = message("decision.next_if")
PROVISIONAL = message("decision.provisional")
REACHED = message("decision.reached", "hotline", "opens", "closes")
REACHED_CITES = ("OP-P1b", "IP-P1")
WITH_NOTICE_IF = message("decision.with_notice_if")
BY_VISIT_IF = message("decision.by_visit_if", "least", "most")
BY_VISIT_CITES = ("IP-B3",)
REFUSED = message("decision.refused", "reasons", "hotline")
REFUSED_FOR = message("decision.refused_for", "reason", "clause", "words")

STEPS: dict[str, tuple[MessageKey, ...]] = {  # what is told of a promise, the first words for which its days are known
    "hospital_call": (message("decision.hospital_call", "due"),),
    "earliest_visit": (message("decision.earliest_visit", "target", "days"),),
    "hospital_offer": (message("decision.hospital_offer", "due", "least", "most"),),
    "specialist_visit": (message("decision.specialist_visit", "days"),),
    "day_before_visit": (message("decision.day_before_visit"),),
    "admission": (
        message("decision.admission", "target", "due"),
        message("decision.admission_open", "first", "days"),
    ),
    "admission_after_visit": (message("decision.admission_after_visit", "first", "days"),),
    "day_before_admission": (message("decision.day_before_admission"),),
}

BRING = message("decision.bring", "things", "notices")
NOTE = message("decision.note", "reason")
ORIGINALS_WITHHELD = message("decision.originals_withheld")
BRING_NOTICE = message("decision.bring_notice")


class Told(NamedTuple):
    """A message, and the clauses that it tells."""

    text: Text
    cites: tuple[str, ...]


class CitedLine(NamedTuple):
    """A line, and the clauses that it tells, in whichever service: it is told where one of them is to be."""

    words: MessageKey
    cites: tuple[str, ...]


THINGS = (
    CitedLine(message("decision.bring_document"), ("OP-P5b", "IP-A5", "IP-B6", "IP-B9")),
    CitedLine(message("decision.bring_originals"), ("OP-N5",)),
)
NOTICES = (
    CitedLine(message("decision.escort_throughout"), ("OP-P5c",)),
    CitedLine(message("decision.guide_at_visit"), ("IP-B6",)),
    CitedLine(message("decision.guide_at_admission"), ("IP-A5", "IP-B9")),
    CitedLine(message("decision.no_choice_of_doctor"), ("OP-N6a", "IP-N5")),
    CitedLine(message("decision.doctor_s_title"), ("OP-N6b",)),
    CitedLine(message("decision.clinic_stopped"), ("OP-N3",)),
    CitedLine(message("decision.visit_missed"), ("OP-N10",)),
    CitedLine(message("decision.admission_missed"), ("IP-N12",)),
)
STATUSES_SHOWN = 3
REASONS_SHOWN = 3  # of what a human has to look at
REFUSALS_SHOWN = 2  # each with its clause word for word

_START = (Choice(texts.START(), fires="start"),)
_RENEW = (Choice(texts.RENEW(), fires="renew"),)


def send(step: Step, prompt: Prompt, where: str, *, replaces: MessageId | None = None) -> RowId:
    """Send a pose; `where` goes before each button's token. Gives the row in the outbox.

    Beside a button that shares the own number there is room for typed words only: the others become such.
    """
    row = RowId(step.ids.new())
    shown = Message(id=row, chat=step.session.chat, text=prompt.text, cites=prompt.cites)
    if prompt.contact is not None:
        keyboard = tuple(tuple(choice.label for choice in choices) for choices in prompt.rows)
        step.add(structs.replace(shown, contact=prompt.contact, keyboard=keyboard))
    else:
        rows = tuple(tuple(Button(label=c.label, data=where + c.token()) for c in row) for row in prompt.rows)
        step.add(structs.replace(shown, rows=rows, replaces=replaces))
    return row


def resting(step: Step, cases: Sequence[Case]) -> Prompt:
    """Return the card of a state that waits for nothing, with what may be done next."""
    hotline = step.reference.terms.hotline
    if step.state == "submitted":
        return Prompt(texts.CARD_SUBMITTED(status=status(cases)) if cases else texts.CARD_SETTLED(), (_RENEW,))
    if step.state == "refused":
        return Prompt(texts.CARD_REFUSED(hotline=hotline), ((Choice(texts.APPEAL(), fires="appeal"),), _RENEW))
    if step.state == "locked":
        return Prompt(texts.LOCKED(hotline=hotline))
    if step.state == "declined":
        return Prompt(texts.CARD_DECLINED(hotline=hotline), (_START,))
    return Prompt(texts.CARD_CANCELLED() if step.state == "cancelled" else texts.CARD_NEW(), (_START,))


def status(cases: Sequence[Case]) -> Text:
    """Say of each open case (there is one), the newest first, where it is, who has it, and what is due when."""
    return STATUS(lines=Lines(tuple(_standing(case) for case in list(cases)[: -STATUSES_SHOWN - 1 : -1])))


def _standing(case: Case) -> Text:
    """Say where a case is; from 安排中 on also its stage, and the day of a booking that was told."""
    if case.stage not in {RECEIVED, VERIFYING}:
        return texts.STATUS_LINES(lines=Lines(tuple(_carried(case))))
    if case.owner is None:
        return texts.STATUS_QUEUED(number=case.number, due=in_shanghai(case.due_at))
    return texts.STATUS_OWNED(number=case.number, owner=case.owner_name, due=in_shanghai(case.due_at))


def _carried(case: Case) -> Iterator[Text]:
    if case.owner is None:
        yield texts.STATUS_FREE(number=case.number)
    else:
        yield texts.STATUS_CARRIED(number=case.number, owner=case.owner_name)
    yield texts.STATUS_STAGES[case.stage]()
    for booking in case.bookings:
        if booking.state in {TOLD, CONFIRMED, MET} and booking.at is not None:
            yield texts.STATUS_VISIT(at=in_shanghai(booking.at), hospital=booking.hospital)
        elif booking.state in {TOLD, CONFIRMED, MET} and booking.day is not None:
            yield texts.STATUS_ADMISSION(day=booking.day, hospital=booking.hospital)


def submitted(step: Step, case: Case, decision: Decision) -> tuple[Told, ...]:
    """Say what happens next and until when [OP-P1, OP-P3, IP-A3, IP-B3], then what to bring and what to know."""
    return (_what_follows(step, case, decision), _what_to_bring(step, case, decision))


def _what_follows(step: Step, case: Case, decision: Decision) -> Told:
    terms, calendar = step.reference.terms, step.reference.calendar
    lines = list(_found(case, decision))
    if not calendar.is_open(step.now):
        lines.append(CLOSED_NOW(opens=in_shanghai(calendar.next_opening(step.now))))
    steps = _steps(step, case, fits=decision.outcome is Outcome.ELIGIBLE)
    lines += [NEXT() if decision.outcome is Outcome.ELIGIBLE else NEXT_IF(), *(step.text for step in steps)]
    lines.append(REACHED(hotline=terms.hotline, opens=terms.hours.opens, closes=terms.hours.closes))
    cited = [*(clause for step in steps for clause in step.cites), *REACHED_CITES]
    return Told(SUBMITTED(number=case.number, lines=Lines(tuple(lines))), _to_be_told(cited, case, terms))


def _found(case: Case, decision: Decision) -> Iterator[Text]:
    """That it fits, or why a human looks at it and until when that human calls."""
    if decision.outcome is Outcome.ELIGIBLE:
        yield FITS()
        return
    codes = dict.fromkeys(finding.code for finding in decision.against())
    yield from (REASONS[code]() for code in list(codes)[:REASONS_SHOWN])
    yield HUMAN_CALLS(due=in_shanghai(case.due_at).date())


def _steps(step: Step, case: Case, *, fits: bool) -> list[Told]:
    """What is promised, in the order in which it comes; the call is told already where a human decides."""
    terms = step.reference.terms
    if terms.services[case.service].branches and not _branch(case, terms):
        offer = _offer(case, terms)
        return [Told(WITH_NOTICE_IF(), ()), Told(BY_VISIT_IF(least=offer["least"], most=offer["most"]), BY_VISIT_CITES)]
    made = promises_of(case, terms, step.reference.calendar)
    steps = {step.name: (service, step) for service, step in terms.steps_of(case.service, _branch(case, terms))}
    told, doubt = [], False
    for name in STEPS:
        if name in steps and (fits or name != "hospital_call"):
            promise = promised(made, name)
            told.append(_step(*steps[name], promise, case=case, terms=terms))
            doubt = doubt or (promise is not None and promise.provisional)
    return [*told, Told(PROVISIONAL(), ())] if doubt else told


def _step(service: str, promised_step: ServiceStep, promise: Promise | None, *, case: Case, terms: Terms) -> Told:
    """Say one promise, with its days where they are known, else with its figures."""
    known: dict[str, Value] = dict(_offer(case, terms))
    if promised_step.limit:
        limit = terms.limit(service, promised_step.limit, case.product)
        known |= {"days": limit.days, "first": limit.target or limit.days}
    days = (("target", promise.target), ("due", promise.due)) if promise else ()
    known |= {name: day for name, day in days if day is not None}
    words = next(words for words in STEPS[promised_step.name] if known.keys() >= {*words.params})
    return Told(words(**{name: known[name] for name in words.params}), (promised_step.clause,))


def _what_to_bring(step: Step, case: Case, decision: Decision) -> Told:
    """Say what to bring, and what else to know: the decision's notes first, each in place of what it says closer."""
    terms, notes = step.reference.terms, decision.notes()
    noted = {note.clause for note in notes}
    things = [thing for thing in THINGS if _to_be_told(thing.cites, case, terms)]
    notices = [notice for notice in NOTICES if _to_be_told(notice.cites, case, terms)]
    cited = [clause for each in (*things, *notices) for clause in each.cites]
    bring = Lines(tuple(_to_bring(things, case, terms)))
    know = [NOTE(reason=REASONS[note.code]()) for note in notes] + [
        n.words() for n in notices if not noted & {*n.cites}
    ]
    if case.answers.get("originals") == "no" and "OP-N5" in cited:
        know.insert(0, ORIGINALS_WITHHELD())
    text = BRING(things=bring, notices=Lines(tuple(know)))
    return Told(text, _to_be_told([*cited, *noted], case, terms))


def _to_bring(things: Iterable[CitedLine], case: Case, terms: Terms) -> Iterator[Text]:
    """What to bring; no originals where they are withheld, and the admission notice where there is one that counts."""
    withheld = case.answers.get("originals") == "no"
    yield from (thing.words() for thing in things if not (withheld and "OP-N5" in thing.cites))
    if _branch(case, terms) == WITH_NOTICE:
        yield BRING_NOTICE()


def _to_be_told(clauses: Iterable[str], case: Case, terms: Terms) -> tuple[str, ...]:
    """Keep of clauses those that the case's service and branch oblige us to tell."""
    due = terms.notices_of(case.service, _branch(case, terms))
    return tuple(clause for clause in dict.fromkeys(clauses) if clause in due)


def _branch(case: Case, terms: Terms) -> str:
    """Return the branch that is settled; empty where there is none."""
    branch = case.answers.get("branch", "")
    return branch if branch in terms.services[case.service].branches else ""


def _offer(case: Case, terms: Terms) -> dict[str, int]:
    """How many hospitals are offered to choose from [IP-B3]."""
    offer = terms.services[case.service].offer
    return {} if offer is None else {"least": offer.least, "most": offer.most}


def refused(decision: Decision, terms: Terms) -> Text:
    """Say why not, in plain words and in each clause's own, and where to call."""
    found = decision.against()[:REFUSALS_SHOWN]
    return REFUSED(reasons=Lines(tuple(_refused_for(finding, terms) for finding in found)), hotline=terms.hotline)


def _refused_for(finding: Finding, terms: Terms) -> Text:
    words = VERBATIM(text=terms.clauses[finding.clause].text)
    return REFUSED_FOR(reason=REASONS[finding.code](), clause=finding.clause, words=words)
