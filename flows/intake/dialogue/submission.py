"""From answers to a case: the facts, the decision, the case that goes to the queue and the clock it starts."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import structs

from flows.cases.answers import CODES, DAY, UNASKED
from flows.cases.case import APPLICATION, HELP, OP, Attachment, Case
from flows.cases.promises import next_wake
from flows.cases.urgency import urgency_of
from flows.cases.uses import uses_of
from flows.effects import FileClaim, UseReservation
from flows.ids import CaseId
from flows.intake.questions.admission import notice_of
from flows.intake.questions.applicant import OTHER
from flows.intake.questions.ordered import QUESTIONS
from flows.intake.questions.question import Context
from flows.intake.questions.visit_date import earliest, wished
from flows.intake.step import IntakeStep
from flows.terms.branch import WITH_NOTICE
from flows.terms.calendar import DayResult, in_shanghai
from flows.terms.catalogue import FIRST_CONTACT, Terms, as_data
from flows.terms.eligibility import Decision, Outcome, decide
from flows.terms.facts import INSURED, SOMEONE_ELSE, Facts, PolicyFacts, Record
from flows.terms.policy import Policy, policy_year
from flows.terms.promises import Milestone, Request, internal_promises, starts
from flows.terms.uses import Account

FLAGS = ("originals", "infectious", "transfer")  # yes-or-no answers, by the names of the service's flags


def decision_on(step: IntakeStep, policy: Policy | None) -> Decision:
    """Decide on a finished request. A policy that is no longer on file is for a human."""
    return decide(facts_of(step, policy), step.reference.terms)


def partial_decision(step: IntakeStep, policy: Policy | None = None) -> Decision:
    """Decide on what was answered so far: without a policy, on everything but it; with one, on its state and uses, too.

    What was not asked yet is no fault; a refusal, though, stands whatever is answered besides.
    """
    facts, terms = facts_of(step, policy), step.reference.terms
    return decide(facts if policy else structs.replace(facts, policy=None), terms)


def facts_of(step: IntakeStep, policy: Policy | None) -> Facts:
    """Return the facts of a session's answers: codes and days, nothing that names anybody."""
    session, context = step.session, step.context()
    answers = relevant(step)
    return Facts(
        service=answers.get("service", OP),
        today=context.today,
        policy=None if policy is None else policy_facts(policy, step.reference.terms),
        patient=patient(answers),
        condition=answers.get("condition"),
        illness=answers.get("illness"),
        standing=answers.get("illness_standing"),
        records=records(answers, sum(a.question == "record" for a in session.attachments)),
        better_record=False if answers.get("better_record") == "no" else None,
        hospital=answers.get("hospitals_network") or None,
        wished=wished(answers),
        earliest=earliest(context) if wished(answers) else None,
        department=answers.get("department_ground") or None,
        insists=True if answers.get("department_insists") else None,
        doctor=answers.get("doctor_wish") or None,
        notice=notice_of(answers) if "notice" in answers and "wanted" in answers else None,
        flags={name: answers[name] == "yes" for name in FLAGS if answers.get(name) in {"yes", "no"}},
    )


def relevant(step: IntakeStep) -> dict[str, str]:
    """Return the answers to what this request is asked: what was answered on another way is kept, and not looked at."""
    names = step.plan.names
    return {name: value for name, value in step.session.answers.items() if name in names or name in UNASKED}


def files_of(context: Context) -> tuple[Attachment, ...]:
    """Return the files, each once; those of a notice that there is not are records."""
    if QUESTIONS["notice_file"].applies(context):
        return context.session.attachments
    records = (
        structs.replace(a, question="record") if a.question == "notice" else a for a in context.session.attachments
    )
    return tuple({a.document: a for a in records}.values())


def patient(answers: Mapping[str, str]) -> str | None:
    """Return whether the patient is the insured, as the applicant says [G3]; None where it was not asked."""
    said = answers.get("applicant")
    return None if said is None else SOMEONE_ELSE if said == OTHER else INSURED


def records(answers: Mapping[str, str], count: int) -> tuple[Record, ...] | None:
    """Return the record: where it is from, its kind, its day; None while it was not asked for."""
    if "record" not in answers:
        return None
    if not count:
        return ()
    source = CODES.decode(answers.get("record_source", ""))
    return (Record(source, answers.get("record_kind"), DAY.decode(answers.get("record_date", ""))),)


