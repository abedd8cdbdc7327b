"""A file of cases: which reader each case is for, told by its fields, and all of them scored."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from benchmarks.accuracy import decided, typed, uses
from benchmarks.accuracy.model import Case, Judged, Report, Said, Scored, is_lenient
from benchmarks.accuracy.typed import Frame

Scorer = Callable[[Case, Frame], Judged]

SCORERS: Mapping[str, Scorer] = {
    "dates": typed.a_date,
    "hospital_names": typed.a_hospital,
    "id_numbers": typed.an_id,
    "cross_field_cases": typed.an_agreement,
    "illnesses": typed.an_illness,
    "phones": typed.a_phone,
    "departments": typed.a_department,
    "named_doctor": typed.a_doctor,
    "urgency": typed.an_urgency,
    "names": typed.a_name,
    "policy_numbers": typed.a_policy_number,
    "messages": typed.a_message,
    "record_source": decided.a_source,
    "workday": decided.a_working_day,
    "sla": decided.a_clock,
    "service_hours": decided.an_hour,
    "branch": uses.a_branch,
    "quota": uses.a_quota,
    "quota_events": uses.an_event,
}
BY_FIELDS = (
    ({"declared_type", "input"}, "id_numbers"),
    ({"id_number"}, "cross_field_cases"),
    ({"phrase"}, "illnesses"),
    ({"context", "input"}, "dates"),
    ({"level", "ownership", "region"}, "record_source"),
    ({"start", "kind"}, "workday"),
    ({"received"}, "sla"),
    ({"at", "open"}, "service_hours"),
    ({"has_notice", "branch"}, "branch"),
    ({"op_used", "ip_used"}, "quota"),
    ({"event", "consumed"}, "quota_events"),
)
"""The fields that only one reader's cases have."""
BY_EXPECTED = (
    ({"date", "range", "clarify"}, "dates"),
    ({"unique", "ambiguous", "unknown"}, "hospital_names"),
    ({"mobile", "landline", "intl", "service", "multiple", "unassigned_prefix"}, "phones"),
    ({"excluded", "ask"}, "departments"),
    ({"name", "no_name"}, "names"),
    ({"policy_number", "no_policy_number"}, "policy_numbers"),
    ({"declined", "told_title", "told_no_choice"}, "named_doctor"),
)
"""The words that only one reader's cases expect, where the fields are shared; a whole section tells together."""
NEVER_GIVEN = {"id", "note", "expect", "because", "allowed", "consumes_on_completion", "consumed", "released", "open"}


def score(document: object, *, today: date) -> Report:
    """Score every case of a file as read from JSON; `today` where the file names no day (`as_of`, `base`).

    A case that lacks what its reader needs counts as a miss. Any JSON gives a report, never an exception.
    """
    frame = Frame(_day_of(document) or today)
    scored: list[Scored] = []
    unscored: list[str] = []
    for section, cases in _sections(document).items():
        reader = _reader_of(section, cases)
        if reader is None:
            unscored.append(section)
        else:
            scored += [_scored(reader, case, place, frame) for place, case in enumerate(cases, 1)]
    return Report(tuple(scored), tuple(unscored))


def _sections(document: object) -> dict[str, list[Case]]:
    """Return the lists of cases by name; a bare list is `cases`."""
    named = {"cases": document} if isinstance(document, list) else document
    if not isinstance(named, Mapping):
        return {}
    lists = [(name, value) for name, value in named.items() if isinstance(value, list)]
    cases = {name: [one for one in value if isinstance(one, Mapping)] for name, value in lists}
    return {name: value for name, value in cases.items() if value}


def _day_of(document: object) -> date | None:
    if not isinstance(document, Mapping):
        return None
    try:
        return date.fromisoformat(document.get("as_of") or document.get("base") or "")
    except (TypeError, ValueError):
        return None


def _reader_of(section: str, cases: list[Case]) -> str | None:
    """Tell whose cases these are: by the section's name, else by a case's fields, else by what is expected."""
    if section in SCORERS:
        return section
    fields = {field for case in cases for field in case}
    if "phrase" in fields and not any(isinstance(case.get("expect"), Mapping) for case in cases):
        return "urgency"
    if any(isinstance(case.get("expect"), list) for case in cases):
        return "messages"
    by_fields = next((reader for needed, reader in BY_FIELDS if needed <= fields), None)
    expected = set(_expected_words(cases))
    return by_fields or next((reader for words, reader in BY_EXPECTED if words & expected), None)


def _expected_words(cases: list[Case]) -> Iterator[str]:
    for case in cases:
        expect = case.get("expect")
        yield str(expect.get("kind")) if isinstance(expect, Mapping) else str(expect)


def _scored(reader: str, case: Case, place: int, frame: Frame) -> Scored:
    try:
        judged = SCORERS[reader](case, frame)
    except (LookupError, TypeError, ValueError, AttributeError) as fault:
        judged = Judged(Said(_brief(case.get("expect"))), Said("unreadable_case", repr(fault)), right=False)
    return Scored(reader, str(case.get("id") or f"{reader}[{place}]"), _given(case), judged, is_lenient(case))


def _given(case: Case) -> str:
    """Return what a case puts in: its one text, or all of its facts."""
    for key in ("input", "phrase"):
        if key in case:
            return str(case[key])
    return " ".join(f"{key}={_brief(value)}" for key, value in case.items() if key not in NEVER_GIVEN)


def _brief(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
