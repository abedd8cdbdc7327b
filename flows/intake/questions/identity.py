"""Who the patient is: name, document number, policy number, and what happens when they do not agree [G2, G3]."""

import re
from collections.abc import Mapping
from typing import ClassVar

from flows.intake.questions.question import Answer, Choice, Context, Prompt, Question, Reading
from flows.masking import masked, masked_name
from flows.messages import VERBATIM, MessageKey, Text, message
from flows.reading.fold import plain
from flows.reading.id_numbers import IdKind, IdNumber, read_id_number
from flows.reading.names import PersonName, read_name
from flows.reading.phones import Phone, read_phone
from flows.reading.policy_numbers import PolicyNumber as PolicyNumberRead
from flows.reading.policy_numbers import read_policy_number
from flows.reading.refusal import Refusal
from flows.terms.policy import Person, Policy

ASK_NAME = message("ask.name")
ASK_ID_NUMBER = message("ask.id_number")
ASK_POLICY_NUMBER = message("ask.policy_number")
ASK_NAME_OF_RELATIVE = message("ask.name_of_relative")
ASK_PHONE = message("ask.phone")
SHARE_PHONE = message("phone.share")
UNMATCHED = message("ask.unmatched", "hotline")
AMEND: dict[str, MessageKey] = {
    name: message(f"unmatched.{name}") for name in ("name", "id_number", "policy_number", "phone")
}
OWN = "yes"  # of phone_shared: the sender's own contact, as Telegram says


def same_name(one: str, other: str) -> bool:
    """Compare two names as a person would: spaces, dots and case aside."""
    return _bare(one) == _bare(other)


def _bare(name: str) -> str:
    return re.sub(r"[\s·.•・\-']", "", plain(name)).casefold()


def agrees(person: Person, answers: dict[str, str]) -> bool:
    """Return True if the policy's insured is who the answers describe; never which part does not agree."""
    return same_name(person.name, answers["name"]) & (person.number == answers["id_number"])


class Name(Question):
    """The insured's name, as on the document."""

    state: ClassVar[str] = "name"
    cites: ClassVar[tuple[str, ...]] = ("OP-P2", "G3")

    label: ClassVar[MessageKey | None] = message("label.name")

    def ask(self, context: Context) -> Prompt:
        """Ask."""
        relative = context.session.answers.get("applicant") == "relative"
        return Prompt(ASK_NAME_OF_RELATIVE() if relative else ASK_NAME())

    def shown(self, context: Context) -> Text | None:
        """Return it as hospitals call it out."""
        return VERBATIM(text=masked_name(context.session.answers.get(self.state, "")))

    def read(self, text: str, _context: Context) -> Reading:
        """Read a name, a 我叫 before it and a 先生 behind it aside."""
        name = read_name(text)
        return Answer(name.value) if isinstance(name, PersonName) else name


class IdNumberQuestion(Question):
    """The insured's document number; a kind other than the resident card is recognised by its form."""

    state: ClassVar[str] = "id_number"
    also: ClassVar[tuple[str, ...]] = ("id_kind",)
    cites: ClassVar[tuple[str, ...]] = ("OP-P2", "G3")
    label: ClassVar[MessageKey | None] = message("label.id_number")

    def shown(self, context: Context) -> Text | None:
        """Return its last digits."""
        return VERBATIM(text=masked(context.session.answers.get(self.state, "")))

    def ask(self, _context: Context) -> Prompt:
        """Ask."""
        return Prompt(ASK_ID_NUMBER())

    def read(self, text: str, context: Context) -> Reading:
        """Read a number of any kind that names itself; say what is wrong with it where it is none."""
        reading = read_id_number(text, declared=IdKind.RESIDENT_ID, as_of=context.today)
        if isinstance(reading, Refusal) and reading.params.get("seen") in set(IdKind):
            reading = read_id_number(text, declared=IdKind(reading.params["seen"]), as_of=context.today)
        if isinstance(reading, IdNumber):
            return Answer(reading.normalized, {"id_kind": reading.kind})
        return reading


class PolicyNumber(Question):
    """The policy number, as printed."""

    state: ClassVar[str] = "policy_number"
    cites: ClassVar[tuple[str, ...]] = ("OP-P2", "G2")
    label: ClassVar[MessageKey | None] = message("label.policy_number")

    def shown(self, context: Context) -> Text | None:
        """Return its last characters."""
        return VERBATIM(text=masked(context.session.answers.get(self.state, "")))

    def ask(self, _context: Context) -> Prompt:
        """Ask."""
        return Prompt(ASK_POLICY_NUMBER())

    def read(self, text: str, _context: Context) -> Reading:
        """Read 6 to 30 letters and digits; spaces and dashes between them do not count."""
        number = read_policy_number(text)
        return Answer(number.value) if isinstance(number, PolicyNumberRead) else number


class PhoneQuestion(Question):
    """Where the applicant is reached: their own contact shared, or a number typed.

    Shared and on file, it counts as verified, and the case says whose it is: the insured's or the 投保人's.
    """

    state: ClassVar[str] = "phone"
    also: ClassVar[tuple[str, ...]] = ("phone_shared", "phone_verified")
    cites: ClassVar[tuple[str, ...]] = ("OP-P2",)
    label: ClassVar[MessageKey | None] = message("label.phone")

    def ask(self, _context: Context) -> Prompt:
        """Ask, with the button that shares one's own."""
        return Prompt(ASK_PHONE(), contact=SHARE_PHONE())

    def read(self, text: str, _context: Context) -> Reading:
        """Read a mobile, a landline with its area code, or a number abroad."""
        phone = read_phone(text)
        return Answer(phone.e164) if isinstance(phone, Phone) else Refusal(f"phone_{phone.code}")

    def shared(self, number: str, *, own: bool) -> Reading:
        """Take a contact card; verified is only the sender's own."""
        phone = read_phone(number if number.startswith("+") or not number.startswith("86") else f"+{number}")
        if not isinstance(phone, Phone):
            return Refusal(f"phone_{phone.code}")
        return Answer(phone.e164, {"phone_shared": OWN} if own else {})

    def shown(self, context: Context) -> Text | None:
        """Return its last digits."""
        return VERBATIM(text=masked(context.session.answers.get(self.state, "")))


def verified(policy: Policy, answers: Mapping[str, str]) -> str:
    """Say whose number on file the applicant's own contact is: insured, holder, or empty."""
    if answers.get("phone_shared") != OWN:
        return ""
    number = answers.get("phone")
    if number == e164(policy.insured.phone):
        return "insured"
    return "holder" if number == e164(policy.holder.phone) else ""


def e164(number: str) -> str:
    """Return a number on file as it is compared; empty for what is none."""
    phone = read_phone(number) if number else None
    return phone.e164 if isinstance(phone, Phone) else ""


class Unmatched(Question):
    """The answers fit no policy on file: which one shall be corrected? Never which part is wrong."""

    state: ClassVar[str] = "unmatched"
    keeps: ClassVar[bool] = False
    counted: ClassVar[bool] = False

    def ask(self, context: Context) -> Prompt:
        """Offer to correct each; the others are kept."""
        rows = tuple((Choice(words(), opens=name),) for name, words in AMEND.items() if name != "phone")
        return Prompt(UNMATCHED(hotline=context.reference.terms.hotline), rows)
