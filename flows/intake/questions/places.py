"""A hospital as an answer: to the directory's official name where it is sure, else asked back or kept in words."""

from msgspec import Struct

from flows.intake.questions.question import Context
from flows.intake.questions.visit_words import kept_words
from flows.reading.hospital_names import HospitalReading, read_hospital
from flows.reading.hospitals.directory import Hospital


class Place(Struct, frozen=True):
    """A hospital meant: `name` is the directory's where `hospital` is given, else the person's own words."""

    name: str
    hospital: Hospital | None = None
    campus: str = ""

    @property
    def network(self) -> bool | None:
        """Return whether it is in the network; None where the directory does not hold it [IP-N8]."""
        return None if self.hospital is None else self.hospital.network


def read_place(text: str, context: Context, *, city: str | None = None) -> Place | tuple[str, ...]:
    """Return the hospital that `text` names, or the official names it may be, to be asked back (never empty).

    What the directory does not hold is kept as it was written: a human looks at it.
    """
    reading = read_hospital(text, context.reference.hospitals, city=city)
    if reading.kind == "ambiguous":
        return reading.names
    return _place(reading, text, context)


def known_place(name: str, context: Context) -> Place:
    """Return the hospital of an answer that was kept."""
    return Place(name, context.reference.hospitals.hospital(name))


def _place(reading: HospitalReading, text: str, context: Context) -> Place:
    if reading.kind == "unique":
        return Place(reading.names[0], context.reference.hospitals.hospital(reading.names[0]), reading.campus or "")
    return Place(kept_words(text))
