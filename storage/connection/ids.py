"""New identifiers: they rise with time, so that rows are written and sent in order, and need no round trip."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

START = datetime(2024, 1, 1, tzinfo=UTC)
NODES = 4096
_MICROSECOND = timedelta(microseconds=1)


class Snowflakes:
    """Ids of 63 bits: microseconds since 2024 (51 bits, until 2095), then the number of the process (12 bits).

    Strictly rising in one process, also while its clock stands or runs backwards. Two processes with different `node`
    (0 to 4095) never give the same id. `clock` gives the present, aware.
    """

    def __init__(self, *, node: int, clock: Callable[[], datetime]) -> None:
        if not 0 <= node < NODES:
            raise ValueError("node is 0 to 4095")
        self._node = node
        self._clock = clock
        self._last = 0

    def new(self) -> int:
        """Return a positive integer below 2**63, greater than every one given before by this source."""
        now = (self._clock() - START) // _MICROSECOND
        self._last = max(now, self._last + 1)
        return self._last * NODES + self._node

    def code(self) -> str:
        """Return eight digits that nobody can guess."""
        return f"{secrets.randbelow(10**8):08d}"
