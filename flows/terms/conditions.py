"""The conditions of the decision table: small pure questions to the facts of a matter, each told by its docstring.

docs/decisions.md prints the docstrings, so they are written for a reader who knows the terms and not the code.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from flows.terms.branch import BY_VISIT, UNDECIDED, WITH_NOTICE, Placement, place
from flows.terms.catalogue import Branch, Flag, Service, Terms, Verdict
from flows.terms.facts import (
    CONFIRMED,
    COVERED,
    DECLINED,
    IN_NETWORK,
    INSURED,
    LISTED,
    MILD,
    NOT_LISTED,
    OUTSIDE,
    SOMEONE_ELSE,
    SUSPECTED,
    TOLD_NO_CHOICE,
    TOLD_TITLE,
    UNLISTED,
    Facts,
    PolicyFacts,
    Record,
)
from flows.terms.policy import ENDED, GRACE, IN_FORCE, SUSPENDED

WORST_FIRST: Final[tuple[Verdict, ...]] = ("refused", "human", "eligible")


class Matter:
    """The facts beside the terms that they fall under: what the conditions look at."""

    def __init__(self, facts: Facts, terms: Terms) -> None:
        self.facts = facts
        self.terms = terms
        self.service: Service = terms.services[facts.service]

    @cached_property
    def placement(self) -> Placement | None:
        """The branch, where the service has branches and the notice was asked for [IP-N8]."""
        return place(self.facts.notice) if self.service.branches and self.facts.notice else None

    @property
    def branch(self) -> Branch | None:
        """The branch that is settled."""
        return self.service.branches.get(self.placement.branch) if self.placement else None

    def clause(self, rule: str) -> str:
        """Return the clause behind a rule, empty for none: its own, or one of its visit."""
        own: str = getattr(self.service.cites, rule)
        return own or next((c for s, named in self._visits() if (c := getattr(s.cites, rule)) in named), "")

    def excluded(self) -> frozenset[str]:
        """Return the grounds of departments that are not covered [OP-N4]."""
        return frozenset(self.service.excluded_departments).union(*(s.excluded_departments for s, _ in self._visits()))

    def flags(self) -> dict[str, Flag]:
        """Return the yes-or-no answers that an agent is told of."""
        others = {n: f for s, named in self._visits() for n, f in s.flags.items() if f.clause in named}
        return others | dict(self.service.flags)

    def _visits(self) -> Iterator[tuple[Service, tuple[str, ...]]]:
        if self.branch and self.branch.visit:
            yield self.terms.services[self.branch.visit.service], self.branch.visit.clauses

    def spent(self, policy: PolicyFacts) -> tuple[str, ...]:
        """Return the services that the request takes a use of, and of which none is left [G2, IP-N10]."""
        wanted = self.branch.uses if self.branch else self.service.uses
        return tuple(use for use in wanted if not policy.account.left(use, self.facts.today))

    def verdict_on(self, record: Record) -> Verdict:
        """Return what the service makes of a record whose source was asked: the worst of what is said of it [OP-N1]."""
        return min((self.service.record.verdict(code) for code in record.source), key=WORST_FIRST.index)


# ---- the policy and its uses ----


def always(matter: Matter) -> bool:
    """Always."""
    del matter
    return True


def otherwise(matter: Matter) -> bool:
    """Otherwise."""
    del matter
    return True


def policy_known(matter: Matter) -> bool:
    """The policy is on file."""
    return matter.facts.policy is not None


def policy_missing(matter: Matter) -> bool:
    """The policy is no longer on file."""
    return matter.facts.policy is None


def policy_ended(matter: Matter) -> bool:
    """The policy is ended (终止), or the request's day lies before its first or after its last."""
    policy = matter.facts.policy
    return policy is not None and (
        policy.status == ENDED or not policy.account.starts <= matter.facts.today <= policy.ends
    )


def policy_suspended(matter: Matter) -> bool:
    """The policy is suspended (中止)."""
    return matter.facts.policy is not None and matter.facts.policy.status == SUSPENDED


def policy_in_force(matter: Matter) -> bool:
    """The policy is in force (有效), or in its days of grace (宽限期)."""
    return matter.facts.policy is not None and matter.facts.policy.status in {IN_FORCE, GRACE}


def use_spent(matter: Matter) -> bool:
    """No use of the service itself is left in the policy year, or in the term where the contract counts so."""
    policy = matter.facts.policy
    return policy is not None and matter.facts.service in matter.spent(policy)


def second_use_spent(matter: Matter) -> bool:
    """The branch takes a use of another service as well, and none of that is left."""
    policy = matter.facts.policy
    return policy is not None and bool(matter.spent(policy))


# ---- the patient and the illness ----


def patient_asked(matter: Matter) -> bool:
    """It was asked who the patient is."""
    return matter.facts.patient is not None


def patient_other(matter: Matter) -> bool:
    """The patient is not the insured."""
    return matter.facts.patient == SOMEONE_ELSE


def patient_insured(matter: Matter) -> bool:
    """The patient is the insured, whoever types."""
    return matter.facts.patient == INSURED


def condition_asked(matter: Matter) -> bool:
    """It was asked whether a doctor confirmed or suspects the illness."""
    return matter.facts.condition is not None


def condition_given(matter: Matter) -> bool:
    """A doctor confirmed the illness, or suspects it (疑似 is enough)."""
    return matter.facts.condition in {CONFIRMED, SUSPECTED}


def illness_asked(matter: Matter) -> bool:
    """The illness was asked for."""
    return matter.facts.illness is not None


def illness_mild(matter: Matter) -> bool:
    """The illness is a mild one (轻症)."""
    return matter.facts.standing == MILD


