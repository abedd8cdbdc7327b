"""Scoring of what people type: dates, hospitals, documents, illnesses, phones, departments, wishes for a doctor."""

from dataclasses import dataclass
from datetime import date

from benchmarks.accuracy.model import Case, Judged, Said, also
from flows.reading.all import read_all
from flows.reading.dates import DateContext, DateDoubt, DateReading, read_date
from flows.reading.departments import read_department
from flows.reading.hospital_names import read_hospital, shipped_index
from flows.reading.id_numbers import IdKind, IdNumber, Sex, agrees, read_id_number
from flows.reading.illnesses import IllnessStatus, load_illnesses, read_illness
from flows.reading.named_doctor import read_doctor_wish
from flows.reading.names import PersonName, read_name
from flows.reading.phones import Phone, find_phones, read_phone
from flows.reading.policy_numbers import PolicyNumber, read_policy_number
from flows.reading.refusal import Refusal
from flows.reading.urgency import read_urgency

NAMED = {IllnessStatus.LISTED, IllnessStatus.MILD}
NEVER_LISTED = {"mild", "not_listed", "contract_dependent", "unclear"}


@dataclass(frozen=True, slots=True)
class Frame:
    """The day from which a file's cases are understood, where a case names none of its own."""

    today: date

    def day(self, case: Case) -> date:
        """Return the day of one case."""
        own = case.get("base") or case.get("as_of")
        return date.fromisoformat(own) if own else self.today


def a_date(case: Case, frame: Frame) -> Judged:
    """Score by kind and day or days; a day where none may be taken is a wrong acceptance."""
    expect = case["expect"]
    context = DateContext(case.get("context") or DateContext.ANY)
    got = _said_date(read_date(case["input"], today=frame.day(case), context=context))
    days = [expect[key] for key in ("date", "start", "end") if key in expect]
    expected = Said(expect["kind"], " ".join(days))
    taken = got.label in {"date", "range"}
    same = got.label == expected.label and (not taken or got.value == expected.value)
    right = same or (got.label != expected.label and got.label in also(case))
    return Judged(expected, got, right, taken and expected.label in {"clarify", "invalid"} and not right)


def _said_date(answer: DateReading | DateDoubt | Refusal) -> Said:
    match answer:
        case DateReading() if answer.kind == "date":
            return Said("date", answer.start.isoformat())
        case DateReading(start, end):
            return Said("range", f"{start} {end}")
        case DateDoubt(code):
            return Said("clarify", f"({code})")
        case Refusal(code):
            return Said("invalid", f"({code})")


def a_hospital(case: Case, _frame: Frame) -> Judged:
    """Score by kind and name; candidates must hold those listed. Unique with no right to it is accepted wrongly."""
    expect, city = case["expect"], case.get("city_hint")
    reading = read_hospital(case["input"], shipped_index(), city=city)
    names, kinds = set(expect.get("names") or ()), {expect["kind"], *also(case)}
    found = set(reading.names)
    same = not names or (found <= names if reading.kind == "unique" else names <= found or reading.kind == "unknown")
    right = reading.kind in kinds and same
    return Judged(
        Said(expect["kind"], "、".join(expect.get("names") or ())),
        Said(reading.kind, "、".join(reading.names)),
        right,
        reading.kind == "unique" and not right,
    )


def an_id(case: Case, frame: Frame) -> Judged:
    """Score by validity with every value given, or by the reason of the refusal."""
    expect = case["expect"]
    read = read_id_number(case["input"], declared=IdKind(case["declared_type"]), as_of=frame.day(case))
    if isinstance(read, Refusal):
        reasons = also(case) | ({expect["reason"]} if "reason" in expect else set())
        return Judged(_expected_id(expect), Said(read.code), read.code in reasons)
    values = _values_of(read)
    keys = [key for key in values if key in expect]
    right = expect["valid"] and all(values[key] == expect[key] for key in keys)
    got = Said("valid", " ".join(str(values[key]) for key in keys or ("normalized",)))
    return Judged(_expected_id(expect), got, bool(right), not expect["valid"])


def _expected_id(expect: Case) -> Said:
    if not expect["valid"]:
        return Said(expect.get("reason", "invalid"))
    return Said("valid", " ".join(str(expect[key]) for key in _KEYS if key in expect))


_KEYS = ("type", "normalized", "birth", "sex", "age", "under_14")


def _values_of(read: IdNumber) -> dict[str, object]:
    birth, sex = read.birth and read.birth.isoformat(), read.sex and read.sex.value
    values = (read.kind.value, read.normalized, birth, sex, read.age, read.under_14)
    return dict(zip(_KEYS, values, strict=True))


def an_agreement(case: Case, frame: Frame) -> Judged:
    """Score what is found when a number is held against a birth date and a sex."""
    expected = Said(case["expect"])
    declared = IdKind(case.get("declared_type") or IdKind.RESIDENT_ID)
    read = read_id_number(case["id_number"], declared=declared, as_of=frame.day(case))
    if isinstance(read, Refusal):
        return Judged(expected, Said(read.code), right=False)
    birth, sex = case.get("stated_birth"), case.get("stated_sex")
    found = agrees(read, birth=date.fromisoformat(birth) if birth else None, sex=Sex(sex) if sex else None)
    return Judged(expected, Said(found.value), found.value == case["expect"])


