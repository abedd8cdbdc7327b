"""A policy as the insurer gave it: who, what, from when to when, and what was used."""

from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from flows.ids import CaseId, PolicyId

IN_FORCE = "in_force"  # 有效
GRACE = "grace"  # 宽限期
SUSPENDED = "suspended"  # 中止
ENDED = "ended"  # 终止

RESERVED = "reserved"  # by a case, from its submission on
CONSUMED = "consumed"
RELEASED = "released"  # kept on file, and not counted


class Person(Struct, frozen=True):
    """投保人 or 被保险人. `number` is normalised: a 15-digit resident number was upgraded to 18."""

    name: str
    document: str  # a kind of flows.reading.id_numbers
    number: str
    phone: str = ""


class Use(Struct, frozen=True):
    """One use of a service in the policy year that begins on `year`; spent by phone where `case` is None."""

    service: str
    year: date
    state: str = CONSUMED
    case: CaseId | None = None


class Policy(Struct, frozen=True):
    """One policy. `limits` are uses a policy year by service; in force from `starts` to `ends`, both included.

    `identity_failures` are the times of the last days at which somebody described its insured wrongly, the newest last.
    """

    id: PolicyId
    number: str
    product: str
    version: str
    status: str
    starts: date
    ends: date
    holder: Person
    insured: Person
    limits: dict[str, int]
    uses: tuple[Use, ...] = ()
    identity_failures: tuple[datetime, ...] = ()

    def reserved(self, service: str, year: date, case: CaseId) -> "Policy":
        """Return the policy with one use more, reserved for `case` [G2, IP-N11]."""
        return replace(self, uses=(*self.uses, Use(service, year, RESERVED, case)))

    def settled(self, service: str, case: CaseId, state: str) -> "Policy":
        """Return the policy with the uses of `service` that `case` has reserved in another state; others stay."""
        reserved = (service, RESERVED, case)
        uses = (
            replace(use, state=state) if (use.service, use.state, use.case) == reserved else use for use in self.uses
        )
        return replace(self, uses=tuple(uses))

    def with_failure(self, at: datetime) -> "Policy":
        """Return the policy with one identity failure more."""
        return replace(self, identity_failures=(*self.identity_failures, at))


def policy_year(starts: date, day: date) -> date:
    """Return the first day of the policy year that `day` lies in: from anniversary to anniversary [G2].

    A policy that began on 29 February has its anniversary on the last day of February in other years.
    """
    this_year = _anniversary(starts, day.year)
    return this_year if this_year <= day else _anniversary(starts, day.year - 1)


def _anniversary(starts: date, year: int) -> date:
    try:
        return starts.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
