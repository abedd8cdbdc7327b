"""What the terms say about a request: every row of the decision table, its clause, and what it rests on."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from flows.reading.record_source import record_source
from flows.terms import catalogue, eligibility
from flows.terms import conditions as on
from flows.terms.branch import AdmissionNotice
from flows.terms.catalogue import Uses
from flows.terms.conditions import Matter
from flows.terms.eligibility import EDITION, EDITIONS, RULES, Decision, Outcome, Rule, codes_told, decide, replay
from flows.terms.facts import UNLISTED, Facts, PolicyFacts, Record
from flows.terms.policy import CONSUMED, ENDED, GRACE, IN_FORCE, SUSPENDED, Use
from flows.terms.uses import Account

ELIGIBLE, HUMAN, REFUSED = Outcome.ELIGIBLE, Outcome.HUMAN, Outcome.REFUSED
RULES_FILE = Path(__file__).parents[2] / "examples" / "rules.json"
STORED = Path(__file__).parents[1] / "data" / "decision_stored.json"
TERMS = catalogue.load("2026-11")
TODAY, YEAR = date(2026, 11, 23), date(2026, 6, 1)

ACCOUNT = Account(Uses(limit=1, period="policy_year", shared=False), date(2024, 6, 1), {}, ())
POLICY = PolicyFacts(IN_FORCE, date(2054, 5, 31), ACCOUNT)
ASKED: dict[str, Any] = {"policy": POLICY, "illness": "S01", "standing": "listed", "records": (Record(),)}

A = AdmissionNotice(has_notice=True, issuer_is_wanted=True, wanted_in_network=True, issuer_in_network=True)
B = AdmissionNotice(has_notice=False, wanted_in_network=True)
UNKNOWN = AdmissionNotice(wanted_in_network=True)

GOOD, CLINIC, PRIVATE, ABROAD, UNSURE = (
    Record((code,)) for code in ("qualifies", "level_too_low", "private", "outside_mainland", "level_unknown")
)
MIXED = Record(("qualifies", "level_unknown", "private"))


def policy(**changes: object) -> PolicyFacts:
    return replace(POLICY, **changes)


def starting(day: date) -> PolicyFacts:
    return policy(account=replace(ACCOUNT, starts=day))


def spent(*services: str, **changes: object) -> PolicyFacts:
    return policy(account=replace(ACCOUNT, uses=tuple(Use(s, YEAR) for s in services), **changes))


def decided(service: str = "OP", **changes: object) -> Decision:
    return decide(Facts(service=service, today=TODAY, **{**ASKED, **changes}), TERMS)


def codes(decision: Decision) -> list[tuple[str, str]]:
    return [(f.clause, f.code) for f in decision.findings]


def test_a_plain_request_is_eligible_and_every_rule_that_was_asked_says_so() -> None:
    decision = decided()
    assert decision.outcome is ELIGIBLE
    assert decision.against() == ()
    assert codes(decision) == [
        ("G2", "policy_in_force"),
        ("G2", "use_left"),
        ("G4", "illness_listed"),
        ("OP-N1", "record_given"),
    ]
    assert (decision.terms, decision.edition) == ("2026-11", 1)


def test_what_was_not_asked_yields_no_finding() -> None:
    decision = decide(Facts(service="OP", today=TODAY, policy=POLICY), TERMS)
    assert codes(decision) == [("G2", "policy_in_force"), ("G2", "use_left")]


Way = tuple[str, dict[str, object], Outcome, str, str]


def each_of(
    name: str, values: tuple[str, ...], outcome: Outcome, clause: str, code: str, **others: object
) -> list[Way]:
    return [("OP", {name: value, **others}, outcome, clause, code) for value in values]


WAYS: list[Way] = [
    # the policy [G2]
    ("OP", {"policy": None}, HUMAN, "G2", "policy_missing"),
    ("OP", {"policy": policy(status=ENDED)}, REFUSED, "G2", "policy_ended"),
    ("OP", {"policy": policy(ends=date(2026, 11, 22))}, REFUSED, "G2", "policy_ended"),
    ("OP", {"policy": policy(ends=TODAY)}, ELIGIBLE, "G2", "policy_in_force"),
    ("OP", {"policy": starting(TODAY)}, ELIGIBLE, "G2", "policy_in_force"),
    ("OP", {"policy": starting(date(2026, 11, 24))}, REFUSED, "G2", "policy_ended"),
    ("OP", {"policy": policy(status=SUSPENDED, ends=date(2026, 11, 22))}, REFUSED, "G2", "policy_ended"),
    ("OP", {"policy": policy(status=SUSPENDED)}, HUMAN, "G2", "policy_suspended"),
    ("OP", {"policy": policy(status=GRACE)}, ELIGIBLE, "G2", "policy_in_force"),
    ("OP", {"policy": policy(status="frozen")}, HUMAN, "G2", "policy_unclear"),
    # the uses [G2, IP-N10]
    ("OP", {"policy": spent("OP")}, REFUSED, "G2", "use_spent"),
    ("OP", {"policy": spent("IP")}, ELIGIBLE, "G2", "use_left"),
    ("OP", {"policy": spent("OP", limits={"OP": 2})}, ELIGIBLE, "G2", "use_left"),
    ("OP", {"policy": spent(limits={"OP": 0})}, REFUSED, "G2", "use_spent"),
    ("IP", {"policy": spent("IP")}, REFUSED, "G2", "use_spent"),
    ("IP", {"policy": spent("OP")}, ELIGIBLE, "G2", "use_left"),
    ("IP", {"policy": spent("OP"), "notice": A}, ELIGIBLE, "G2", "use_left"),
    ("IP", {"policy": spent("IP"), "notice": A}, REFUSED, "G2", "use_spent"),
    ("IP", {"policy": spent("OP"), "notice": B}, REFUSED, "IP-N10", "second_use_spent"),
    ("IP", {"policy": spent("IP"), "notice": B}, REFUSED, "G2", "use_spent"),
    ("IP", {"policy": spent("OP"), "notice": UNKNOWN}, HUMAN, "G2", "use_left"),
    ("IP", {"policy": spent("IP"), "notice": UNKNOWN}, REFUSED, "G2", "use_spent"),
    # the patient and the illness [G3, G4]
    ("OP", {"patient": "insured"}, ELIGIBLE, "G3", "patient_insured"),
    ("OP", {"patient": "someone_else"}, REFUSED, "G3", "patient_other"),
    ("OP", {"patient": "unknown"}, HUMAN, "G3", "patient_unclear"),
    ("OP", {"condition": "confirmed"}, ELIGIBLE, "G3", "condition_given"),
    ("OP", {"condition": "suspected"}, ELIGIBLE, "G3", "condition_given"),
    ("OP", {"condition": "ruled_out"}, HUMAN, "G3", "condition_unclear"),
    ("OP", {"illness": UNLISTED, "standing": "listed"}, HUMAN, "G4", "illness_open"),
    ("OP", {"illness": "", "standing": "listed"}, HUMAN, "G4", "illness_open"),
    ("OP", {"standing": None}, HUMAN, "G4", "illness_open"),
    ("OP", {"standing": "mild"}, HUMAN, "G4", "illness_mild"),
    ("OP", {"standing": "not_listed"}, HUMAN, "G4", "illness_not_listed"),
    *each_of("standing", ("review", "contract_dependent", "unclear"), HUMAN, "G4", "illness_open"),
    # the record [OP-N1, IP-N1]
    ("OP", {"records": ()}, HUMAN, "OP-N1", "record_missing"),
    ("IP", {"records": ()}, HUMAN, "IP-N1", "record_missing"),
    ("OP", {"records": (GOOD,)}, ELIGIBLE, "OP-N1", "record_qualifies"),
    ("OP", {"records": (CLINIC, GOOD), "better_record": False}, ELIGIBLE, "OP-N1", "record_qualifies"),
    ("OP", {"records": (CLINIC, Record()), "better_record": False}, REFUSED, "OP-N1", "record_level_low"),
    ("OP", {"records": (UNSURE, CLINIC), "better_record": False}, HUMAN, "OP-N1", "record_unclear"),
    ("OP", {"records": (Record(("new_code",)),), "better_record": False}, HUMAN, "OP-N1", "record_unclear"),
    ("OP", {"records": (CLINIC,)}, HUMAN, "OP-N1", "record_insufficient"),
    ("OP", {"records": (CLINIC,), "better_record": True}, HUMAN, "OP-N1", "record_insufficient"),
    ("OP", {"records": (CLINIC, PRIVATE), "better_record": False}, REFUSED, "OP-N1", "record_level_low"),
    ("OP", {"records": (PRIVATE,), "better_record": False}, REFUSED, "OP-N1", "record_private"),
    ("OP", {"records": (MIXED,), "better_record": False}, REFUSED, "OP-N1", "record_private"),
    ("OP", {"records": (ABROAD,), "better_record": False}, HUMAN, "OP-N1", "record_unclear"),
    ("IP", {"records": (ABROAD,), "better_record": False}, REFUSED, "IP-N1", "record_abroad"),
    ("IP", {"records": (ABROAD, PRIVATE), "better_record": False}, REFUSED, "IP-N1", "record_private"),
    ("OP", {"records": (Record(dated=TODAY),)}, ELIGIBLE, "OP-N1", "record_given"),
    ("OP", {"records": (Record(dated=date(2026, 11, 24)),)}, HUMAN, "OP-N1", "record_in_future"),
    ("OP", {"records": (Record(kind="diagnosis_report"),)}, ELIGIBLE, "OP-N1", "record_kind_taken"),
    ("IP", {"records": (Record(kind="diagnosis_report"),)}, ELIGIBLE, "IP-N1", "record_report_only"),
    ("IP", {"records": (Record(kind="diagnosis_report"), Record(kind="discharge_summary"))}, ELIGIBLE, "IP-N1",
     "record_kind_taken"),
    ("IP", {"records": (Record(kind="prescription"), Record())}, HUMAN, "IP-N1", "record_kind_unclear"),
    # what is wished for
    ("OP", {"hospital": "in_network"}, ELIGIBLE, "OP-Tb", "hospital_in_network"),
    ("OP", {"hospital": "outside"}, ELIGIBLE, "OP-Tb", "hospital_outside"),
    ("OP", {"hospital": "unknown"}, HUMAN, "OP-Tb", "hospital_unclear"),
    ("OP", {"wished": date(2026, 11, 29), "earliest": date(2026, 11, 30)}, ELIGIBLE, "OP-P1a", "wish_too_early"),
    ("OP", {"wished": date(2026, 11, 30), "earliest": date(2026, 11, 30)}, ELIGIBLE, "OP-P1a", "wish_possible"),
    ("OP", {"department": "covered"}, ELIGIBLE, "OP-N4", "department_covered"),
    *each_of("department", ("obstetrics", "emergency", "medical_technology"), REFUSED, "OP-N4", "department_excluded",
          insists=True),
    ("OP", {"department": "obstetrics", "insists": False}, HUMAN, "OP-N4", "department_to_choose"),
    ("OP", {"department": "obstetrics"}, HUMAN, "OP-N4", "department_to_choose"),
    ("OP", {"department": "which_of_two", "insists": True}, HUMAN, "OP-N4", "department_unclear"),
    ("IP", {"notice": B, "department": "emergency", "insists": True}, REFUSED, "OP-N4", "department_excluded"),
    ("OP", {"doctor": "declined"}, ELIGIBLE, "OP-N6a", "doctor_declined"),
    ("OP", {"doctor": "told_no_choice"}, ELIGIBLE, "OP-N6a", "doctor_no_choice"),
    ("OP", {"doctor": "told_title"}, ELIGIBLE, "OP-N6b", "doctor_title"),
    ("IP", {"doctor": "declined"}, ELIGIBLE, "IP-N5", "doctor_declined"),
    ("IP", {"doctor": "told_title", "notice": B}, ELIGIBLE, "OP-N6b", "doctor_title"),
    # the branch [IP-N8]
    ("IP", {"notice": A}, ELIGIBLE, "IP-N8", "branch_with_notice"),
    ("IP", {"notice": B}, ELIGIBLE, "IP-N8", "branch_by_visit"),
    ("IP", {"notice": UNKNOWN}, HUMAN, "IP-N8", "branch_undecided"),
    # what an agent is told of
    ("OP", {"flags": {"originals": False}}, ELIGIBLE, "OP-N5", "originals_withheld"),
    ("IP", {"flags": {"originals": False}, "notice": B}, ELIGIBLE, "OP-N5", "originals_withheld"),
    ("IP", {"flags": {"infectious": True}}, ELIGIBLE, "IP-N2", "infectious"),
    ("IP", {"flags": {"transfer": False}}, ELIGIBLE, "IP-N6", "transfer_declined"),
]  # fmt: skip


@pytest.mark.parametrize(("service", "changes", "outcome", "clause", "code"), WAYS)
def test_each_way_has_its_outcome_and_its_clause(
    service: str, changes: dict[str, object], outcome: Outcome, clause: str, code: str
) -> None:
    decision = decided(service, **changes)
    assert decision.outcome is outcome
    assert (clause, code) in codes(decision)
    if outcome is not ELIGIBLE and code != "use_left":
        assert [(f.clause, f.code) for f in decision.against()] == [(clause, code)]


def test_every_row_of_the_table_and_every_flag_is_tried_above() -> None:
    tried = {way[4] for way in WAYS} | {code for _, code in codes(decided())}
    flags = {flag.code for service in TERMS.services.values() for flag in service.flags.values()}
    assert {row.code for rules in EDITIONS.values() for rule in rules for row in rule.rows} | flags == tried


def changed(rules: tuple[Rule, ...]) -> Iterator[tuple[str, tuple[Rule, ...]]]:
    """Every table with one row or rule less, one verdict, code, clause or note different, two rows exchanged."""
    for r, rule in enumerate(rules):
        yield f"{rule.cites} without", rules[:r] + rules[r + 1 :]
        for n, row in enumerate(rule.rows):
            others = [replace(row, verdict=verdict) for verdict in Outcome if verdict != row.verdict]
            others += [replace(row, code="other"), replace(row, cites="use" if rule.cites == "title" else "title")]
            others += [replace(row, note=not row.note)] if row.verdict is ELIGIBLE else []
            for other in ((), *((each,) for each in others)):
                rows = rule.rows[:n] + other + rule.rows[n + 1 :]
                yield f"{row.code} {other}", (*rules[:r], replace(rule, rows=rows), *rules[r + 1 :])


def test_any_change_of_the_table_changes_a_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    def all_decided() -> list[object]:
        decisions = [decided(service, **changes) for service, changes, *_ in WAYS]
        return [(decision, decision.notes()) for decision in decisions]

    before, tried = all_decided(), 0
    for name, rules in changed(RULES):
        monkeypatch.setattr(eligibility, "EDITIONS", {EDITION: rules})
        assert all_decided() != before, name
        tried += 1
    assert tried > 250


def test_a_code_has_one_verdict_and_one_place_in_the_table() -> None:
    rows = [row.code for rule in RULES for row in rule.rows]
    assert len(rows) == len(set(rows)) > 40


@pytest.mark.parametrize(
    ("service", "changes"),
    [
        ("IP", {"department": "emergency", "insists": True}),
        ("IP", {"department": "emergency", "insists": True, "notice": A}),
        ("IP", {"hospital": "outside"}),
        ("IP", {"wished": TODAY, "earliest": date(2026, 11, 30)}),
        ("IP", {"doctor": "told_title"}),
        ("IP", {"doctor": "told_title", "notice": A}),
        ("IP", {"flags": {"originals": False}, "notice": A}),
        ("OP", {"notice": B}),
        ("OP", {"doctor": "ok"}),
        ("OP", {"flags": {"originals": True, "infectious": True}}),
        ("IP", {"flags": {"infectious": False, "transfer": True}}),
        ("OP", {"wished": TODAY}),
        ("OP", {"earliest": TODAY}),
    ],
)
def test_a_service_is_not_under_a_rule_without_a_clause_for_it(service: str, changes: dict[str, object]) -> None:
    decision = decided(service, **changes)
    plain = {code for _, code in codes(decided())} | {"branch_with_notice"}
    assert {code for _, code in codes(decision)} <= plain
    assert decision.outcome is ELIGIBLE


def test_a_service_without_a_clause_for_a_rule_has_the_empty_one() -> None:
    matter = Matter(Facts(service="IP", today=TODAY, policy=POLICY, notice=A), TERMS)
    assert [matter.clause(rule) for rule in ("record", "department", "second_use")] == ["IP-N1", "", "IP-N10"]


def test_a_branch_that_is_settled_is_not_undecided() -> None:
    notices = (A, B, UNKNOWN, None)
    matters = [Matter(Facts(service="IP", today=TODAY, policy=POLICY, notice=notice), TERMS) for notice in notices]
    assert [on.branch_undecided(matter) for matter in matters] == [False, False, True, False]


def test_a_refusal_outweighs_what_a_human_would_decide() -> None:
    decision = decided(policy=policy(status=ENDED), standing="mild")
    assert decision.outcome is REFUSED
    assert [finding.code for finding in decision.against()] == ["policy_ended"]


def test_all_that_stands_in_the_way_is_named_in_the_order_of_the_rules() -> None:
    decision = decided(policy=policy(status=ENDED, account=replace(ACCOUNT, limits={"OP": 0})), patient="someone_else")
    assert [finding.code for finding in decision.against()] == ["policy_ended", "patient_other", "use_spent"]


def test_a_finding_holds_the_facts_it_rests_on_as_plain_data() -> None:
    found = {f.code: f.facts for f in decided("IP", patient="insured", notice=B, flags={"infectious": True}).findings}
    assert found["policy_in_force"] == {
        "today": "2026-11-23",
        "policy.status": "in_force",
        "policy.account.starts": "2024-06-01",
        "policy.ends": "2054-05-31",
    }
    assert found["patient_insured"] == {"patient": "insured"}
    assert found["branch_by_visit"]["notice"]["has_notice"] is False
    assert found["branch_by_visit"]["placement"] == {"branch": "IP-B", "because": ["IP-N8.1"]}
    assert found["infectious"] == {"infectious": True}
    assert msgspec.json.decode(msgspec.json.encode(found)) == found


def test_what_is_told_without_standing_in_the_way_is_a_note() -> None:
    decision = decided("IP", notice=B, doctor="declined", standing="mild")
    assert [note.code for note in decision.notes()] == ["branch_by_visit", "doctor_declined"]
    assert decided().notes() == ()


def test_facts_of_a_missing_policy_are_none() -> None:
    assert decided(policy=None).findings[0].facts["policy.status"] is None


def test_the_worst_is_refused_then_human_then_eligible() -> None:
    assert decided(standing="mild").outcome is HUMAN
    assert decided(standing="mild", patient="someone_else").outcome is REFUSED


def test_an_unknown_service_or_edition_is_an_error() -> None:
    with pytest.raises(KeyError):
        decided("XX")
    with pytest.raises(KeyError):
        decide(Facts(service="OP", today=TODAY, policy=None), TERMS, edition=99)


@pytest.mark.parametrize("case", json.loads(RULES_FILE.read_text("utf-8"))["record_source"])
def test_a_record_s_source_is_taken_refused_or_left_to_a_human(case: dict[str, Any]) -> None:
    expected = case["expect"] if isinstance(case["expect"], dict) else dict.fromkeys(("OP", "IP"), case["expect"])
    source = record_source(case["level"], case["ownership"], case["region"])
    outcomes = {"accept": ELIGIBLE, "review": HUMAN, "reject": REFUSED}
    for service, word in expected.items():
        given = Record(source.of(service).reasons)
        assert decided(service, records=(given,), better_record=False).outcome is outcomes[word]


@pytest.mark.parametrize("case", json.loads(RULES_FILE.read_text("utf-8"))["quota"])
def test_a_use_left_is_asked_for_before_a_request_is_taken(case: dict[str, Any]) -> None:
    used = [Use("OP", YEAR, CONSUMED)] * case["op_used"] + [Use("IP", YEAR, CONSUMED)] * case["ip_used"]
    notice = {None: None, "IP-A": A, "IP-B": B}[case["branch"]]
    account = replace(ACCOUNT, uses=tuple(used))
    decision = decided(case["service"], policy=policy(account=account), notice=notice)
    assert decision.outcome is (ELIGIBLE if case["allowed"] else REFUSED)


# ---- years later ----


def test_a_decision_comes_back_from_the_case_and_is_the_same_again() -> None:
    for service, changes, *_ in WAYS:
        decision = decided(service, **changes)
        stored = msgspec.json.decode(msgspec.json.encode(catalogue.as_data(decision)))
        assert replay(stored) == decision


def test_a_decision_stored_long_ago_is_the_same_today() -> None:
    stored = json.loads(STORED.read_text("utf-8"))
    assert len(stored) > 10
    for each in stored:
        assert catalogue.as_data(replay(each)) == each


def test_a_decision_is_made_again_by_the_rules_of_its_own_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eligibility, "EDITIONS", {EDITION: RULES, 2: RULES[:1]})
    later = decide(Facts(service="OP", today=TODAY, **ASKED), TERMS, edition=2)
    assert len(later.findings) == 1
    assert replay(catalogue.as_data(later)) == later


def test_a_decision_under_terms_that_never_were_is_not_replayed() -> None:
    stored = catalogue.as_data(decided())
    with pytest.raises(KeyError):
        replay({**stored, "terms": "1999-01"})
    with pytest.raises(msgspec.ValidationError):
        replay({"outcome": "eligible"})


def test_whoever_is_told_something_is_told_in_words() -> None:
    told = codes_told()
    assert {"policy_ended", "illness_mild", "wish_too_early", "doctor_declined"} <= set(told)
    assert not {"policy_in_force", "use_left", "record_qualifies"} & set(told)
    assert {row.code for rule in RULES for row in rule.rows if row.verdict is not ELIGIBLE} <= set(told)
