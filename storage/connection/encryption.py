"""What keeps personal data unreadable on the disk, and findable nevertheless.

A value is sealed with AES-256-GCM (NIST SP 800-38D) under a random 96-bit nonce, and bound by its additional data to
table, column and row: moved to another row, it cannot be opened. A sealed value is

    1 byte format (1) | 1 byte length of the key id | key id | 12 bytes nonce | ciphertext | 16 bytes tag

What must be found again (a policy's number) is kept as an HMAC-SHA256 of the normalised value under a key of its own:

    1 byte length of the key id | key id | 32 bytes

Several keys may be given: the first seals and hashes, the others only open and find. A random nonce allows 2**32 values
a key (SP 800-38D, 8.3): a hundred values a minute for eighty years.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from flows.errors import Unreadable

KEY_BYTES: Final = 32
_FORMAT: Final = b"\x01"
_NONCE: Final = 12


class Codec(Protocol):
    """How values are sealed, opened, and hashed for look-up."""

    def seal(self, value: bytes, *, column: str, row: int | str) -> bytes:
        """Encrypt `value` for `column` (`table|column`) of `row`."""

    def open(self, sealed: bytes, *, column: str, row: int | str) -> bytes:
        """Return what was sealed for just this place. Raises `Unreadable`."""

    def digest(self, purpose: str, value: bytes) -> bytes:
        """Hash a normalised value, to be kept. Values of different purposes never agree."""

    def digests(self, purpose: str, value: bytes) -> tuple[bytes, ...]:
        """Return every hash under which `value` may have been kept, the present key's first."""


def generate_key() -> bytes:
    """Return a fresh key, for sealing or for hashing."""
    return os.urandom(KEY_BYTES)


class Encryption:
    """The codec of every real database. Both mappings give 32 bytes by key id (1 to 32 ASCII), the current first."""

    def __init__(self, *, sealing: Mapping[str, bytes], hashing: Mapping[str, bytes]) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in _checked(sealing).items()}
        self._hashes = _checked(hashing)
        if set(sealing.values()) & set(hashing.values()):
            raise ValueError("a key both seals and hashes")
        current = next(iter(self._ciphers))
        self._cipher = self._ciphers[current]
        self._head = _FORMAT + _prefix(current)

    def seal(self, value: bytes, *, column: str, row: int | str) -> bytes:
        """Encrypt `value` for `column` (`table|column`) of `row`."""
        nonce = os.urandom(_NONCE)
        return self._head + nonce + self._cipher.encrypt(nonce, value, _place(column, row))

    def open(self, sealed: bytes, *, column: str, row: int | str) -> bytes:
        """Return what was sealed for just this place. Raises `Unreadable`."""
        if sealed[:1] != _FORMAT or len(sealed) < 2:  # noqa: PLR2004 - the two bytes of the head
            raise Unreadable(column)
        start = 2 + sealed[1]
        cipher = self._ciphers.get(sealed[2:start].decode("ascii", "replace"))
        if cipher is None:
            raise Unreadable(column)
        nonce, rest = sealed[start : start + _NONCE], sealed[start + _NONCE :]
        try:
            return cipher.decrypt(nonce, rest, _place(column, row))
        except (InvalidTag, ValueError) as error:
            raise Unreadable(column) from error

    def digest(self, purpose: str, value: bytes) -> bytes:
        """Hash a normalised value, to be kept. Values of different purposes never agree."""
        return self.digests(purpose, value)[0]

    def digests(self, purpose: str, value: bytes) -> tuple[bytes, ...]:
        """Return every hash under which `value` may have been kept, the present key's first."""
        message = purpose.encode() + b"|" + value
        return tuple(
            _prefix(key_id) + hmac.digest(key, message, hashlib.sha256) for key_id, key in self._hashes.items()
        )


def _checked(keys: Mapping[str, bytes]) -> dict[str, bytes]:
    if not keys:
        raise ValueError("no key")
    for key_id, key in keys.items():
        if len(key) != KEY_BYTES or not key_id.isascii() or not 1 <= len(key_id) <= KEY_BYTES:
            raise ValueError("a key is 32 bytes, its id 1 to 32 ASCII characters")
    return dict(keys)


def _prefix(key_id: str) -> bytes:
    return bytes([len(key_id)]) + key_id.encode("ascii")


def _place(column: str, row: int | str) -> bytes:
    return f"{column}|{row}".encode()
