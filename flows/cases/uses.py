"""The uses of the services that a case takes [G2, IP-N10, IP-N11]."""

from flows.cases.case import APPLICATION, Case
from flows.terms.catalogue import Terms
from flows.terms.uses import taken


def uses_of(case: Case, terms: Terms) -> tuple[str, ...]:
    """Return the services whose uses the case reserves: none for an appeal or a wish to talk to a human."""
    service = terms.services.get(case.service)
    if service is None or case.request_type != APPLICATION:
        return ()
    return taken(service, case.answers.get("branch", ""))
