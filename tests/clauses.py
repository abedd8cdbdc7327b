"""What of the terms a played conversation kept: which clause in which of the roles that its `do` names.

Feed it every message that was sent, what was acknowledged, and every case as it was opened.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from flows.cases.case import Case, Consent
from flows.cases.promises import promises_of
from flows.effects import Message
from flows.intake.questions.ordered import ALL
from flows.terms.calendar import Calendar
from flows.terms.catalogue import Terms

Kept = set[tuple[str, str]]

CALENDAR = Calendar.build()

SAME = {"OP-N7": "G4", "IP-N9": "G4"}  # clauses that say the same as another
IN_SERVICE = {  # ... in one service: the illness is in scope; the hospital wanted is in the network
    "IP": {"IP-P2": "G4", "IP-T": "IP-N8"},
}


def owed(terms: Terms, *roles: str) -> Kept:
    """Every clause with each of the roles that it names."""
    return {(name, do) for name, clause in terms.clauses.items() for do in clause.do if not roles or do in roles}


def told(messages: Iterable[Message]) -> Kept:
    """What the messages say that they tell."""
    return {(clause, "inform") for message in messages for clause in message.cites}


def acknowledged(consents: Iterable[Consent], terms: Terms) -> Kept:
    """What was consented to: clauses of the terms, and those behind the consents before the first question."""
    behind = {consent.key: consent.clause for consent in terms.consents}
    return {(behind.get(consent.key) or consent.key, "consent") for consent in consents}


def of_case(case: Case, terms: Terms) -> Kept:
    """What a case keeps: its promises, the findings of its decision, and the branch that it takes."""
    kept = {(promise.clause, role) for promise in promises_of(case, terms, CALENDAR) for role in promise.roles}
    kept |= {(clause, role) for clause in _found(case.decision or {}) for role in ("check", "compute")}
    branches = terms.services[case.service].branches if case.service in terms.services else {}
    if branch := branches.get(case.answers.get("branch", "")):
        kept |= {(branch.clause, role) for role in ("check", "compute")}
    said = SAME | IN_SERVICE.get(case.service, {})
    kept |= {(clause, role) for clause, same in said.items() for other, role in kept if other == same}
    return kept & owed(terms)


def collected(case: Case) -> Kept:
    """What was asked for: the clauses of every question that the case has an answer to."""
    return {(clause, "collect") for question in ALL if question.state in case.answers for clause in question.cites}


def _found(decision: dict[str, Any]) -> Iterator[str]:
    """Every clause that a finding cites or rests on; a part of a clause is the clause's [IP-N8]."""
    for finding in decision.get("findings", ()):
        yield finding["clause"]
        placement = finding["facts"].get("placement") or {}
        yield from (reason for reason in placement.get("because", ()) if "-" in reason)
