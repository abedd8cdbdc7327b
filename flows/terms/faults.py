"""Whether the parts of the terms agree: every reference leads somewhere, every figure and every step can be counted."""

from collections.abc import Iterator, Mapping

import msgspec

from flows.terms.structure import (
    ACCEPTED,
    DEFAULT,
    INTERNAL_STEPS,
    Limit,
    Service,
    ServiceStep,
    Terms,
    UseEvent,
)


def faults_of(terms: Terms) -> Iterator[str]:
    """Name every reference to what is not there, and every clause to be shown or acknowledged that nothing shows."""
    yield from (f"{place}: no clause {name}" for place, name in _cited(terms) if name not in terms.clauses)
    missing = [f"{place}: no service {name}" for place, name in _called(terms) if name not in terms.services]
    yield from missing or _unshown(terms)
    yield from _contract_faults(terms)
    for name, each in terms.services.items():
        unknown = sorted(set(each.record.flagged) - {*each.record.kinds})
        yield from (f"{name}: {kind} is no kind taken" for kind in unknown)
        yield from _step_faults(name, (*each.every_step(), *each.every_internal_step()), each.limits)
        yield from _internal_faults(name, each.every_internal_step())
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
        named += [step.clause for step in (*service.every_step(), *service.every_internal_step())]
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
