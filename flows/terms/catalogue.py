"""The service terms as data: services, clauses word for word, limits, consents, notices, exclusions, uses.

Another service, or another contract's figures, is another entry in `data/<version>/` and no code. A version never
changes once requests were decided under it: a correction is a new folder, so that an old decision can be replayed.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

DATA = Path(__file__).parent / "data"
CURRENT = "2026-11"
PARTS = ("services", "contracts", "clauses")
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
    question to answer [OP-P3]; a contract's own limit changes nothing in that.
    """

    name: str
    after: str
    clause: str = ""  # as for Limit
    limit: str = ""
    earliest: bool = False
    pauses: bool = False


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
        """Give what this service makes of one code; one it does not know is for a human."""
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
        """Give the contract of `product/version`, else of `product`, else the default one."""
        for name in (product, product.rpartition("/")[0]):
            if name in self.contracts:
                return self.contracts[name]
        return self.contracts[DEFAULT]

    def limit(self, service: str, name: str, product: str) -> Limit:
        """Give a service's limit by its name, as the product's contract has it; without a service, the terms' own.

        Raises KeyError.
        """
        own = self.contract(product).limits.get(service, {})
        return own.get(name) or (self.services[service].limits if service else self.limits)[name]

    def consents_of(self, service: str, branch: str = "") -> tuple[str, ...]:
        """Give the clauses to be acknowledged before submission; without a branch, those of every branch [IP-N10]."""
        return self._gathered(service, branch, "consents")

    def notices_of(self, service: str, branch: str = "") -> tuple[str, ...]:
        """Give the clauses to be shown; without a branch, those of every branch."""
        return self._gathered(service, branch, "notices")

    def steps_of(self, service: str, branch: str = "") -> tuple[tuple[str, ServiceStep], ...]:
        """Give what is promised, each with the service whose limits it has; of a branch only where one is settled."""
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
        """Give every step of every service and branch."""
        return tuple(step for service in self.services.values() for step in _steps(service))

    def milestones(self) -> frozenset[str]:
        """Return the name of everything that a step is counted from."""
        return frozenset(step.after for step in (*self.every_step(), *self.internal_steps))

    def _gathered(self, service: str, branch: str, what: Literal["consents", "notices"]) -> tuple[str, ...]:
        own = self.services[service]
        branches = [own.branches[branch]] if branch else own.branches.values()
        every: list[str] = [clause for part in (own, *branches) for clause in getattr(part, what)]
        for visit in (each.visit for each in branches if each.visit):
            every += [clause for clause in getattr(self.services[visit.service], what) if clause in visit.clauses]
        return tuple(dict.fromkeys(every))


