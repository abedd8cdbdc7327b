"""What every step may look at without asking: immutable, versioned, loaded once when the process starts."""

from collections.abc import Mapping

from msgspec import Struct

from flows.reading.hospital_names import HospitalIndex
from flows.reading.illnesses import Illness, IllnessList, Severity
from flows.terms.calendar import Calendar
from flows.terms.catalogue import Terms


class Reference(Struct, frozen=True):
    """The terms, the calendar, each product's illnesses (by product and version), consents' hashes, the hospitals.

    `button_labels` are the words on the buttons that are commands, of policyholders and of agents.
    """

    terms: Terms
    calendar: Calendar
    illnesses: Mapping[str, IllnessList]
    consent_digests: Mapping[str, str]
    hospitals: HospitalIndex
    button_labels: frozenset[str]

    def illnesses_of(self, product: str) -> tuple[Illness, ...]:
        """Return the severe illnesses of a product's list, in its order: which buttons show, and which qualify [G4].

        Empty where none is on file, so that a human decides. Mild ones are read when they are typed.
        """
        listed = self.illnesses.get(product)
        return () if listed is None else tuple(i for i in listed.illnesses if i.severity is Severity.SEVERE)

    def illness_name(self, product: str, code: str) -> str:
        """Return an illness's name on a product's list; empty for what is not on it."""
        listed = self.illnesses.get(product)
        return next((i.name for i in listed.illnesses if i.code == code), "") if listed is not None else ""
