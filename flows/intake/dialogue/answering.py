"""How answers are kept: one or several in a message, changed later, given out of order; and where they lead."""

from collections.abc import Iterable, Mapping

from flows.effects import PolicyAsk
from flows.errors import IllegalEvent
from flows.events import ButtonTapped, Event, MessageReceived, TextReceived
from flows.intake import texts
from flows.intake.dialogue.asking import Asking
from flows.intake.dialogue.several import has_several_pieces, several_answers
from flows.intake.machine import ASKING, IDENTITY, INTAKE
from flows.intake.questions.ordered import ALL, QUESTIONS, REFUSALS
from flows.intake.questions.question import NEEDS_BUTTON, Answer, PartialAnswer, Question, Reading
from flows.messages import Listed
from flows.reading.refusal import Refusal
from flows.reasons import REASONS
from flows.terms.facts import DECLINED, TOLD_NO_CHOICE, TOLD_TITLE

IDENTITIES = frozenset({"name", "id_number", "policy_number", "phone"})
WISHES = {
    DECLINED: ("doctor_declined", ("OP-N6a", "IP-N5")),
    TOLD_NO_CHOICE: ("doctor_no_choice", ("OP-N6a", "IP-N5")),
    TOLD_TITLE: ("doctor_title", ("OP-N6b",)),
}
OFTEN = 3  # misses, until a human is offered


