"""A question for a day gone by: 今天, 昨天, 不清楚, or typed as people write days; a doubt is asked back."""

from datetime import date, timedelta
from typing import ClassVar

from flows.cases.answers import DAY as STORED
from flows.cases.answers import DAY_OPTIONS, UNKNOWN
from flows.intake.questions.choice_question import said
from flows.intake.questions.question import Answer, Choice, Context, PartialAnswer, Prompt, Question, Reading
from flows.intake.questions.visit_words import hardly_more, holds
from flows.messages import MessageKey, Text, message
from flows.reading.dates.model import DateContext, DateDoubt, DateReading
from flows.reading.dates.reader import find_dates, read_date
from flows.reading.refusal import Refusal

MOST = 4  # days asked back at once

WHICH = message("day.which")
TODAY = message("day.today")
YESTERDAY = message("day.yesterday")
NOT_KNOWN = message("day.unknown")
DAY = message("day.day", "year", "month", "day")

REFUSALS: dict[str, MessageKey] = {
    "day_in_future": message("refusal.day_in_future"),
    "day_unclear": message("refusal.day_unclear"),
    "no_such_day": message("refusal.no_such_day"),
}


class DayQuestion(Question):
    """Its answer is an ISO day (the first of a month or a stretch), or "unknown".

    Days in doubt wait in `{state}_options`.
    """

    prompt: ClassVar[MessageKey]

    def shown(self, context: Context) -> Text | None:
        """Return the day with its year."""
        day = STORED.decode(context.session.answers.get(self.state, UNKNOWN))
        return day_text(day) if day else NOT_KNOWN()

    def ask(self, context: Context) -> Prompt:
        """Ask for the day, or which of those that it may be."""
        unknown = Choice(NOT_KNOWN(), value=UNKNOWN)
        if days := self.doubted(context):
            return Prompt(WHICH(), (*((_button(day_text(day), day),) for day in days), (unknown,)))
        today, yesterday = context.today, context.today - timedelta(days=1)
        return Prompt(self.prompt(), ((_button(TODAY(), today), _button(YESTERDAY(), yesterday), unknown),))

    def volunteer(self, piece: str, context: Context) -> Answer | None:
        """Take one day without doubt, where it is about the files that were just sent."""
        if not self.at_hand(context) or not holds("a_day", piece):
            return None
        found = find_dates(piece, today=context.today, context=DateContext.PAST)
        day = found[0].answer if len(found) == 1 else None
        alone = len(found) == 1 and hardly_more(piece, (found[0].start, found[0].end), ("of_something_else",))
        sure = alone and isinstance(day, DateReading) and day.start == day.end
        reading = self.read(piece, context) if sure else None
        return reading if isinstance(reading, Answer) else None

    def at_hand(self, _context: Context) -> bool:
        """Return True if a day that is named can be no other than the one asked for here."""
        return False

    def read(self, text: str, context: Context) -> Reading:
        """Read a day; one that is still to come is refused, one in doubt is asked back."""
        word, kept = said(text), self.doubted(context)
        if word == UNKNOWN:
            return self.settled(UNKNOWN)
        if word == "yes" and len(kept) == 1:
            return self.settled(STORED.encode(kept[0]))
        match read_date(text, today=context.today, context=DateContext.PAST):
            case DateReading(start=day):
                return self.settled(STORED.encode(day))
            case DateDoubt(candidates=candidates):
                return self.asked_back(candidates, context)
            case Refusal(code=code):
                return Refusal("day_in_future" if code == "future_date" else "no_such_day")

    def choose(self, value: str, context: Context) -> Reading:
        """Take a day of a button; any day gone by will do."""
        if value == UNKNOWN:
            return self.settled(UNKNOWN)
        if (day := STORED.decode(value)) is None:
            return Refusal("day_unclear")
        return Refusal("day_in_future") if day > context.today else self.settled(STORED.encode(day))

    def doubted(self, context: Context) -> tuple[date, ...]:
        """Return the days that were asked back."""
        return DAY_OPTIONS.decode(context.session.answers.get(self._options, ""))

    def asked_back(self, candidates: tuple[DateReading, ...], context: Context) -> Reading:
        """Keep the days that a doubtful answer may mean."""
        days = dict.fromkeys(each.start for each in candidates if each.start <= context.today)
        kept = DAY_OPTIONS.encode(tuple(days)[:MOST])
        return PartialAnswer({self._options: kept}) if days else Refusal("day_unclear")

    def settled(self, value: str) -> Answer:
        """Return the answer; nothing is in doubt any more."""
        return Answer(value, {self._options: ""})

    @property
    def _options(self) -> str:
        return f"{self.state}_options"


def _button(label: Text, day: date) -> Choice:
    return Choice(label, value=STORED.encode(day))


def day_text(day: date) -> Text:
    """Return a day with its year."""
    return DAY(year=day.year, month=day.month, day=day.day)
