"""The day of the visit: a calendar of a month to tap on, or typed; never promised before the terms do [OP-P1a]."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import ClassVar

from msgspec import Struct

from flows.cases.answers import DAYS, DAYS_OPTIONS, SOONEST
from flows.cases.codecs import Span
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
from flows.intake.questions.visit_words import hardly_more, holds, says
from flows.intake.texts import NOTHING
from flows.messages import VERBATIM, MessageKey, Text, message
from flows.reading.dates import DateContext, DateDoubt, DateReading, find_dates, read_date
from flows.reading.refusal import Refusal
from flows.terms.calendar import SHANGHAI, Calendar, DayResult
from flows.terms.catalogue import FIRST_VISIT
from flows.terms.promises import Request, internal_promises, starts

ASK_DATE = message("visit_date.ask", "earliest", "provisional")
PROVISIONAL = message("visit_date.provisional")
TOO_EARLY = message("visit_date.too_early", "wish", "earliest")
AT_REST = message("visit_date.at_rest", "wish", "instead")
WHICH_DAY = message("visit_date.which_day")
ONE_DAY = message("visit_date.one_day", "day")
SEVERAL_DAYS = message("visit_date.days", "first", "last")
ON_DAY = message("visit_date.on_day", "month", "day")
ON_DAYS = message("visit_date.on_days", "month", "day", "to_month", "to_day")
INSTEAD = message("visit_date.instead", "month", "day")
MY_WISH = message("visit_date.my_wish")
ANOTHER = message("visit_date.another")
SOON = message("visit_date.soonest")
EARLIER = message("visit_date.earlier")
LATER = message("visit_date.later")
MONTH = message("visit_date.month", "year", "month")
WEEKDAYS: tuple[MessageKey, ...] = tuple(message(f"visit_date.weekday_{number}") for number in range(1, 8))

REFUSALS: dict[str, MessageKey] = {
    code: message(f"refusal.{code}")
    for code in ("visit_past", "visit_too_far", "visit_no_such_day", "visit_vague", "visit_not_offered")
}

AHEAD = timedelta(days=180)
DAY = timedelta(days=1)
LONGEST_MONTH = timedelta(days=31)
NOON = time(12)
WISHED, OTHER, CLOSED = "wished", "other", "closed"
DOT = "·"
WEEK = 7
MOST_MEANT = 4
EARLY, REST, DOUBT = "early", "rest", "doubt"

_CODES = {"past_date": "visit_past", "too_old": "visit_past", "year_out_of_range": "visit_too_far"}


def wished(answers: Mapping[str, str]) -> date | None:
    """Return the day wished for, of several the last: a stretch is too early only if its end is. None: soonest."""
    span = DAYS.decode(answers.get(VisitDate.state, ""))
    return None if span is None else span.last


def earliest_day(context: Context) -> DayResult:
    """Return the first day that can be wished for, as the terms' data count it for the service and its branch.

    A request that is accepted now may be: the fifth working day after [OP-P1a]; on the way to an admission the next
    one [IP-B4].
    """
    calendar, answers = context.reference.calendar, context.session.answers
    accepted = calendar.acceptance_day(context.now or datetime.combine(context.today, NOON, SHANGHAI))
    request = Request(answers.get("service", ""), answers.get("branch", ""), context.session.product)
    known = starts(accepted, complete=False, year=None)
    found = internal_promises(request, known, terms=context.reference.terms, calendar=calendar)[FIRST_VISIT]
    return DayResult(found.target or accepted.day, found.provisional)


def earliest(context: Context) -> date:
    """Return the first day that can be promised, for the decision's facts."""
    return earliest_day(context).day


def latest(context: Context) -> date:
    """Return the last day that can be wished for."""
    return max(context.today + AHEAD, earliest(context))


class Offer(Struct, frozen=True):
    """The days that the calendar offers: the working days from the first that can be promised to the last."""

    first: DayResult
    last: date
    calendar: Calendar

    @classmethod
    def of(cls, context: Context) -> "Offer":
        """Work it out, once for a question."""
        return cls(earliest_day(context), latest(context), context.reference.calendar)

    def holds(self, day: date) -> bool:
        """Return True if the day is offered."""
        return self.first.day <= day <= self.last and self.calendar.is_working_day(day)

    def months(self) -> list[date]:
        """Return the first days of the months that have a day to offer, in order."""
        months, month = [], self.first.day.replace(day=1)
        while month <= self.last:
            following = (month + LONGEST_MONTH).replace(day=1)
            if any(self.holds(month + DAY * n) for n in range((following - month).days)):
                months.append(month)
            month = following
        return months