class TermsFault(ValueError):
    """The parts of the terms do not agree with one another; `faults` names each place."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@lru_cache(maxsize=16)
def load(version: str = CURRENT) -> Terms:
    """Load a shipped version. Raises KeyError for one that was never shipped."""
    if version not in versions():
        raise KeyError(version)
    return build(parts(version))


def versions() -> tuple[str, ...]:
    """Give every version shipped, the oldest first."""
    return tuple(sorted(folder.name for folder in DATA.iterdir() if folder.is_dir()))


def parts(version: str = CURRENT) -> dict[str, Any]:
    """Give a version as plain data, its files put together."""
    folder = DATA / version
    whole: dict[str, Any] = msgspec.json.decode((folder / "terms.json").read_bytes())
    return whole | {part: msgspec.json.decode((folder / f"{part}.json").read_bytes()) for part in PARTS}


def build(data: Mapping[str, Any]) -> Terms:
    """Give the terms of plain data. Raises msgspec.ValidationError for its shape, TermsFault for its references."""
    terms = msgspec.convert(data, Terms)
    if found := tuple(_faults(terms)):
        raise TermsFault(found)
    return terms


def _faults(terms: Terms) -> Iterator[str]:
    """Name every reference to what is not there, and every clause to be shown or acknowledged that nothing shows."""
    yield from (f"{place}: no clause {name}" for place, name in _cited(terms) if name not in terms.clauses)
    missing = [f"{place}: no service {name}" for place, name in _called(terms) if name not in terms.services]
    yield from missing or _unshown(terms)
    yield from _contract_faults(terms)
    for name, each in terms.services.items():
        unknown = sorted(set(each.record.flagged) - {*each.record.kinds})
        yield from (f"{name}: {kind} is no kind taken" for kind in unknown)
        yield from _step_faults(name, (*_steps(each), *_internal_steps(each)), each.limits)
        yield from _internal_faults(name, _internal_steps(each))
    yield from _step_faults("terms", terms.internal_steps, terms.limits)
    yield from _internal_faults("terms", terms.internal_steps)
    named = {step.name for step in terms.internal_steps}
    yield from (f"terms: no internal step {name}" for name in INTERNAL_STEPS if name not in named)


def _contract_faults(terms: Terms) -> Iterator[str]:
    """Name a contract's limits that no service has, or that count other days than the service's."""
    if DEFAULT not in terms.contracts:
        yield "contracts: no default"
    for product, contract in terms.contracts.items():
        for service, limits in contract.limits.items():
            known = terms.services[service].limits if service in terms.services else {}
            yield from (f"{product}: no limit {service}.{name}" for name in limits if name not in known)
            same = [(name, limit) for name, limit in limits.items() if name in known]
            yield from (f"{product}: {service}.{name} is of other days" for name, v in same if v.of != known[name].of)
            yield from _figure_faults(product, limits)


def _step_faults(place: str, steps: tuple[ServiceStep, ...], limits: Mapping[str, Limit]) -> Iterator[str]:
    """Name limits that steps count and that are not there, figures out of order, and pauses without working days."""
    counted = {step.limit for step in steps if step.limit}
    yield from (f"{place}: no limit {limit}" for limit in sorted(counted - {*limits}))
    for step in steps:
        limit = limits.get(step.limit)
        if step.pauses and (limit is None or limit.of != "working_days"):
            yield f"{place}: {step.name} has no working days to pause"
    yield from _figure_faults(place, limits)


def _figure_faults(place: str, limits: Mapping[str, Limit]) -> Iterator[str]:
    """Name limits whose target is later than their last day."""
    late = [name for name, limit in limits.items() if limit.target is not None and limit.target > limit.days]
    yield from (f"{place}: target of {name} is after its last day" for name in late)


def _internal_faults(place: str, steps: tuple[ServiceStep, ...]) -> Iterator[str]:
    """Name internal steps that have no day as soon as a request is accepted."""
    without = [step.name for step in steps if step.after != ACCEPTED]
    yield from (f"{place}: {name} is not counted from {ACCEPTED}" for name in without)


def _cited(terms: Terms) -> Iterator[tuple[str, str]]:
    """Every clause that a part names, with the part."""
    yield from (("consents", consent.clause) for consent in terms.consents if consent.clause)
    yield from (("subjects", clause) for clauses in terms.subjects.values() for clause in clauses)
    for name, service in terms.services.items():
        named = [*service.terms, *service.consents, *service.notices]
        named += [clause for clause in msgspec.structs.asdict(service.cites).values() if clause]
        named += [limit.clause for limit in service.limits.values()] + [flag.clause for flag in service.flags.values()]
        named += [event.clause for events in _events(service) for event in events.values()]
        named += [step.clause for step in (*_steps(service), *_internal_steps(service))]
        named += [service.offer.clause] if service.offer else []
        for branch in service.branches.values():
            named += [branch.clause, *branch.consents, *branch.notices, *(branch.visit.clauses if branch.visit else ())]
        yield from ((name, clause) for clause in named)
    for product, contract in terms.contracts.items():
        yield from ((product, limit.clause) for limits in contract.limits.values() for limit in limits.values())
    own = [limit.clause for limit in terms.limits.values()] + [step.clause for step in terms.internal_steps]
    yield from (("terms", clause) for clause in own if clause)


def _called(terms: Terms) -> Iterator[tuple[str, str]]:
    """Every service that a part names, with the part."""
    for name, service in terms.services.items():
        uses = [*service.uses, *(use for branch in service.branches.values() for use in branch.uses)]
        moved = [use for each in _events(service) for event in each.values() for use in event.consumes + event.releases]
        visits = [branch.visit.service for branch in service.branches.values() if branch.visit]
        yield from ((name, each) for each in (*uses, *moved, *visits))
    yield from ((product, service) for product, contract in terms.contracts.items() for service in contract.limits)


def _unshown(terms: Terms) -> Iterator[str]:
    """Every clause that says consent or inform and is on no list, and every one on a list that does not say so."""
    opening = {consent.clause for consent in terms.consents if consent.clause}
    for do, lists in (("consent", "consents"), ("inform", "notices")):
        listed = {c for service in terms.services for c in getattr(terms, f"{lists}_of")(service)} | opening
        due = {name for name, clause in terms.clauses.items() if do in clause.do}
        yield from (f"{lists}: {name}" for name in sorted(listed ^ due))
        grouped = [clause for clauses in terms.subjects.values() for clause in clauses]
        if do == "consent":
            yield from (f"subjects: {name}" for name in sorted(due - opening) if grouped.count(name) != 1)


def _events(service: Service) -> tuple[Mapping[str, UseEvent], ...]:
    return (service.events, *(branch.events for branch in service.branches.values()))


def _steps(service: Service) -> tuple[ServiceStep, ...]:
    return service.steps + tuple(step for branch in service.branches.values() for step in branch.steps)


def _internal_steps(service: Service) -> tuple[ServiceStep, ...]:
    return service.internal_steps + tuple(step for each in service.branches.values() for step in each.internal_steps)


def as_data(value: Struct) -> dict[str, Any]:
    """Give a struct as plain data, just as it comes back from where it is stored."""
    data: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(value))
    return data