def illness_not_listed(matter: Matter) -> bool:
    """The illness is not on the contract's list."""
    return matter.facts.standing == NOT_LISTED


def illness_listed(matter: Matter) -> bool:
    """The illness is on the contract's list."""
    return matter.facts.standing == LISTED and matter.facts.illness not in {UNLISTED, ""}


# ---- the record ----


def records_asked(matter: Matter) -> bool:
    """Records were asked for."""
    return matter.facts.records is not None


def record_missing(matter: Matter) -> bool:
    """No record was given."""
    return not matter.facts.records


def record_in_future(matter: Matter) -> bool:
    """A record bears a day that has not come yet."""
    return any(r.dated is not None and r.dated > matter.facts.today for r in matter.facts.records or ())


def record_source_not_asked(matter: Matter) -> bool:
    """Records were given, and it was not asked which hospital they come from."""
    return not any(record.source for record in matter.facts.records or ())


def record_qualifies(matter: Matter) -> bool:
    """One record at least comes from a hospital that qualifies."""
    return "eligible" in _sources(matter)


def record_unclear(matter: Matter) -> bool:
    """No record qualifies, and of one at least it is not clear."""
    return "human" in _sources(matter)


def record_better(matter: Matter) -> bool:
    """No record qualifies, and it is not settled that there is no better one to give."""
    return matter.facts.better_record is not False


def record_level_low(matter: Matter) -> bool:
    """Every record falls short, one because its source is 一级, a community or township one; none better."""
    return any(code in matter.service.record.levels for code in _refused(matter))


def record_private(matter: Matter) -> bool:
    """Every record falls short, one because its source is private; none better."""
    return any(code in matter.service.record.ownerships for code in _refused(matter))


def record_abroad(matter: Matter) -> bool:
    """Every record falls short, one because it comes from outside the mainland; none better."""
    return any(code in matter.service.record.regions for code in _refused(matter))


def _sources(matter: Matter) -> set[Verdict]:
    return {matter.verdict_on(record) for record in matter.facts.records or () if record.source}


def _refused(matter: Matter) -> set[str]:
    codes = {code for record in matter.facts.records or () for code in record.source}
    return {code for code in codes if matter.service.record.verdict(code) == "refused"}


def kinds_asked(matter: Matter) -> bool:
    """It was asked what kind of record each is."""
    return any(record.kind is not None for record in matter.facts.records or ())


def kind_taken(matter: Matter) -> bool:
    """One record at least is of a kind that the clause takes without more."""
    rule = matter.service.record
    return bool(_kinds(matter) & set(rule.kinds) - set(rule.flagged))


def kind_flagged(matter: Matter) -> bool:
    """There is nothing but a bare report (诊断报告), where the clause names only 病历: taken, and pointed out."""
    return bool(_kinds(matter) & set(matter.service.record.flagged))


def _kinds(matter: Matter) -> set[str | None]:
    return {record.kind for record in matter.facts.records or ()}


# ---- what is wished for ----


def hospital_asked(matter: Matter) -> bool:
    """A hospital was wished for."""
    return matter.facts.hospital is not None


def hospital_in_network(matter: Matter) -> bool:
    """The hospital wished for is in the network."""
    return matter.facts.hospital == IN_NETWORK


def hospital_outside(matter: Matter) -> bool:
    """The hospital wished for is outside the network: another one is offered."""
    return matter.facts.hospital == OUTSIDE


def wish_given(matter: Matter) -> bool:
    """A day was wished for."""
    return matter.facts.wished is not None and matter.facts.earliest is not None


def wish_too_early(matter: Matter) -> bool:
    """The day wished for comes before the first that can be promised: not refused, and the first one is offered."""
    wished, earliest = matter.facts.wished, matter.facts.earliest
    return wished is not None and earliest is not None and wished < earliest


def department_asked(matter: Matter) -> bool:
    """A department was wished for."""
    return matter.facts.department is not None


def department_covered(matter: Matter) -> bool:
    """The department is covered."""
    return matter.facts.department == COVERED


def department_insisted(matter: Matter) -> bool:
    """The department is excluded, and the person insists on it."""
    return matter.facts.department in matter.excluded() and matter.facts.insists is True


def department_excluded(matter: Matter) -> bool:
    """The department is excluded, and the person does not insist on it."""
    return matter.facts.department in matter.excluded()


def doctor_asked(matter: Matter) -> bool:
    """A wish for a doctor was told."""
    return matter.facts.doctor is not None


def doctor_named(matter: Matter) -> bool:
    """One doctor is named: not promised, kept as a note."""
    return matter.facts.doctor == DECLINED


def doctor_praised(matter: Matter) -> bool:
    """The best doctor is wanted: nobody can be chosen."""
    return matter.facts.doctor == TOLD_NO_CHOICE


def title_asked(matter: Matter) -> bool:
    """A doctor of a lower title would do: a higher one is promised."""
    return matter.facts.doctor == TOLD_TITLE


# ---- the branch of an admission ----


def notice_asked(matter: Matter) -> bool:
    """It was asked about the admission notice."""
    return matter.placement is not None


def notice_counts(matter: Matter) -> bool:
    """None of IP-N8.1 to IP-N8.4 holds."""
    return matter.placement is not None and matter.placement.branch == WITH_NOTICE


def notice_does_not_count(matter: Matter) -> bool:
    """Any one of IP-N8.1 to IP-N8.4 is known to hold."""
    return matter.placement is not None and matter.placement.branch == BY_VISIT


def branch_undecided(matter: Matter) -> bool:
    """It cannot be told, and IP-B costs an outpatient use."""
    return matter.placement is not None and matter.placement.branch == UNDECIDED
