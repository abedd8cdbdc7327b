"""Uses of the services: how many are left, which a request takes, what becomes of those reserved [G2, IP-N10, IP-N11].

A use is reserved at submission, then consumed or released by what happens to the case. What each event does stands in
the terms' data; what an event moves was reserved before, so that no event counts twice.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from flows.terms.catalogue import Service, Terms, UseEvent, Uses
from flows.terms.policy import RELEASED, Use, policy_year

POLICY_TERM = "policy_term"


class Account(Struct, frozen=True):
    """What a policy has to spend: the contract's rule, the policy's own limits by service, the uses so far.

    `limits` take the place of the contract's `limit` service by service; `starts` is the day the policy years run from.
    """

    rule: Uses
    starts: date
    limits: dict[str, int]
    uses: tuple[Use, ...]

    def counted(self, day: date) -> tuple[Use, ...]:
        """Return the uses that count against a request of `day`: of its policy year or of the term, none released."""
        year = policy_year(self.starts, day)
        whole = self.rule.period == POLICY_TERM
        return tuple(use for use in self.uses if use.state != RELEASED and (whole or use.year == year))

    def left(self, service: str, day: date) -> int:
        """Return how often `service` may still be asked for; never below 0."""
        counted = self.counted(day)
        own = self.limits.get(service, self.rule.limit) - sum(use.service == service for use in counted)
        return max(0, min(own, self.rule.limit - _requests(counted)) if self.rule.shared else own)


def _requests(uses: Sequence[Use]) -> int:
    """Count requests: a case that took two uses is one; each use spent by telephone is one."""
    return len({use.case for use in uses if use.case is not None}) + sum(use.case is None for use in uses)


def taken(service: Service, branch: str) -> tuple[str, ...]:
    """Return the services whose uses a request takes; without a settled branch the service's own [IP-N10, IP-N11]."""
    return service.branches[branch].uses if branch in service.branches else service.uses


def events_of(terms: Terms, service: str, branch: str = "") -> dict[str, UseEvent]:
    """Return what may happen to a case's uses. Raises KeyError for an unknown service or branch."""
    own = terms.services[service]
    return dict(own.branches[branch].events if branch else own.events)


class Settlement(Struct, frozen=True):
    """What became of reserved uses: `consumed`, `released`, and those still `reserved`, by service."""

    consumed: tuple[str, ...] = ()
    released: tuple[str, ...] = ()
    reserved: tuple[str, ...] = ()

    def after(self, event: UseEvent) -> "Settlement":
        """Return what one more event makes of it; it moves nothing but what is reserved."""
        spent = tuple(use for use in event.consumes if use in self.reserved)
        freed = tuple(use for use in event.releases if use in self.reserved)
        kept = tuple(use for use in self.reserved if use not in spent + freed)
        return Settlement(self.consumed + spent, self.released + freed, kept)


def settle(reserved: Iterable[str], events: Iterable[UseEvent]) -> Settlement:
    """Return what becomes of the uses that a case has reserved when these events happen, in their order."""
    settlement = Settlement(reserved=tuple(reserved))
    for event in events:
        settlement = settlement.after(event)
    return settlement