class VisitDate(VisitQuestion):
    """The day wished for: an ISO day, first/last, or `soonest`.

    `visit_date_meant` is what was typed and must be confirmed, `visit_date_why` for what reason: early, rest, doubt.
    """

    state: ClassVar[str] = "visit_date"
    also: ClassVar[tuple[str, ...]] = ("visit_date_meant", "visit_date_why")
    rests_on: ClassVar[tuple[str, ...]] = ("service", "branch")
    cites: ClassVar[tuple[str, ...]] = ("OP-P1a",)
    label: ClassVar[MessageKey | None] = message("visit_date.label")

    def answered(self, context: Context) -> bool:
        """Return True if there is a wish that has not gone by while the request lay."""
        day = wished(context.session.answers)
        return super().answered(context) and (day is None or day >= context.today)

    def shown(self, context: Context) -> Text | None:
        """Return the day, or the days."""
        span = DAYS.decode(context.session.answers.get(self.state, ""))
        return SOON() if span is None else _said(span)

    def ask(self, context: Context) -> Prompt:
        """Show a month, or ask back what was typed."""
        meant, why = _meant(context), context.session.answers.get("visit_date_why", "")
        if not meant or why not in {EARLY, REST, DOUBT}:
            return _calendar(context)
        return _which(meant) if why == DOUBT else _confirm(meant[0], why, context)

    def read(self, text: str, context: Context) -> Reading:
        """Read a day, a stretch of days, or that the soonest is wanted."""
        if says("soonest", text):
            return _answer(SOONEST)
        reading = read_date(text, today=context.today, context=DateContext.FUTURE)
        if isinstance(reading, Refusal):
            return Refusal(_CODES.get(reading.code, "visit_no_such_day"))
        if isinstance(reading, DateReading):
            return _wish(Span(reading.start, reading.end), context)
        return _doubt(reading, context)

    def volunteer(self, piece: str, context: Context) -> Answer | None:
        """Take a piece that says hardly more than the day: 报告下周三才能拿到 is no wish."""
        found = find_dates(piece, today=context.today, context=DateContext.FUTURE)
        days = (found[0].start, found[-1].end) if found else (0, 0)
        alone = hardly_more(piece, days, ("of_something_else", "no_visit"))
        return super().volunteer(piece, context) if alone else None

    def tells(self, piece: str) -> bool:
        """It may be a day."""
        return holds("a_day", piece)

    def choose(self, value: str, context: Context) -> Reading:
        """Accept a day that the calendar offers, or what was asked back."""
        fixed: dict[str, Reading] = {
            SOONEST: _answer(SOONEST),
            OTHER: PartialAnswer({"visit_date_meant": "", "visit_date_why": ""}),
            CLOSED: Refusal("visit_not_offered"),
            WISHED: _as_wished(context),
        }
        span = DAYS.decode(value)
        if span is None:
            return fixed.get(value, NEEDS_BUTTON)
        if span in _meant(context):
            return _wish(span, context)
        offered = span.first == span.last and Offer.of(context).holds(span.first)
        return _answer(DAYS.encode(span)) if offered else Refusal("visit_not_offered")


# ---- what comes of an answer ----


def _answer(kept: str) -> Answer:
    return Answer(kept, {"visit_date_meant": "", "visit_date_why": ""})


def _as_wished(context: Context) -> Reading:
    """Keep a wish that cannot be promised, once that was told."""
    meant, why = _meant(context), context.session.answers.get("visit_date_why", "")
    return _answer(DAYS.encode(meant[0])) if meant and why in {EARLY, REST} else NEEDS_BUTTON


def _asked_back(spans: tuple[Span, ...], why: str) -> PartialAnswer:
    return PartialAnswer({"visit_date_meant": DAYS_OPTIONS.encode(spans), "visit_date_why": why})


def _meant(context: Context) -> list[Span]:
    """Return what was typed and is to be confirmed; a wish that has gone by meanwhile is none."""
    spans = DAYS_OPTIONS.decode(context.session.answers.get("visit_date_meant", ""))
    return [span for span in spans if span.last >= context.today]


