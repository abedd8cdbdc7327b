"""May this request be served? Facts in, a decision out; each finding cites its clause. Pure and replayable.

Theory of operation. RULES is a decision table. A rule that applies (its facts were asked, and the service's terms hold
a clause for it) gives one finding: that of its first row whose condition holds. The outcome is the worst verdict. A
policyholder is refused only where the terms leave no doubt; whatever is vague goes to a human; what decides nothing,
but is to be told or passed on, is a finding that says eligible.

A decision is stored whole, with its facts, the version of the terms and the edition of the rules; `replay` gives the
same again. Rules under which requests were decided are never changed: a new edition stands beside the old one.
docs/decisions.md is drawn from this table.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from flows.terms import catalogue
from flows.terms import conditions as on
from flows.terms.catalogue import Terms
from flows.terms.conditions import Matter
from flows.terms.facts import Facts


class Outcome(StrEnum):
    """What follows from the findings: the worst of their verdicts."""

    ELIGIBLE = "eligible"
    HUMAN = "human"
    REFUSED = "refused"


class Finding(Struct, frozen=True):
    """One rule applied: the clause, what it says here, the code of why, and the facts it rests on, as plain data.

    What a person is told of it stands in the catalogue of texts under `reason.<code>`.
    """

    clause: str
    verdict: Outcome
    code: str
    facts: dict[str, Any]


class Decision(Struct, frozen=True):
    """What was decided on which facts, under which version of the terms and edition of the rules, and why."""

    outcome: Outcome
    findings: tuple[Finding, ...]
    facts: Facts
    terms: str
    edition: int

    def against(self) -> tuple[Finding, ...]:
        """Return the findings that stand in the way, the decisive ones."""
        return tuple(f for f in self.findings if f.verdict == self.outcome != Outcome.ELIGIBLE)

    def notes(self) -> tuple[Finding, ...]:
        """Return the findings that a person is told although they stand in nobody's way [OP-N6, IP-N11]."""
        told = codes_told()
        return tuple(f for f in self.findings if f.verdict == Outcome.ELIGIBLE and f.code in told)


Condition = Callable[[Matter], bool]


class RuleRow(Struct, frozen=True):
    """One way a rule can turn out. `cites` is the name of its clause among the service's, where not the rule's own.

    `note`: it is told (and passed on) although it stands in nobody's way.
    """

    when: Condition
    verdict: Outcome
    code: str
    cites: str = ""
    note: bool = False

    @property
    def told(self) -> bool:
        """Return True if a person is told why."""
        return self.note or self.verdict != Outcome.ELIGIBLE


class Rule(Struct, frozen=True):
    """One question to the facts. `cites` names its clause among the service's, `used` the facts it rests on."""

    cites: str
    applies: Condition
    used: tuple[str, ...]
    rows: tuple[RuleRow, ...]


def worst(verdicts: Iterator[Outcome]) -> Outcome:
    """Return the worst of verdicts; eligible where there is none."""
    given = set(verdicts)
    return next((v for v in (Outcome.REFUSED, Outcome.HUMAN) if v in given), Outcome.ELIGIBLE)


ELIGIBLE, HUMAN, REFUSED = Outcome.ELIGIBLE, Outcome.HUMAN, Outcome.REFUSED

