"""The record or report of a public hospital of the second grade or above: files, source, kind, day [OP-N1, IP-N1]."""

from collections.abc import Mapping
from itertools import pairwise
from typing import ClassVar

from flows.cases.answers import CODES
from flows.intake.questions.choice_question import SIGNS, ChoiceQuestion, answer_in, said
from flows.intake.questions.day_question import REFUSALS as DAY_REFUSALS
from flows.intake.questions.day_question import DayQuestion
from flows.intake.questions.file_question import DONE, FileQuestion
from flows.intake.questions.hospital_question import REFUSALS as HOSPITAL_REFUSALS
from flows.intake.questions.hospital_question import HospitalQuestion, doubts
from flows.intake.questions.places import Place
from flows.intake.questions.question import Answer, Choice, Context, Prompt, Reading, When
from flows.messages import Listed, MessageKey, Text, message
from flows.reading.fold import plain
from flows.reading.hospitals.cover import cover
from flows.reading.hospitals.lexicon import Kind, lexicon
from flows.reading.hospitals.text import name_form
from flows.reading.record_source import SourceVerdict, hospital_source, record_source, unlisted_source
from flows.reading.refusal import Refusal
from flows.terms.catalogue import RecordRule

CLAUSES = ("OP-N1", "IP-N1")
OUTSIDE = "outside"
LATER = "later"
ROADS = ("路", "街", "道")  # 香港路 lies in Wuhan

ASK_RECORD = message("ask.record")
RECORD_MORE = message("ask.record_more", "count")
RECORD_DONE = message("record.done")
ASK_HOSPITAL = message("ask.record_hospital")
ASK_BETTER = message("ask.better_record", "sources", "rule")
WANTED_ANYWHERE = message("better.anywhere")
WANTED_MAINLAND = message("better.mainland")
REPLACE = message("better.replace")

SHORT_OF: dict[str, MessageKey] = {
    "level_too_low": message("better.level_too_low"),
    "primary_care": message("better.primary_care"),
    "private": message("better.private"),
    "outside_mainland": message("better.outside_mainland"),
}
SHORT = message("better.other")

REFUSALS: dict[str, MessageKey] = {
    "record_first": message("refusal.record_first"),
    "record_later": message("refusal.record_later"),
    **DAY_REFUSALS,
    **HOSPITAL_REFUSALS,
}
"""The sentences of what is refused here."""


class Record(FileQuestion):
    """One picture or file at least; each is acknowledged by its number as it arrives."""

    state: ClassVar[str] = "record"
    files: ClassVar[str] = "record"
    cites: ClassVar[tuple[str, ...]] = CLAUSES
    label: ClassVar[MessageKey | None] = message("label.record")
    nothing_yet: ClassVar[Refusal] = Refusal("record_first")

    def ask(self, context: Context) -> Prompt:
        """Ask for the first, or whether there are more."""
        count = self.count(context)
        if not count:
            return Prompt(ASK_RECORD())
        return Prompt(RECORD_MORE(count=count), ((Choice(RECORD_DONE(), value=DONE),),))

    def read(self, text: str, context: Context) -> Reading:
        """Take 传完了 in words; to somebody who has nothing to send yet, say that there is time."""
        not_yet = said(text) in {LATER, "no", "unknown"} or SIGNS[self.state][LATER].search(plain(text))
        return Refusal("record_later") if not_yet and not self.count(context) else super().read(text, context)


class RecordHospital(HospitalQuestion):
    """The hospital that issued it, and what the service makes of such a source."""

    state: ClassVar[str] = "record_hospital"
    also: ClassVar[tuple[str, ...]] = ("record_source", *doubts("record_hospital"))
    rests_on: ClassVar[tuple[str, ...]] = ("service",)
    cites: ClassVar[tuple[str, ...]] = CLAUSES
    label: ClassVar[MessageKey | None] = message("label.record_hospital")

    def asks(self, _context: Context) -> Prompt:
        """Ask for its name."""
        return Prompt(ASK_HOSPITAL())

    def at_hand(self, context: Context) -> bool:
        """Files were sent, and it is open where they are from."""
        return given(context)

    def settled(self, place: Place, context: Context) -> Answer:
        """Keep it with the codes of the verdict on it; what falls short is asked about next."""
        verdict = source_of(place, context).of(context.session.answers["service"])
        return Answer(place.name, {"record_source": CODES.encode(verdict.reasons)})


