"""Terms whose parts do not agree, or with a field or a value that is not known, are not loaded."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import msgspec
import pytest

from flows.terms.catalogue import TermsFault, build, parts


def nothing_at(*path: str, value: object = "nothing") -> Callable[[dict[str, Any]], None]:
    """A change that puts `value` at a path."""

    def change(data: dict[str, Any]) -> None:
        for name in path[:-1]:
            data = data[name]
        data[path[-1]] = value

    return change


FAULTS: list[tuple[Callable[[dict[str, Any]], None], str]] = [
    (nothing_at("services", "OP", "terms", value=["OP-X"]), "OP: no clause OP-X"),
    (nothing_at("services", "OP", "cites", "record", value="OP-X"), "OP: no clause OP-X"),
    (nothing_at("services", "OP", "limits", "lead", "clause", value="OP-X"), "OP: no clause OP-X"),
    (nothing_at("services", "OP", "flags", "originals", "clause", value="OP-X"), "OP: no clause OP-X"),
    (nothing_at("services", "OP", "events", "visited", "clause", value="OP-X"), "OP: no clause OP-X"),
    (nothing_at("services", "IP", "branches", "IP-A", "clause", value="IP-X"), "IP: no clause IP-X"),
    (nothing_at("services", "IP", "branches", "IP-A", "events", "admitted", "clause", value="IP-X"),
     "IP: no clause IP-X"),
    (nothing_at("services", "IP", "branches", "IP-B", "visit", "clauses", value=["OP-X"]), "IP: no clause OP-X"),
    (nothing_at("services", "IP", "offer", "clause", value="IP-X"), "IP: no clause IP-X"),
    (nothing_at("services", "OP", "uses", value=["XX"]), "OP: no service XX"),
    (nothing_at("services", "OP", "events", "visited", "consumes", value=["XX"]), "OP: no service XX"),
    (nothing_at("services", "IP", "branches", "IP-B", "uses", value=["XX"]), "IP: no service XX"),
    (nothing_at("services", "IP", "branches", "IP-B", "events", "visited", "releases", value=["XX"]),
     "IP: no service XX"),
    (nothing_at("services", "OP", "record", "flagged", value=["xx"]), "OP: xx is no kind taken"),
    (nothing_at("services", "OP", "consents", value=["OP-N2"]), "consents: OP-N5"),
    (nothing_at("services", "OP", "consents", value=["OP-N1", "OP-N2", "OP-N5", "OP-N8", "OP-N9", "OP-N10"]),
     "consents: OP-N1"),
    (nothing_at("services", "IP", "branches", "IP-A", "notices", value=[]), "notices: IP-A5"),
    (nothing_at("consents", value=[]), "consents: G1"),
    (nothing_at("consents", value=[{"key": "provider", "version": "1", "clause": "G9"}]), "consents: no clause G9"),
    (nothing_at("services", "OP", "steps", value=[{"clause": "OP-X", "name": "x", "after": "accepted"}]),
     "OP: no clause OP-X"),
    (nothing_at("services", "IP", "branches", "IP-A", "steps",
                value=[{"clause": "IP-A3", "name": "x", "after": "accepted", "limit": "xx"}]),
     "IP: no limit xx"),
    (nothing_at("services", "OP", "steps", value=[{"name": "x", "after": "accepted"}]), "OP: no clause "),
    (nothing_at("services", "OP", "limits", "lead", value={"days": 5}), "OP: no clause "),
    (nothing_at("services", "OP", "limits", "lead", "target", value=6), "OP: target of lead is after its last day"),
    (nothing_at("services", "OP", "internal_steps", value=[{"clause": "OP-X", "name": "x", "after": "accepted"}]),
     "OP: no clause OP-X"),
    (nothing_at("services", "OP", "internal_steps",
                value=[{"clause": "OP-P3", "name": "x", "after": "accepted", "limit": "xx"}]),
     "OP: no limit xx"),
    (nothing_at("services", "IP", "branches", "IP-B", "internal_steps",
                value=[{"clause": "IP-B4", "name": "x", "after": "hospital_chosen"}]),
     "IP: x is not counted from accepted"),
    (nothing_at("services", "OP", "steps",
                value=[{"clause": "OP-P4", "name": "x", "after": "accepted", "limit": "day_before_visit",
                        "pauses": True}]),
     "OP: x has no working days to pause"),
    (nothing_at("services", "OP", "steps",
                value=[{"clause": "OP-P4", "name": "x", "after": "accepted", "pauses": True}]),
     "OP: x has no working days to pause"),
    (nothing_at("internal_steps", value=[]), "terms: no internal step first_contact"),
    (nothing_at("internal_steps", value=[]), "terms: no internal step first_visit"),
    (nothing_at("internal_steps", value=[{"name": "x", "after": "claimed"}]), "terms: x is not counted from accepted"),
    (nothing_at("internal_steps", value=[{"name": "x", "after": "accepted", "limit": "xx"}]), "terms: no limit xx"),
    (nothing_at("internal_steps", value=[{"name": "x", "after": "accepted", "clause": "XX"}]), "terms: no clause XX"),
    (nothing_at("limits", "first_contact", "clause", value="XX"), "terms: no clause XX"),
    (nothing_at("limits", "first_contact", "target", value=3), "terms: target of first_contact is after its last day"),
    (nothing_at("subjects", "cost", value=["OP-X"]), "subjects: no clause OP-X"),
    (nothing_at("subjects", "cost", value=[]), "subjects: OP-N9"),
    (nothing_at("subjects", "cost", value=["OP-N9", "OP-N10"]), "subjects: OP-N10"),
    (nothing_at("contracts", value={}), "contracts: no default"),
    (nothing_at("contracts", "default", "limits", value={"XX": {}}), "default: no service XX"),
    (nothing_at("contracts", "default", "limits", value={"OP": {"xx": {"clause": "OP-P3", "days": 1}}}),
     "default: no limit OP.xx"),
    (nothing_at("contracts", "default", "limits", value={"OP": {"lead": {"clause": "OP-X", "days": 1}}}),
     "default: no clause OP-X"),
    (nothing_at("contracts", "default", "limits",
                value={"OP": {"lead": {"clause": "OP-P1a", "days": 1, "of": "calendar_days"}}}),
     "default: OP.lead is of other days"),
    (nothing_at("contracts", "default", "limits", value={"OP": {"lead": {"clause": "OP-P1a", "days": 1, "target": 2}}}),
     "default: target of lead is after its last day"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "fault"), FAULTS)
def test_a_reference_to_nothing_is_named(change: Callable[[dict[str, Any]], None], fault: str) -> None:
    data = parts()
    change(data)
    with pytest.raises(TermsFault) as raised:
        build(data)
    assert fault in raised.value.faults
    assert str(raised.value) == "; ".join(raised.value.faults)


@pytest.mark.parametrize(
    "change",
    [
        nothing_at("hotlin"),
        nothing_at("services", "OP", "uses_per_year", value=1),
        nothing_at("services", "OP", "limits", "lead", "days", value=0),
        nothing_at("services", "OP", "limits", "lead", "days", value=-1),
        nothing_at("services", "OP", "limits", "hospital_call", "target", value=0),
        nothing_at("limits", "first_contact", "days", value=0),
        nothing_at("contracts", "default", "limits", value={"OP": {"lead": {"clause": "OP-P1a", "days": -5}}}),
        nothing_at("services", "OP", "limits", "lead", "of", value="weeks"),
        nothing_at("services", "OP", "record", "levels", "level_too_low", value="reject"),
        nothing_at("services", "OP", "cites", "recrod", value="OP-N1"),
        nothing_at("contracts", "default", "uses", "limit", value=-1),
        nothing_at("contracts", "default", "uses", "period", value="year"),
        nothing_at("hours", "opens", value="8"),
        nothing_at("hours", "closes", value="24:00"),
        nothing_at("clauses", "G1", "do", value=["guess"]),
        nothing_at("services", "OP", "steps", value=[{"clause": "OP-P4", "name": "x", "after": "accepted", "by": 1}]),
    ],
)
def test_a_field_or_a_value_that_is_not_known_is_refused(change: Callable[[dict[str, Any]], None]) -> None:
    data = parts()
    change(data)
    with pytest.raises(msgspec.ValidationError):
        build(data)


def test_a_service_that_a_visit_is_under_must_be_there() -> None:
    data = parts()
    data["services"]["IP"]["branches"]["IP-B"]["visit"]["service"] = "XX"
    with pytest.raises(TermsFault) as raised:
        build(data)
    assert "IP: no service XX" in raised.value.faults


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - JSON
    """The path of every figure, word and switch."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in items:
            yield from leaves(each, (*path, key))
    else:
        yield path


def test_the_digest_sees_each_single_change() -> None:
    data = parts()
    seen = {json.dumps(data, ensure_ascii=False, sort_keys=True)}
    paths = list(leaves(data))
    assert len(paths) > 400
    for path in paths:
        other = deepcopy(data)
        nothing_at(*path, value="changed")(other)
        seen.add(json.dumps(other, ensure_ascii=False, sort_keys=True))
    assert len(seen) == len(paths) + 1
