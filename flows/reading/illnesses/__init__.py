"""What people type for an illness, read against the list of their contract [G4, OP-N7]."""

from flows.reading.illnesses.listing import Illness, IllnessList, Severity, load_illnesses
from flows.reading.illnesses.reader import (
    Certainty,
    IllnessReading,
    IllnessStatus,
    Span,
    prepare_illnesses,
    read_illness,
)

__all__ = [
    "Certainty",
    "Illness",
    "IllnessList",
    "IllnessReading",
    "IllnessStatus",
    "Severity",
    "Span",
    "load_illnesses",
    "prepare_illnesses",
    "read_illness",
]