def uses_left(step: IntakeStep, policy: Policy) -> str:
    """Name the services that the policy has a use left of today, joined by commas [G2]."""
    account = policy_facts(policy, step.reference.terms).account
    today = in_shanghai(step.now).date()
    return CODES.encode(tuple(s for s in step.reference.terms.services if account.left(s, today)))


def policy_facts(policy: Policy, terms: Terms) -> PolicyFacts:
    """What the rules look at of a policy, with what its contract says of uses [G2]."""
    rule = terms.contract(f"{policy.product}/{policy.version}").uses
    account = Account(rule, policy.starts, policy.limits, policy.uses)
    return PolicyFacts(policy.status, policy.ends, account)


def open_case(
    step: IntakeStep,
    request_type: str,
    decision: Decision | None = None,
    *,
    policy: Policy | None = None,
    identity_review: bool = False,
) -> Case:
    """Put a case into the queue, with everything answered so far, the milestones known, and when it is due."""
    session = step.session
    accepted = step.reference.calendar.acceptance_day(step.now)
    context = Context(session, step.reference, in_shanghai(step.now).date(), now=step.now)
    case_id = CaseId(step.ids.new())
    case = Case(
        id=case_id,
        number=case_number(case_id, step.now),
        request_type=request_type,
        chat=session.chat,
        created_at=step.now,
        due_at=help_due(step),
        milestones=milestones_of(step, accepted, decision, policy),
        policy=session.policy,
        identity_review=identity_review,
    )
    if request_type != HELP:
        service = session.answers.get("service", "")
        illness = step.reference.illness_name(session.product, session.answers.get("illness", ""))
        urgency = urgency_of(relevant(step), illness, context.today)
        case = structs.replace(
            case,
            service=service,
            urgency=urgency.level,
            urgent_for=urgency.reasons,
            due_at=first_due(step, request_type, accepted),
            product=session.product,
            answers=relevant(step),
            attachments=files_of(context),
            decision=as_data(decision) if decision else None,
            unread_messages=session.notes,
            acknowledged=session.acknowledged,
        )
    case = structs.replace(case, wake_at=next_wake(case, step.reference.terms, step.reference.calendar))
    step.change_case(case)
    step.update(cases=(*session.cases, case_id))
    if case.attachments:
        step.add(FileClaim(case=case_id, documents=tuple(a.document for a in case.attachments)))
    outcome = decision.outcome if decision else "none"
    step.audit("case_opened", case=case_id, request_type=request_type, service=case.service, outcome=outcome)
    return case


def milestones_of(
    step: IntakeStep, accepted: DayResult, decision: Decision | None, policy: Policy | None
) -> dict[str, Milestone]:
    """Return what is known of a request at its submission; complete is one with a record and a notice [IP-A3]."""
    branch = step.session.answers.get("branch", "")
    noticed = branch != WITH_NOTICE or any(a.question == "notice" for a in step.session.attachments)
    complete = decision is not None and decision.outcome is Outcome.ELIGIBLE and noticed
    year = policy_year(policy.starts, in_shanghai(step.now).date()) if policy else None
    return starts(accepted, complete=complete, year=year)


def first_due(step: IntakeStep, request_type: str, accepted: DayResult) -> datetime:
    """Return when the queue has to have called: as the service's first contact says; an appeal has the terms' own."""
    terms, calendar, answers = step.reference.terms, step.reference.calendar, step.session.answers
    asked = (answers.get("service", ""), answers.get("branch", "")) if request_type == APPLICATION else ("", "")
    request, known = Request(*asked, step.session.product), starts(accepted, complete=False, year=None)
    contact = internal_promises(request, known, terms=terms, calendar=calendar)[FIRST_CONTACT]
    return calendar.end_of_service(contact.due or accepted.day)


def reserve(step: IntakeStep, case: Case, policy: Policy) -> None:
    """Reserve the uses that the case will need [G2, IP-N11]; they belong to the policy year of the request."""
    year = policy_year(policy.starts, in_shanghai(step.now).date())
    for service in uses_of(case, step.reference.terms):
        step.add(UseReservation(policy=policy.id, service=service, year=year, case=case.id))


def case_number(case: CaseId, now: datetime) -> str:
    """A number that can be read out on the telephone: date, dash, six digits."""
    return f"{in_shanghai(now):%y%m%d}-{case // 4096 % 1_000_000:06d}"


def help_due(step: IntakeStep) -> datetime:
    """When somebody who asked for a human shall be answered: minutes after asking, or after the next opening."""
    calendar = step.reference.calendar
    start = step.now if calendar.is_open(step.now) else calendar.next_opening(step.now)
    return start + timedelta(minutes=step.reference.terms.help_minutes)
