"""Who it is, and whether it can be served: the policy matched, the decision, the case, a human's second look."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from flows.cases.case import APPEAL, APPLICATION, HELP, OP, Case
from flows.effects import IdentityFailure, PolicyAsk, PolicyKnown
from flows.events import Event
from flows.intake import texts
from flows.intake.dialogue import cards
from flows.intake.dialogue.filing import Filing
from flows.intake.dialogue.submission import decision_on, open_case, partial_decision, reserve, uses_left
from flows.intake.questions.identity import agrees, verified
from flows.intake.questions.ordered import ALL
from flows.terms.branch import BY_VISIT
from flows.terms.calendar import in_shanghai
from flows.terms.eligibility import Decision, Outcome
from flows.terms.policy import Policy

A_DAY: Final = timedelta(days=1)
HANDED_OVER: Final = frozenset({"second_use_spent"})  # refused, and a human is asked at once [IP-N10]
MISSES_A_DAY: Final = 5  # of a user, until a lock; of a policy, until a human


class Deciding(Filing):
    """A turn that decides. `found`, `guarded` and `decision` live within the step."""

    found: Policy | None = None
    guarded: bool = False
    decision: Decision | None = None

    # ---- guards of the table ----

    def wants_policy(self) -> bool:
        """The identity was described, and not looked up since."""
        return self.session.policy is None

    def policy_matched(self) -> bool:
        """The policy on file is the one described."""
        return self.found is not None

    def locked_out(self) -> bool:
        """Five identities of this chat fitted no policy within a day."""
        return len(within_a_day(self.session.identity_failures, self.now)) >= MISSES_A_DAY

    def kept_for_human(self) -> bool:
        """This chat is locked out, and what it says now fits no policy either."""
        return self.found is None and self.locked_out()

    def refused(self) -> bool:
        """The terms leave no doubt that this cannot be served."""
        return self.decision is not None and self.decision.outcome is Outcome.REFUSED

    def complete(self) -> bool:
        """Nothing is left to be asked."""
        context = self.context()
        return not self.wants_policy() and all(
            question.answered(context) for question in ALL if question.counted and question.applies(context)
        )

    def hopeless(self) -> bool:
        """What was answered so far is enough to refuse: nobody who is ill shall fill in the rest in vain."""
        if self.decision is not None:
            return False
        answers = self.session.answers
        by_visit = answers.get("branch") == BY_VISIT and "uses_left" in answers
        no_visit_left = by_visit and OP not in answers["uses_left"].split(",")  # [IP-N10]
        return no_visit_left or partial_decision(self).outcome is Outcome.REFUSED

    # ---- identity ----

    def match(self, event: PolicyKnown) -> None:
        """Match the identity; a mismatch never says which part, and is counted [the policy's and the chat's]."""
        answers, policy = self.session.answers, event.policy
        owner = verified(policy, answers) if policy else ""
        fits = policy is not None and agrees(policy.insured, answers)
        self.guarded = bool(policy) and not owner and policy_is_guarded(policy, self.now)
        self.found = policy if fits and not self.guarded else None
        if policy is not None and self.found is not None:
            self.matched(policy, owner)
            self.decision = partial_decision(self, policy)
        else:
            self.mismatched(policy if not fits else None)
        if self.guarded and self.session.identity_review not in self.session.cases:
            self.queue_identity_review()
        self.fire("match")
        if self.state == "onward":
            self.decision = None
            self.onward(event.because)
        elif self.state == "refused" and self.decision is not None:
            self.refuse(self.decision, policy)
        else:
            self.ask()

    def queue_identity_review(self) -> None:
        """Have a human look at who this is, without a word: it would say that there is such a policy."""
        self.update(identity_review=open_case(self, HELP, identity_review=True).id)

    def matched(self, policy: Policy, owner: str) -> None:
        """Keep what the policy says: its product, who is reached where, which uses are left."""
        product = f"{policy.product}/{policy.version}"
        answers = {
            **self.session.answers,
            "phone_verified": owner,
            "phone_on_file": policy.insured.phone or policy.holder.phone,
            "uses_left": uses_left(self, policy),
        }
        if product != self.session.product:
            answers = self.without(answers, {"product"}, spared=())
        self.update(policy=policy.id, product=product, answers=answers)
        self.audit("identity_matched")

    def mismatched(self, policy: Policy | None) -> None:
        """Count it, for a day, whatever comes after it; where the policy exists, against that one, too."""
        self.update(identity_failures=(*within_a_day(self.session.identity_failures, self.now), self.now))
        self.audit("identity_mismatched")
        if policy is not None:
            self.add(IdentityFailure(policy=policy.id))

    # ---- the decision ----

    def policy_known(self, event: PolicyKnown) -> None:
        """Match the identity, ask a human, or decide: whichever the state waits for."""
        if self.state == "matching":
            self.match(event)
        elif self.state == "refused":
            self.appealed(event.policy)
        else:
            self.decide(event.policy, event.because)

    def without_policy(self, event: Event) -> None:
        """Decide on what was answered where no policy is known yet."""
        self.decide(None, event)

    def decide(self, policy: Policy | None, event: Event) -> None:
        """Decide; what is refused is said with its clause, what is complete goes to the queue, the rest goes on."""
        policy = policy if policy is not None and policy.id == self.session.policy else None
        whole = self.complete()
        self.decision = decision_on(self, policy) if whole else partial_decision(self, policy)
        if policy is not None:
            self.update(answers={**self.session.answers, "uses_left": uses_left(self, policy)})
        self.fire("decide")
        if self.refused():
            self.refuse(self.decision, policy)
        elif self.state == "submitted":
            self.submit_to_queue(self.decision, policy)
        else:
            self.onward(event)

    def refuse(self, decision: Decision, policy: Policy | None) -> None:
        """Say why not, with the way to a human; some refusals are a human's without asking."""
        self.update(answers={**self.session.answers, "refused_for": decision.against()[0].code})
        self.audit("refused", terms=decision.terms, findings=codes(decision.findings))
        refused = cards.refused(decision, self.reference.terms)
        self.ask(text=refused, cites=tuple(finding.clause for finding in decision.against()))
        if HANDED_OVER & {finding.code for finding in decision.against()}:
            self.appealed(policy)

    def submit_to_queue(self, decision: Decision, policy: Policy | None) -> None:
        """Open the case, reserve its uses, and say what happens next."""
        case = open_case(self, APPLICATION, decision, policy=policy)
        if policy is not None:
            reserve(self, case, policy)
        for told in cards.submitted(self, case, decision):
            self.say(told.text, cites=told.cites)
        self.opened(case)
        self.hand_over_draft()

    def hand_over_draft(self) -> None:
        """What was filled in is the case's from now on, and kept nowhere else."""
        self.update(answers={}, attachments=(), notes=(), sources={}, acknowledged=(), policy=None, product="")
        self.update(overtaken=None, amending="", failed_answers=0, missed="")

    def opened(self, case: Case) -> None:
        """Do what a new case is followed by."""

    def appeal(self, event: Event) -> None:
        """Ask for a human's look at the refusal, with the policy that it rests on, where one is known."""
        number = self.session.answers.get("policy_number")
        if number and self.session.policy is not None:
            self.add(PolicyAsk(because=event, number=number))
        else:
            self.appealed(None)

    def appealed(self, policy: Policy | None) -> None:
        """A human looks at the refusal again: a case with what was found, without a use reserved."""
        policy = policy if policy is not None and policy.id == self.session.policy else None
        whole = self.complete()
        self.fire("appeal")
        self.decision = decision_on(self, policy) if whole else partial_decision(self, policy)
        case = open_case(self, APPEAL, self.decision)
        self.say(texts.APPEALED(number=case.number, due=in_shanghai(case.due_at).date()))
        self.hand_over_draft()


def policy_is_guarded(policy: Policy | None, now: datetime) -> bool:
    """Say whether a policy was described wrongly so often that a human looks at every further attempt."""
    return policy is not None and len(within_a_day(policy.identity_failures, now)) >= MISSES_A_DAY


def codes(findings: Sequence[object]) -> str:
    """Give findings as clause:code, for the audit."""
    return ",".join(f"{getattr(f, 'clause', '')}:{getattr(f, 'code', '')}" for f in findings)


def within_a_day(instants: Sequence[datetime], now: datetime) -> tuple[datetime, ...]:
    """Give the instants of the last 24 hours."""
    return tuple(at for at in instants if now - at < A_DAY)
