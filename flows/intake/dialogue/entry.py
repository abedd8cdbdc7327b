"""The way into the conversation: what is looked up first, and who answers: the bot, or the agent who has it."""

from msgspec.structs import replace

from flows.cases.case import Case
from flows.effects import CasesAsk, CasesKnown, ConfirmationKnown, PolicyKnown
from flows.events import CommandReceived, Event, FileFailed, FileInspected, SilenceNoticed, StepFailed
from flows.ids import CaseId
from flows.intake.dialogue import confirming, conversation, nudging, privacy, relay
from flows.intake.dialogue.beginning import CANCEL_ASKED
from flows.intake.dialogue.conversation import says_cancel
from flows.intake.dialogue.hub import HUB, leave_hub
from flows.intake.dialogue.pausing import set_alarm
from flows.intake.machine import INTAKE, WAITING
from flows.intake.step import IntakeStep

ALWAYS = frozenset({"status", "privacy", "cancel"})  # answered even while an agent has the conversation


def receive(step: IntakeStep, event: Event) -> None:
    """Take one event of a policyholder's chat; the chat's cases are looked up before anything else.

    Raises IllegalEvent where the table has no row for it.
    """
    if isinstance(event, CasesKnown):
        _with_cases(step, event.cases)
        _resume(step)
        if isinstance(event.because, ConfirmationKnown):
            _confirm(step, event.because, event.cases)
        else:
            _converse(step, event.because)
        return
    wanted = _cases_wanted(step, event)
    if wanted:
        step.add(CasesAsk(because=event, cases=wanted))
        return
    _resume(step)
    _converse(step, event)


def _cases_wanted(step: IntakeStep, event: Event) -> tuple[CaseId, ...]:
    """Return the cases to look up first: the open ones, for /privacy those that ended, too."""
    if isinstance(event, PolicyKnown | ConfirmationKnown):
        return ()
    session = step.session
    return (*session.cases, *session.closed_cases) if privacy.about_privacy(event) else session.cases


def _with_cases(step: IntakeStep, cases: tuple[Case, ...]) -> None:
    """Let the step know the chat's cases, the open ones apart from those that ended."""
    mine = tuple(case for case in cases if case.chat == step.session.chat)
    still_open = tuple(case for case in mine if case.is_open)
    step.cases = tuple(case for case in still_open if not (case.identity_review and case.is_queued))
    step.past = tuple(case for case in mine if not case.is_open)
    ids = tuple(case.id for case in still_open)
    ended = tuple(case for case in step.session.cases if case not in ids)
    step.update(cases=ids, closed_cases=tuple(dict.fromkeys((*step.session.closed_cases, *ended))))


def _resume(step: IntakeStep) -> None:
    """Where this release knows nothing of the session's state, find the first question that is open."""
    if step.state in INTAKE.states:
        return
    step.update(state=HUB if step.session.answers else "new")
    if step.state == HUB:
        leave_hub(step)
    if step.state in WAITING:
        step.update(state="review")  # which leads on, and looks up what must be


def _confirm(step: IntakeStep, code: ConfirmationKnown, cases: tuple[Case, ...]) -> None:
    """The case behind a code was looked up: it is confirmed, if it is still open."""
    case = next((case for case in cases if case.id == code.case and case.is_open), None)
    if case is None:
        confirming.known(step, replace(code, case=None))
    else:
        confirming.confirmed(step, case)


def _converse(step: IntakeStep, event: Event) -> None:
    """Let the agent who has the conversation hear it, or the bot answer it."""
    speaking = [case for case in step.cases if case.agent_speaks]
    if not speaking or _for_the_bot(event) or _confirms_cancel(step, event):
        conversation.receive(step, event)
        return
    step.update(missed="" if step.session.missed == CANCEL_ASKED else step.session.missed)
    step.update(heard_at=step.now, reminded=0)
    set_alarm(step)
    relay.warn_of_danger(step, step.cases, relay.said(event))
    relay.hand_through(step, speaking, event)


def _confirms_cancel(step: IntakeStep, event: Event) -> bool:
    """Return True if an event answers the bot's own question whether to cancel."""
    return step.session.missed == CANCEL_ASKED and says_cancel(event)


def _for_the_bot(event: Event) -> bool:
    """Return True if the bot answers even while an agent has the conversation: some commands, what it owes itself."""
    if isinstance(event, FileFailed | FileInspected | SilenceNoticed | StepFailed):
        return True
    if (
        nudging.is_nudge(event)
        or privacy.about_privacy(event)
        or confirming.code_in(event)
        or isinstance(event, ConfirmationKnown)
    ):
        return True
    return isinstance(event, CommandReceived) and event.name in ALWAYS
