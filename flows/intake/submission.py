"""From answers to a case: the facts, the decision, the case that goes to the queue and the clock it starts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from msgspec import structs

from flows.desk.case import HELP, OP, Case
from flows.effects import FileClaim, UseReservation
from flows.ids import CaseId, RowId
from flows.intake.admission import notice_of
from flows.intake.applicant import OTHER
from flows.intake.question import Asked
from flows.intake.visit_date import earliest, wished
from flows.terms.calendar import SHANGHAI, in_shanghai
from flows.terms.catalogue import Terms, as_data
from flows.terms.eligibility import Decision, decide
from flows.terms.facts import INSURED, SOMEONE_ELSE, Facts, PolicyFacts, Record
from flows.terms.policy import Policy, policy_year
from flows.terms.uses import Account, taken
from flows.turn import Turn

FLAGS = ("originals", "infectious", "transfer")  # yes-or-no answers, by the names of the service's flags


def decision_on(turn: Turn, policy: Policy | None) -> Decision:
    """Decide on a finished request. A policy that is no longer on file is for a human."""
    return decide(facts_of(turn, policy), turn.reference.terms)


def partial_decision(turn: Turn, policy: Policy | None = None) -> Decision:
    """Decide on what was answered so far: without a policy, on everything but it; with one, on its state and uses, too.

    What was not asked yet is no fault; a refusal, though, stands whatever is answered besides.
    """
    facts, terms = facts_of(turn, policy), turn.reference.terms
    return decide(facts if policy else structs.replace(facts, policy=None), terms)


def facts_of(turn: Turn, policy: Policy | None) -> Facts:
    """Give the facts of a session's answers: codes and days, nothing that names anybody."""
    session, answers = turn.session, turn.session.answers
    today = in_shanghai(turn.now).date()
    asked = Asked(session, turn.reference, today, now=turn.now)
    return Facts(
        service=answers.get("service", OP),
        today=today,
        policy=None if policy is None else policy_facts(policy, turn.reference.terms),
        patient=patient(answers),
        condition=answers.get("condition"),
        illness=answers.get("illness"),
        standing=answers.get("illness_standing"),
        records=records(answers, sum(a.question == "record" for a in session.attachments)),
        better_record=False if answers.get("better_record") == "no" else None,
        hospital=answers.get("hospitals_network") or None,
        wished=wished(answers),
        earliest=earliest(asked) if wished(answers) else None,
        department=answers.get("department_ground") or None,
        insists=True if answers.get("department_insists") else None,
        doctor=answers.get("doctor_wish") or None,
        notice=notice_of(answers) if "notice" in answers and "wanted" in answers else None,
        flags={name: answers[name] == "yes" for name in FLAGS if answers.get(name) in {"yes", "no"}},
    )


def patient(answers: Mapping[str, str]) -> str | None:
    """Say whether the patient is the insured, as the applicant says [G3]; None where it was not asked."""
    said = answers.get("applicant")
    return None if said is None else SOMEONE_ELSE if said == OTHER else INSURED


def records(answers: Mapping[str, str], count: int) -> tuple[Record, ...] | None:
    """Give the record: where it is from, its kind, its day; None while it was not asked for."""
    if "record" not in answers:
        return None
    if not count:
        return ()
    source = tuple(code for code in answers.get("record_source", "").split(",") if code)
    return (Record(source, answers.get("record_kind"), day(answers.get("record_date", ""))),)


def day(value: str) -> date | None:
    """Read an ISO day; None for anything else."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def uses_left(turn: Turn, policy: Policy) -> str:
    """Name the services that the policy has a use left of today, joined by commas [G2]."""
    account = policy_facts(policy, turn.reference.terms).account
    today = in_shanghai(turn.now).date()
    return ",".join(service for service in turn.reference.terms.services if account.left(service, today))


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
        acknowledged=() if kind == HELP else session.acknowledged,
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
    for service in taken(turn.reference.terms.services[case.kind], case.answers.get("branch", "")):
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
