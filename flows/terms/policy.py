"""A policy as the insurer gave it: who, what, from when to when, and what was used."""

from datetime import date

from msgspec import Struct

from flows.ids import CaseId, PolicyId

IN_FORCE = "in_force"  # 有效
GRACE = "grace"  # 宽限期
SUSPENDED = "suspended"  # 中止
ENDED = "ended"  # 终止

RESERVED = "reserved"
CONSUMED = "consumed"


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
    """One policy. `limits` are uses a policy year by service; in force from `starts` to `ends`, both included."""

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
