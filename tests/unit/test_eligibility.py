"""What the terms say about a request [G2, G3, G4, OP-N1]."""

from datetime import date

import pytest
from msgspec.structs import replace

from flows.terms.eligibility import UNLISTED, Decision, Facts, Outcome, decide, policy_year
from flows.terms.policy import ENDED, GRACE, IN_FORCE, SUSPENDED, Use

FACTS = Facts(
    service="OP",
    today=date(2026, 11, 23),
    status=IN_FORCE,
    starts=date(2024, 6, 1),
    ends=date(2054, 5, 31),
    limits={"OP": 1, "IP": 1},
    uses=(),
    illness="S01",
    records=1,
)


def decided(**changes: object) -> Decision:
    return decide(replace(FACTS, **changes), terms="2026-11")


def test_a_plain_request_is_eligible_and_every_rule_says_so() -> None:
    decision = decided()
    assert decision.outcome is Outcome.ELIGIBLE
    assert decision.against() == ()
    assert [finding.clause for finding in decision.findings] == ["G2", "G2", "G4", "OP-N1"]
    assert decision.terms == "2026-11"


@pytest.mark.parametrize(
    ("changes", "outcome", "clause", "code"),
    [
        ({"status": GRACE}, Outcome.ELIGIBLE, None, None),
        ({"status": ENDED}, Outcome.REFUSED, "G2", "policy_ended"),
        ({"status": SUSPENDED}, Outcome.HUMAN, "G2", "policy_suspended"),
        ({"ends": date(2026, 11, 22)}, Outcome.REFUSED, "G2", "policy_ended"),
        ({"ends": date(2026, 11, 23)}, Outcome.ELIGIBLE, None, None),
        ({"starts": date(2026, 11, 23)}, Outcome.ELIGIBLE, None, None),
        ({"starts": date(2026, 11, 24)}, Outcome.REFUSED, "G2", "policy_ended"),
        ({"uses": (Use("OP", date(2026, 6, 1)),)}, Outcome.REFUSED, "G2", "use_spent"),
        ({"uses": (Use("IP", date(2026, 6, 1)),)}, Outcome.ELIGIBLE, None, None),
        ({"uses": (Use("OP", date(2025, 6, 1)),)}, Outcome.ELIGIBLE, None, None),
        ({"uses": (Use("OP", date(2026, 6, 1)),), "limits": {"OP": 2}}, Outcome.ELIGIBLE, None, None),
        ({"limits": {}}, Outcome.REFUSED, "G2", "use_spent"),
        ({"illness": UNLISTED}, Outcome.HUMAN, "G4", "illness_open"),
        ({"records": 0}, Outcome.HUMAN, "OP-N1", "record_missing"),
    ],
)
def test_each_rule_has_its_outcome_and_its_clause(
    changes: dict[str, object], outcome: Outcome, clause: str | None, code: str | None
) -> None:
    decision = decided(**changes)
    assert decision.outcome is outcome
    assert [(f.clause, f.code) for f in decision.against()] == ([(clause, code)] if clause else [])


def test_a_refusal_outweighs_what_a_human_would_decide() -> None:
    decision = decided(status=ENDED, illness=UNLISTED)
    assert decision.outcome is Outcome.REFUSED
    assert [finding.code for finding in decision.against()] == ["policy_ended"]


@pytest.mark.parametrize(
    ("starts", "day", "year"),
    [
        (date(2024, 6, 1), date(2026, 5, 31), date(2025, 6, 1)),
        (date(2024, 6, 1), date(2026, 6, 1), date(2026, 6, 1)),
        (date(2024, 2, 29), date(2026, 2, 27), date(2025, 2, 28)),
        (date(2024, 2, 29), date(2026, 2, 28), date(2026, 2, 28)),
        (date(2024, 2, 29), date(2028, 2, 28), date(2027, 2, 28)),
        (date(2024, 2, 29), date(2028, 2, 29), date(2028, 2, 29)),
    ],
)
def test_a_policy_year_runs_from_anniversary_to_anniversary(starts: date, day: date, year: date) -> None:
    assert policy_year(starts, day) == year
