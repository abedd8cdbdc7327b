"""The working copy of one step of the policyholder's conversation; what is done with it stands in `dialogue`."""

from datetime import date, datetime
from typing import Final

from flows.cases.case import Case
from flows.intake.questions.ordered import ALL, Plan, plan
from flows.intake.questions.question import Context
from flows.step import Step
from flows.terms.calendar import in_shanghai
from flows.terms.eligibility import Decision, Outcome
from flows.terms.policy import Policy
from flows.times import within_a_day

FAILURES_A_DAY: Final = 5  # identities that fit no policy: of a chat, until a lock; of a policy, until a human


class IntakeStep(Step):
    """A step, with what it looked up: none of this is kept between two steps.

    `cases` are the chat's open cases, `past` those that ended. `found` is the policy that the identity fits,
    `decision` what was decided on the answers.
    """

    cases: tuple[Case, ...] = ()
    past: tuple[Case, ...] = ()
    found: Policy | None = None
    decision: Decision | None = None

    _today: date | None = None

    def context(self, page: int = 1) -> Context:
        """Return what a question may look at."""
        if self._today is None:
            self._today = in_shanghai(self.now).date()
        return Context(self.session, self.reference, self._today, page, self.now, ALL)

    _plan: tuple[dict[str, str], Plan] | None = None

    @property
    def plan(self) -> Plan:
        """The questions that this request is asked, by its answers as they are now."""
        answers = self.session.answers
        if self._plan is None or self._plan[0] is not answers:
            self._plan = (answers, plan(self.context()))
        return self._plan[1]

    @property
    def locked_out(self) -> bool:
        """True if five identities of this chat fitted no policy within a day."""
        return is_often(self.session.identity_failures, self.now)

    @property
    def refused(self) -> bool:
        """True if the terms leave no doubt that this cannot be served."""
        return self.decision is not None and self.decision.outcome is Outcome.REFUSED

    @property
    def agent_speaks(self) -> bool:
        """True if an agent has the conversation."""
        return any(case.agent_speaks for case in self.cases)


def is_often(failures: tuple[datetime, ...], now: datetime) -> bool:
    """Return True if there were as many failures within a day as are borne."""
    return len(within_a_day(failures, now)) >= FAILURES_A_DAY
