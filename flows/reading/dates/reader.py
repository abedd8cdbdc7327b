"""What a whole answer says about a date: its phrases put together, and every sign of doubt asked back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from flows.reading.dates import calendar as cal
from flows.reading.dates.calendar import Answer, Meaning
from flows.reading.dates.doubts import doubt_about
from flows.reading.dates.grammar import JOIN
from flows.reading.dates.model import (
    Clock,
    DateContext,
    DateDoubt,
    DateReading,
    Frame,
    Partial,
    Period,
    Weekday,
)
from flows.reading.dates.phrases import Phrase, find_phrases
from flows.reading.dates.ranges import read_range
from flows.reading.dates.vocabulary import fold, has, squeeze
from flows.reading.refusal import Refusal

JOINED = re.compile(JOIN)
CLOCK_GLUE = re.compile(r"[,的()在、和 ]{0,2}|或者?")
WEEKDAY_GLUE = re.compile(r"[,(、是即也就的那天 ]{0,5}")
LOOSE_FIGURES = re.compile(r"(?<![0-9a-z])[0-9]{1,8}(?:[年月](?![龄经])|(?![0-9a-z\u4e00-\u9fff%]))")
VAGUE = has("vague")
HALF_DAY = 12
NO_CLOCK = Clock()


@dataclass(frozen=True, slots=True)
class DateFound:
    """A date in a longer text: where it stands there, and what `read_date` makes of it."""

    start: int
    end: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class _Piece:
    """Phrases that belong together: a day with its clock, a stretch with both ends."""

    start: int
    end: int
    meaning: Meaning
    clock: Clock = NO_CLOCK
    joined: bool = False


def read_date(text: str, *, today: date, context: DateContext) -> Answer:
    """Return the day or days that `text` means on `today` (Asia/Shanghai) when `context` was asked for.

    `DateReading`: understood. `DateDoubt`: vague, or of several readings; ask back. `Refusal`: no such day,
    or one that the context cannot have (`future_date`, `past_date`, `too_old`, `day_out_of_range`, ...).
    """
    frame = Frame(today, context)
    folded, _ = squeeze(fold(text))
    found, clocks = _pieces(folded, frame)
    firm = [p for p in found if not _is_duration(p.meaning)]
    if not firm:
        return DateDoubt(_why_nothing(folded, found, clocks=clocks))
    answer = _one([_answer(folded, firm, i, frame) for i in range(len(firm))])
    if isinstance(answer, DateReading) and _figures_left(folded, found):
        return DateDoubt("unread_figures", (answer,))
    return answer


def find_dates(text: str, *, today: date, context: DateContext) -> tuple[DateFound, ...]:
    """Return each date of a longer text with its place in `text`; doubts and impossible ones included."""
    frame = Frame(today, context)
    folded, places = squeeze(fold(text))
    found, _ = _pieces(folded, frame)
    firm = [p for p in found if not _is_duration(p.meaning)]
    return tuple(
        DateFound(places[p.start], places[p.end - 1] + 1, _answer(folded, firm, i, frame)) for i, p in enumerate(firm)
    )


def _pieces(text: str, frame: Frame) -> tuple[list[_Piece], bool]:
    """Return what belongs together, and whether a time of day stands anywhere."""
    phrases = list(find_phrases(text, frame))
    with_clocks = list(_with_clocks(text, phrases))
    ranges = list(_with_ranges(text, with_clocks, frame))
    return list(_with_weekdays(text, ranges, frame)), any(isinstance(p.meaning, Clock) for p in phrases)


def _with_clocks(text: str, phrases: list[Phrase]) -> Iterator[_Piece]:
    """Yield the dates, each with the times that follow it."""
    held: _Piece | None = None
    for phrase in phrases:
        if not isinstance(phrase.meaning, Clock):
            if held is not None:
                yield held
            held = _Piece(phrase.start, phrase.end, phrase.meaning)
        elif held is not None and CLOCK_GLUE.fullmatch(text, held.end, phrase.start):
            held = replace(held, end=phrase.end, clock=_both(held.clock, phrase.meaning))
    if held is not None:
        yield held


def _both(first: Clock, second: Clock) -> Clock:
    """Return two clock phrases as one: what either says, neither where they differ (上午或下午)."""
    differ = None not in {first.period, second.period} and first.period is not second.period
    return Clock(
        None if differ else first.period or second.period,
        None if differ else first.at or second.at,
        broken=first.broken or second.broken,
        foreign=first.foreign or second.foreign,
    )


def _with_ranges(text: str, pieces: list[_Piece], frame: Frame) -> Iterator[_Piece]:
    """Yield the pieces, two with a 到 between them as one."""
    held: _Piece | None = None
    for piece in pieces:
        if held is None:
            held = piece
        elif not held.joined and JOINED.fullmatch(text, held.end, piece.start):
            answer = read_range(held.meaning, piece.meaning, frame)
            held = _Piece(held.start, piece.end, answer, joined=True)
        else:
            yield held
            held = piece
    if held is not None:
        yield held


def _with_weekdays(text: str, pieces: list[_Piece], frame: Frame) -> Iterator[_Piece]:
    """Yield the pieces, a date and the day of the week beside it as one, which must agree."""
    held: _Piece | None = None
    for piece in pieces:
        if held is None:
            held = piece
        elif _beside(text, held, piece):
            held = _checked(held, piece, frame)
        else:
            yield held
            held = piece
    if held is not None:
        yield held


def _beside(text: str, first: _Piece, second: _Piece) -> bool:
    """Whether one is a date, the other its day of the week."""
    days = [isinstance(p.meaning, Weekday) for p in (first, second)]
    return sum(days) == 1 and WEEKDAY_GLUE.fullmatch(text, first.end, second.start) is not None


def _checked(first: _Piece, second: _Piece, frame: Frame) -> _Piece:
    """Return the date, or a doubt where it falls on another day of the week."""
    dated, named = (second, first) if isinstance(first.meaning, Weekday) else (first, second)
    answer = cal.read_meaning(dated.meaning, frame)
    agrees = isinstance(answer, DateReading) and isinstance(named.meaning, Weekday) and _falls_on(answer, named.meaning)
    if isinstance(answer, DateReading) and not agrees:
        answer = DateDoubt("weekday_mismatch", (answer,))
    return _Piece(first.start, second.end, answer, _both(first.clock, second.clock))


def _falls_on(answer: DateReading, weekday: Weekday) -> bool:
    """Whether it is one day, and that day of the week."""
    return answer.kind == "date" and answer.start.weekday() == weekday.day


def _is_duration(meaning: Meaning) -> bool:
    """Whether it is a length of time only (吃了三个月药), which says nothing beside a date."""
    return isinstance(meaning, DateDoubt) and meaning.code == "duration"


def _answer(text: str, pieces: list[_Piece], place: int, frame: Frame) -> Answer:
    """Return what one piece means, with its clock, the context and the words around it considered."""
    piece = pieces[place]
    answer = cal.allow(cal.read_meaning(piece.meaning, frame), frame)
    if not isinstance(answer, DateReading):
        return answer
    if piece.clock.broken:
        return Refusal("bad_time")
    if piece.clock.foreign:
        return DateDoubt("time_zone", (answer,))
    before = text[pieces[place - 1].end if place else 0 : piece.start]
    after = text[piece.end : pieces[place + 1].start if place + 1 < len(pieces) else len(text)]
    doubt = doubt_about(answer, before, after, joined=_has_ends(piece), context=frame.context)
    return doubt or _timed(answer, piece.clock)


def _has_ends(piece: _Piece) -> bool:
    """Whether both ends of a stretch were typed."""
    return piece.joined or (isinstance(piece.meaning, Partial) and piece.meaning.last_day is not None)


def _timed(answer: DateReading, clock: Clock) -> DateReading:
    """Return the day with its time; 昨晚8点 is 20:00."""
    at = clock.at
    late = answer.period in {Period.EVENING, Period.AFTERNOON} and clock.period is None
    if late and at is not None and at.hour < HALF_DAY:
        at = at.replace(hour=at.hour + HALF_DAY)
    return replace(answer, period=clock.period or answer.period, at=at)


def _one(answers: list[Answer]) -> Answer:
    """Return the narrowest of several answers if all agree with it, else a doubt with what it may be."""
    readings = [a for a in answers if isinstance(a, DateReading)]
    if all(a == answers[0] for a in answers):
        return answers[0]
    if len(readings) < len(answers):
        return DateDoubt("multiple", tuple(dict.fromkeys(readings)))
    narrow = min(readings, key=lambda r: r.end - r.start)
    if all(r.start <= narrow.start and narrow.end <= r.end for r in readings):
        return narrow
    return DateDoubt("multiple", tuple(dict.fromkeys(readings)))


def _figures_left(text: str, pieces: list[_Piece]) -> bool:
    """Whether figures stand outside the dates that could belong to one."""
    edges = [0, *(edge for p in pieces for edge in (p.start, p.end)), len(text)]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return any(LOOSE_FIGURES.search(text[start:end]) for start, end in gaps)


def _why_nothing(text: str, pieces: list[_Piece], *, clocks: bool) -> str:
    """Return why there is no date: empty, a length of time, a vague word, a time only, figures, or other."""
    if not text:
        return "empty"
    if pieces:
        return "duration"
    if VAGUE.search(text):
        return "vague"
    if clocks:
        return "time_only"
    return "not_a_date" if any(c.isdecimal() for c in text) else "no_date"
