"""What the stand-in refuses.

SandboxError
 ├─ ApiError       what the Bot API answers a bot, in Telegram's own words
 ├─ ConnectionCut  a scripted fault: the connection ends without an answer
 └─ PeopleError    something no Telegram client would let a person do; carries a code
"""

from typing import Any


class SandboxError(Exception):
    """Anything the stand-in refuses."""


class ApiError(SandboxError):
    """An answer with ok=false: an error code, a description, and Telegram's ResponseParameters."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:  # noqa: ANN401 - JSON
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class ConnectionCut(SandboxError):
    """The connection is to be cut without an answer."""


class PeopleError(SandboxError):
    """A code: unknown_person, no_such_button, not_a_picture, empty_text, caption_too_long."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def bad_request(what: str) -> ApiError:
    """400, worded as the Bot API words it."""
    return ApiError(400, f"Bad Request: {what}")
