"""Which department, and that it is covered [OP-N4]; that no doctor can be chosen is said with it [OP-N6]."""

import re
from typing import ClassVar

from flows.cases.answers import NAMES, RECOMMEND
from flows.intake.questions.network import code_of
from flows.intake.questions.question import (
    NEEDS_BUTTON,
    Answer,
    Choice,
    Context,
    PartialAnswer,
    Prompt,
    Reading,
    in_rows,
)
from flows.intake.questions.visit_question import VisitQuestion
from flows.intake.questions.visit_words import TABLE, holds, kept_words, plausible, says
from flows.messages import VERBATIM, MessageKey, Text, message
from flows.reading.departments import Department as DepartmentRead
from flows.reading.departments import DepartmentStatus, read_department
from flows.reading.named_doctor import DoctorWish, read_doctor_wish
from flows.reading.refusal import Refusal
from flows.terms.facts import COVERED

ASK_DEPARTMENT = message("visit.ask_department")
ADVISED = message("visit.advised")
INSIST = message("visit.insist")
MORE_DEPARTMENTS = message("visit.more_departments")
ASKED_BACK: dict[str, MessageKey] = {
    code: message(f"visit.department_{code}") for code in ("which_of_two", "check_or_treatment", "several", "unclear")
}

EXCLUDED = "department_"  # and the ground: the code with which a department is declined
REFUSALS: dict[str, MessageKey] = {
    EXCLUDED + ground: message(f"refusal.{EXCLUDED}{ground}") for ground in TABLE["excluded"]
} | {"department_empty": message("refusal.department_empty")}

INSISTS, UNCLEAR = "insists", "unclear"
NAME = 12  # characters of a department's name
PAGE = 8
ACROSS = 2
TOLD = re.compile(TABLE["told"])


class Department(VisitQuestion):
    """The department by button, eight at a time, or typed; `recommend` leaves it to the service.

    `department_ground` is covered, one of the grounds of [OP-N4] (which the person insists on), unclear, or "" where
    nothing was asked for. `department_asked` is why it was asked back (once), `department_options` what it may be.
    """

    state: ClassVar[str] = "department"
    also: ClassVar[tuple[str, ...]] = (
        "department_ground",
        "department_insists",
        "department_asked",
        "department_options",
        "doctor_wish",
        "doctor_words",
    )
    cites: ClassVar[tuple[str, ...]] = ("OP-N4", "OP-N6a")
    label: ClassVar[MessageKey | None] = message("visit.label_department")

    def shown(self, context: Context) -> Text | None:
        """Return its name, or the words it was asked for in."""
        value = context.session.answers.get(self.state, "")
        return ADVISED() if value == RECOMMEND else VERBATIM(text=value)

    def ask(self, context: Context) -> Prompt:
        """Show a page of departments; before them, what was asked back, or that one insists on what was declined."""
        asked_back = context.session.answers.get("department_asked", "")
        text = ASKED_BACK[asked_back]() if asked_back in ASKED_BACK else ASK_DEPARTMENT()
        departments: list[str] = TABLE["departments"]
        pages = -(-len(departments) // PAGE)
        page = (max(context.page, 1) - 1) % pages + 1
        rows = in_rows([_named(name) for name in departments[(page - 1) * PAGE : page * PAGE]], ACROSS)
        before = in_rows([_named(name) for name in _options(context)], ACROSS)
        if _declined(context):
            before = (*before, (Choice(INSIST(), value=INSISTS),))
        last = (Choice(MORE_DEPARTMENTS(), page=page % pages + 1), Choice(ADVISED(), value=RECOMMEND))
        return Prompt(text, (*before, *rows, last))

    def read(self, text: str, context: Context) -> Reading:
        """Read a department, and a doctor spoken of with it; what stays open is asked back once, then a human's."""
        if says("advise", text):
            return self.kept(RECOMMEND, "", "", context)
        if says("insists", text) and _declined(context):
            return self.choose(INSISTS, context)
        if not (words := kept_words(text)):
            return Refusal("department_empty")
        return self.settled(read_department(text), words, context)

    def tells(self, piece: str) -> bool:
        """It may be a department's name."""
        return holds("names_department", piece)

    def settled(self, reading: DepartmentRead, words: str, context: Context) -> Reading:
        """Keep what is covered, decline what is not, ask back the rest."""
        if reading.status is DepartmentStatus.OK and reading.name:
            return self.kept(reading.name, COVERED, words, context)
        if reading.status is DepartmentStatus.EXCLUDED:
            return Refusal(EXCLUDED + reading.code)
        if context.session.answers.get("department_asked"):
            if reading.code == "unknown" and not (plausible(words, NAME) or self.tells(words)):
                return Refusal("department_empty")
            return self.kept(words, UNCLEAR, words, context)
        return PartialAnswer(_back(reading) | _doctor(words))

    def choose(self, value: str, context: Context) -> Reading:
        """Accept a department of the list, one that was asked back, the service's advice, or the one insisted on."""
        if value == RECOMMEND:
            return self.kept(RECOMMEND, "", "", context)
        ground = _declined(context)
        if value == INSISTS and ground:
            name = str(TABLE["excluded"][ground])
            kept = self.kept(name, ground, "", context)
            return Answer(name, {**kept.also, "department_insists": "yes"})
        known = {code_of(name): name for name in (*TABLE["departments"], *_options(context))}
        return self.read(known[value], context) if value in known else NEEDS_BUTTON

    def kept(self, value: str, ground: str, words: str, context: Context) -> Answer:
        """Return the answer; the wish for a doctor that was told when it was asked back stays."""
        told = {} if context.session.answers.get("department_asked") else {"doctor_wish": "", "doctor_words": ""}
        settled = {"department_insists": "", "department_asked": "", "department_options": ""}
        return Answer(value, {**told, **_doctor(words), "department_ground": ground, **settled})


def _named(name: str) -> Choice:
    return Choice(VERBATIM(text=name), value=code_of(name))


def _options(context: Context) -> tuple[str, ...]:
    return NAMES.decode(context.session.answers.get("department_options", ""))


def _declined(context: Context) -> str:
    """Return the ground on which what was said last was declined; empty where nothing was."""
    missed = context.session.missed if context.session.failed_answers else ""
    return next((ground for ground in TABLE["excluded"] if missed == EXCLUDED + ground), "")


def _back(reading: DepartmentRead) -> dict[str, str]:
    """Return what is to be asked back: which of its options, or what the department is called."""
    code = "several" if reading.options else reading.code
    options = reading.options or TABLE["options"].get(reading.name, ())
    known = code if code in ASKED_BACK and options else UNCLEAR
    return {"department_asked": known, "department_options": NAMES.encode(tuple(options))}


def _doctor(words: str) -> dict[str, str]:
    """Return the wish for a doctor in the words, where one is spoken of and it is more than is promised [OP-N6]."""
    asked_for = TOLD.sub("", words)  # 医生说要尽快 is no wish for one
    if not holds("doctor", asked_for):
        return {}
    wish = read_doctor_wish(asked_for)
    return {} if wish is DoctorWish.OK else {"doctor_wish": wish, "doctor_words": words}
