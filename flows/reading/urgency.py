"""Hears danger and despair in any message, before anything else is done with it.

This runs on every message of every chat, so an ordinary one is dismissed by its characters alone. What is
left is tried against the shipped patterns, and each sign found is weighed: denied, imagined or long over, it
is none.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from flows.reading.fold import SIMPLIFIED, drop_blanks, simplified_forms

_BEFORE = 24
"""How many characters in front of a sign are weighed."""


class UrgencyKind(StrEnum):
    """What has to happen first: `emergency` is 120, `despair` is care, 120/110, 12356 and a human."""

    EMERGENCY = "emergency"
    DESPAIR = "despair"


@dataclass(frozen=True, slots=True)
class Urgency:
    """A message that goes before every other matter; `sign` codes what was heard (`chest`, ...)."""

    kind: UrgencyKind
    sign: str


@dataclass(frozen=True, slots=True)
class _Rule:
    urgency: Urgency
    pattern: re.Pattern[str]
    denials: str


_DATA = tomllib.loads((Path(__file__).parent / "data" / "urgency.toml").read_text("utf-8"))
_FORMS = (form for form, simple in simplified_forms().items() if simple in _DATA["rare"])
_RARE = re.compile(f"[{_DATA['rare']}{''.join(_FORMS)}]|{_DATA['latin']}", re.IGNORECASE)
_STOPS = dict(zip(",!?;", "，！？；", strict=True))
_NOISE = frozenset('"“”‘’《》【】()[]_*~·—-')
_DENIED = re.compile(_DATA["denied"])
_IMAGINED = re.compile(_DATA["imagined"])
_PAST = re.compile(_DATA["past"])
_NOW = re.compile(_DATA["now"])
_OVER = re.compile(_DATA["over"])
_CLAUSE = re.compile(r"[，。！？；,.!?;]")


def _rules() -> Iterator[_Rule]:
    for row in _DATA["rule"]:
        urgency = Urgency(UrgencyKind(row["kind"]), row["sign"])
        yield _Rule(urgency, re.compile(row["pattern"]), row.get("denials", "all"))


_RULES = tuple(_rules())


def read_urgency(text: str) -> Urgency | None:
    """Return what cannot wait in `text`, despair before danger, or None: never an exception.

    Danger that is denied, only feared, chronic or long over is none. For despair only a plain denial counts,
    and 「不想活了」 cannot be denied at all: care given once too often does no harm.
    """
    if not _RARE.search(text):
        return None
    plain = _FOLD(text)
    return next((rule.urgency for rule in _RULES if _heard(rule, plain)), None)


def _stop_or_noise(char: str) -> str:
    """Make a stop full width, as the patterns have them, and drop what stands between words without a meaning."""
    return "" if char in _NOISE else _STOPS.get(char, char)


_FOLD = SIMPLIFIED.then(drop_blanks, _stop_or_noise)


def _heard(rule: _Rule, plain: str) -> bool:
    return any(_stands(rule, plain, found) for found in rule.pattern.finditer(plain))


def _stands(rule: _Rule, plain: str, found: re.Match[str]) -> bool:
    if rule.denials == "none":
        return True
    before = plain[max(0, found.start() - _BEFORE) : found.start()]
    clause = _CLAUSE.split(before)[-1]
    if rule.denials == "some":
        return not _DENIED.search(clause)
    after = plain[found.end() :]
    return not (_DENIED.search(clause) or _IMAGINED.search(clause) or _is_past(before) or _OVER.search(after))


def _is_past(before: str) -> bool:
    past = _PAST.search(before)
    return past is not None and not _NOW.search(before, past.start())
