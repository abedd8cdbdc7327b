"""From answers to a case: the facts, the decision, the case that goes to the queue and the clock it starts."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from flows.desk.case import HELP, OP, Case
from flows.effects import FileClaim, UseReservation
from flows.ids import CaseId, RowId
from flows.terms.calendar import SHANGHAI, in_shanghai
from flows.terms.catalogue import Terms, as_data
from flows.terms.eligibility import Decision, decide
from flows.terms.facts import Facts, PolicyFacts, Record
from flows.terms.policy import Policy, policy_year
from flows.terms.uses import Account, taken
from flows.turn import Turn


def decision_on(turn: Turn, policy: Policy | None) -> Decision:
    """Decide on the answers given. A policy that is no longer on file is for a human."""
    session, terms = turn.session, turn.reference.terms
    facts = Facts(
        service=OP,
        today=in_shanghai(turn.now).date(),
        policy=None if policy is None else policy_facts(policy, terms),
        illness=session.answers["illness"],
        standing=session.answers.get("illness_standing"),
        records=tuple(Record() for attachment in session.attachments if attachment.question == "record"),
    )
    return decide(facts, terms)


def policy_facts(policy: Policy, terms: Terms) -> PolicyFacts:
    """What the rules look at of a policy, with what its contract says of uses [G2]."""
    rule = terms.contract(f"{policy.product}/{policy.version}").uses
    account = Account(rule, policy.starts, policy.limits, policy.uses)
    return PolicyFacts(policy.status, policy.ends, account)


def open_case(turn: Turn, kind: str, decision: Decision | None = None) -> Case:
    """Put a case into the queue, with everything answered so far, due when the terms promise the call [OP-P3]."""
    session = turn.session
    calendar = turn.reference.calendar
    clocks = replace(turn.reference.clocks, limits=turn.reference.terms.clock_limits(session.product))
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
        product="" if kind == HELP else session.product,
        answers={} if kind == HELP else session.answers,
        attachments=() if kind == HELP else session.attachments,
        decision=as_data(decision) if decision else None,
        waiting=() if kind == HELP else session.notes,
    )
    turn.change_case(case)
    turn.update(cases=(*session.cases, case_id))
    if case.attachments:
        turn.add(FileClaim(case=case_id, documents=tuple(a.document for a in case.attachments)))
    turn.audit("case_opened", case=case_id, kind=kind, outcome=decision.outcome if decision else "none")
    return case


def reserve(turn: Turn, case: Case, policy: Policy) -> None:
    """Reserve the uses that the case will need [G2, IP-N11]; they belong to the policy year of the request."""
    year = policy_year(policy.starts, in_shanghai(turn.now).date())
    for service in taken(turn.reference.terms.services[case.kind], ""):
        row = RowId(turn.ids.new())
        turn.add(UseReservation(id=row, policy=policy.id, service=service, year=year, case=case.id))


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
