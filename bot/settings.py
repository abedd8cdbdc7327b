"""The settings: from the environment, or `.env`, into one frozen object; every error is reported at once."""

import base64
import binascii
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, FilePath, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.telegram.pacing import Limits, Rate
from flows.terms.calendar import Calendar, notices_from

KEY_BYTES = 32


def _keys(value: object) -> object:
    """Read `id:base64,id:base64` into keys by id, the present one first."""
    if not isinstance(value, str):
        return value
    keys = {}
    for part in filter(None, (part.strip() for part in value.split(","))):
        name, _, encoded = part.partition(":")
        try:
            keys[name.strip()] = base64.b64decode(encoded.strip(), validate=True)
        except binascii.Error as error:
            raise ValueError("a key is not base64") from error  # its id may be the secret, put in the wrong place
    return keys


def _right_length(keys: dict[str, bytes]) -> dict[str, bytes]:
    if not keys or any(not name or len(key) != KEY_BYTES for name, key in keys.items()):
        raise ValueError(f"wants id:base64 of {KEY_BYTES} bytes, at least one")
    return keys


def _without_slash(url: str) -> str:
    return url.rstrip("/")


Keys = Annotated[dict[str, bytes], NoDecode, BeforeValidator(_keys), AfterValidator(_right_length), Field(repr=False)]


class Settings(BaseSettings):
    """What an operator decides. Names are those of the environment, with GREEN_CHANNEL_ before them."""

    model_config = SettingsConfigDict(
        env_prefix="GREEN_CHANNEL_", env_file=".env", env_file_encoding="utf-8", frozen=True, extra="ignore"
    )

    token: Annotated[SecretStr, Field(min_length=1)]
    api_url: Annotated[str, Field(pattern="^https?://."), AfterValidator(_without_slash)] = "https://api.telegram.org"
    database_url: str = Field(default="sqlite:///var/green-channel.sqlite3", pattern="^(sqlite:///|postgresql://).")
    documents: Path = Path("var/documents")
    sealing_keys: Keys
    hashing_keys: Keys
    calendar_file: FilePath | None = None
    limit_total: int = Field(default=30, ge=0)  # messages a second in all; 0 switches a limit off
    limit_chat: int = Field(default=1, ge=0)  # a second in one chat, over three seconds
    limit_group: int = Field(default=20, ge=0)  # a minute in one group
    keep_sent_days: int = Field(default=7, ge=1)
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")

    def limits(self) -> Limits:
        """Return Telegram's limits as they are set."""
        return Limits(
            total=Rate(self.limit_total, 1.0) if self.limit_total else None,
            chat=Rate(3 * self.limit_chat, 3.0) if self.limit_chat else None,
            group=Rate(self.limit_group, 60.0) if self.limit_group else None,
        )

    def calendar(self) -> Calendar:
        """Return the calendar, with the operator's notices where there is a file. Raises OSError, ValueError."""
        file = self.calendar_file
        return Calendar.build(notices_from(tomllib.loads(file.read_text("utf-8"))) if file else None)
