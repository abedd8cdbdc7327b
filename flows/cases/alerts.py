"""What the desk is alerted to: the kinds of happenings, each told to agents by `flows.desk.alerts`."""

from typing import Final

NEW_CASE: Final = "new_case"  # a case waits for a human
EMERGENCY: Final = "emergency"  # words of danger: 120
DESPAIR: Final = "despair"
OWNER_ABSENT: Final = "owner_absent"  # the policyholder wrote, and the owner is off duty
OVERDUE: Final = "overdue"  # the last day of a promise is over
NUDGED: Final = "nudged"  # 催单: the policyholder asks where the case is

URGENT: Final = frozenset({EMERGENCY, DESPAIR})  # told at any hour


def key(kind: str, clause: str = "") -> str:
    """Return the key under which a case notes that the desk was alerted: of a promise, with its clause."""
    return f"{kind}:{clause}" if clause else kind
