"""The one way a reader says no: a code and what belongs into the sentence, never the sentence itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that was not understood, or that cannot be right.

    `code` names the reason (`bad_checksum`, `multiple`, ...); the catalogue has a sentence for each that says
    what a right answer looks like. `params` are that sentence's placeholders, none of them personal data.
    """

    code: str
    params: Mapping[str, str] = field(default_factory=lambda: NOTHING)
