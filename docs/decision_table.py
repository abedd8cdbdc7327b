"""Draws what the terms decide: the rules of eligibility, the branch rule, uses and limits, as tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from flows.terms import catalogue
from flows.terms.branch import AGAINST, BY_VISIT, DOUBTS, UNDECIDED, WITH_NOTICE, Condition, Notice
from flows.terms.catalogue import Limit, Service, Terms, UseEvent
from flows.terms.conditions import Matter, always
from flows.terms.eligibility import RULES, Outcome, Row, Rule
from flows.terms.facts import Facts

TITLE = "# What is decided, by which clause, and what the person is told"
SOURCE = "flows/terms/"
NONE = "–"
CARDS = {
    Outcome.ELIGIBLE: "`decision.submitted` with `decision.fits`, then `decision.bring`",
    Outcome.HUMAN: "`decision.submitted` with the reasons and `decision.human_calls`, then `decision.bring`",
    Outcome.REFUSED: "`decision.refused`, with each reason, the clause and its words, and `button.appeal`",
}
_COUNTS = Notice(has_notice=True, issuer_is_wanted=True, wanted_in_network=True, issuer_in_network=True)
NOTICES = {"": None, WITH_NOTICE: _COUNTS, BY_VISIT: Notice(has_notice=False)}


def page() -> Iterator[str]:
    """Every paragraph of the page, without title and note."""
    terms = catalogue.load()
    matters = dict(_matters(terms))
    yield (
        f"Terms {terms.version}. A rule applies where its facts were asked and the service has a clause for it "
        f"({NONE}: it has none); of its rows the first that holds is its finding. The outcome is the worst verdict: "
        "refused, then human, then eligible. A reason that is told although the request is eligible is a note."
    )
    yield table(("outcome", "the person is told"), ((outcome, CARDS[outcome]) for outcome in Outcome))
    yield "## Rules"
    yield table(
        ("condition", "outcome", "code", *matters, "told"),
        (line for rule in RULES for line in _rule(rule, matters)),
    )
    yield "Passed on to the agent, and never decisive:"
    yield table(("answer", "code", "clause", "service"), _flags(terms))
    yield from _sources(terms)
    yield from _branches()
    yield from _uses(terms)
    yield from _limits(terms)


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def said(condition: object) -> str:
    """What a condition asks: its docstring, without the full stop."""
    return (condition.__doc__ or "").strip().rstrip(".")


def _matters(terms: Terms) -> Iterator[tuple[str, Matter]]:
    """Each service by each of its branches, with facts that lead there."""
    for name, service in terms.services.items():
        for branch in service.branches or ("",):
            yield (
                branch or name,
                Matter(Facts(service=name, today=date.min, policy=None, notice=NOTICES[branch]), terms),
            )


def _rule(rule: Rule, matters: Mapping[str, Matter]) -> Iterator[Sequence[str]]:
    applies = "" if rule.applies is always else f" ({said(rule.applies).lower()})"
    yield (f"**{rule.cites}**{applies}", "", "", *("" for _ in matters), "")
    for row in rule.rows:
        clauses = (_clause(matter, rule, row) for matter in matters.values())
        yield (said(row.when), row.verdict, f"`{row.code}`", *clauses, f"`reason.{row.code}`" if row.told else NONE)


def _clause(matter: Matter, rule: Rule, row: Row) -> str:
    return (matter.clause(rule.cites) and matter.clause(row.cites or rule.cites)) or NONE


def _flags(terms: Terms) -> Iterator[Sequence[str]]:
    for name, service in terms.services.items():
        for flag, answer in service.flags.items():
            yield (f"{flag}: {'yes' if answer.when else 'no'}", f"`{answer.code}`", answer.clause, name)


def _sources(terms: Terms) -> Iterator[str]:
    services = terms.services
    rules = [service.record for service in services.values()]
    codes = dict.fromkeys(c for r in rules for part in (r.good, r.levels, r.ownerships, r.regions) for c in part)
    yield "## Where a record comes from"
    yield table(
        ("code", *(f"{name} [{service.cites.record}]" for name, service in services.items())),
        ((f"`{code}`", *(rule.verdict(code) for rule in rules)) for code in codes),
    )
    yield "A code that is not here is for a human. Departments that are not covered:"
    yield table(
        ("service", "clause", "grounds (flows/reading/data/departments.json)"),
        (
            (name, service.cites.department, ", ".join(service.excluded_departments))
            for name, service in services.items()
            if service.excluded_departments
        ),
    )


def _branches() -> Iterator[str]:
    yield "## Which branch an admission takes [IP-N8]"
    yield (
        f"Any condition for {BY_VISIT} that is known to hold decides. Where none is, any doubt goes to a human "
        f"(`{UNDECIDED}`). Else it is {WITH_NOTICE}. Every reason that holds is given."
    )
    lines = [_because(each, BY_VISIT) for each in AGAINST] + [_because(each, UNDECIDED) for each in DOUBTS]
    yield table(("condition", "branch", "because"), [*lines, ("none of these", WITH_NOTICE, NONE)])


def _because(condition: Condition, branch: str) -> Sequence[str]:
    return said(condition.holds), branch, f"`{condition.reason}`"


def _uses(terms: Terms) -> Iterator[str]:
    yield "## Uses"
    contracts = (
        (n, str(c.uses.limit), c.uses.period, "yes" if c.uses.shared else "no") for n, c in terms.contracts.items()
    )
    yield table(("contract", "limit", "period", "shared by all services"), contracts)
    yield "What a request reserves at submission, and what becomes of it. An event moves only what is still reserved."
    yield table(
        ("service", "reserves", "event", "consumes", "releases", "clause", "an agent may decide otherwise"),
        (line for name, service in terms.services.items() for line in _events(name, service)),
    )


def _events(name: str, service: Service) -> Iterator[Sequence[str]]:
    ways: dict[str, tuple[tuple[str, ...], Mapping[str, UseEvent]]] = {
        branch: (each.uses, each.events) for branch, each in service.branches.items()
    } or {name: (service.uses, service.events)}
    for way, (uses, events) in ways.items():
        for event, does in events.items():
            moved = [", ".join(part) or NONE for part in (does.consumes, does.releases)]
            yield (way, ", ".join(uses), event, *moved, does.clause, "yes" if does.decides else NONE)


def _limits(terms: Terms) -> Iterator[str]:
    yield "## Limits"
    yield table(
        ("service", "limit", "within", "clause"),
        (
            (service or NONE, limit, _within(each), each.clause or NONE)
            for service, limits in (*((name, each.limits) for name, each in terms.services.items()), ("", terms.limits))
            for limit, each in limits.items()
        ),
    )


def _within(limit: Limit) -> str:
    days = str(limit.days) if limit.target is None else f"{limit.target}-{limit.days}"
    return f"{days} {limit.of.replace('_', ' ')}" + (" (our own)" if limit.internal else "")