class Answering(Asking):
    """A turn that takes answers."""

    # ---- the table ----

    def fire(self, trigger: str) -> None:
        """Fire the table; the buttons of the question that was answered go away."""
        INTAKE.fire(trigger, self)
        self.clear_buttons()

    def onward(self, event: Event) -> None:
        """From the hub to what is to be asked next; what must be looked up for it is asked of the database."""
        self.fire("go_on")
        if self.state in {"matching", "deciding"}:
            self.look_up(event)
        else:
            self.ask()

    def look_up(self, event: Event) -> None:
        """Ask for the policy that the state waits for; decide where none was named yet."""
        number = self.session.answers.get(IDENTITY)
        known = self.state == "matching" or self.session.policy is not None  # nobody asks about a stranger's policy
        if number and known:
            self.add(PolicyAsk(because=event, number=number))
        else:
            self.without_policy(event)

    def without_policy(self, event: Event) -> None:
        """Decide where no policy is known yet."""
        raise IllegalEvent(type(event).__name__, self.state)

    def wants(self, name: str) -> bool:
        """Say whether a question applies, and has no answer yet."""
        question, context = QUESTIONS.get(name), self.context()
        return question is not None and question.applies(context) and not question.answered(context)

    # ---- one answer ----

    def take(self, reading: Reading, event: Event) -> None:
        """Keep an answer and go on, or say what was wrong and ask again."""
        if isinstance(reading, Refusal):
            self.misread(reading, event)
        elif isinstance(reading, PartialAnswer):
            before = self.session.answers
            self.update(answers={**before, **reading.also}, failed_answers=0, missed="")
            self.say_about_doctor(before)
            self.ask(instead_of=event if isinstance(event, ButtonTapped) else None)
        else:
            self.keep({self.state: reading}, event)
            self.fire("answer")
            self.onward(event)

    def keep(self, readings: Mapping[str, Answer], event: Event) -> None:
        """Keep answers, each under its question; what rests on one that changed is dropped and asked for again."""
        for name, reading in readings.items():
            question, before = QUESTIONS[name], self.session.answers
            kept = {key: value for key, value in before.items() if key not in question.also}
            after = {**kept, name: reading.value, **reading.also}
            spared = {*readings, *(key for reading in readings.values() for key in reading.also)}
            self.update(answers=self.without(after, _changed(before, after), spared=spared))
            self.say_about_doctor(before)
            if IDENTITIES & _changed(before, after):
                self.update(policy=None)
            given_by = {name: event.message} if isinstance(event, MessageReceived) else {}
            others = {key: message for key, message in self.session.sources.items() if key != name}
            self.update(sources={**others, **given_by})
        self.update(failed_answers=0, missed="", amending="", overtaken=None)

    def say_about_doctor(self, before: Mapping[str, str]) -> None:
        """Say at once that no doctor can be named, or which title is promised [OP-N6, IP-N5]; the words are kept."""
        wish = self.session.answers.get("doctor_wish", "")
        if wish in WISHES and wish != before.get("doctor_wish"):
            code, clauses = WISHES[wish]
            self.say(REASONS[code](), cites=clauses)

    def without(self, answers: Mapping[str, str], changed: set[str], *, spared: Iterable[str]) -> dict[str, str]:
        """Give the answers less those that rest on something that changed, directly or by way of others."""
        left, gone = dict(answers), set(changed)
        for question in ALL:
            if gone.intersection(question.rests_on) and question.state not in spared:
                mine = {question.state, *question.also} & left.keys()
                left = {key: value for key, value in left.items() if key not in mine}
                gone |= mine
        return left

    def misread(self, refusal: Refusal, event: Event | None = None) -> None:
        """Say what was wrong and what a right answer looks like, then ask the same again; nothing is lost.

        What was typed where a button was wanted is held: it may have overtaken a tap that is still on its way.
        """
        held = event if isinstance(event, TextReceived) and refusal == NEEDS_BUTTON else None
        self.update(failed_answers=self.session.failed_answers + 1, missed=refusal.code, overtaken=held)
        self.say(REFUSALS.get(refusal.code, REFUSALS["unclear"])())
        if self.session.failed_answers == OFTEN:
            self.say(texts.MISSED_OFTEN())
        self.ask()

    def read_held(self, held: TextReceived | None) -> None:
        """After a tap: read what overtook it as the answer to what is asked now, if it is one."""
        question = QUESTIONS.get(self.state)
        if held is None or question is None:
            return
        reading = question.read(held.text, self.context())
        if isinstance(reading, Answer):
            self.take(reading, held)

    # ---- several answers ----

    def typed(self, event: TextReceived, *, urgent: bool) -> None:
        """Read an answer, or several at once; a call for help is no name, nor told that it was no answer."""
        reading = QUESTIONS[self.state].read(event.text, self.context())
        alone = isinstance(reading, Answer) and not has_several_pieces(event.text)  # then it says nothing else
        others = {} if urgent or alone else several_answers(event.text, self.context()) or self.corrected(event.text)
        if isinstance(reading, Answer) and others and self.state not in others:
            others = {self.state: reading, **others}
        if len(others) > 1 or (others and isinstance(reading, Refusal)):
            self.take_several(others, event)
        elif not urgent or (self.state != "name" and isinstance(reading, Answer)):
            self.take(reading, event)

    def corrected(self, text: str) -> dict[str, Answer]:
        """Where the identity fits no policy: read what was typed as that part of it which it can be."""
        if self.state != "unmatched":
            return {}
        context = self.context()
        readings = ((name, QUESTIONS[name].read(text, context)) for name in ("id_number", "policy_number", "name"))
        return next(({name: reading} for name, reading in readings if isinstance(reading, Answer)), {})

    def take_several(self, answers: Mapping[str, Answer], event: Event) -> None:
        """Keep all that a message says, say which that was, and go on to the first question that it leaves open."""
        self.keep(answers, event)
        self.say_understood(QUESTIONS[name] for name in answers)
        self.fire("answer")
        self.onward(event)

    def say_understood(self, questions: Iterable[Question]) -> None:
        """Name the answers that were understood, in the order in which they are asked."""
        labels = tuple(question.label() for question in questions if question.label)
        if labels:
            understood = texts.UNDERSTOOD if len(labels) > 1 else texts.UNDERSTOOD_ONE
            self.say(understood(parts=Listed(labels)))

    # ---- the way back ----

    def back(self, event: Event) -> None:
        """One question back; where there is none, the same again. From a change, back to the review with it undone."""
        if self.state not in ASKING:
            self.ask()
        elif self.session.amending:
            self.update(amending="")
            self.fire("answer")
            self.onward(event)
        elif before := self.question_before():
            self.open_again(before)
        else:
            self.ask()

    def question_before(self) -> str:
        """Give the question that was answered before this one; empty where there is none."""
        if self.state == "unmatched":
            return IDENTITY
        context = self.context()
        names = [q.state for q in ALL if q.has_back or q.state == "service"]
        here = names.index(self.state) if self.state in names else 0
        earlier = (QUESTIONS[name] for name in reversed(names[:here]))
        return next((q.state for q in earlier if q.state in self.session.answers and q.applies(context)), "")

    def open_again(self, name: str, *, amending: bool = False) -> None:
        """Ask a question again; its answer stays until there is another."""
        self.update(failed_answers=0, missed="", overtaken=None, amending=name if amending else "")
        self.fire("reopen")
        self.fire(f"open_{name}")
        self.ask()


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
