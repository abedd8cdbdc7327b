"""From 核实中 to 安排中: the personal details are confirmed in a call, and calls are logged [OP-P2, OP-P3, IP-P2]."""

from msgspec.structs import replace

from flows.cases.arrangement import dated, next_kind, on, with_next_attempt
from flows.cases.case import APPLICATION, IP, Call, Case
from flows.cases.stages import VERIFYING, WORKED_ON, stage_after
from flows.desk.facts import words
from flows.desk.progress import AT_REST, OWNED
from flows.desk.registry import Done, Invocation, command, done
from flows.terms.branch import BY_VISIT, WITH_NOTICE
from flows.terms.promises import Milestone


def _is_application(case: Case) -> bool:
    return case.request_type == APPLICATION


@command(stages=(VERIFYING,), ownership=OWNED, needs=("application", "details_call", "branch"), suits=_is_application)
def confirm_details(given: Invocation) -> Done:
    """Record that the personal details were confirmed in a call, and begin to arrange (核实完成) [OP-P2, IP-P2].

    Arguments: `branch` (IP-A, where it was open).
    """
    case = given.case
    answers = case.answers
    if case.service == IP and answers.get("branch") not in {WITH_NOTICE, BY_VISIT}:
        answers = {**answers, "branch": str(given.arguments["branch"])}
    case = replace(case, answers=answers, stage=stage_after("confirm_details", case.stage))
    case = with_next_attempt(case, given.now)
    case = dated(case, given.now, given.reference.terms, given.reference.calendar)
    return done(given, case, "details_confirmed")


@command(stages=WORKED_ON, ownership=OWNED, needs=("reached", "note", "hospital_in_network"), offered=AT_REST)
def log_call(given: Invocation) -> Done:
    """Log a call with the policyholder (记录通话); one that agrees on a hospital is the choice of it [OP-P3, IP-B3].

    Arguments: `reached` (bool), `note`, `hospital` (the official name of the one agreed on).
    """
    hospital = words(given, "hospital") if given.arguments["reached"] else ""
    call = Call(given.now, given.actor.id, given.arguments["reached"], words(given, "note"), hospital)
    case = replace(given.case, calls=(*given.case.calls, call))
    chosen = _chosen(given) if hospital else {}
    case = dated(case, given.now, given.reference.terms, given.reference.calendar, **chosen)
    return done(given, case, "call_reached" if call.reached else "call_unanswered")


def _chosen(given: Invocation) -> dict[str, Milestone]:
    """Return the day of the choice: the first time counts, for a visit that is still to be booked."""
    if not next_kind(given.case) or "hospital_chosen" in given.case.milestones:
        return {}
    return {"hospital_chosen": on(given.now)}
