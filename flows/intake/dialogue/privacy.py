"""/privacy: read what is done with the data, copy it, take the consents back, delete it (个人信息保护法 15, 44-47).

A draft goes at once. A submitted case is restricted: withdrawn where nobody works on it yet, else its owner is told to
do no more with it than must be; some weeks after its end it is made anonymous, and what stays is the ledger of uses
and the findings, without an identity.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from flows.cases.case import Case
from flows.cases.changes import KEPT_FOR, forgotten_later, restricted, withdrawn
from flows.cases.notices import TELL_RESTRICTED
from flows.cases.stages import RECEIVED
from flows.cases.uses import uses_of
from flows.effects import Button, UseRelease
from flows.events import ButtonTapped, CommandReceived, Event
from flows.intake.dialogue.answers import IDENTITIES
from flows.intake.dialogue.asking import ask
from flows.intake.dialogue.filing import forget
from flows.intake.dialogue.moves import fire
from flows.intake.questions.question import Context
from flows.intake.step import IntakeStep
from flows.messages import VERBATIM, Lines, Text, message
from flows.terms.calendar import in_shanghai

MARK: Final = "%"  # before the token of every button of this card: it is good at any time

CARD = message("privacy.card")
NOTICE = message("privacy.notice", "provider", "hotline", "days")
COPY = message("privacy.copy", "lines")
COPY_NOTHING = message("privacy.copy_nothing")
COPY_LINE = message("privacy.copy_line", "label", "answer")
COPY_CASE = message("privacy.copy_case", "number", "lines")
COPY_CONSENT = message("privacy.copy_consent", "key", "version", "at")
COPY_FILES = message("privacy.copy_files", "count")
ASK_WITHDRAW = message("privacy.ask_withdraw")
ASK_DELETE = message("privacy.ask_delete", "days")
WITHDRAWN = message("privacy.withdrawn", "hotline", "days")
DELETED = message("privacy.deleted", "days")
DELETED_DRAFT = message("privacy.deleted_draft")
READ, COPY_BUTTON, TAKE_BACK, DELETE, SURE_WITHDRAW, SURE_DELETE, KEEP = (
    message(f"privacy.button_{name}")
    for name in ("read", "copy", "withdraw", "delete", "sure_withdraw", "sure_delete", "keep")
)
CONSENT_NAMES = {key: message(f"privacy.consent_{key}") for key in ("sensitive", "provider", "abroad")}


SURE: Final = frozenset({"withdraw_now", "delete_now"})  # these count only under the newest question


def about_privacy(event: Event) -> bool:
    """Return True if an event is /privacy, or a tap on its card."""
    if isinstance(event, CommandReceived):
        return event.name == "privacy"
    return isinstance(event, ButtonTapped) and action_in(event.data) != ""


def action_in(data: str) -> str:
    """Return what a button of the card does; empty for any other button."""
    token = data.rpartition(":")[2]
    return token[1:] if token.startswith(MARK) else ""


def show(step: IntakeStep) -> None:
    """Show the card."""
    rows = [
        [_button(step, READ, "read"), _button(step, COPY_BUTTON, "copy")],
        [_button(step, TAKE_BACK, "withdraw"), _button(step, DELETE, "delete")],
    ]
    step.say(CARD(), rows=rows)


def act(step: IntakeStep, action: str, past: Sequence[Case]) -> None:
    """Do what a button of the card says; `past` are the chat's cases that ended."""
    known: dict[str, Callable[[], object]] = {
        "read": lambda: _read(step),
        "copy": lambda: _copy(step, (*past, *step.cases)),
        "withdraw": lambda: _ask(step, ASK_WITHDRAW(), SURE_WITHDRAW, "withdraw_now"),
        "delete": lambda: _ask(step, ASK_DELETE(days=KEPT_FOR.days), SURE_DELETE, "delete_now"),
        "withdraw_now": lambda: take_back(step, past),
        "delete_now": lambda: delete(step, past),
        "keep": lambda: ask(step),
    }
    known.get(action, lambda: show(step))()


