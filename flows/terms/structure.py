"""What one version of the service terms is made of: the types of `data/<version>/`, with what follows from them."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

DEFAULT = "default"  # the contract of a product that has none of its own

ACCEPTED = "accepted"  # the milestone that internal steps are counted from
FIRST_CONTACT = "first_contact"  # the internal step that the queue goes by: when somebody has called at the latest
FIRST_VISIT = "first_visit"  # the internal step that gives the first day that can be wished for
INTERNAL_STEPS = (FIRST_CONTACT, FIRST_VISIT)  # those that the terms must have

Verdict = Literal["eligible", "human", "refused"]
Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Count = Annotated[int, Meta(ge=1)]
DaysOf = Literal["working_days", "calendar_days"]


class Data(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of every part: an unknown or misspelt field is an error when the terms are loaded."""


class Clause(Data, frozen=True):
    """A clause word for word, and what a system does about it: collect, check, inform, consent, ..."""

    text: str
    do: tuple[
        Literal["collect", "check", "compute", "inform", "consent", "agent task", "track", "notify"],
        ...,
    ]


class Hours(Data, frozen=True):
    """The hotline's hours, `HH:MM` in Asia/Shanghai, the closing minute excluded [OP-P1b]."""

    opens: Clock
    closes: Clock


class ConsentText(Data, frozen=True):
    """A consent to be given before the first question; its words are `consent.<key>` in the catalogue of texts."""

    key: str
    version: str
    clause: str = ""


class Limit(Data, frozen=True):
    """A promise: within `days`, aimed at `target` where it names two figures (1-2, 8-10). `internal`: our own.

    Only a limit of the terms as a whole, which is not a service's, may be without a clause.
    """

    days: Count
    clause: str = ""
    target: Count | None = None
    of: DaysOf = "working_days"
    internal: bool = False


class ServiceStep(Data, frozen=True):
    """A step that is promised: its `limit` by name, counted from the day that `after` names; none: on that very day.

    `after` is what starts it: accepted, complete (accepted with every paper), claimed, policy_year, hospital_chosen,
    notice_issued, visit_day, admission_day, or what may never come (clinic_stopped, visit_missed, ...).
    `earliest`: the first day, not the last. `pauses`: its working days do not count while the policyholder has a
    question to answer [OP-P3]; a contract's own limit changes nothing in that. `kept_by`: any of these milestones keeps
    it, from when on it is not due any more; a step without one is never known to be kept.
    """

    name: str
    after: str
    clause: str = ""  # as for Limit
    limit: str = ""
    earliest: bool = False
    pauses: bool = False
    kept_by: tuple[str, ...] = ()


class Cites(Data, frozen=True):
    """The clause behind each rule of `flows.terms.eligibility`; a service is not under a rule whose clause is empty."""

    policy: str = ""
    patient: str = ""
    condition: str = ""
    use: str = ""
    second_use: str = ""
    illness: str = ""
    record: str = ""
    hospital: str = ""
    wish: str = ""
    department: str = ""
    doctor: str = ""
    title: str = ""
    branch: str = ""


class RecordRule(Data, frozen=True):
    """Which record opens a request: a verdict for each code of `flows.reading.record_source`, and the kinds taken.

    `flagged` kinds are taken, and pointed out to the agent [IP-N1].
    """

    good: tuple[str, ...]
    levels: Mapping[str, Verdict]
    ownerships: Mapping[str, Verdict]
    regions: Mapping[str, Verdict]
    kinds: tuple[str, ...]
    flagged: tuple[str, ...]

    def verdict(self, code: str) -> Verdict:
        """Return what this service makes of one code; one it does not know is for a human."""
        if code in self.good:
            return "eligible"
        short = {**self.levels, **self.ownerships, **self.regions}
        return short.get(code, "human")


class Flag(Data, frozen=True):
    """A yes-or-no answer that never decides, but that the agent is told of when it is `when`."""

    clause: str
    when: bool
    code: str


class UseEvent(Data, frozen=True):
    """What an event does to reserved uses. `decides`: an agent may, or where nothing moves must, decide otherwise."""

    clause: str
    consumes: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    decides: bool = False


class Offer(Data, frozen=True):
    """How many hospitals of which level are offered to choose from [IP-B3]."""

    clause: str
    least: Count
    most: Count
    level: str


class Visit(Data, frozen=True):
    """The clauses of another service that a branch's visit is under [IP-B4]."""

    service: str
    clauses: tuple[str, ...]


class Branch(Data, frozen=True):
    """A way a service goes, and the uses that it takes. Its internal steps go before the service's of the same name."""

    clause: str
    uses: tuple[str, ...]
    events: Mapping[str, UseEvent]
    visit: Visit | None = None
    consents: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    steps: tuple[ServiceStep, ...] = ()
    internal_steps: tuple[ServiceStep, ...] = ()


