"""Which way an admission goes, and why [IP-N8]."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from flows.terms.branch import AGAINST, DOUBTS, AdmissionNotice, Placement, place

CASES = json.loads((Path(__file__).parents[2] / "examples" / "rules.json").read_text("utf-8"))["branch"]
FIELDS = ("has_notice", "issuer_is_wanted", "wanted_in_network", "issuer_in_network")
THREE = (True, False, None)
WANTED: tuple[bool | str | None, ...] = (True, False, None, "other campus")
EVERY = [dict(zip(FIELDS, values, strict=True)) for values in product(THREE, WANTED, THREE, THREE)]


def placed(**known: Any) -> Placement:  # noqa: ANN401 - any of the four fields
    return place(AdmissionNotice(**known))


@pytest.mark.parametrize("case", CASES)
def test_the_shown_cases(case: dict[str, Any]) -> None:
    assert placed(**{name: case[name] for name in FIELDS}) == Placement(case["branch"], tuple(case["because"]))


@pytest.mark.parametrize(
    ("known", "branch", "because"),
    [
        ({"has_notice": None, "wanted_in_network": False}, "IP-B", ["IP-N8.3"]),
        ({"has_notice": None, "issuer_is_wanted": False, "wanted_in_network": True}, "IP-B", ["IP-N8.2"]),
        ({"has_notice": True, "issuer_is_wanted": None, "wanted_in_network": False}, "IP-B", ["IP-N8.3"]),
        ({"has_notice": True, "issuer_is_wanted": False, "wanted_in_network": None}, "IP-B", ["IP-N8.2"]),
        (
            {"has_notice": True, "issuer_is_wanted": "other campus", "wanted_in_network": True,
             "issuer_in_network": False},
            "IP-B",
            ["IP-N8.4"],
        ),
        (
            {"has_notice": False, "issuer_is_wanted": False, "wanted_in_network": True, "issuer_in_network": False},
            "IP-B",
            ["IP-N8.1"],
        ),
        (
            {"has_notice": True, "issuer_is_wanted": True, "wanted_in_network": True, "issuer_in_network": None},
            "review",
            ["unknown_hospital"],
        ),
        ({"has_notice": True, "issuer_is_wanted": None, "wanted_in_network": True, "issuer_in_network": True},
         "review", ["unknown_issuer"]),
        ({"has_notice": True}, "review", ["unknown_issuer", "unknown_hospital"]),
        ({}, "review", ["unknown_notice", "unknown_hospital"]),
        ({"has_notice": None, "issuer_is_wanted": "other campus", "wanted_in_network": True}, "review",
         ["unknown_notice"]),
    ],
)  # fmt: skip
def test_what_is_known_decides_and_what_is_not_goes_to_a_human(
    known: dict[str, Any], branch: str, because: list[str]
) -> None:
    assert placed(**known) == Placement(branch, tuple(because))


@pytest.mark.parametrize("known", EVERY)
def test_a_way_is_found_and_reasoned_whatever_is_known(known: dict[str, Any]) -> None:
    placement = placed(**known)
    certain = all(value is True for value in known.values())
    assert (placement.branch == "IP-A") == certain == (not placement.because)
    reasons = {"IP-B": AGAINST, "review": DOUBTS, "IP-A": ()}[placement.branch]
    assert set(placement.because) <= {condition.reason for condition in reasons}
    if known["has_notice"] is False:
        assert placement.branch == "IP-B"


@pytest.mark.parametrize("known", EVERY)
def test_learning_more_never_undoes_what_was_certain(known: dict[str, Any]) -> None:
    if placed(**known).branch == "review":
        return
    for name in (name for name in FIELDS if known[name] is None):
        for value in THREE[:2]:
            assert placed(**{**known, name: value}).branch == placed(**known).branch
