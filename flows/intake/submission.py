"""From answers to a case: the facts, the decision, the case that goes to the queue and the clock it starts."""

from datetime import date, datetime, timedelta

from flows.desk.case import HELP, OP, Case
from flows.effects import FileClaim, UseReservation
from flows.ids import CaseId, RowId
from flows.terms.calendar import SHANGHAI, in_shanghai
from flows.terms.catalogue import as_data
from flows.terms.eligibility import Decision, Facts, Finding, Outcome, decide, policy_year
from flows.terms.policy import Policy
from flows.turn import Turn


def decision_on(turn: Turn, policy: Policy | None) -> Decision:
    """Decide on the answers given. A policy that is no longer on file is for a human."""
    terms = turn.reference.terms.version
    if policy is None:
        return Decision(Outcome.HUMAN, (Finding("G2", Outcome.HUMAN, "policy_missing"),), terms)
    facts = Facts(
        service=OP,
        today=in_shanghai(turn.now).date(),
        status=policy.status,
        starts=policy.starts,
        ends=policy.ends,
        limits=policy.limits,
        uses=policy.uses,
        illness=turn.session.answers["illness"],
        records=sum(attachment.question == "record" for attachment in turn.session.attachments),
    )
    return decide(facts, terms=terms)


def open_case(turn: Turn, kind: str, decision: Decision | None = None) -> Case:
    """Put a case into the queue, with everything answered so far, due when the terms promise the call [OP-P3]."""
    session = turn.session
    calendar, clocks = turn.reference.calendar, turn.reference.clocks
    accepted = calendar.acceptance_day(turn.now)
    due = help_due(turn) if kind == HELP else end_of_service(turn, clocks.hospital_call(accepted).due.day)
    case_id = CaseId(turn.ids.new())
    case = Case(
        id=case_id,
        number=case_number(case_id, turn.now),
        kind=kind,
        chat=session.chat,
        created_at=turn.now,
        due_at=due,
        accepted_on=accepted.day,
        policy=session.policy,
        answers={} if kind == HELP else session.answers,
        attachments=() if kind == HELP else session.attachments,
        decision=as_data(decision) if decision else None,
    )
    turn.change_case(case)
    turn.update(cases=(*session.cases, case_id))
    if case.attachments:
        turn.add(FileClaim(case=case_id, documents=tuple(a.document for a in case.attachments)))
    turn.audit("case_opened", case=case_id, kind=kind, outcome=decision.outcome if decision else "none")
    return case


def reserve(turn: Turn, case: Case, policy: Policy) -> None:
    """Reserve the use that the case will need [G2]; it belongs to the policy year of the request."""
    year = policy_year(policy.starts, in_shanghai(turn.now).date())
    row = RowId(turn.ids.new())
    turn.add(UseReservation(id=row, policy=policy.id, service=OP, year=year, case=case.id))


def case_number(case: CaseId, now: datetime) -> str:
    """A number that can be read out on the telephone: date, dash, six digits."""
    return f"{in_shanghai(now):%y%m%d}-{case // 4096 % 1_000_000:06d}"


def help_due(turn: Turn) -> datetime:
    """When somebody who asked for a human shall be answered: minutes after asking, or after the next opening."""
    calendar = turn.reference.calendar
    start = turn.now if calendar.is_open(turn.now) else calendar.next_opening(turn.now)
    return start + timedelta(minutes=turn.reference.terms.help_minutes)


def end_of_service(turn: Turn, day: date) -> datetime:
    """The closing minute of a day's service hours."""
    return datetime.combine(day, turn.reference.calendar.hours.closes, SHANGHAI)
