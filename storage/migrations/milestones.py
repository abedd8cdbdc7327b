"""The milestones of a case from the body of revision 0002, which held the day of acceptance and counted promises.

Bodies are the stored JSON; a key that is absent has its default. Nothing here is imported from `flows`: its names go on
changing, while those of a past revision are fixed.
"""

from collections.abc import Mapping
from typing import Any, Final

ACCEPTED: Final = "accepted"
COMPLETE: Final = "complete"
POLICY_YEAR: Final = "policy_year"


def milestones_from(body: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return `milestones` for an old case's body: accepted, complete, policy_year, as far as they were known.

    Old promises do not tell `complete` unless one waits for it (an admission with a notice); no other is counted from
    it. Of `accepted`, the promise that is due on that very day says whether it is provisional.
    """
    day, promises = body.get("accepted_on"), body.get("promises", ())
    found: dict[str, dict[str, Any]] = {}
    if day is not None:
        accepted = _milestone(day, provisional=any(_doubted(promise, day) for promise in promises))
        found[ACCEPTED] = accepted
        if any(promise["after"] == COMPLETE and promise.get("due") for promise in promises):
            found[COMPLETE] = dict(accepted)
    for promise in promises:
        if promise["after"] == POLICY_YEAR and promise.get("target"):
            found[POLICY_YEAR] = _milestone(promise["target"])
    return found


def accepted_on_from(body: Mapping[str, Any]) -> str | None:
    """Return `accepted_on` for the body of revision 0002: a downgrade keeps the day, and the promises follow from it.

    The release of that revision counts them without the policy year, and as if papers were missing.
    """
    day: str | None = body.get("milestones", {}).get(ACCEPTED, {}).get("day")
    return day


def _doubted(promise: Mapping[str, Any], day: str) -> bool:
    """Return True if a promise falls on the day of acceptance itself, and that day was provisional."""
    return bool(promise["after"] == ACCEPTED and promise.get("target") == day and promise.get("provisional"))


def _milestone(day: str, *, provisional: bool = False) -> dict[str, Any]:
    return {"day": day, "provisional": True} if provisional else {"day": day}
