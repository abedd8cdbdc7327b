"""A Bot API call's parameters, however they came: JSON, a form, multipart, or the query string.

In forms every value is a string and a nested one is JSON-encoded, so each reader takes both shapes.
"""

from typing import Any

import msgspec

from bot.sandbox.errors import bad_request

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024

Params = dict[str, Any]


class Upload(msgspec.Struct, frozen=True):
    """A file that came as a part of a multipart call."""

    name: str
    mime_type: str
    content: bytes


def integer(params: Params, name: str, default: int = 0) -> int:
    """Read a whole number."""
    value = params.get(name)
    if value is None or value == "":
        return default
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise bad_request(f'invalid parameter "{name}"') from error


def chat_id_of(params: Params) -> int | None:
    """Read chat_id where it is a number; None where it is missing or a @name."""
    try:
        return int(params["chat_id"])
    except (KeyError, TypeError, ValueError):
        return None


def flag(params: Params, name: str) -> bool:
    """Read a Boolean."""
    return params.get(name) in (True, "true", "True", "1", 1)


def nested(params: Params, name: str) -> Any:  # noqa: ANN401 - JSON
    """Read an object or a list, JSON-encoded or not; None where it is missing."""
    value = params.get(name)
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        return msgspec.json.decode(value)
    except msgspec.DecodeError as error:
        raise bad_request(f"can't parse {name} JSON object") from error


def message_text(params: Params) -> str:
    """Read `text`: 1-4096 characters."""
    text = str(params.get("text", ""))
    if not text.strip():
        raise bad_request("message text is empty")
    if len(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    if params.get("parse_mode"):
        raise bad_request("unsupported parse_mode")
    return text


def caption(params: Params) -> str:
    """Read `caption`: 0-1024 characters."""
    text = str(params.get("caption") or "")
    if len(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return text
