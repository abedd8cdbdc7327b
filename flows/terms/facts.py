"""What a decision rests on. Every fact may be missing: None was not asked, and no rule speaks of it.

Facts are codes, days and figures, never a name or a text, so that they can be stored with the case and decided again.
"""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct, field

from flows.terms.branch import AdmissionNotice
from flows.terms.uses import Account

UNLISTED = "other"  # the policyholder found nothing on the list, or is not sure

INSURED = "insured"  # the patient is the insured
SOMEONE_ELSE = "someone_else"

LISTED = "listed"  # as flows.reading.illnesses says it; mild, not_listed and all others are for a human
MILD = "mild"
NOT_LISTED = "not_listed"

CONFIRMED = "confirmed"
SUSPECTED = "suspected"

COVERED = "covered"  # a department that the service covers; else a ground of departments.json

IN_NETWORK = "in_network"
OUTSIDE = "outside"

DECLINED = "declined"  # as flows.reading.named_doctor says it
TOLD_TITLE = "told_title"
TOLD_NO_CHOICE = "told_no_choice"


class PolicyFacts(Struct, frozen=True, forbid_unknown_fields=True):
    """The policy on the request's day: its status, its last day, and its uses (which hold its first day)."""

    status: str
    ends: date
    account: Account


class Record(Struct, frozen=True, forbid_unknown_fields=True):
    """One record given. `source` are reasons of `flows.reading.record_source`, empty where it was not asked.

    `kind` is outpatient_record, discharge_summary, examination_report, diagnosis_report, or another word: a human's.
    """

    source: tuple[str, ...] = ()
    kind: str | None = None
    dated: date | None = None


class Facts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that the rules may look at. `today` is the request's date in Asia/Shanghai.

    `policy` None: it is no longer on file. `illness` is a code of the contract's list, `standing` how it stands to the
    list. `better_record`: whether there is a better one to give. `department`: covered, or a ground; `insists`: on that
    very department. `wished` is the day wanted, `earliest` the first that can be promised. `flags` are yes-or-no
    answers by the names of the service's flags.
    """

    service: str
    today: date
    policy: PolicyFacts | None
    patient: str | None = None
    condition: str | None = None
    illness: str | None = None
    standing: str | None = None
    records: tuple[Record, ...] | None = None
    better_record: bool | None = None
    hospital: str | None = None
    wished: date | None = None
    earliest: date | None = None
    department: str | None = None
    insists: bool | None = None
    doctor: str | None = None
    notice: AdmissionNotice | None = None
    flags: Mapping[str, bool] = field(default_factory=dict)
