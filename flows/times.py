"""Instants, and how they stand to the present."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

A_DAY: Final = timedelta(days=1)


def within_a_day(instants: Iterable[datetime], now: datetime) -> tuple[datetime, ...]:
    """Return the instants of the last 24 hours."""
    return tuple(at for at in instants if now - at < A_DAY)
