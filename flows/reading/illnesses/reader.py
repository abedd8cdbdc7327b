"""Reads what somebody typed for an illness against the list of their contract [G4, OP-N7]."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from flows.reading.illnesses.context import Scene, Standing, standings
from flows.reading.illnesses.finding import Finding, IllnessStatus
from flows.reading.illnesses.folded import Folded, fold_words
from flows.reading.illnesses.homophones import guess, misspelt
from flows.reading.illnesses.kinds import weigh
from flows.reading.illnesses.lexicon import Lexicon, Mention, lexicon
from flows.reading.illnesses.listing import Illness, IllnessList
from flows.reading.urgency import Urgency, read_urgency

__all__ = ["Certainty", "IllnessReading", "IllnessStatus", "Span", "prepare_illnesses", "read_illness"]

_RANKS = (
    IllnessStatus.LISTED,
    IllnessStatus.REVIEW,
    IllnessStatus.MILD,
    IllnessStatus.CONTRACT_DEPENDENT,
    IllnessStatus.UNCLEAR,
    IllnessStatus.NOT_LISTED,
)
"""Where several are named, the one that gets furthest counts; doubt goes before 「not on the list」."""
_MOST = 60
"""So many words are weighed: an answer, not a letter."""
_SIGNS = {
    "chest": ("ami",),
    "stroke": ("stroke",),
    "coma": ("coma",),
    "collapse": ("coma",),
    "breath": ("resp",),
}
"""What a sign of danger may be about."""


class Certainty(StrEnum):
    """Whether a doctor has said it (确诊) or it is only suspected (疑似): the terms cover both."""

    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"


@dataclass(frozen=True, slots=True)
class Span:
    """A part of what was typed: from `start` to before `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class IllnessReading:
    """What an answer means.

    `illnesses`: the entries of the contract's list that the status is about, in the list's order.
    `certainty` is None where nothing on the list is named. `asks_stage`: the stage decides between 重度 and
    轻度 and was not given. `spans`: where in the answer it was found. `urgency`: what goes before everything.
    """

    status: IllnessStatus
    illnesses: tuple[Illness, ...] = ()
    certainty: Certainty | None = None
    asks_stage: bool = False
    spans: tuple[Span, ...] = ()
    urgency: Urgency | None = None


@dataclass(frozen=True, slots=True)
class _Weighed:
    finding: Finding
    standing: Standing
    span: Span


def read_illness(text: str, illnesses: IllnessList) -> IllnessReading:
    """Read an answer in a person's own words; never an exception, `unclear` where it says too little.

    Only what is certain is `listed`. What is suspected, asked, misspelt or depends on a stage that was not
    given is `review`; what is denied, or said of others, is not there at all.
    """
    folded = fold_words(text)
    found = _findings(folded, illnesses)
    urgency = read_urgency(text)
    reading = replace(_reading(_best(found), illnesses), urgency=urgency)
    if urgency is None or _names_the_coma(urgency, reading):
        return reading
    return _emergency(urgency, reading, illnesses)


def prepare_illnesses(illnesses: IllnessList) -> None:
    """Build what reading against this list needs (some 0.2 s), so that the first answer does not wait."""
    guess(fold_words("，"), (), lexicon(illnesses), named=False)


def _names_the_coma(urgency: Urgency, reading: IllnessReading) -> bool:
    """Return True if the sign is the insured illness itself: 「昏迷不醒」 where an illness was asked for."""
    return urgency.sign == "coma" and any(one.code == "coma" for one in reading.illnesses)


def _emergency(urgency: Urgency, reading: IllnessReading, illnesses: IllnessList) -> IllnessReading:
    named = reading.illnesses or _entries(_SIGNS.get(urgency.sign, ()), illnesses)
    return IllnessReading(IllnessStatus.EMERGENCY, named, spans=reading.spans, urgency=urgency)


def _findings(folded: Folded, illnesses: IllnessList) -> list[_Weighed]:
    words = lexicon(illnesses)
    mentions = words.scan(folded)
    if len(mentions) > _MOST:
        return [replace(one, standing=Standing.SUSPECTED) for one in map(_doubted, _first(folded, mentions))]
    weighed = _cautious(list(_weighed(folded, Scene(folded, mentions))), folded, mentions, words)
    found = [one for one in weighed if one.standing is not Standing.VOID]
    if len(found) == len(weighed) and all(_is_low(one.finding) for one in found):
        guessed = guess(folded, mentions, words, named=any(not one.finding.weak for one in found))
        if guessed:
            finding, start, end = guessed
            found.append(_Weighed(finding, Standing.SUSPECTED, _span(folded, start, end)))
    return found


def _first(folded: Folded, mentions: Sequence[Mention]) -> list[_Weighed]:
    """Weigh the first words of a letter, of which nothing is certain: each is weighed beside all others."""
    weighed = _weighed(folded, Scene(folded, mentions[:_MOST]))
    return [one for one in weighed if one.standing is not Standing.VOID]


def _cautious(weighed: list[_Weighed], folded: Folded, mentions: Sequence[Mention], words: Lexicon) -> list[_Weighed]:
    """Leave to a human what is certain only as long as the characters beside it are no part of it: 「癌钱病变」."""
    if not any(one.finding.status is IllnessStatus.LISTED for one in weighed):
        return weighed
    runs = [_span(folded, start, end) for start, end in misspelt(folded, mentions, words)]
    return [_doubted(one) if any(_within(one.span, run) for run in runs) else one for one in weighed]


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _doubted(one: _Weighed) -> _Weighed:
    return replace(one, finding=_as_stands(one.finding, Standing.SUSPECTED))


def _is_low(finding: Finding) -> bool:
    return finding.status in {IllnessStatus.UNCLEAR, IllnessStatus.NOT_LISTED}


def _weighed(folded: Folded, scene: Scene) -> Iterator[_Weighed]:
    judged = [(one, finding) for one in scene.mentions if (finding := weigh(scene, one))]
    whole = [_with_organs(scene.mentions, one) for one, _ in judged]
    for (_, finding), one, standing in zip(judged, whole, standings(scene, whole), strict=True):
        yield _Weighed(_as_stands(finding, standing), standing, _span(folded, one.start, one.end))


def _with_organs(mentions: Sequence[Mention], one: Mention) -> Mention:
    """Extend a mention over the organs right before it: a denial stands before both."""
    start = one.start
    for other in reversed(mentions):
        if other.end == start and other.entry.kind == "organ":
            start = other.start
    return replace(one, start=start)


def _as_stands(finding: Finding, standing: Standing) -> Finding:
    definite = finding.status in {IllnessStatus.LISTED, IllnessStatus.MILD}
    if standing is Standing.SUSPECTED and definite:
        return replace(finding, status=IllnessStatus.REVIEW)
    return finding


def _span(folded: Folded, start: int, end: int) -> Span:
    return Span(folded.places[start], folded.places[end - 1] + 1)


def _best(found: list[_Weighed]) -> list[_Weighed]:
    named = [one for one in found if not one.finding.weak] or found
    for status in _RANKS:
        of_status = [one for one in named if one.finding.status is status]
        if of_status:
            return of_status
    return []


def _reading(best: list[_Weighed], illnesses: IllnessList) -> IllnessReading:
    if not best:
        return IllnessReading(IllnessStatus.UNCLEAR)
    status = best[0].finding.status
    codes = tuple(code for one in best for code in one.finding.codes)
    named = _entries(codes, illnesses, [one.finding.item for one in best])
    spans = tuple(one.span for one in best)
    if codes and not named:
        return IllnessReading(IllnessStatus.REVIEW, certainty=Certainty.SUSPECTED, spans=spans)
    stage = any(one.finding.stage for one in best)
    return IllnessReading(status, named, _certainty(best, named), stage, spans)


def _certainty(best: list[_Weighed], named: tuple[Illness, ...]) -> Certainty | None:
    if not named:
        return None
    doubted = best[0].finding.status is IllnessStatus.REVIEW
    return Certainty.SUSPECTED if doubted else Certainty.CONFIRMED


def _entries(codes: Sequence[str], illnesses: IllnessList, items: Sequence[Illness | None] = ()) -> tuple[Illness, ...]:
    wanted = {one for code in codes if (one := illnesses.find(code))} | {one for one in items if one}
    return tuple(one for one in illnesses.illnesses if one in wanted)
