"""What an agent reads of how urgent a case is: the line 急 with its reasons, and when it was asked about (催单)."""

from collections.abc import Iterator
from typing import Final

from flows.cases.alerts import DESPAIR, EMERGENCY
from flows.cases.case import Case
from flows.cases.urgency import REASONS
from flows.messages import Listed, MessageKey, Text, message
from flows.terms.calendar import in_shanghai

NUDGED: Final = message("urgency.nudged", "at")
LINE: Final = message("urgency.line", "reasons")
WORDS: Final[dict[str, MessageKey]] = {code: message(f"urgency.{code}") for code in (EMERGENCY, DESPAIR, *REASONS)}


def lines(case: Case) -> Iterator[Text]:
    """Return the lines of a case that is urgent, none of any other; a reason that this release lacks is left out."""
    known = tuple(WORDS[code]() for code in case.urgent_for if code in WORDS)
    if known:
        yield LINE(reasons=Listed(known))
    if case.nudged_at is not None:
        yield NUDGED(at=in_shanghai(case.nudged_at))
