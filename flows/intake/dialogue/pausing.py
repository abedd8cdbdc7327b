"""A draft that is left alone: resumed with a summary, reminded of after a day, deleted after thirty, told before."""

from datetime import datetime, timedelta
from typing import Final

from flows.intake import texts
from flows.intake.dialogue.deciding import Deciding
from flows.intake.machine import ASKING
from flows.intake.questions.review import listed
from flows.messages import Listed, Text
from flows.terms.calendar import in_shanghai

LONG: Final = timedelta(hours=8)  # after which somebody who comes back is told where they are
NUDGED_AFTER: Final = timedelta(days=1)
WARNED_AFTER: Final = timedelta(days=27)
DELETED_AFTER: Final = timedelta(days=30)
DRAFTING: Final = frozenset({*ASKING, "locked", "refused"})
STAGES: Final = (NUDGED_AFTER, WARNED_AFTER, DELETED_AFTER)


class Pausing(Deciding):
    """A turn that knows for how long it was quiet."""

    def heard(self) -> None:
        """The person did something: welcome them back after a while, and let the silence begin anew."""
        since = self.session.heard_at
        drafting = self.state in DRAFTING
        if drafting and since is not None and self.now - since >= LONG and (filled := self.filled()):
            self.say(texts.WELCOME_BACK(filled=filled))
        self.update(heard_at=self.now, reminded=0)

    def filled(self) -> Text | None:
        """Name what is filled in; None where nothing is."""
        labels = tuple(q.label() for q in listed(self.context()) if q.label and q.state in self.session.answers)
        return texts.FILLED(parts=Listed(labels)) if labels else None

    def set_alarm(self) -> None:
        """Say when this silence is to be noticed next: while a request is being filled in, in service hours."""
        heard, stage = self.session.heard_at, self.session.reminded
        if self.state not in DRAFTING or heard is None or stage >= len(STAGES):
            self.update(wake_at=None)
        else:
            self.update(wake_at=self.by_day(heard + STAGES[stage]))

    def by_day(self, at: datetime) -> datetime:
        """Give `at`, or the next opening where nobody shall be disturbed."""
        calendar = self.reference.calendar
        return at if calendar.is_open(at) else calendar.next_opening(at)

    def silence(self) -> None:
        """A draft has been left alone: remind, warn, and in the end delete it."""
        heard, stage, wake_at = self.session.heard_at, self.session.reminded, self.session.wake_at
        if wake_at is None or wake_at > self.now or self.state not in DRAFTING or heard is None:
            return
        if any(case.agent_speaks for case in self.cases):
            self.update(wake_at=self.by_day(self.now + NUDGED_AFTER))
            return
        self.update(reminded=stage + 1)
        self.set_alarm()
        last_day = in_shanghai(heard + DELETED_AFTER).date()
        if stage + 1 >= len(STAGES):
            self.fire("expire")
            self.forget()
            self.ask(text=texts.EXPIRED())
            return
        if self.state in ASKING:
            self.say(texts.NUDGE(until=last_day) if stage == 0 else texts.LAST_CALL(until=last_day))
            self.ask()
