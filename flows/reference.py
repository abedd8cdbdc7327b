"""What every step may look at without asking: immutable, versioned, loaded once when the process starts."""

from collections.abc import Mapping

from msgspec import Struct

from flows.reading.illnesses import Severity
from flows.terms.calendar import Calendar, Clocks
from flows.terms.catalogue import Terms


class Illness(Struct, frozen=True):
    """An illness of a contract's list; `short` has at most 8 characters, for a button. A mild one is for a human."""

    code: str
    name: str
    short: str
    severity: Severity = Severity.SEVERE


class Reference(Struct, frozen=True):
    """The terms, the calendar, each product's illnesses (by product and version), and the hashes of consent texts."""

    terms: Terms
    calendar: Calendar
    clocks: Clocks
    illnesses: Mapping[str, tuple[Illness, ...]]
    consent_digests: Mapping[str, str]

    def illnesses_of(self, product: str) -> tuple[Illness, ...]:
        """Give the severe illnesses of a product's list, in its order: those that buttons show, and that qualify [G4].

        Empty where none is on file, so that a human decides.
        """
        return tuple(i for i in self.illnesses.get(product, ()) if i.severity is Severity.SEVERE)

    def mild_of(self, product: str) -> tuple[Illness, ...]:
        """Give the mild illnesses of a product's list: read when they are typed, and for a human to decide."""
        return tuple(i for i in self.illnesses.get(product, ()) if i.severity is Severity.MILD)

    def illness_name(self, code: str) -> str:
        """Give an illness's name by its code, which all lists share; empty for what is on none."""
        return next((i.name for listed in self.illnesses.values() for i in listed if i.code == code), "")
