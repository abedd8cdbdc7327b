"""May this request be served? Facts in, a decision out; each finding cites its clause. Pure and replayable.

A policyholder is refused only where the terms leave no doubt; whatever is vague goes to a human.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct

from flows.terms.policy import ENDED, SUSPENDED, Use

UNLISTED = "other"  # the policyholder found nothing on the list, or is not sure


class Outcome(StrEnum):
    """What follows from the findings: the worst of their verdicts."""

    ELIGIBLE = "eligible"
    HUMAN = "human"
    REFUSED = "refused"


class Facts(Struct, frozen=True):
    """What the decision rests on. `today` is the request's date in Asia/Shanghai; `illness` a code of the list."""

    service: str
    today: date
    status: str
    starts: date
    ends: date
    limits: Mapping[str, int]
    uses: tuple[Use, ...]
    illness: str
    records: int


class Finding(Struct, frozen=True):
    """One rule applied: the clause, what it says here, and the code under which the catalogue explains it."""

    clause: str
    verdict: Outcome
    code: str


class Decision(Struct, frozen=True):
    """What was decided under which version of the terms, and why."""

    outcome: Outcome
    findings: tuple[Finding, ...]
    terms: str

    def against(self) -> tuple[Finding, ...]:
        """Give the findings that stand in the way, the decisive ones."""
        return tuple(f for f in self.findings if f.verdict == self.outcome != Outcome.ELIGIBLE)


def decide(facts: Facts, *, terms: str) -> Decision:
    """Apply every rule; the outcome is the worst verdict [G2, G3, G4, OP-N1, OP-N7]."""
    findings = (in_force(facts), use_left(facts), illness_listed(facts), record_given(facts))
    verdicts = {finding.verdict for finding in findings}
    worst = next(v for v in (Outcome.REFUSED, Outcome.HUMAN, Outcome.ELIGIBLE) if v in verdicts)
    return Decision(worst, findings, terms)


def in_force(facts: Facts) -> Finding:
    """Policy in force on the request's date; 宽限期 is, 中止 goes to a human [G2]."""
    if facts.status == ENDED or not facts.starts <= facts.today <= facts.ends:
        return Finding("G2", Outcome.REFUSED, "policy_ended")
    if facts.status == SUSPENDED:
        return Finding("G2", Outcome.HUMAN, "policy_suspended")
    return Finding("G2", Outcome.ELIGIBLE, "policy_in_force")


def use_left(facts: Facts) -> Finding:
    """A use of the service left in the policy year of the request [G2]."""
    year = policy_year(facts.starts, facts.today)
    spent = sum(use.service == facts.service and use.year == year for use in facts.uses)
    if spent < facts.limits.get(facts.service, 0):
        return Finding("G2", Outcome.ELIGIBLE, "use_left")
    return Finding("G2", Outcome.REFUSED, "use_spent")


def illness_listed(facts: Facts) -> Finding:
    """An illness of the contract's list; what is not found on it goes to a human, never to a refusal [G4, OP-N7]."""
    listed = facts.illness != UNLISTED
    return Finding("G4", Outcome.ELIGIBLE if listed else Outcome.HUMAN, "illness_listed" if listed else "illness_open")


def record_given(facts: Facts) -> Finding:
    """At least one record; a human reads what it says [OP-N1]."""
    given = facts.records > 0
    return Finding("OP-N1", Outcome.ELIGIBLE if given else Outcome.HUMAN, "record_given" if given else "record_missing")


def policy_year(starts: date, day: date) -> date:
    """Give the first day of the policy year that `day` lies in: from anniversary to anniversary [G2].

    A policy that began on 29 February has its anniversary on the last day of February in other years.
    """
    this_year = _anniversary(starts, day.year)
    return this_year if this_year <= day else _anniversary(starts, day.year - 1)


def _anniversary(starts: date, year: int) -> date:
    try:
        return starts.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
