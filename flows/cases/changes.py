"""What happens to a case besides an agent's acts: facts about it, each given as the next version of the case."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from flows.cases.case import Case, Line
from flows.cases.outcomes import WITHDRAWN
from flows.cases.stages import stage_after

KEPT_FOR = timedelta(days=30)  # from the end of a restricted case until it is made anonymous
KEPT_LINES = 20  # what a policyholder says while nobody is there; older lines stay in the transcript


def changed(case: Case, **changes: object) -> Case:
    """Return the next version of a case; the clock looks no more at one that is closed."""
    after = replace(case, version=case.version + 1, **changes)
    return after if after.is_open else replace(after, wake_at=None)


def confirmed(case: Case, now: datetime) -> Case:
    """The insured confirms what a relative asked for."""
    return changed(case, confirmed_at=now)


def withdrawn(case: Case, now: datetime) -> Case:
    """The policyholder withdraws a case that nobody has worked on. Raises IllegalEvent for any other."""
    stage = stage_after("withdraw", case.stage)
    return changed(
        case, stage=stage, outcome=WITHDRAWN, restricted_at=now, forget_at=now + KEPT_FOR, unread_messages=()
    )


def restricted(case: Case, now: datetime) -> Case:
    """The policyholder wants no more done with the case's data than must be (个人信息保护法 47)."""
    shown = tuple(replace(copy, until=min(copy.until, now)) for copy in case.shown)
    return changed(case, restricted_at=case.restricted_at or now, shown=shown)


def forgotten_later(case: Case, now: datetime) -> Case:
    """A closed case is made anonymous some weeks after this was asked for."""
    forget_at = case.forget_at or now + KEPT_FOR
    return changed(case, restricted_at=case.restricted_at or now, forget_at=forget_at)


def spoken(case: Case, now: datetime) -> Case:
    """A line went from the owner to the policyholder, or back, while the owner has the conversation."""
    return changed(case, spoken_at=now)


def with_customer_message(case: Case, text: str, now: datetime) -> Case:
    """Keep what the policyholder said for whoever claims the case; while somebody owns it, nothing is kept."""
    if case.owner is not None:
        return case
    return changed(case, unread_messages=(*case.unread_messages, Line(now, text))[-KEPT_LINES:])
