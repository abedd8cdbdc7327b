"""Several answers in one message: what is in it, and where; what is doubtful is said to be, never guessed.

「我叫张伟，身份证110101198503129919，手机13800001234，保单P2026000001，肺癌，上周三在协和查的」
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from flows.reading.dates import DateContext, DateDoubt, DateReading, find_dates
from flows.reading.hospital_names import HospitalIndex, HospitalReading, shipped_index
from flows.reading.id_numbers import IdNumber
from flows.reading.illnesses import IllnessList, IllnessReading, IllnessStatus, load_illnesses, read_illness
from flows.reading.names import PersonName
from flows.reading.phones import Phone
from flows.reading.policy_numbers import PolicyNumber
from flows.reading.refusal import Refusal
from flows.reading.several.message import Message, masked, message_of
from flows.reading.several.numbers import find_numbers
from flows.reading.several.people import NameFound, find_names
from flows.reading.several.places import find_places

_TABLE: Final[dict[str, Any]] = json.loads((Path(__file__).parent / "data" / "several.json").read_text("utf-8"))
_BIRTH_BEFORE: Final = re.compile(_TABLE["birth_before"])
_AGE_AFTER: Final = re.compile(_TABLE["age_after"])
_BIRTH_AFTER: Final = re.compile(_TABLE["birth_after"])


class PartKind(StrEnum):
    """What an answer in a message may be."""

    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    POLICY_NUMBER = "policy_number"
    UNLABELLED = "unlabelled"
    """A number of which nobody says what it is"""
    HOSPITAL = "hospital"
    DATE = "date"
    ILLNESS = "illness"


Reading = (
    PersonName | IdNumber | Phone | PolicyNumber | HospitalReading | DateReading | DateDoubt | IllnessReading | Refusal
)


@dataclass(frozen=True, slots=True)
class Found:
    """One answer in a message, from `start` to before `end` of what was typed.

    `value` is what may be kept: the name, the number, the official name of the hospital, the day (or first/last),
    the names of the illnesses. `doubt` is None where it may be taken as it is; else a code, and the person is
    asked: what the part's own reader says, multiple, unlabelled, birth, other_person.
    """

    kind: PartKind
    start: int
    end: int
    value: str
    reading: Reading
    doubt: str | None = None


def read_all(
    text: str,
    *,
    today: date,
    hospitals: HospitalIndex | None = None,
    illnesses: IllnessList | None = None,
    context: DateContext = DateContext.PAST,
) -> tuple[Found, ...]:
    """Find every answer in `text`, in its order; none overlap. Any text gives a tuple, never an exception.

    Numbers go before names, names before hospitals, these before dates and illnesses: a part of one is none of
    another. `context` settles dates without a year, as for `find_dates`.
    """
    message = message_of(text)
    numbers = list(_numbers(message, today))
    rest = masked(message.text, [(one.start, one.end) for one in numbers])
    names = _names(rest, listed=any(one.doubt is None for one in numbers))
    rest = masked(rest, [(one.start, one.end) for one in names])
    places = list(_places(rest, hospitals or shipped_index()))
    rest = masked(rest, [(one.start, one.end) for one in places])
    found = [*numbers, *names, *places, *_dates(rest, today, context), *_illnesses(rest, illnesses)]
    return tuple(_placed(message, one) for one in _apart(_single(found)))


def _placed(message: Message, one: Found) -> Found:
    start, end = message.typed(one.start, one.end)
    return replace(one, start=start, end=end)


def _apart(found: list[Found]) -> Iterator[Found]:
    """Yield what was found in the order of the text; of two that overlap the longer."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda part: part.start - part.end):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    yield from sorted(kept, key=lambda part: part.start)


def _single(found: list[Found]) -> list[Found]:
    """Mark as multiple what there can be only one of, and two were given."""
    for kind in (PartKind.ID_NUMBER, PartKind.PHONE, PartKind.POLICY_NUMBER):
        sure = {one.value for one in found if one.kind is kind and one.doubt is None}
        if len(sure) > 1:
            found = [replace(one, doubt=one.doubt or "multiple") if one.kind is kind else one for one in found]
    return found


def _numbers(message: Message, today: date) -> Iterator[Found]:
    for one in find_numbers(message.text, today=today):
        yield Found(PartKind(one.kind), one.start, one.end, _value(one.answer), one.answer, one.doubt)


def _value(answer: Reading) -> str:
    match answer:
        case IdNumber(normalized=value) | Phone(e164=value) | PolicyNumber(value) | PersonName(value):
            return value
        case DateReading(start, end):
            return start.isoformat() if start == end else f"{start}/{end}"
        case HospitalReading():
            return answer.names[0] if answer.kind == "unique" else ""
        case IllnessReading():
            return "、".join(one.name for one in answer.illnesses)
        case _:
            return ""


def _names(text: str, *, listed: bool) -> list[Found]:
    """Return the names: the patient's before any other announced, these before one that stands alone.

    One that stands alone is taken only in a message that also has a number, as in a form filled in.
    """
    names = list(find_names(text))
    best = max((one.rank for one in names), default=0)
    sure = {one.name for one in names if one.rank == best}
    return [_name(one, _name_doubt(one, best, alone=len(sure) == 1, listed=listed)) for one in names]


def _name(one: NameFound, doubt: str | None) -> Found:
    return Found(PartKind.NAME, one.start, one.end, one.name.value, one.name, doubt)


def _name_doubt(one: NameFound, best: int, *, alone: bool, listed: bool) -> str | None:
    if one.rank < max(best, 0):
        return "other_person"
    if not alone:
        return "multiple"
    return None if best or listed else "unlabelled"


def _places(text: str, index: HospitalIndex) -> Iterator[Found]:
    for one in find_places(text, index):
        yield Found(PartKind.HOSPITAL, one.start, one.end, _value(one.reading), one.reading, one.doubt)


def _dates(text: str, today: date, context: DateContext) -> Iterator[Found]:
    for one in find_dates(text, today=today, context=context):
        if _AGE_AFTER.match(text[one.end :]):
            continue
        birth = _BIRTH_BEFORE.search(text[: one.start]) or _BIRTH_AFTER.search(text[one.end :])
        doubt = "birth" if birth else getattr(one.answer, "code", None)
        yield Found(PartKind.DATE, one.start, one.end, _value(one.answer), one.answer, doubt)


def _illnesses(text: str, illnesses: IllnessList | None) -> Iterator[Found]:
    reading = read_illness(text, illnesses or load_illnesses())
    doubt = None if reading.status is IllnessStatus.LISTED else reading.status.value
    for span in reading.spans:
        yield Found(PartKind.ILLNESS, span.start, span.end, _value(reading), reading, doubt)
