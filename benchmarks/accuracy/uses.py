"""Scoring of the admission's branch and of the uses, by the modules of the terms that decide them."""

from datetime import date
from functools import cache
from typing import Final

from benchmarks.accuracy.event_words import settlement_told
from benchmarks.accuracy.model import Case, Judged, Said
from benchmarks.accuracy.typed import Frame
from flows.terms import branch, catalogue
from flows.terms.catalogue import Terms
from flows.terms.policy import Use
from flows.terms.uses import Account, taken

_FACTS: Final = ("has_notice", "issuer_is_wanted", "wanted_in_network", "issuer_in_network")
_STARTS: Final = date(2024, 6, 1)
_YEAR: Final = date(2026, 6, 1)
_DAY: Final = date(2026, 11, 23)
"""Any policy, and a day in its year from `_YEAR` on: the cases count the uses of one policy year."""


@cache
def _terms() -> Terms:
    return catalogue.load()


def a_branch(case: Case, _frame: Frame) -> Judged:
    """Score the branch with its reasons [IP-N8]; IP-A sent to a human is tolerable, a use too few is not."""
    placed = branch.place(branch.AdmissionNotice(**{fact: case.get(fact) for fact in _FACTS}))
    expected = Said(case["branch"], " ".join(sorted(case.get("because") or ())))
    got = Said(placed.branch, " ".join(sorted(placed.because)))
    right = got == expected or (expected.label == "IP-A" and got.label == "review")
    return Judged(expected, got, right, got.label == "IP-A" and expected.label != "IP-A")


def a_quota(case: Case, _frame: Frame) -> Judged:
    """Score whether a request is allowed, and what it takes [G2, OP-N10, IP-N10, IP-N11]."""
    terms = _terms()
    spent = [Use("OP", _YEAR)] * case["op_used"] + [Use("IP", _YEAR)] * case["ip_used"]
    account = Account(terms.contract("").uses, _STARTS, {}, tuple(spent))
    wanted = taken(terms.services[case["service"]], case.get("branch") or "")
    allowed = all(account.left(use, _DAY) for use in wanted)
    got = _allowed(sorted(wanted) if allowed else [], allowed=allowed)
    expected = _allowed(sorted(case["consumes_on_completion"]), allowed=case["allowed"])
    return Judged(expected, got, got == expected, allowed and not case["allowed"])


def _allowed(uses: list[str], *, allowed: bool) -> Said:
    return Said("allowed" if allowed else "no_use_left", " ".join(uses))


def an_event(case: Case, _frame: Frame) -> Judged:
    """Score what an event, told in words, consumes and releases of the reserved uses."""
    settled = settlement_told(_terms(), case["service"], case["event"])
    expected = _settled(case["consumed"], case["released"])
    got = _settled(list(settled.consumed), list(settled.released))
    return Judged(expected, got, got == expected)


def _settled(consumed: list[str], released: list[str]) -> Said:
    parts = [f"{word} {' '.join(sorted(uses))}" for word, uses in (("consumed", consumed), ("released", released))]
    named = [part for part, uses in zip(parts, (consumed, released), strict=True) if uses]
    return Said(", ".join(named) or "kept")
