"""A case as an agent sees it in the chat: masked until it is claimed, then everything about it on one page.

Answers are what the policyholder gave under this release or an older one: any of them may be missing.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from flows.cases.case import APPLICATION, HELP, Case
from flows.cases.promises import promises_of
from flows.desk import texts
from flows.masking import masked
from flows.messages import VERBATIM, Lines, Listed, Text
from flows.reasons import REASONS
from flows.reference import Reference
from flows.terms.calendar import in_shanghai
from flows.terms.promises import next_due

ROOM = 80  # characters of an answer in the person's own words; all of it is in the case
FINDINGS = 8  # of a decision, the most that are shown


def card(case: Case, reference: Reference, *, waiting: int) -> Text:
    """The card before it is claimed: what, how urgent, and nothing personal but the illness."""
    return texts.CARD(
        number=case.number,
        kind=kind(case),
        due=in_shanghai(case.due_at),
        illness=illness(case, reference),
        waiting=waiting,
    )


def full_card(case: Case, reference: Reference) -> Text:
    """The card for its owner, with the number to call; others stay masked, as a chat is read in corridors.

    At most 3,500 characters. Of a restricted case nothing but that it is [PIPL 47].
    """
    if case.request_type == HELP:
        card = texts.CARD_IDENTITY if case.identity_review else texts.CARD_HELP
        return card(number=case.number, due=in_shanghai(case.due_at))
    lines = [texts.WITH_MORE(value=VERBATIM(text=case.number), more=kind(case))]
    if case.restricted_at is not None:
        lines.append(texts.RESTRICTED(at=in_shanghai(case.restricted_at)))
    else:
        lines += [*_facts(case, reference), *_findings(case)]
    return texts.CARD_FULL(lines=Lines(tuple(lines)))


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
    """Give words on one line, cut where they are long."""
    line = " ".join(words.split())
    return line if len(line) <= ROOM else line[: ROOM - 1] + "…"


class Row(NamedTuple):
    """A line of the card: its name, and what it says of a case; None where the case does not have it."""

    name: str
    of: Callable[[Case], Text | None]


def _facts(case: Case, reference: Reference) -> Iterator[Text]:
    """Every line that the case has."""
    yield _field("due", Lines((VERBATIM(text=in_shanghai(case.due_at)),)))
    if (following := _next(case, reference)) is not None:
        yield _field("next", following)
    for row in ROWS:
        if (value := row.of(case)) is not None:
            yield _field(row.name, value)
        if row.name == "policy_number":
            yield _field("illness", _more(illness(case, reference), _word(case, "condition")))
    yield _field("decision", outcome(case))


def _field(name: str, value: Text | Lines) -> Text:
    return texts.FIELD(name=texts.FIELDS[name](), value=value)


def _findings(case: Case) -> Iterator[Text]:
    """Why a human decides, or why it was refused: each finding against, with its clause."""
    decision = case.decision or {}
    against = [f for f in decision.get("findings", ()) if f["verdict"] == decision.get("outcome") != "eligible"]
    for finding in against[:FINDINGS]:
        reason = REASONS.get(finding["code"])
        said = reason() if reason else VERBATIM(text=finding["code"])
        yield texts.FINDING(clause=finding["clause"], reason=said)


# ---- what a line says ----


def _answer(name: str) -> Callable[[Case], Text | None]:
    """A line that says an answer: in the words for its code, else a day, else as it was given."""

    def of(case: Case) -> Text | None:
        value = case.answers.get(name, "")
        return _word(case, name) or _day(value) if value else None

    return of


def _word(case: Case, name: str, prefix: str = "") -> Text | None:
    """The words for an answer that is a code; None where it is none."""
    words = texts.WORDS.get(f"{prefix or name}_{case.answers.get(name, '')}")
    return words() if words else None


def _day(value: str) -> Text:
    """A day, two days with a slash between, or words as they were given."""
    try:
        first, *last = (date.fromisoformat(day) for day in value.split("/", 1))
    except ValueError:
        return VERBATIM(text=clipped(value))
    return texts.BETWEEN_DAYS(first=first, last=last[0]) if last else VERBATIM(text=first)


def _more(value: Text, *more: Text | None) -> Text:
    """A value with what else is known of it."""
    said = tuple(each for each in more if each is not None)
    return texts.WITH_MORE(value=value, more=Listed(said)) if said else value


def _masked(name: str) -> Callable[[Case], Text | None]:
    return lambda case: VERBATIM(text=masked(case.answers[name])) if case.answers.get(name) else None


def _named(name: str, *more: tuple[str, str]) -> Callable[[Case], Text | None]:
    """An answer with others behind it, each with the prefix of its words."""

    def of(case: Case) -> Text | None:
        value = _answer(name)(case)
        return _more(value, *(_word(case, other, prefix) for other, prefix in more)) if value else None

    return of


def _next(case: Case, reference: Reference) -> Text | None:
    """The tracked promise that is due first."""
    promise = next_due(promises_of(case, reference.terms, reference.calendar))
    if promise is None or promise.due is None:
        return None
    words = texts.PROMISES.get(promise.name)
    name = words() if words else VERBATIM(text=promise.name)
    return texts.NEXT_PROMISE(name=name, clause=promise.clause, due=promise.due)


def _applicant(case: Case) -> Text | None:
    """Who applied; for a relative's request, whether the insured has confirmed it."""
    value = _answer("applicant")(case)
    if value is None or case.answers.get("applicant") == "self":
        return value
    at = case.confirmed_at
    return _more(value, _word(case, "relation"), texts.CONFIRMED(at=in_shanghai(at)) if at else texts.UNCONFIRMED())


