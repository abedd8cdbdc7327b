"""The codes that confirm cases, as one batch sees them: what it looked up, and what it gave itself."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from flows.ids import CaseId


class Codes:
    """The case of each known code; None where a code confirms nothing (any more)."""

    def __init__(self) -> None:
        self._cases: dict[str, CaseId | None] = {}
        self._renewed: set[CaseId] = set()  # cases that were given a code here: what is stored of them is out of date

    def unknown(self, codes: AbstractSet[str]) -> list[str]:
        """Return those of `codes` that were not looked up yet, sorted."""
        return sorted(codes - self._cases.keys())

    def note(self, codes: list[str], found: Mapping[str, CaseId]) -> None:
        """Remember what a look-up of `codes` found."""
        for code in codes:
            case = found.get(code)
            self._cases[code] = None if case in self._renewed else case

    def give(self, code: str, case: CaseId, *, valid: bool) -> None:
        """Let `code` take the place of the one that its case had; one that is not `valid` confirms nothing."""
        for other, confirmed in self._cases.items():
            if confirmed == case:
                self._cases[other] = None
        self._renewed.add(case)
        self._cases[code] = case if valid else None

    def case_of(self, code: str) -> CaseId | None:
        """Return the case that a code confirms. Raises KeyError for one that was neither looked up nor given."""
        return self._cases[code]
