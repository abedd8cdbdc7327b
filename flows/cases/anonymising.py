"""What is kept of a case once nothing may say any more whose it was [PIPL 4, 47]."""

from typing import Any, Final

import msgspec

from flows.cases.answers import identifying_nobody
from flows.cases.case import Case
from flows.ids import ChatId
from flows.terms.promises import Milestone

NOBODY: Final = ChatId(0)  # Telegram gives it to no chat


def anonymous(case: Case) -> Case:
    """Return the next version of a case without anything that says whose it was.

    What stays is named here, so that whatever a case may hold one day goes unless it is said to stay: number, service,
    request type, stage, times, the days of its milestones, answers from closed lists, the decision (its facts are
    codes, days and figures), the clauses acknowledged, the outcome.
    """
    return Case(
        id=case.id,
        number=case.number,
        request_type=case.request_type,
        service=case.service,
        chat=NOBODY,
        created_at=case.created_at,
        due_at=case.due_at,
        stage=case.stage,
        version=case.version + 1,
        milestones={name: Milestone(its.day, its.provisional) for name, its in case.milestones.items()},
        claimed_at=case.claimed_at,
        product=case.product,
        answers=identifying_nobody(case.answers),
        decision=_unlinked(case.decision),
        acknowledged=case.acknowledged,
        confirmed_at=case.confirmed_at,
        restricted_at=case.restricted_at,
        outcome=case.outcome,
    )


def _unlinked(decision: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return a decision without the numbers of the cases that took the policy's uses: they lead to a person."""
    if decision is None:
        return None
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(decision))
    accounts = [((plain.get("facts") or {}).get("policy") or {}).get("account")]
    accounts += [finding.get("facts", {}).get("policy.account") for finding in plain.get("findings", [])]
    for account in accounts:
        for use in (account or {}).get("uses", []):
            use["case"] = None
    return plain