def take_back(step: IntakeStep, past: Sequence[Case]) -> None:
    """The consents are withdrawn: the draft is deleted, and nothing more is done with what was submitted."""
    restrict_all(step, past)
    fire(step, "withdraw")
    forget(step)
    step.update(consents=())
    step.audit("consents_withdrawn")
    step.say(WITHDRAWN(hotline=step.reference.terms.hotline, days=KEPT_FOR.days))
    ask(step)


def delete(step: IntakeStep, past: Sequence[Case]) -> None:
    """Everything is deleted as far as it may be: the draft now, what was submitted after its time."""
    submitted = bool(step.cases or past)
    restrict_all(step, past)
    fire(step, "withdraw")
    forget(step)
    step.audit("deletion_asked")
    step.say(DELETED(days=KEPT_FOR.days) if submitted else DELETED_DRAFT())
    ask(step)


def restrict_all(step: IntakeStep, past: Sequence[Case]) -> None:
    """Restrict the chat's cases: those that nobody ever worked on end here, and their uses are free again [G2]."""
    for case in (*step.cases, *past):
        if not case.is_open:
            step.change_case(forgotten_later(case, step.now))
        elif case.stage == RECEIVED:
            step.change_case(withdrawn(case, step.now))
            _release(step, case)
        else:
            step.change_case(restricted(case, step.now))
            step.tell_owner(case, TELL_RESTRICTED(number=case.number))
        step.audit("case_restricted", case=case.id)
    ended = tuple(case.id for case in step.cases if case.stage == RECEIVED)
    step.cases = tuple(case for case in step.cases if case.stage != RECEIVED)
    past_ones = tuple(dict.fromkeys((*step.session.closed_cases, *ended)))
    step.update(cases=tuple(case.id for case in step.cases), closed_cases=past_ones)


def _release(step: IntakeStep, case: Case) -> None:
    for service in uses_of(case, step.reference.terms):
        step.add(UseRelease(case=case.id, service=service))


def _read(step: IntakeStep) -> None:
    terms = step.reference.terms
    step.say(NOTICE(provider=terms.provider, hotline=terms.hotline, days=KEPT_FOR.days), cites=("G1",))


def _copy(step: IntakeStep, cases: Sequence[Case]) -> None:
    """Tell the person everything that is kept of them, unmasked: it is theirs (个人信息保护法 45)."""
    context = step.context()
    texts_of_all = [
        *_lines(context, context.session.answers),
        *(
            COPY_CONSENT(key=CONSENT_NAMES[c.key](), version=c.version, at=in_shanghai(c.at))
            for c in context.session.consents
            if c.key in CONSENT_NAMES
        ),
        *_files(len(context.session.attachments)),
    ]
    if not texts_of_all and not cases:
        step.say(COPY_NOTHING())
        return
    if texts_of_all:
        step.say(COPY(lines=Lines(tuple(texts_of_all))))
    for case in cases:
        lines = (*_lines(context, case.answers), *_files(len(case.attachments)))
        step.say(COPY_CASE(number=case.number, lines=Lines(lines)))


def _lines(context: Context, answers: Mapping[str, str]) -> Iterator[Text]:
    seen = replace(context, session=replace(context.session, answers=dict(answers)))
    for question in context.questions:
        if question.label and question.state in answers:
            whole = VERBATIM(text=answers[question.state]) if question.state in IDENTITIES else question.shown(seen)
            if whole is not None:
                yield COPY_LINE(label=question.label(), answer=whole)


def _files(count: int) -> Iterator[Text]:
    if count:
        yield COPY_FILES(count=count)


def _ask(step: IntakeStep, text: Text, sure: Callable[[], Text], action: str) -> None:
    step.update(turn=step.session.turn + 1)  # only the newest of these questions counts
    step.say(text, rows=[[_button(step, sure, action)], [_button(step, KEEP, "keep")]])


def _button(step: IntakeStep, label: Callable[[], Text], action: str) -> Button:
    session = step.session
    return Button(label=label(), data=f"{session.conversation}:{session.state}:{session.turn}:{MARK}{action}")