def an_illness(case: Case, _frame: Frame) -> Judged:
    """Score by status, and by name under listed and mild; what is listed may go to a human."""
    expect = case["expect"]
    reading = read_illness(case["phrase"], load_illnesses())
    names = {one.name for one in reading.illnesses}
    status: str = reading.status.value
    same = status == expect["status"] and (reading.status not in NAMED or names == set(expect.get("illness") or names))
    to_human = expect["status"] == "listed" and status == "review"
    right = same or to_human or (status != expect["status"] and status in also(case))
    return Judged(
        Said(expect["status"], "、".join(expect.get("illness") or ())),
        Said(status, "、".join(one.name for one in reading.illnesses)),
        right,
        status == "listed" and expect["status"] in NEVER_LISTED and not right,
    )


def a_phone(case: Case, _frame: Frame) -> Judged:
    """Score by kind, by number where one is given, and by all numbers of an answer with several."""
    expect = case["expect"]
    read = read_phone(case["input"])
    numbers = [phone.e164 for phone in find_phones(case["input"])]
    got = Said(read.kind.value, read.e164) if isinstance(read, Phone) else Said(read.code, " ".join(numbers))
    wanted = case.get("numbers")
    same = expect.get("e164") in {None, got.value} and (wanted is None or sorted(wanted) == sorted(numbers))
    right = (got.label == expect["kind"] and same) or (got.label != expect["kind"] and got.label in also(case))
    refused = expect["kind"] in {"invalid", "multiple", "service", "unassigned_prefix"}
    expected = Said(expect["kind"], expect.get("e164") or " ".join(wanted or ()))
    return Judged(expected, got, right, isinstance(read, Phone) and refused and not right)


def a_department(case: Case, _frame: Frame) -> Judged:
    """Score by status; one that is excluded taken as ok is a wrong acceptance [OP-N4]."""
    found = read_department(case["input"])
    right = found.status.value in {case["expect"], *also(case)}
    accepted = found.status.value == "ok" and case["expect"] == "excluded"
    return Judged(Said(case["expect"]), Said(found.status.value, found.name or ""), right, accepted and not right)


def a_doctor(case: Case, _frame: Frame) -> Judged:
    """Score by what is said to the wish; ok where it must be declined is a wrong acceptance [OP-N6, IP-N5]."""
    found = read_doctor_wish(case["input"]).value
    right = found in {case["expect"], *also(case)}
    return Judged(
        Said(case["expect"]), Said(found), right, found == "ok" and case["expect"] == "declined" and not right
    )


def an_urgency(case: Case, _frame: Frame) -> Judged:
    """Score whether danger or despair is heard; none is expected as null."""
    heard = read_urgency(case["phrase"])
    expected, got = case["expect"] or "none", heard.kind.value if heard else "none"
    return Judged(Said(expected), Said(got, heard.sign if heard else ""), expected == got)


def a_name(case: Case, _frame: Frame) -> Judged:
    """Score by the name, or by there being none; a name where none is given is a wrong acceptance."""
    return _one_value(case, read_name(case["input"]), "name")


def a_policy_number(case: Case, _frame: Frame) -> Judged:
    """Score by the number, or by there being none; a number where none is given is a wrong acceptance."""
    return _one_value(case, read_policy_number(case["input"]), "policy_number")


def _one_value(case: Case, read: PersonName | PolicyNumber | Refusal, kind: str) -> Judged:
    expect = case["expect"]
    expected = Said(expect["kind"], expect.get("value", ""))
    if isinstance(read, Refusal):
        why = read.params.get("why") or read.code
        return Judged(expected, Said(f"no_{kind}", f"({why})"), expected.label == f"no_{kind}")
    return Judged(expected, Said(kind, read.value), expected == Said(kind, read.value), expected.label != kind)


def a_message(case: Case, frame: Frame) -> Judged:
    """Score by every part: its kind, the words it stands in, its value, or its doubt.

    A part taken without doubt that is not expected so is a wrong acceptance.
    """
    found = {
        _part(part.kind, case["input"][part.start : part.end], part.value, part.doubt)
        for part in read_all(case["input"], today=frame.day(case))
    }
    wanted = {_part(part["kind"], part["at"], part.get("value", ""), part.get("doubt")) for part in case["expect"]}
    surplus = [part for part in found - wanted if "?" not in part]
    return Judged(
        Said("parts", "; ".join(sorted(wanted))),
        Said("parts", "; ".join(sorted(found))),
        found == wanted,
        bool(surplus),
    )


def _part(kind: str, at: str, value: str, doubt: str | None) -> str:
    """Return a part in one line; of a doubtful one the value is no matter."""
    return f"{kind} {at} ?{doubt}" if doubt else f"{kind} {at} = {value}"