def _phone(case: Case) -> Text | None:
    """The number to call, and whose it is known to be."""
    if phone := case.answers.get("phone", ""):
        return _more(VERBATIM(text=clipped(phone)), _word(case, "phone_verified") or texts.PHONE_UNVERIFIED())
    on_file = case.answers.get("phone_on_file", "")
    return _more(VERBATIM(text=clipped(on_file)), texts.PHONE_ON_FILE()) if on_file else None


def _files(case: Case) -> Text | None:
    kinds = [attachment.question for attachment in case.attachments]
    return texts.FILES(records=kinds.count("record"), notices=kinds.count("notice"))


def _hospitals(case: Case) -> Text | None:
    value = _answer("hospitals")(case)
    network = {"in_network": "yes", "outside": "no", "unknown": "unknown"}.get(
        case.answers.get("hospitals_network", "")
    )
    return _more(value, texts.WORDS[f"network_{network}"]() if network else None) if value else None


def _doctor(case: Case) -> Text | None:
    """A doctor whom the policyholder would like: a wish that binds nobody [OP-N6a, IP-N5]."""
    words = case.answers.get("doctor_words", "")
    return texts.NOT_BINDING(value=clipped(words)) if words else None


ROWS: tuple[Row, ...] = (
    Row("name", _answer("name")),
    Row("applicant", _applicant),
    Row("phone", _phone),
    Row("id_number", _masked("id_number")),
    Row("policy_number", _masked("policy_number")),
    Row("files", _files),
    Row("record_hospital", _answer("record_hospital")),
    Row("record_kind", _answer("record_kind")),
    Row("record_date", _answer("record_date")),
    Row("stay", _answer("stay")),
    Row("wanted", _named("wanted", ("wanted_network", "network"))),
    Row("notice", _answer("notice")),
    Row("issuer", _named("issuer", ("issuer_network", "network"), ("issuer_is_wanted", "issuer_is_wanted"))),
    Row("notice_date", _answer("notice_date")),
    Row("city", _answer("city")),
    Row("hospitals", _hospitals),
    Row("department", _named("department", ("department_insists", "department_insists"))),
    Row("visit_kind", _answer("visit_kind")),
    Row("visit_date", _answer("visit_date")),
    Row("originals", _answer("originals")),
    Row("doctor_words", _doctor),
    Row("infectious", _answer("infectious")),
    Row("transfer", _answer("transfer")),
)
