"""Every error of the domain, in one tree. Codes and parameters, never sentences for users.

IntakeError
├── IllegalEvent      the table has no such transition here, or its guard said no; nothing was changed
│   └── AlreadyClaimed    another agent was faster: who, and when
├── StorageError      the foreign errors of the database, mapped in `storage.connection.errors`
│   ├── Busy              locked, deadlocked or overtaken: running the batch again is right
│   ├── Duplicate         a named unique constraint said no
│   ├── Unreadable        a stored value cannot be decrypted or decoded
│   └── KeysRequired      a migration has encrypted rows to rewrite, and was given no keys
└── DeliveryError     what came of a call to Telegram, mapped in `bot.telegram.errors`
    ├── Refused           the call will never succeed (400, 404)
    ├── Blocked           the person stopped the bot (403)
    ├── Throttled         429: wait `retry_after` seconds
    ├── Unauthorized      the token is wrong (401)
    ├── Conflicted        another process polls with the same token (409)
    ├── Unavailable       the call did not reach Telegram, or Telegram could not serve it (5xx)
    └── Uncertain         the connection was cut after the call was written: it may have been carried out
"""

from datetime import datetime


class IntakeError(Exception):
    """The root. `code` is stable, safe to log, and names the error in tests."""

    code = "intake_error"


class IllegalEvent(IntakeError):
    """No transition for `trigger` in `state`, or its guard said no. The model is as it was."""

    code = "illegal_event"

    def __init__(self, trigger: str, state: str) -> None:
        super().__init__(f"{trigger} in {state}")
        self.trigger = trigger
        self.state = state


class AlreadyClaimed(IllegalEvent):
    """The case has an owner: `owner` is the name that colleagues know, `at` when it was claimed."""

    code = "already_claimed"

    def __init__(self, *, state: str, owner: str, at: datetime) -> None:
        super().__init__("claim", state)
        self.owner = owner
        self.at = at


class StorageError(IntakeError):
    """Something went wrong in the database; the transaction was rolled back."""

    code = "storage_error"


class Busy(StorageError):
    """Locked, deadlocked, or another writer was faster. Steps are pure: run the batch again."""

    code = "busy"


class Duplicate(StorageError):
    """The unique constraint `constraint` said no."""

    code = "duplicate"

    def __init__(self, constraint: str) -> None:
        super().__init__(constraint)
        self.constraint = constraint


class Rejected(StorageError):
    """The database will never take what it was given (a broken constraint, a value out of range)."""

    code = "rejected"


class Unreadable(StorageError):
    """A stored value cannot be decrypted (wrong key, moved row) or decoded."""

    code = "unreadable"


class KeysRequired(StorageError):
    """A migration has encrypted rows to rewrite, and was given no keys. Nothing was changed."""

    code = "keys_required"


class DeliveryError(IntakeError):
    """A call to Telegram did not succeed. `detail` is Telegram's own wording, never our parameters."""

    code = "delivery_error"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class Refused(DeliveryError):
    """The call can never succeed as it is (400, 404)."""

    code = "refused"


class Blocked(DeliveryError):
    """The person stopped the bot, or the chat is gone (403)."""

    code = "blocked"


class Throttled(DeliveryError):
    """Too many requests (429); `retry_after` in seconds."""

    code = "throttled"

    def __init__(self, retry_after: float, detail: str = "") -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unauthorized(DeliveryError):
    """The token is wrong (401)."""

    code = "unauthorized"


class Conflicted(DeliveryError):
    """Another process polls with the same token, or a webhook is set (409)."""

    code = "conflicted"


class Unavailable(DeliveryError):
    """The call did not reach Telegram, or Telegram answered 5xx. It was not carried out; try again later."""

    code = "unavailable"


class Uncertain(DeliveryError):
    """The connection was cut after the call was written: it may or may not have been carried out."""

    code = "uncertain"
