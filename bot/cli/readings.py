"""How one answer is understood: what the command `read` prints."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Final

from bot.cli import texts as t
from bot.cli.help import TEXTS
from flows.intake.texts import REFUSALS
from flows.messages import MessageKey
from flows.reading.all import Found, read_all
from flows.reading.dates import DateContext, DateDoubt, read_date
from flows.reading.departments import DepartmentStatus, read_department
from flows.reading.hospital_names import read_hospital, shipped_index
from flows.reading.id_numbers import IdKind, read_id_number
from flows.reading.illnesses import IllnessStatus, load_illnesses, read_illness
from flows.reading.named_doctor import DoctorWish, read_doctor_wish
from flows.reading.names import read_name
from flows.reading.phones import read_phone
from flows.reading.policy_numbers import read_policy_number
from flows.reading.refusal import Refusal
from flows.reading.urgency import read_urgency


@dataclass(frozen=True, slots=True)
class Asking:
    """From where an answer is read: the day, what a date is asked for, the document declared."""

    today: date
    context: DateContext = DateContext.ANY
    declared: IdKind = IdKind.RESIDENT_ID


class Kind(StrEnum):
    """What `read` knows."""

    ID = "id"
    PHONE = "phone"
    DATE = "date"
    ILLNESS = "illness"
    HOSPITAL = "hospital"
    DEPARTMENT = "department"
    DOCTOR = "doctor"
    URGENCY = "urgency"
    NAME = "name"
    POLICY = "policy"
    ALL = "all"


_READERS: Final[Mapping[Kind, Callable[[str, Asking], object]]] = {
    Kind.ID: lambda text, asking: read_id_number(text, declared=asking.declared, as_of=asking.today),
    Kind.PHONE: lambda text, _: read_phone(text),
    Kind.DATE: lambda text, asking: read_date(text, today=asking.today, context=asking.context),
    Kind.ILLNESS: lambda text, _: read_illness(text, load_illnesses()),
    Kind.HOSPITAL: lambda text, _: read_hospital(text, shipped_index()),
    Kind.DEPARTMENT: lambda text, _: read_department(text),
    Kind.DOCTOR: lambda text, _: read_doctor_wish(text),
    Kind.URGENCY: lambda text, _: read_urgency(text),
    Kind.NAME: lambda text, _: read_name(text),
    Kind.POLICY: lambda text, _: read_policy_number(text),
}
_ASKED: Final = {
    DepartmentStatus.ASK, IllnessStatus.UNCLEAR, IllnessStatus.NOT_LISTED, "ambiguous", "unknown",
}  # fmt: skip
_HUMAN: Final = {IllnessStatus.MILD, IllnessStatus.REVIEW, IllnessStatus.CONTRACT_DEPENDENT}
_REFUSED: Final = {DepartmentStatus.EXCLUDED, DoctorWish.DECLINED, DoctorWish.TOLD_TITLE, DoctorWish.TOLD_NO_CHOICE}


def understood(kind: Kind, text: str, asking: Asking) -> Iterator[str]:
    """Yield how an answer is understood: a sentence, then the values by name; of several each with its place."""
    if kind is Kind.ALL:
        yield from _parts(text, read_all(text, today=asking.today, context=asking.context))
        return
    answer = _READERS[kind](text, asking)
    yield TEXTS(_outcome(answer)())
    if isinstance(answer, Refusal) and answer.code in REFUSALS and kind in {Kind.ID, Kind.NAME, Kind.POLICY}:
        yield TEXTS(REFUSALS[answer.code]())
    yield from _values(answer, "")


def _parts(text: str, found: Sequence[Found]) -> Iterator[str]:
    """Yield each part of a message: its kind, place and words, then its value or why it has to be asked about."""
    if not found:
        yield TEXTS(t.READ_NOTHING())
    for one in found:
        yield f"{one.kind.value} [{one.start}:{one.end}] {text[one.start : one.end]} -> {one.value or '-'}"
        yield "  " + (TEXTS(t.READ_DOUBTED(code=one.doubt)) if one.doubt else TEXTS(t.READ_UNDERSTOOD()))


def _outcome(answer: object) -> MessageKey:
    state = getattr(answer, "status", None) or getattr(answer, "kind", None) or answer
    if answer is None or answer == ():
        return t.READ_NOTHING
    if isinstance(answer, Refusal) or state in _REFUSED:
        return t.READ_REFUSED
    if isinstance(answer, DateDoubt) or state in _ASKED:
        return t.READ_ASKED
    return t.READ_HUMAN if state in _HUMAN else t.READ_UNDERSTOOD


def _values(value: object, name: str) -> Iterator[str]:
    """Yield `name: value` for a value, its fields or its members; what is empty is left out."""
    if isinstance(value, Enum):
        yield from _values(value.value, name or "value")
    elif is_dataclass(value):
        for one in fields(value):
            yield from _values(getattr(value, one.name), f"{name}.{one.name}".lstrip("."))
    elif isinstance(value, Mapping):
        for key, member in value.items():
            yield from _values(member, f"{name}.{key}")
    elif isinstance(value, tuple):
        for place, member in enumerate(value, 1):
            yield from _values(member, f"{name}[{place}]")
    elif value not in (None, "", False):
        yield f"  {name}: {value}"
