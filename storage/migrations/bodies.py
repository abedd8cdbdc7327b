"""The bodies of sessions and cases before and after revision 0003, as functions from dictionary to dictionary.

Bodies are the stored JSON; a key that is absent has its default. Nothing here is imported from `flows`: its names go on
changing, while those of a past revision are fixed.

Each function returns a new dictionary, and leaves a body that is renamed already as it is. So a body that could not be
decrypted during the migration is renamed by a downgrade and an upgrade once its key is there.
"""

from collections.abc import Mapping
from typing import Any, Final

from storage.migrations.milestones import accepted_on_from, milestones_from

Body = dict[str, Any]

SESSION: Final = {
    "misses": "failed_answers",
    "early": "pre_consent",
    "held": "overtaken",
    "mismatches": "identity_failures",
    "unasked": "identity_review",
    "past": "closed_cases",
    "desk": "active_case",
}
CASE: Final = {"waiting": "unread_messages", "unasked": "identity_review"}
STAGES: Final = {"queued": "received", "talking": "verifying", "owned": "verifying", "closed": "closed"}
TYPES: Final = {"help": "help", "review": "appeal"}
COUNTED: Final = ("accepted_on", "promises")  # milestones take their place
NEW_DEFAULTS: Final[Body] = {"service": "", "stage": "received", "speaker": "bot", "milestones": {}}
OLD_DEFAULTS: Final = {"state": "queued", "worked_on": False}
NEW_COLUMNS: Final = {"request_type": "", "service": "", "stage": "received"}  # of a case's row, repeating its body
OLD_COLUMNS: Final = {"kind": "", "state": "queued"}


def new_session(body: Body) -> Body:
    """Return a session's body under the names of revision 0003."""
    return _renamed(body, SESSION)


def old_session(body: Body) -> Body:
    """Return a session's body under the names of revision 0002."""
    return _renamed(body, _reverse(SESSION))


def new_case(body: Body) -> Body:
    """Return a case's body of revision 0003. Raises KeyError where it has neither `kind` nor `request_type`.

    A case that was released has been worked on, and keeps the stage `verifying` in the queue.
    """
    if "request_type" in body:
        return dict(body)
    kind, state = body["kind"], body.get("state", OLD_DEFAULTS["state"])
    worked_on = body.get("worked_on", False) and state == "queued"
    known: Body = {
        "milestones": milestones_from(body),
        "request_type": TYPES.get(kind, "application"),
        "service": _service(kind, body.get("answers", {})),
        "stage": "verifying" if worked_on else STAGES[state],
        "speaker": "agent" if state == "talking" else "bot",
    }
    return _without(_renamed(body, CASE), {"kind", *COUNTED, *OLD_DEFAULTS}) | _stored(known, NEW_DEFAULTS)


def old_case(body: Body) -> Body:
    """Return a case's body of revision 0002. Raises KeyError where it has neither `request_type` nor `kind`.

    What that release does not keep is dropped: the time at which the clock looks at it next, pauses, and milestones but
    for the day of acceptance, from which it counts what is promised.
    """
    if "kind" in body:
        return dict(body)
    request_type, stage = body["request_type"], str(body.get("stage", NEW_DEFAULTS["stage"]))
    known = {
        "kind": _reverse(TYPES).get(request_type, body.get("service", "")),
        "state": _state(body, stage),
        "worked_on": stage not in {"received", "closed"} or body.get("owner") is not None,
    }
    if (accepted_on := accepted_on_from(body)) is not None:
        known["accepted_on"] = accepted_on
    unknown = {"request_type", "wake_at", "pauses", *NEW_DEFAULTS}
    return _without(_renamed(body, _reverse(CASE)), unknown) | _stored(known, OLD_DEFAULTS)


def _service(kind: str, answers: Mapping[str, str]) -> str:
    """Return the service of a case: an appeal's is the one that was asked for, a call for a human has none."""
    if kind == "help":
        return ""
    return answers.get("service", "") if kind == "review" else kind


def _state(body: Body, stage: str) -> str:
    if stage == "closed":
        return "closed"
    if body.get("owner") is None:
        return "queued"
    return "talking" if body.get("speaker") == "agent" else "owned"


def _renamed(body: Body, names: Mapping[str, str]) -> Body:
    return {names.get(name, name): value for name, value in body.items()}


def _reverse(names: Mapping[str, str]) -> dict[str, str]:
    return {after: before for before, after in names.items()}


def _without(body: Body, names: set[str]) -> Body:
    return {name: value for name, value in body.items() if name not in names}


def _stored(values: Body, defaults: Body) -> Body:
    """Leave out what has its default, as the encoders of both releases do."""
    return {name: value for name, value in values.items() if name not in defaults or value != defaults[name]}