def _wish(span: Span, context: Context) -> Reading:
    """Take days that can be had; ask back those that cannot be promised, which stay a wish."""
    if span.last < context.today:
        return Refusal("visit_past")
    if span.first > latest(context):
        return Refusal("visit_too_far")
    span = Span(max(span.first, context.today), min(span.last, latest(context)))
    if span.last < earliest(context):
        return _asked_back((span,), EARLY)
    offer = Offer.of(context)
    if not any(offer.holds(span.first + DAY * n) for n in range((span.last - span.first).days + 1)):
        return _asked_back((span,), REST)
    return _answer(DAYS.encode(span))


def _doubt(doubt: DateDoubt, context: Context) -> Reading:
    """Offer the days that it may mean; where there are none, say what a right answer looks like."""
    if doubt.code == "too_far":
        return Refusal("visit_too_far")
    spans = [Span(reading.start, reading.end) for reading in doubt.candidates]
    able = [span for span in spans if span.last >= context.today and span.first <= latest(context)]
    if able:
        return _asked_back(tuple(able[:MOST_MEANT]), DOUBT)
    far = bool(spans) and all(span.first > latest(context) for span in spans)
    return Refusal("visit_too_far" if far else "visit_vague")


# ---- how it asks ----


def _said(span: Span) -> Text:
    if span.first == span.last:
        return ONE_DAY(day=span.first)
    return SEVERAL_DAYS(first=span.first, last=span.last)


def _which(meant: list[Span]) -> Prompt:
    rows = in_rows([Choice(_on_button(span), value=DAYS.encode(span)) for span in meant], 2)
    return Prompt(WHICH_DAY(), (*rows, (Choice(ANOTHER(), value=OTHER),)))


def _on_button(span: Span) -> Text:
    first, last = span.first, span.last
    if first == last:
        return ON_DAY(month=first.month, day=first.day)
    return ON_DAYS(month=first.month, day=first.day, to_month=last.month, to_day=last.day)


def _confirm(span: Span, why: str, context: Context) -> Prompt:
    """Say that the wish cannot be promised, and offer the nearest day that can."""
    day = earliest(context) if why == EARLY else _next_offered(span.last, context)
    text = TOO_EARLY if why == EARLY else AT_REST
    said = text(wish=_said(span), **{"earliest" if why == EARLY else "instead": day})
    instead = Choice(INSTEAD(month=day.month, day=day.day), value=day.isoformat())
    return Prompt(said, ((instead,), (Choice(MY_WISH(), value=WISHED), Choice(ANOTHER(), value=OTHER))))


def _next_offered(day: date, context: Context) -> date:
    following = context.reference.calendar.add_working_days(day, 1).day
    return following if Offer.of(context).holds(following) else earliest(context)


def _calendar(context: Context) -> Prompt:
    """Show a month, Monday first; the opening page is that of the first day that can be promised."""
    offer = Offer.of(context)
    months = offer.months()
    page = min(max(context.page, 1), len(months))
    month = months[page - 1]
    provisional = offer.first.provisional or offer.calendar.is_provisional(month.year)
    text = ASK_DATE(earliest=offer.first.day, provisional=PROVISIONAL() if provisional else NOTHING())
    head = [Choice(MONTH(year=month.year, month=month.month), page=page)]
    if page > 1:
        head.insert(0, Choice(EARLIER(), page=page - 1))
    if page < len(months):
        head.append(Choice(LATER(), page=page + 1))
    names = tuple(Choice(weekday(), page=page) for weekday in WEEKDAYS)
    return Prompt(text, (tuple(head), names, *_weeks(month, offer), (Choice(SOON(), value=SOONEST),)))


def _weeks(month: date, offer: Offer) -> list[tuple[Choice, ...]]:
    """Return the rows of a month's days; a week without a day to offer is left out."""
    first = month - DAY * month.weekday()
    weeks = [[first + DAY * (WEEK * row + column) for column in range(WEEK)] for row in range(6)]
    rows = [tuple(_cell(day, month, offer) for day in week) for week in weeks]
    return [row for row in rows if any(choice.value != CLOSED for choice in row)]


def _cell(day: date, month: date, offer: Offer) -> Choice:
    if day.month == month.month and offer.holds(day):
        return Choice(VERBATIM(text=str(day.day)), value=day.isoformat())
    return Choice(VERBATIM(text=DOT), value=CLOSED)
