"""What the stand-in refuses.

SandboxError
 ├─ ApiError       what the Bot API answers a bot, in Telegram's own words
 ├─ ConnectionCut  a scripted fault: the connection ends without an answer
 ├─ NotAPicture    a photo that is none; whoever sent it is told in their own terms
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


class NotAPicture(SandboxError):
    """A photo whose width and height nobody can tell."""


class PeopleError(SandboxError):
    """A code.

    unknown_person, unknown_message, no_such_button, no_file, not_a_picture, mixed_album, too_big, no_phone,
    empty_text, text_too_long, caption_too_long, not_editable, protected.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def bad_request(what: str) -> ApiError:
    """400, worded as the Bot API words it."""
    return ApiError(400, f"Bad Request: {what}")
