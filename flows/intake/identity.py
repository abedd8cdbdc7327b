"""Who the patient is: name, document number, policy number, and what happens when they do not agree [G2, G3]."""

import re
from typing import ClassVar

from flows.intake.question import Answer, Asked, Choice, Pose, Question
from flows.messages import message
from flows.reading.id_numbers import IdKind, IdNumber, read_id_number
from flows.reading.names import PersonName, read_name
from flows.reading.policy_numbers import PolicyNumber as PolicyNumberRead
from flows.reading.policy_numbers import read_policy_number
from flows.reading.refusal import Refusal
from flows.terms.policy import Person
from flows.words import plain

ASK_NAME = message("ask.name")
ASK_ID_NUMBER = message("ask.id_number")
ASK_POLICY_NUMBER = message("ask.policy_number")
UNMATCHED = message("ask.unmatched", "hotline")
AMEND_NAME = message("unmatched.name")
AMEND_ID_NUMBER = message("unmatched.id_number")
AMEND_POLICY_NUMBER = message("unmatched.policy_number")


def same_name(one: str, other: str) -> bool:
    """Compare two names as a person would: spaces, dots and case aside."""
    return _bare(one) == _bare(other)


def _bare(name: str) -> str:
    return re.sub(r"[\s·.•・\-']", "", plain(name)).casefold()


def agrees(person: Person, answers: dict[str, str]) -> bool:
    """Say whether the policy's insured is who the answers describe; never which part does not agree."""
    return same_name(person.name, answers["name"]) & (person.number == answers["id_number"])


class Name(Question):
    """The insured's name, as on the document."""

    state: ClassVar[str] = "name"
    has_back: ClassVar[bool] = False

    def pose(self, _asked: Asked) -> Pose:
        """Ask."""
        return Pose(ASK_NAME())

    def read(self, text: str, _asked: Asked) -> Answer | Refusal:
        """Read a name, a 我叫 before it and a 先生 behind it aside."""
        name = read_name(text)
        return Answer(name.value) if isinstance(name, PersonName) else name


class IdNumberQuestion(Question):
    """The insured's document number; a kind other than the resident card is recognised by its form."""

    state: ClassVar[str] = "id_number"

    def pose(self, _asked: Asked) -> Pose:
        """Ask."""
        return Pose(ASK_ID_NUMBER())

    def read(self, text: str, asked: Asked) -> Answer | Refusal:
        """Read a number of any kind that names itself; say what is wrong with it where it is none."""
        reading = read_id_number(text, declared=IdKind.RESIDENT_ID, as_of=asked.today)
        if isinstance(reading, Refusal) and reading.params.get("seen") in set(IdKind):
            reading = read_id_number(text, declared=IdKind(reading.params["seen"]), as_of=asked.today)
        if isinstance(reading, IdNumber):
            return Answer(reading.normalized, {"id_kind": reading.kind})
        return reading


class PolicyNumber(Question):
    """The policy number, as printed."""

    state: ClassVar[str] = "policy_number"

    def pose(self, _asked: Asked) -> Pose:
        """Ask."""
        return Pose(ASK_POLICY_NUMBER())

    def read(self, text: str, _asked: Asked) -> Answer | Refusal:
        """Read 6 to 30 letters and digits; spaces and dashes between them do not count."""
        number = read_policy_number(text)
        return Answer(number.value) if isinstance(number, PolicyNumberRead) else number


class Unmatched(Question):
    """The three answers fit no policy on file: which one shall be corrected?"""

    state: ClassVar[str] = "unmatched"
    counted: ClassVar[bool] = False

    def pose(self, asked: Asked) -> Pose:
        """Offer to correct each; the others are kept."""
        rows = (
            (Choice(AMEND_NAME(), fires="amend_name"),),
            (Choice(AMEND_ID_NUMBER(), fires="amend_id_number"),),
            (Choice(AMEND_POLICY_NUMBER(), fires="amend_policy_number"),),
        )
        return Pose(UNMATCHED(hotline=asked.reference.terms.hotline), rows)
