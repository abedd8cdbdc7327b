"""Scoring of what the terms decide: record sources, working days, clocks, hours."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache

from flows.reading.record_source import record_source
from flows.reading.scoring.model import Case, Judged, Said
from flows.reading.scoring.typed import Frame
from flows.terms import catalogue
from flows.terms.calendar import Calendar
from flows.terms.promises import Milestone, Promise, Request, promises


@cache
def _calendar() -> Calendar:
    return Calendar.build()


def a_source(case: Case, _frame: Frame) -> Judged:
    """Score by service; an accept sent to a human is tolerable, a reject accepted is not [OP-N1, IP-N1]."""
    verdict = record_source(case["level"], case["ownership"], case["region"])
    expect = case["expect"]
    wanted = dict(expect) if isinstance(expect, Mapping) else {"OP": expect, "IP": expect}
    found = {service: verdict.of(service).outcome for service in wanted}
    right = all(found[service] in _tolerable(wanted[service]) for service in wanted)
    accepted = any(found[service] == "accept" and wanted[service] == "reject" for service in wanted)
    return Judged(_by_service(wanted), _by_service(found), right, accepted)


def _tolerable(outcome: str) -> set[str]:
    return {outcome, "review"} if outcome == "accept" else {outcome}


def _by_service(outcomes: Mapping[str, str]) -> Said:
    same = len(set(outcomes.values())) == 1
    return Said(next(iter(outcomes.values())) if same else "/".join(f"{k} {v}" for k, v in outcomes.items()))


def a_working_day(case: Case, _frame: Frame) -> Judged:
    """Score a day counted to, or a number of days; and whether a year's notice is still to come, where said."""
    start, calendar = date.fromisoformat(case["start"]), _calendar()
    if case["kind"] == "add":
        day = calendar.add_working_days(start, case["workdays"])
        found, provisional = day.day.isoformat(), day.provisional
    elif case["kind"] == "count_after":
        count = calendar.count_working_days_after(start, date.fromisoformat(case["end"]))
        found, provisional = str(count.days), count.provisional
    else:
        raise ValueError(case["kind"])
    said = bool(case.get("provisional", provisional))
    return _same(case["kind"], _noted(str(case["expect"]), said), _noted(found, provisional))


def _noted(value: str, provisional: bool) -> str:  # noqa: FBT001 - a mark of the value, not a switch
    return f"{value} provisional" if provisional else value


def a_clock(case: Case, _frame: Frame) -> Judged:
    """Score every day that a case of [OP-P1, OP-P3, IP-A3, IP-B4] names."""
    found = _days_after(datetime.fromisoformat(case["received"]))
    keys = [key for key in found if key in case]
    if not keys:
        raise KeyError("acceptance_day")
    expected = " ".join(str(case[key]) for key in keys)
    return _same("sla", expected, " ".join(str(found[key]) for key in keys))


def _days_after(received: datetime) -> dict[str, date | None]:
    accepted = _calendar().acceptance_day(received).day
    visit, stay, by_visit = (_promised(accepted, *way) for way in (("OP",), ("IP", "IP-A"), ("IP", "IP-B")))
    return {
        "acceptance_day": accepted,
        "hospital_call_due_earliest": visit["hospital_call"].target,
        "hospital_call_due": visit["hospital_call"].due,
        "earliest_visit": visit["earliest_visit"].target,
        "admission_due_earliest": stay["admission"].target,
        "admission_due": stay["admission"].due,
        "specialist_visit_due_if_chosen_that_day": by_visit["specialist_visit"].due,
    }


def _promised(accepted: date, *way: str) -> dict[str, Promise]:
    known = dict.fromkeys(("accepted", "complete", "hospital_chosen"), Milestone(accepted))
    made = promises(Request(*way), known, terms=catalogue.load(), calendar=_calendar())
    return {promise.name: promise for promise in made}


def an_hour(case: Case, _frame: Frame) -> Judged:
    """Score whether the line is served at an instant [OP-P1b]."""
    words = {True: "open", False: "closed"}
    found = _calendar().is_open(datetime.fromisoformat(case["at"]))
    return Judged(Said(words[bool(case["open"])]), Said(words[found]), found is bool(case["open"]))


def _same(label: str, expected: str, found: str) -> Judged:
    return Judged(Said(label, expected), Said(label, found), expected == found)
