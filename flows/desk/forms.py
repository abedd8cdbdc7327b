"""How facts are entered in the chat: a command's name on the first line, and lines of a label and a value below it.

Labels, and the words for values from closed lists, stand in data/forms.json; commands in data/words.json. What was
typed stays as it is until a command is given: `arguments` reads it then.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from flows.desk.registry import COMMANDS
from flows.desk.typed_commands import command_in
from flows.reading.hospital_names import read_hospital
from flows.reference import Reference
from flows.terms.calendar import SHANGHAI, in_shanghai

DATA: Final = Path(__file__).parent / "data"
TABLE: Final[dict[str, Any]] = json.loads((DATA / "forms.json").read_text("utf-8"))
LABELS: Final[Mapping[str, str]] = TABLE["labels"]
ARGUMENTS: Final[Mapping[str, str]] = {label: argument for argument, label in LABELS.items()}
CHOICES: Final[Mapping[str, Mapping[str, list[str]]]] = TABLE["choices"]
COLON: Final = "："
MARK: Final = re.compile("[:：]")
BETWEEN: Final = "/"

DAY: Final = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?")
CLOCK: Final = re.compile(r"(\d{1,2})[:：](\d{2})")


class Filled(Struct, frozen=True):
    """A form as it was typed: `values` by argument; `unread` is the first line that is none of a form."""

    command: str
    values: dict[str, str]
    unread: str = ""


def filled_in(text: str) -> Filled | None:
    """Read a form; None where the first line names no command that has one, or nothing stands below it."""
    first, *lines = [line.strip() for line in text.splitlines() if line.strip()] or [""]
    command = command_in(first)
    if command not in COMMANDS or not lines:
        return None
    values: dict[str, str] = {}
    for line in lines:
        label, mark, value = _parted(line)
        if not mark or label not in ARGUMENTS:
            return Filled(command, values, unread=line)
        values[ARGUMENTS[label]] = value
    return Filled(command, values)


def _parted(line: str) -> tuple[str, str, str]:
    found = MARK.search(line)
    return (line[: found.start()].strip(), found[0], line[found.end() :].strip()) if found else (line, "", "")


def to_fill_in(command: str, missing: Iterable[str]) -> list[str]:
    """Return the lines of the form that asks for what is missing (names of FACTS); empty where no line can help."""
    asked = [TABLE["facts"].get(name, name) for name in missing if name not in TABLE["unasked"]]
    asked += TABLE["optional"].get(command, []) if asked else []
    return [
        f"{LABELS[name]}{COLON}{BETWEEN.join(words[0] for words in CHOICES.get(name, {}).values())}"
        for name in dict.fromkeys(asked)
    ]


# ---- reading values ----


class FormContext(Struct, frozen=True):
    """What values are read by: the instant, the directory of hospitals, and the city that the case is about, if any."""

    now: datetime
    reference: Reference
    city: str = ""


def arguments(values: Mapping[str, str], context: FormContext) -> dict[str, Any]:
    """Return the arguments that the values stand for; one that cannot be read is left out."""
    read = {name: _read(name, text, context) for name, text in values.items() if text}
    return {name: value for name, value in read.items() if value is not None}


def _read(name: str, text: str, context: FormContext) -> Any:  # noqa: ANN401 - by the argument's kind
    chosen = _chosen(name, text) if name in CHOICES else text
    if chosen is None:
        return None
    reader = KINDS.get(TABLE["kinds"].get(name, ""))
    return chosen if reader is None else reader(chosen, context)


def _chosen(name: str, text: str) -> str | None:
    """Return the code of a closed list that a word stands for."""
    return next((code for code, words in CHOICES[name].items() if text in {code, *words}), None)


def _hospital(text: str, context: FormContext) -> str:
    """Return the official name, of several that in the case's city; the words themselves where they are not clear."""
    found = read_hospital(text, context.reference.hospitals, city=context.city or None)
    return found.names[0] if found.kind == "unique" else text


def _day(text: str, context: FormContext) -> date | None:
    """Return the day that is written with figures; without a year, the next such day."""
    found = DAY.search(text)
    if found is None:
        return None
    today = in_shanghai(context.now).date()
    year, month, day = int(found[1] or today.year), int(found[2]), int(found[3])
    named = _calendar_day(year, month, day)
    if named is not None and not found[1] and named < today:
        return _calendar_day(year + 1, month, day)
    return named


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _instant(text: str, context: FormContext) -> datetime | None:
    """Return the day and time of day; without a day, today's."""
    clock = CLOCK.search(text)
    day = _day(text, context) if DAY.search(text) else in_shanghai(context.now).date()
    if clock is None or day is None:
        return None
    hour, minute = int(clock[1]), int(clock[2])
    if hour >= 24 or minute >= 60:  # noqa: PLR2004 - of a day, of an hour
        return None
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def _flag(text: str, _context: FormContext) -> bool:
    return text == "yes"


def _count(text: str, _context: FormContext) -> int | None:
    return int(text) if text.isdecimal() and len(text) < len("1000") else None


KINDS: Final[Mapping[str, Callable[[str, FormContext], Any]]] = {
    "hospital": _hospital,
    "day": _day,
    "instant": _instant,
    "flag": _flag,
    "count": _count,
}
