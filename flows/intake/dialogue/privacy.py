"""/privacy: read what is done with the data, copy it, take the consents back, delete it (个人信息保护法 15, 44-47).

A draft goes at once. A submitted case is restricted: withdrawn where nobody works on it yet, else its owner is told to
do no more with it than must be; some weeks after its end it is made anonymous, and what stays is the ledger of uses
and the findings, without an identity.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from flows.cases.case import REVIEW, Case
from flows.cases.changes import KEPT_FOR, forget_later, restrict, withdraw
from flows.cases.stages import OPEN
from flows.desk import texts as desk_texts
from flows.effects import Button, UseRelease
from flows.events import ButtonTapped, CommandReceived, Event
from flows.ids import ChatId
from flows.intake.dialogue.answering import IDENTITIES
from flows.intake.dialogue.pausing import Pausing
from flows.intake.questions.question import Asked
from flows.messages import VERBATIM, Lines, Text, message
from flows.terms.calendar import in_shanghai
from flows.terms.uses import taken

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
    """Say whether an event is /privacy, or a tap on its card."""
    if isinstance(event, CommandReceived):
        return event.name == "privacy"
    return isinstance(event, ButtonTapped) and action_in(event.data) != ""


def action_in(data: str) -> str:
    """Give what a button of the card does; empty for any other button."""
    token = data.rpartition(":")[2]
    return token[1:] if token.startswith(MARK) else ""


def show(turn: Pausing) -> None:
    """Show the card."""
    rows = [
        [_button(turn, READ, "read"), _button(turn, COPY_BUTTON, "copy")],
        [_button(turn, TAKE_BACK, "withdraw"), _button(turn, DELETE, "delete")],
    ]
    turn.say(CARD(), rows=rows)


def act(turn: Pausing, action: str, past: Sequence[Case]) -> None:
    """Do what a button of the card says; `past` are the chat's cases that ended."""
    known: dict[str, Callable[[], object]] = {
        "read": lambda: _read(turn),
        "copy": lambda: _copy(turn, (*past, *turn.cases)),
        "withdraw": lambda: _ask(turn, ASK_WITHDRAW(), SURE_WITHDRAW, "withdraw_now"),
        "delete": lambda: _ask(turn, ASK_DELETE(days=KEPT_FOR.days), SURE_DELETE, "delete_now"),
        "withdraw_now": lambda: take_back(turn, past),
        "delete_now": lambda: delete(turn, past),
        "keep": turn.pose,
    }
    known.get(action, lambda: show(turn))()


def take_back(turn: Pausing, past: Sequence[Case]) -> None:
    """The consents are withdrawn: the draft is deleted, and nothing more is done with what was submitted."""
    restrict_all(turn, past)
    turn.fire("withdraw")
    turn.forget()
    turn.update(consents=())
    turn.audit("consents_withdrawn")
    turn.say(WITHDRAWN(hotline=turn.reference.terms.hotline, days=KEPT_FOR.days))
    turn.pose()


def delete(turn: Pausing, past: Sequence[Case]) -> None:
    """Everything is deleted as far as it may be: the draft now, what was submitted after its time."""
    submitted = bool(turn.cases or past)
    restrict_all(turn, past)
    turn.fire("withdraw")
    turn.forget()
    turn.audit("deletion_asked")
    turn.say(DELETED(days=KEPT_FOR.days) if submitted else DELETED_DRAFT())
    turn.pose()


def restrict_all(turn: Pausing, past: Sequence[Case]) -> None:
    """Restrict the chat's cases: those that nobody ever worked on end here, and their uses are free again [G2]."""
    for case in (*turn.cases, *past):
        if case.state not in OPEN:
            turn.change_case(forget_later(case, turn.now))
        elif not case.worked_on:
            turn.change_case(withdraw(case, turn.now))
            _release(turn, case)
        else:
            turn.change_case(restrict(case, turn.now))
            if case.owner is not None:
                turn.say(desk_texts.TELL_RESTRICTED(number=case.number), to=ChatId(case.owner))
        turn.audit("case_restricted", case=case.id)
    ended = tuple(case.id for case in turn.cases if not case.worked_on)
    turn.cases = tuple(case for case in turn.cases if case.worked_on)
    past_ones = tuple(dict.fromkeys((*turn.session.past, *ended)))
    turn.update(cases=tuple(case.id for case in turn.cases), past=past_ones)


def _release(turn: Pausing, case: Case) -> None:
    service = turn.reference.terms.services.get(case.kind)
    if service is not None and case.kind != REVIEW:
        for use in taken(service, case.answers.get("branch", "")):
            turn.add(UseRelease(case=case.id, service=use))


def _read(turn: Pausing) -> None:
    terms = turn.reference.terms
    turn.say(NOTICE(provider=terms.provider, hotline=terms.hotline, days=KEPT_FOR.days), cites=("G1",))


def _copy(turn: Pausing, cases: Sequence[Case]) -> None:
    """Tell the person everything that is kept of them, unmasked: it is theirs (个人信息保护法 45)."""
    asked = turn.asked()
    texts_of_all = [
        *_lines(asked, asked.session.answers),
        *(
            COPY_CONSENT(key=CONSENT_NAMES[c.key](), version=c.version, at=in_shanghai(c.at))
            for c in asked.session.consents
            if c.key in CONSENT_NAMES
        ),
        *_files(len(asked.session.attachments)),
    ]
    if not texts_of_all and not cases:
        turn.say(COPY_NOTHING())
        return
    if texts_of_all:
        turn.say(COPY(lines=Lines(tuple(texts_of_all))))
    for case in cases:
        lines = (*_lines(asked, case.answers), *_files(len(case.attachments)))
        turn.say(COPY_CASE(number=case.number, lines=Lines(lines)))


def _lines(asked: Asked, answers: Mapping[str, str]) -> Iterator[Text]:
    seen = replace(asked, session=replace(asked.session, answers=dict(answers)))
    for question in asked.questions:
        if question.label and question.state in answers:
            whole = VERBATIM(text=answers[question.state]) if question.state in IDENTITIES else question.shown(seen)
            if whole is not None:
                yield COPY_LINE(label=question.label(), answer=whole)


def _files(count: int) -> Iterator[Text]:
    if count:
        yield COPY_FILES(count=count)


def _ask(turn: Pausing, text: Text, sure: Callable[[], Text], action: str) -> None:
    turn.update(turn=turn.session.turn + 1)  # only the newest of these questions counts
    turn.say(text, rows=[[_button(turn, sure, action)], [_button(turn, KEEP, "keep")]])


def _button(turn: Pausing, label: Callable[[], Text], action: str) -> Button:
    session = turn.session
    return Button(label=label(), data=f"{session.conversation}:{session.state}:{session.turn}:{MARK}{action}")
