"""Uses of the services: how many are left, and what becomes of those reserved [G2, OP-N10, IP-N10 to IP-N12]."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flows.ids import CaseId
from flows.terms import catalogue
from flows.terms.catalogue import UseEvent, Uses
from flows.terms.policy import CONSUMED, RELEASED, RESERVED, Use, policy_year
from flows.terms.uses import Account, Settlement, events_of, settle, taken

RULES = json.loads((Path(__file__).parents[2] / "examples" / "rules.json").read_text("utf-8"))
TERMS = catalogue.load()
STARTS, TODAY = date(2024, 6, 1), date(2026, 11, 23)
THIS_YEAR, LAST_YEAR = date(2026, 6, 1), date(2025, 6, 1)
DEFAULT = TERMS.contract("").uses
LITERAL = Uses(limit=1, period="policy_term", shared=True)


def account(*uses: Use, rule: Uses = DEFAULT, **limits: int) -> Account:
    return Account(rule, STARTS, limits, uses)


def left(account: Account) -> tuple[int, int]:
    return account.left("OP", TODAY), account.left("IP", TODAY)


@pytest.mark.parametrize("case", RULES["quota"])
def test_the_shown_quotas(case: dict[str, Any]) -> None:
    uses = [Use("OP", THIS_YEAR)] * case["op_used"] + [Use("IP", THIS_YEAR)] * case["ip_used"]
    wanted = taken(TERMS.services[case["service"]], case["branch"] or "")
    allowed = all(account(*uses).left(use, TODAY) for use in wanted)
    assert allowed == case["allowed"]
    assert (list(wanted) if allowed else []) == case["consumes_on_completion"]


@pytest.mark.parametrize(
    ("uses", "expected"),
    [
        ((), (1, 1)),
        ((Use("OP", THIS_YEAR, CONSUMED),), (0, 1)),
        ((Use("OP", THIS_YEAR, RESERVED, CaseId(1)),), (0, 1)),
        ((Use("OP", THIS_YEAR, RELEASED, CaseId(1)),), (1, 1)),
        ((Use("OP", LAST_YEAR, CONSUMED),), (1, 1)),
        ((Use("IP", THIS_YEAR), Use("IP", THIS_YEAR)), (1, 0)),
    ],
)
def test_a_use_counts_in_its_own_policy_year_unless_it_was_released(
    uses: tuple[Use, ...], expected: tuple[int, int]
) -> None:
    assert left(account(*uses)) == expected


@pytest.mark.parametrize(
    ("uses", "expected"),
    [
        ((), (1, 1)),
        ((Use("OP", LAST_YEAR, CONSUMED, CaseId(1)),), (0, 0)),
        ((Use("IP", THIS_YEAR),), (0, 0)),
        ((Use("IP", THIS_YEAR, RELEASED, CaseId(1)),), (1, 1)),
    ],
)
def test_read_literally_the_clause_gives_one_request_in_all_over_the_term(
    uses: tuple[Use, ...], expected: tuple[int, int]
) -> None:
    assert left(account(*uses, rule=LITERAL)) == expected


def test_a_case_that_took_two_uses_is_one_request_and_each_use_by_telephone_is_one() -> None:
    twice = Uses(limit=3, period="policy_term", shared=True)
    both = (Use("OP", THIS_YEAR, RESERVED, CaseId(1)), Use("IP", THIS_YEAR, RESERVED, CaseId(1)))
    assert left(account(*both, rule=twice)) == (2, 2)
    assert left(account(*both, Use("OP", LAST_YEAR), rule=twice)) == (1, 1)
    assert left(account(Use("OP", THIS_YEAR), Use("OP", LAST_YEAR), rule=twice)) == (1, 1)


def test_a_policy_s_own_limit_takes_the_place_of_the_contract_s_service_by_service() -> None:
    assert left(account(OP=2)) == (2, 1)
    assert left(account(OP=0)) == (0, 1)
    assert left(account(rule=Uses(limit=3, period="policy_year", shared=False), OP=2)) == (2, 3)
    assert left(account(rule=LITERAL, OP=2)) == (1, 1)


def test_two_a_year_over_the_term_count_every_year() -> None:
    term = Uses(limit=2, period="policy_term", shared=False)
    assert left(account(Use("OP", LAST_YEAR), rule=term)) == (1, 2)


def test_what_is_left_is_never_less_than_nothing() -> None:
    assert left(account(Use("OP", THIS_YEAR), Use("OP", THIS_YEAR))) == (0, 1)


def test_a_request_takes_its_branch_s_uses_or_the_service_s_own_before_the_branch_is_known() -> None:
    ip = TERMS.services["IP"]
    assert taken(TERMS.services["OP"], "") == ("OP",)
    assert [taken(ip, branch) for branch in ("", "review", "IP-A", "IP-B")] == [("IP",), ("IP",), ("IP",), ("OP", "IP")]


def test_no_event_moves_what_is_not_reserved() -> None:
    both = UseEvent(clause="G2", consumes=("OP",), releases=("IP",))
    assert settle((), [both]) == Settlement()
    assert settle(("OP", "IP"), []) == Settlement(reserved=("OP", "IP"))
    assert settle(("OP", "IP"), [both]) == Settlement(consumed=("OP",), released=("IP",))
    again = UseEvent(clause="G2", consumes=("IP",), releases=("OP",))
    assert settle(("OP", "IP"), [both, again]) == Settlement(consumed=("OP",), released=("IP",))
    assert settle(("OP", "IP"), [UseEvent(clause="G2", consumes=("OP",)), again]) == Settlement(consumed=("OP", "IP"))


def test_events_are_those_of_the_service_or_of_its_branch() -> None:
    assert events_of(TERMS, "OP") == TERMS.services["OP"].events
    assert events_of(TERMS, "IP", "IP-B") == TERMS.services["IP"].branches["IP-B"].events
    with pytest.raises(KeyError):
        events_of(TERMS, "IP", "IP-C")


@pytest.mark.parametrize(
    ("starts", "day", "year"),
    [
        (date(2024, 6, 1), date(2026, 5, 31), date(2025, 6, 1)),
        (date(2024, 6, 1), date(2026, 6, 1), date(2026, 6, 1)),
        (date(2024, 6, 1), date(2024, 6, 1), date(2024, 6, 1)),
        (date(2024, 2, 29), date(2026, 2, 27), date(2025, 2, 28)),
        (date(2024, 2, 29), date(2026, 2, 28), date(2026, 2, 28)),
        (date(2024, 2, 29), date(2028, 2, 28), date(2027, 2, 28)),
        (date(2024, 2, 29), date(2028, 2, 29), date(2028, 2, 29)),
    ],
)
def test_a_policy_year_runs_from_anniversary_to_anniversary(starts: date, day: date, year: date) -> None:
    assert policy_year(starts, day) == year
