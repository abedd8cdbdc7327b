"""What stands around the name of an illness: denied, somebody else's, only suspected, at which stage."""

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from operator import itemgetter

from flows.reading.illnesses.folded import DATA, Folded
from flows.reading.illnesses.lexicon import Mention

CUES: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in tomllib.loads((DATA / "illnesses_context.toml").read_text("utf-8")).items()
    if isinstance(pattern, str)
}
_ENUMERATION = re.compile(r"[、,/+及和或与跟]|以及|还有|并|也没有?|没有?|无")


class Standing(StrEnum):
    """How far a name is meant: said, only suspected, or denied."""

    SAID = "said"
    SUSPECTED = "suspected"
    VOID = "void"


@dataclass(frozen=True, eq=False)
class Scene:
    """A folded text with what was found in it; the one argument of everything that weighs a word."""

    folded: Folded
    mentions: Sequence[Mention]

    @property
    def text(self) -> str:
        """The whole folded text."""
        return self.folded.text

    @cached_property
    def unconfirmed(self) -> bool:
        """Return True if the text says anywhere that the doctors do not know yet."""
        return CUES["unconfirmed"].search(self.text) is not None

    @cached_property
    def _stops(self) -> list[tuple[int, int]]:
        ends = [stop.span() for stop in CUES["clause"].finditer(self.text)]
        return [(0, 0), *ends, (len(self.text), len(self.text))]

    def clause(self, one: Mention) -> tuple[int, int]:
        """Return where the clause around a mention starts and ends."""
        start = bisect_right(self._stops, one.start, key=itemgetter(1)) - 1
        end = bisect_left(self._stops, one.end, key=itemgetter(0))
        return self._stops[max(start, 0)][1], self._stops[min(end, len(self._stops) - 1)][0]

    def around(self, one: Mention) -> str:
        """Return the clause around a mention."""
        start, end = self.clause(one)
        return self.text[start:end]


def standings(scene: Scene, mentions: Sequence[Mention]) -> list[Standing]:
    """Weigh each mention; in an enumeration a denial goes on to the next one."""
    found: list[Standing] = []
    for index, one in enumerate(mentions):
        previous = mentions[index - 1] if index else None
        before = scene.text[previous.end if previous else 0 : one.start]
        listed_on = _ENUMERATION.fullmatch(before) or (not before and one.start not in scene.folded.gaps)
        if found and found[-1] is Standing.VOID and listed_on:
            found.append(Standing.VOID)
        else:
            found.append(_standing(scene, one, previous))
    return found


def _standing(scene: Scene, one: Mention, previous: Mention | None) -> Standing:
    start, end = scene.clause(one)
    before = CUES["modifiers"].sub("", scene.text[max(start, previous.end if previous else 0) : one.start])
    after, clause = scene.text[one.end : end], scene.text[start:end]
    if CUES["unreal"].search(clause):
        return Standing.VOID
    if CUES["undenied"].search(before) or CUES["undenied"].search(after):
        return Standing.SUSPECTED
    if CUES["denied"].search(before) or CUES["denied_after"].search(after):
        return Standing.SUSPECTED if CUES["rhetorical"].search(after) else Standing.VOID
    doubted = CUES["suspected"].search(clause) or scene.text[end : end + 1] in {"?", "？"}
    return Standing.SUSPECTED if doubted or scene.unconfirmed else Standing.SAID