class Service(Data, frozen=True):
    """What one service is, asks, promises and excludes. `uses` are those it takes where no branch says more.

    `consents` are clauses to be acknowledged, `notices` clauses to be shown, `steps` what is promised;
    `internal_steps` are counted like steps and shown to nobody; they go before those of the terms of the same name.
    `excluded_departments` are grounds of flows/reading/data/departments.json [OP-N4]; `titles` those that its doctors
    have [OP-N6b].
    """

    terms: tuple[str, ...]
    cites: Cites
    uses: tuple[str, ...]
    record: RecordRule
    limits: Mapping[str, Limit]
    consents: tuple[str, ...]
    notices: tuple[str, ...]
    excluded_departments: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    steps: tuple[ServiceStep, ...] = ()
    internal_steps: tuple[ServiceStep, ...] = ()
    flags: Mapping[str, Flag] = field(default_factory=dict)
    events: Mapping[str, UseEvent] = field(default_factory=dict)
    branches: Mapping[str, Branch] = field(default_factory=dict)
    offer: Offer | None = None

    def every_step(self) -> tuple[ServiceStep, ...]:
        """Return the steps of the service and of each branch."""
        return self.steps + tuple(step for branch in self.branches.values() for step in branch.steps)

    def every_internal_step(self) -> tuple[ServiceStep, ...]:
        """Return the internal steps of the service and of each branch."""
        return self.internal_steps + tuple(step for each in self.branches.values() for step in each.internal_steps)


class Uses(Data, frozen=True):
    """How often the services may be used [G2]: `limit` each, counted in a policy year or over the whole term.

    `shared`: no more than `limit` requests in all besides, which with 1 and `policy_term` is the clause read literally.
    """

    limit: Annotated[int, Meta(ge=0)]
    period: Literal["policy_year", "policy_term"]
    shared: bool


class Contract(Data, frozen=True):
    """What one product sets for itself: its uses, and limits by service and name in place of the service's own."""

    uses: Uses
    limits: Mapping[str, Mapping[str, Limit]] = field(default_factory=dict)


class Terms(Data, frozen=True):
    """One version of the terms. `help_minutes` is an internal limit; `contracts` go by product, or product/version.

    `subjects` say which clauses to be acknowledged are about the same thing, in the order in which they are shown.
    `internal_steps`, with their `limits`, are those of a request that has none of its service's own (an appeal).
    """

    version: str
    provider: str
    hotline: str
    hours: Hours
    help_minutes: int
    consents: tuple[ConsentText, ...]
    subjects: Mapping[str, tuple[str, ...]]
    limits: Mapping[str, Limit]
    internal_steps: tuple[ServiceStep, ...]
    services: Mapping[str, Service]
    contracts: Mapping[str, Contract]
    clauses: Mapping[str, Clause]

    def contract(self, product: str) -> Contract:
        """Return the contract of `product/version`, else of `product`, else the default one."""
        for name in (product, product.rpartition("/")[0]):
            if name in self.contracts:
                return self.contracts[name]
        return self.contracts[DEFAULT]

    def limit(self, service: str, name: str, product: str) -> Limit:
        """Return a service's limit by its name, as the product's contract has it; without a service, the terms' own.

        Raises KeyError.
        """
        own = self.contract(product).limits.get(service, {})
        return own.get(name) or (self.services[service].limits if service else self.limits)[name]

    def consents_of(self, service: str, branch: str = "") -> tuple[str, ...]:
        """Return the clauses to be acknowledged before submission; without a branch, those of every branch [IP-N10]."""
        return self._gathered(service, branch, "consents")

    def notices_of(self, service: str, branch: str = "") -> tuple[str, ...]:
        """Return the clauses to be shown; without a branch, those of every branch."""
        return self._gathered(service, branch, "notices")

    def steps_of(self, service: str, branch: str = "") -> tuple[tuple[str, ServiceStep], ...]:
        """Return what is promised, each with the service whose limits it has; of a branch only where one is settled."""
        own = self.services[service]
        taken = own.branches.get(branch)
        steps = [(service, step) for step in own.steps + (taken.steps if taken else ())]
        if taken is not None and (visit := taken.visit) is not None:
            during = self.services[visit.service].steps
            steps += [(visit.service, step) for step in during if step.clause in visit.clauses]
        return tuple(steps)

    def internal_steps_of(self, service: str, branch: str = "") -> tuple[tuple[str, ServiceStep], ...]:
        """Return the internal steps, each with the service whose limits it has (empty: the terms' own).

        Of one name the branch's goes before the service's, and that before the terms'. `service` may be empty (an
        appeal). Raises KeyError for a service that there is not.
        """
        found = {step.name: ("", step) for step in self.internal_steps}
        if service:
            own = self.services[service]
            taken = own.branches.get(branch)
            steps = own.internal_steps + (taken.internal_steps if taken else ())
            found |= {step.name: (service, step) for step in steps}
        return tuple(found.values())

    def every_step(self) -> tuple[ServiceStep, ...]:
        """Return every step of every service and branch."""
        return tuple(step for service in self.services.values() for step in service.every_step())

    def milestones(self) -> frozenset[str]:
        """Return the name of everything that a step is counted from, or kept by."""
        steps = (*self.every_step(), *self.internal_steps)
        return frozenset(name for step in steps for name in (step.after, *step.kept_by))

    def _gathered(self, service: str, branch: str, what: Literal["consents", "notices"]) -> tuple[str, ...]:
        own = self.services[service]
        branches = [own.branches[branch]] if branch else own.branches.values()
        every: list[str] = [clause for part in (own, *branches) for clause in getattr(part, what)]
        for visit in (each.visit for each in branches if each.visit):
            every += [clause for clause in getattr(self.services[visit.service], what) if clause in visit.clauses]
        return tuple(dict.fromkeys(every))