def given(context: Context) -> bool:
    """Return True if a record was sent."""
    sent = any(attachment.question == Record.files for attachment in context.session.attachments)
    return sent and "service" in context.session.answers


def source_of(place: Place, context: Context) -> SourceVerdict:
    """Judge where a record comes from: by the directory, else by the region that the words name.

    Words that name a place abroad and no other are abroad; with a place of the mainland beside it, or with a name
    that towns of the mainland have too (林口), nobody knows.
    """
    if place.hospital is not None:
        return hospital_source(place.hospital)
    named = _places_in(place.name, context)
    abroad = [name for name in named if lexicon().places[name].level == OUTSIDE]
    if not abroad:
        return unlisted_source()
    certain = [name for name in abroad if answer_in(name) == OUTSIDE] if abroad == named else []
    return record_source("", "", certain[0] if certain else "")


def _places_in(words: str, context: Context) -> list[str]:
    pieces = cover(name_form(words), context.reference.hospitals)
    streets = {before.text for before, after in pairwise(pieces) if after.text.startswith(ROADS)}
    names = [piece.text for piece in pieces if piece.kind is Kind.PLACE and piece.text not in streets]
    return [name for name in names if name in lexicon().places]


def _falls_short(context: Context) -> bool:
    """The service refuses the record's source."""
    return "service" in context.session.answers and bool(refused_sources(context))


class BetterRecord(ChoiceQuestion):
    """Asked where the source is known to fall short: why, and whether there is another. No leads to the refusal."""

    state: ClassVar[str] = "better_record"
    when: ClassVar[When] = When("source_falls_short", _falls_short)
    rests_on: ClassVar[tuple[str, ...]] = ("service", "record_hospital")
    cites: ClassVar[tuple[str, ...]] = CLAUSES
    options: ClassVar[Mapping[str, MessageKey]] = {"no": message("better.none")}
    means: ClassVar[Mapping[str, str]] = {"done": "no"}
    label: ClassVar[MessageKey | None] = message("label.better_record")

    def ask(self, context: Context) -> Prompt:
        """Tell why, and ask for another."""
        replace = Choice(REPLACE(), fires="replace_record")
        return Prompt(self.asks(context), ((replace, *super().ask(context).rows[0]),))

    def asks(self, context: Context) -> Text:
        """Say what the source is, and what the clause asks for."""
        mainland = _rule(context).verdict("outside_mainland") == "refused"
        sources = Listed(tuple(SHORT_OF.get(code, SHORT)() for code in refused_sources(context)))
        return ASK_BETTER(sources=sources, rule=WANTED_MAINLAND() if mainland else WANTED_ANYWHERE())


def refused_sources(context: Context) -> tuple[str, ...]:
    """Return the codes of the record's source that the service refuses."""
    source = context.session.answers.get("record_source")
    if not source:
        return ()
    rule = _rule(context)
    return tuple(code for code in CODES.decode(source) if rule.verdict(code) == "refused")


def _rule(context: Context) -> RecordRule:
    return context.reference.terms.services[context.session.answers["service"]].record


class RecordKind(ChoiceQuestion):
    """What kind of paper it is."""

    state: ClassVar[str] = "record_kind"
    telling: ClassVar[bool] = True
    rests_on: ClassVar[tuple[str, ...]] = ("record_hospital",)
    cites: ClassVar[tuple[str, ...]] = CLAUSES
    prompt: ClassVar[MessageKey] = message("ask.record_kind")
    options: ClassVar[Mapping[str, MessageKey]] = {
        "outpatient_record": message("kind.outpatient_record"),
        "discharge_summary": message("kind.discharge_summary"),
        "examination_report": message("kind.examination_report"),
        "diagnosis_report": message("kind.diagnosis_report"),
        "other": message("kind.other"),
    }
    means: ClassVar[Mapping[str, str]] = {"unknown": "other"}
    label: ClassVar[MessageKey | None] = message("label.record_kind")


class RecordDate(DayQuestion):
    """The day on it; only one still to come is refused."""

    state: ClassVar[str] = "record_date"
    also: ClassVar[tuple[str, ...]] = ("record_date_options",)
    rests_on: ClassVar[tuple[str, ...]] = ("record_hospital",)
    cites: ClassVar[tuple[str, ...]] = CLAUSES
    prompt: ClassVar[MessageKey] = message("ask.record_date")
    label: ClassVar[MessageKey | None] = message("label.record_date")

    def at_hand(self, context: Context) -> bool:
        """Files were sent, and it is open of which day they are."""
        return given(context)
