"""What may be done to a case: each command fires the table and gives the case as it is then."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from flows.cases.case import HELP, Case
from flows.cases.stages import DESK
from flows.errors import AlreadyClaimed
from flows.session import Agent, Line

KEPT_FOR = timedelta(days=30)  # from the end of a restricted case until it is made anonymous
KEPT_LINES = 20  # what a policyholder says while nobody is there; older lines stay in the transcript


class Life:
    """A case, and who acts on it (None: the policyholder). It is what the desk table is fired on."""

    def __init__(self, case: Case, agent: Agent | None = None) -> None:
        self.state = case.state
        self.case = case
        self.agent = agent

    def by_owner(self) -> bool:
        """Say whether the one who acts owns the case."""
        return self.agent is not None and self.agent.user == self.case.owner

    def is_help(self) -> bool:
        """Say whether the case is nothing but the wish to talk to a human."""
        return self.case.kind == HELP

    def fire(self, trigger: str, **changes: object) -> Case:
        """Fire the table, then give the next version of the case. Raises IllegalEvent; nothing is changed then."""
        DESK.fire(trigger, self)
        return replace(self.case, state=self.state, version=self.case.version + 1, **changes)


def claim(case: Case, agent: Agent, now: datetime) -> Case:
    """Make `agent` the owner. Raises AlreadyClaimed where there is one, IllegalEvent where the case is closed."""
    if case.owner is not None and case.claimed_at is not None and case.state != "closed":
        raise AlreadyClaimed(state=case.state, owner=case.owner_name, at=case.claimed_at)
    return Life(case, agent).fire(
        "claim", owner=agent.user, owner_name=agent.name, claimed_at=now, waiting=(), worked_on=True
    )


def hand_back(case: Case, agent: Agent) -> Case:
    """The owner gives the conversation back to the bot; a case that was only a wish to talk ends with it."""
    return Life(case, agent).fire("hand_back")


def talk(case: Case, agent: Agent) -> Case:
    """The owner takes the conversation again."""
    return Life(case, agent).fire("talk", waiting=())


def say(case: Case, agent: Agent) -> None:
    """Check that the owner may speak. The case itself does not change."""
    Life(case, agent).fire("say")


def release(case: Case, agent: Agent) -> Case:
    """The owner puts the case back into the queue; its history stays, its promise as well."""
    return Life(case, agent).fire("release", owner=None, owner_name="", claimed_at=None)


def close(case: Case, agent: Agent, now: datetime) -> Case:
    """The owner ends the case; a restricted one is made anonymous some weeks later."""
    forget_at = now + KEPT_FOR if case.restricted_at else case.forget_at
    return Life(case, agent).fire("close", forget_at=forget_at)


def confirm(case: Case, now: datetime) -> Case:
    """The insured confirms what a relative asked for."""
    return Life(case).fire("confirm", confirmed_at=now)


def withdraw(case: Case, now: datetime) -> Case:
    """The policyholder withdraws a case that nobody works on yet."""
    return Life(case).fire("withdraw", restricted_at=now, forget_at=now + KEPT_FOR, waiting=())


def restrict(case: Case, now: datetime) -> Case:
    """The policyholder wants no more done with the case's data than must be (个人信息保护法 47)."""
    return Life(case).fire("restrict", restricted_at=case.restricted_at or now)


def forget_later(case: Case, now: datetime) -> Case:
    """A case that ended is made anonymous some weeks after this was asked for."""
    forget_at = case.forget_at or now + KEPT_FOR
    return replace(case, version=case.version + 1, restricted_at=case.restricted_at or now, forget_at=forget_at)


def hear(case: Case, text: str, now: datetime) -> Case:
    """Keep what the policyholder said for whoever claims the case; an owner hears it now."""
    if case.owner is not None:
        Life(case).fire("hear")
        return case
    return Life(case).fire("hear", waiting=(*case.waiting, Line(now, text))[-KEPT_LINES:])
