"""What a described event makes of the reserved uses [G2, OP-N10, IP-N10 to IP-N12]."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.accuracy.event_words import events_told, settlement_told
from flows.terms import catalogue

RULES = json.loads((Path(__file__).parents[1] / "examples" / "rules.json").read_text("utf-8"))
TERMS = catalogue.load()


@pytest.mark.parametrize("case", RULES["quota_events"])
def test_the_shown_events(case: dict[str, Any]) -> None:
    settled = settlement_told(TERMS, case["service"], case["event"])
    assert (list(settled.consumed), list(settled.released)) == (case["consumed"], case["released"])


@pytest.mark.parametrize(
    ("service", "text", "consumed", "released"),
    [
        ("IP-A", "withdrawn by the customer before anything was arranged", [], ["IP"]),
        ("IP-B", "withdrawn by the customer before any booking", [], ["OP", "IP"]),
        ("IP-B", "doctor stopped clinic, customer told, no new date wanted", [], ["OP", "IP"]),
        ("IP-B", "doctor stopped clinic, customer told, new date agreed", [], []),
        ("IP-B", "visit took place, notice issued, hospital refuses: infectious disease", ["OP"], ["IP"]),
        ("IP-A", "no indication", [], ["IP"]),
        ("IP-A", "customer did not turn up for surgery", ["IP"], []),
        ("IP-A", "cancelled by the customer after booking, before the admission", [], []),
        ("IP-B", "draft never submitted", [], []),
        ("IP-B", "refused: not eligible", [], []),
        ("IP-B", "the weather was fine", [], []),
    ],
)
def test_other_events_told_in_words(service: str, text: str, consumed: list[str], released: list[str]) -> None:
    settled = settlement_told(TERMS, service, text)
    assert (list(settled.consumed), list(settled.released)) == (consumed, released)


def test_what_happened_is_told_in_the_order_in_which_it_happens() -> None:
    assert events_told("admitted; the visit took place before") == ("visited", "admitted")
    assert events_told("") == ()


def test_a_service_that_there_is_not_has_no_uses() -> None:
    with pytest.raises(KeyError):
        settlement_told(TERMS, "XX", "admitted")
