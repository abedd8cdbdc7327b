"""The service terms as data: clauses word for word, limits, hours and consents, with a version of their own."""

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

SHIPPED = Path(__file__).parent / "data" / "terms.json"


class Hours(Struct, frozen=True):
    """The hotline's hours, `HH:MM` in Asia/Shanghai, the closing minute excluded [OP-P1b]."""

    opens: str
    closes: str


class Service(Struct, frozen=True):
    """What one service promises. Limits in working days; a pair is target and limit.

    `uses_per_year`: default of a contract that sets none [G2]. `lead_days`: earliest visit [OP-P1a].
    `hospital_call` [OP-P3], `admission` [IP-A3, IP-B7], `specialist_visit` [IP-B4].
    """

    uses_per_year: int
    lead_days: int = 0
    hospital_call: tuple[int, int] | None = None
    admission: tuple[int, int] | None = None
    specialist_visit: int | None = None


class ConsentText(Struct, frozen=True):
    """A consent to be given before the first question; its words are `consent.<key>` in the catalogue of texts."""

    key: str
    version: str


class Terms(Struct, frozen=True, forbid_unknown_fields=True):
    """One version of the terms. `clauses` maps a clause's ID to its words; `help_minutes` is an internal limit."""

    version: str
    provider: str
    hotline: str
    hours: Hours
    help_minutes: int
    services: dict[str, Service]
    consents: tuple[ConsentText, ...]
    clauses: dict[str, str]


def load(raw: bytes | None = None) -> Terms:
    """Read the terms from JSON, by default those shipped. Raises msgspec.ValidationError."""
    return msgspec.json.decode(SHIPPED.read_bytes() if raw is None else raw, type=Terms)


def as_data(value: Struct) -> dict[str, Any]:
    """Give a struct as plain data, to be stored with a case."""
    data: dict[str, Any] = msgspec.to_builtins(value)
    return data
