"""Several answers in one message: 「我叫张伟，身份证…，保单…」 fills in what it says, and nothing is asked twice."""

from typing import Final

from flows.intake.question import Asked
from flows.messages import MessageKey, Text, message
from flows.reading.all import PartKind, read_all
from flows.reading.hospital_names import HospitalIndex
from flows.reading.id_numbers import IdNumber

UNDERSTOOD = message("several.understood", "parts")
PARTS: Final[dict[str, MessageKey]] = {
    "name": message("several.name"),
    "id_number": message("several.id_number"),
    "policy_number": message("several.policy_number"),
}
SHORTEST: Final = 12  # characters; two answers do not fit into fewer
_NOWHERE: Final = HospitalIndex((), ())  # no hospital is asked for here


def several_answers(text: str, asked: Asked) -> dict[str, str]:
    """Give who the patient is, by question, where a message says two things of it or more, each without doubt."""
    if len(text) < SHORTEST:
        return {}
    answers: dict[str, str] = {}
    for found in read_all(text, today=asked.today, hospitals=_NOWHERE):
        if found.kind in PARTS and found.doubt is None:
            answers[found.kind.value] = found.value
            if found.kind is PartKind.ID_NUMBER and isinstance(found.reading, IdNumber):
                answers["id_kind"] = found.reading.kind
    return answers if len(answers.keys() & PARTS.keys()) > 1 else {}


def understood(answers: dict[str, str]) -> tuple[Text, ...]:
    """Name the answers that were understood, in the order in which they are asked."""
    return tuple(PARTS[name]() for name in PARTS if name in answers)