RULES: tuple[Rule, ...] = (
    Rule("policy", on.always, ("today", "policy.status", "policy.account.starts", "policy.ends"), (
        RuleRow(on.policy_missing, HUMAN, "policy_missing"),
        RuleRow(on.policy_ended, REFUSED, "policy_ended"),
        RuleRow(on.policy_suspended, HUMAN, "policy_suspended"),
        RuleRow(on.policy_in_force, ELIGIBLE, "policy_in_force"),
        RuleRow(on.otherwise, HUMAN, "policy_unclear"),
    )),
    Rule("patient", on.patient_asked, ("patient",), (
        RuleRow(on.patient_other, REFUSED, "patient_other"),
        RuleRow(on.patient_insured, ELIGIBLE, "patient_insured"),
        RuleRow(on.otherwise, HUMAN, "patient_unclear"),
    )),
    Rule("branch", on.notice_asked, ("notice", "placement"), (
        RuleRow(on.notice_counts, ELIGIBLE, "branch_with_notice"),
        RuleRow(on.notice_does_not_count, ELIGIBLE, "branch_by_visit", note=True),
        RuleRow(on.branch_undecided, HUMAN, "branch_undecided"),
    )),
    Rule("use", on.policy_known, ("today", "policy.account"), (
        RuleRow(on.use_spent, REFUSED, "use_spent"),
        RuleRow(on.second_use_spent, REFUSED, "second_use_spent", "second_use"),
        RuleRow(on.otherwise, ELIGIBLE, "use_left"),
    )),
    Rule("condition", on.condition_asked, ("condition",), (
        RuleRow(on.condition_given, ELIGIBLE, "condition_given"),
        RuleRow(on.otherwise, HUMAN, "condition_unclear"),
    )),
    Rule("illness", on.illness_asked, ("illness", "standing"), (
        RuleRow(on.illness_mild, HUMAN, "illness_mild"),
        RuleRow(on.illness_not_listed, HUMAN, "illness_not_listed"),
        RuleRow(on.illness_listed, ELIGIBLE, "illness_listed"),
        RuleRow(on.otherwise, HUMAN, "illness_open"),
    )),
    Rule("record", on.records_asked, ("today", "records", "better_record"), (
        RuleRow(on.record_missing, HUMAN, "record_missing"),
        RuleRow(on.record_in_future, HUMAN, "record_in_future"),
        RuleRow(on.record_source_not_asked, ELIGIBLE, "record_given"),
        RuleRow(on.record_qualifies, ELIGIBLE, "record_qualifies"),
        RuleRow(on.record_unclear, HUMAN, "record_unclear"),
        RuleRow(on.record_better, HUMAN, "record_insufficient"),
        RuleRow(on.record_level_low, REFUSED, "record_level_low"),
        RuleRow(on.record_private, REFUSED, "record_private"),
        RuleRow(on.record_abroad, REFUSED, "record_abroad"),
    )),
    Rule("record", on.kinds_asked, ("records",), (
        RuleRow(on.kind_taken, ELIGIBLE, "record_kind_taken"),
        RuleRow(on.kind_flagged, ELIGIBLE, "record_report_only"),
        RuleRow(on.otherwise, HUMAN, "record_kind_unclear"),
    )),
    Rule("hospital", on.hospital_asked, ("hospital",), (
        RuleRow(on.hospital_in_network, ELIGIBLE, "hospital_in_network"),
        RuleRow(on.hospital_outside, ELIGIBLE, "hospital_outside", note=True),
        RuleRow(on.otherwise, HUMAN, "hospital_unclear"),
    )),
    Rule("wish", on.wish_given, ("wished", "earliest"), (
        RuleRow(on.wish_too_early, ELIGIBLE, "wish_too_early", note=True),
        RuleRow(on.otherwise, ELIGIBLE, "wish_possible"),
    )),
    Rule("department", on.department_asked, ("department", "insists"), (
        RuleRow(on.department_covered, ELIGIBLE, "department_covered"),
        RuleRow(on.department_insisted, REFUSED, "department_excluded"),
        RuleRow(on.department_excluded, HUMAN, "department_to_choose"),
        RuleRow(on.otherwise, HUMAN, "department_unclear"),
    )),
    Rule("doctor", on.doctor_asked, ("doctor",), (
        RuleRow(on.doctor_named, ELIGIBLE, "doctor_declined", note=True),
        RuleRow(on.doctor_praised, ELIGIBLE, "doctor_no_choice", note=True),
    )),
    Rule("title", on.doctor_asked, ("doctor",), (
        RuleRow(on.title_asked, ELIGIBLE, "doctor_title", note=True),
    )),
)  # fmt: skip

EDITION = 1
EDITIONS: Mapping[int, tuple[Rule, ...]] = {EDITION: RULES}
_REFUSING: Mapping[int, tuple[Rule, ...]] = {
    edition: tuple(rule for rule in rules if any(row.verdict == REFUSED for row in rule.rows))
    for edition, rules in EDITIONS.items()
}


def codes_told() -> tuple[str, ...]:
    """Return every code that a person may be told, for the catalogue of texts: all but that nothing is amiss."""
    rows = (row for rules in EDITIONS.values() for rule in rules for row in rule.rows)
    return tuple(dict.fromkeys(row.code for row in rows if row.told))


def decide(facts: Facts, terms: Terms, *, edition: int = EDITION) -> Decision:
    """Apply every rule; the outcome is the worst verdict. Raises KeyError for an unknown service or edition."""
    matter = Matter(facts, terms)
    found = tuple(finding for rule in EDITIONS[edition] for finding in _applied(rule, matter)) + tuple(_flagged(matter))
    return Decision(worst(f.verdict for f in found), found, facts, terms.version, edition)


def is_refused(facts: Facts, terms: Terms, *, edition: int = EDITION) -> bool:
    """Return True if `decide` would refuse, looking only at the rules that can. Raises KeyError as `decide` does."""
    matter = Matter(facts, terms)
    return any((row := _first_row(rule, matter)) is not None and row.verdict == REFUSED for rule in _REFUSING[edition])


def replay(stored: Mapping[str, Any]) -> Decision:
    """Decide again on a stored decision's facts, under its own terms and rules.

    Raises KeyError where the version of the terms was never shipped, msgspec.ValidationError where it is no decision.
    """
    kept = msgspec.convert(stored, Decision)
    return decide(kept.facts, catalogue.load(kept.terms), edition=kept.edition)


def _applied(rule: Rule, matter: Matter) -> Iterator[Finding]:
    """The finding of the first row that holds, if the rule applies and the service has a clause for it."""
    row = _first_row(rule, matter)
    if row is not None:
        used = {name: _plain(matter, name) for name in rule.used}
        yield Finding(matter.clause(row.cites or rule.cites), row.verdict, row.code, used)


def _first_row(rule: Rule, matter: Matter) -> RuleRow | None:
    """Return the first row that holds; None where the rule does not apply, or the service has no clause for it."""
    if not matter.clause(rule.cites) or not rule.applies(matter):
        return None
    return next((row for row in rule.rows if row.when(matter)), None)


def _flagged(matter: Matter) -> Iterator[Finding]:
    """What decides nothing, and an agent shall know."""
    for name, flag in matter.flags().items():
        if matter.facts.flags.get(name) is flag.when:
            yield Finding(flag.clause, ELIGIBLE, flag.code, {name: flag.when})


def _plain(matter: Matter, path: str) -> Any:  # noqa: ANN401 - plain data of any shape
    """Return a fact, or the branch worked out of it as plain data; of `policy.status` None without a policy."""
    value: Any = matter if path == "placement" else matter.facts
    for name in path.split("."):
        value = None if value is None else getattr(value, name)
    return msgspec.json.decode(msgspec.json.encode(value))
