"""Who it is, and whether it can be served: the policy matched, the decision, the case, a human's second look."""

from collections.abc import Sequence
from typing import Final

from flows.cases.alerts import NEW_CASE
from flows.cases.case import APPEAL, APPLICATION, HELP, OP
from flows.effects import IdentityFailure, PolicyAsk, PolicyKnown
from flows.events import Event
from flows.intake import texts
from flows.intake.dialogue import cards, confirming
from flows.intake.dialogue.answers import without
from flows.intake.dialogue.asking import ask
from flows.intake.dialogue.moves import fire
from flows.intake.dialogue.submission import decision_on, facts_of, open_case, partial_decision, reserve, uses_left
from flows.intake.machine import is_complete
from flows.intake.questions.applicant import RELATIVE
from flows.intake.questions.identity import agrees, verified
from flows.intake.step import IntakeStep, is_often
from flows.terms.branch import BY_VISIT
from flows.terms.calendar import in_shanghai
from flows.terms.eligibility import Decision, Finding, is_refused
from flows.terms.policy import Policy
from flows.times import within_a_day

HANDED_OVER: Final = frozenset({"second_use_spent"})  # refused, and a human is asked at once [IP-N10]


def is_refused_already(step: IntakeStep) -> bool:
    """Return True if the answers given so far already guarantee a refusal, before the decision is made."""
    if step.decision is not None:
        return False
    answers = step.session.answers
    by_visit = answers.get("branch") == BY_VISIT and "uses_left" in answers
    no_visit_left = by_visit and OP not in answers["uses_left"].split(",")  # [IP-N10]
    return no_visit_left or is_refused(facts_of(step, None), step.reference.terms)


# ---- identity ----


def match(step: IntakeStep, policy: Policy | None) -> None:
    """Match the identity; a mismatch never says which part, and is counted [the policy's and the chat's]."""
    answers = step.session.answers
    owner = verified(policy, answers) if policy else ""
    fits = policy is not None and agrees(policy.insured, answers)
    guarded = policy is not None and not owner and is_often(policy.identity_failures, step.now)
    step.found = policy if fits and not guarded else None
    if step.found is not None:
        _keep_matched(step, step.found, owner)
        step.decision = partial_decision(step, step.found)
    else:
        _count_mismatch(step, policy if not fits else None)
    if guarded and step.session.identity_review not in step.session.cases:
        # Without a word to the person: it would say that there is such a policy.
        review = open_case(step, HELP, identity_review=True)
        step.alert(review.id, NEW_CASE)
        step.update(identity_review=review.id)
    fire(step, "match")
    if step.state == "next_question":
        step.decision = None
    elif step.state == "refused" and step.decision is not None:
        refuse(step, step.decision, policy)
    else:
        ask(step)


def _keep_matched(step: IntakeStep, policy: Policy, owner: str) -> None:
    """Keep what the policy says: its product, who is reached where, which uses are left."""
    product = f"{policy.product}/{policy.version}"
    answers = {
        **step.session.answers,
        "phone_verified": owner,
        "phone_on_file": policy.insured.phone or policy.holder.phone,
        "uses_left": uses_left(step, policy),
    }
    if product != step.session.product:
        answers = without(answers, {"product"}, spared=())
    step.update(policy=policy.id, product=product, answers=answers)
    step.audit("identity_matched")


def _count_mismatch(step: IntakeStep, policy: Policy | None) -> None:
    """Count it, for a day, whatever comes after it; where the policy exists, against that one, too."""
    step.update(identity_failures=(*within_a_day(step.session.identity_failures, step.now), step.now))
    step.audit("identity_mismatched")
    if policy is not None:
        step.add(IdentityFailure(policy=policy.id))


# ---- the decision ----


def policy_known(step: IntakeStep, event: PolicyKnown) -> None:
    """Match the identity, ask a human, or decide: whichever the state waits for. May leave the step in the hub."""
    if step.state == "matching":
        match(step, event.policy)
    elif step.state == "refused":
        appealed(step, event.policy)
    else:
        decide(step, event.policy)


def decide(step: IntakeStep, policy: Policy | None) -> None:
    """Decide: what is refused is said with its clause, what is complete goes to the queue, the rest to the hub."""
    policy = _own(step, policy)
    decision = decision_on(step, policy) if is_complete(step) else partial_decision(step, policy)
    step.decision = decision
    if policy is not None:
        step.update(answers={**step.session.answers, "uses_left": uses_left(step, policy)})
    fire(step, "decide")
    if step.refused:
        refuse(step, decision, policy)
    elif step.state == "submitted":
        _submit_to_queue(step, decision, policy)


def refuse(step: IntakeStep, decision: Decision, policy: Policy | None) -> None:
    """Say why not, with the way to a human; some refusals are a human's without asking."""
    step.update(answers={**step.session.answers, "refused_for": decision.against()[0].code})
    step.audit("refused", terms=decision.terms, findings=_codes(decision.findings))
    cites = tuple(finding.clause for finding in decision.against())
    ask(step, text=cards.refused(decision, step.reference.terms), cites=cites)
    if HANDED_OVER & {finding.code for finding in decision.against()}:
        appealed(step, policy)


def _submit_to_queue(step: IntakeStep, decision: Decision, policy: Policy | None) -> None:
    """Open the case, reserve its uses, and say what happens next; the insured may confirm a relative's request."""
    case = open_case(step, APPLICATION, decision, policy=policy)
    step.alert(case.id, NEW_CASE)
    if policy is not None:
        reserve(step, case, policy)
    for told in cards.submitted(step, case, decision):
        step.say(told.text, cites=told.cites)
    if case.answers.get("applicant") == RELATIVE:
        confirming.offer(step, case)
    _hand_over_draft(step)


def appeal(step: IntakeStep, event: Event) -> None:
    """Ask for a human's look at the refusal, with the policy that it rests on, where one is known."""
    number = step.session.answers.get("policy_number")
    if number and step.session.policy is not None:
        step.add(PolicyAsk(because=event, number=number))
    else:
        appealed(step, None)


def appealed(step: IntakeStep, policy: Policy | None) -> None:
    """Open a case in which a human looks at the refusal again, with what was found and without a use reserved."""
    policy, whole = _own(step, policy), is_complete(step)
    fire(step, "appeal")
    step.decision = decision_on(step, policy) if whole else partial_decision(step, policy)
    case = open_case(step, APPEAL, step.decision)
    step.alert(case.id, NEW_CASE)
    step.say(texts.APPEALED(number=case.number, due=in_shanghai(case.due_at).date()))
    _hand_over_draft(step)


def _own(step: IntakeStep, policy: Policy | None) -> Policy | None:
    """Return the policy if it is the one that was matched."""
    return policy if policy is not None and policy.id == step.session.policy else None


def _hand_over_draft(step: IntakeStep) -> None:
    """What was filled in is the case's from now on, and kept nowhere else."""
    step.update(answers={}, attachments=(), notes=(), sources={}, acknowledged=(), policy=None, product="")
    step.update(overtaken=None, amending="", failed_answers=0, missed="")


def _codes(findings: Sequence[Finding]) -> str:
    """Return findings as clause:code, for the audit."""
    return ",".join(f"{finding.clause}:{finding.code}" for finding in findings)
