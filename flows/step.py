"""One step in the making: the session as it changes, and the effects as they gather."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from flows.cases.case import Case
from flows.effects import (
    QUESTION,
    AgentNotice,
    AuditEntry,
    Button,
    ButtonsRemoval,
    CaseChange,
    DeskAlert,
    Effect,
    Message,
    TapAnswer,
)
from flows.events import ButtonTapped
from flows.ids import CaseId, ChatId, Ids, RowId
from flows.messages import Text
from flows.reference import Reference
from flows.session import Session

Rows = Sequence[Sequence[Button]]
Keyboard = Sequence[Sequence[Text]]


class Step:
    """A working copy. Nothing of it counts until the engine gives `session` and `effects` back.

    It is what the intake table is fired on: `state` reads and writes the session's.
    """

    def __init__(self, session: Session, *, now: datetime, ids: Ids, reference: Reference) -> None:
        self.session = session
        self.now = now
        self.ids = ids
        self.reference = reference
        self.effects: list[Effect] = []

    @property
    def state(self) -> str:
        """The session's state."""
        return self.session.state

    @state.setter
    def state(self, state: str) -> None:
        self.update(state=state)

    def update(self, **changes: object) -> None:
        """Change fields of the session."""
        self.session = replace(self.session, **changes)

    def add(self, effect: Effect) -> None:
        """Let something happen."""
        self.effects.append(effect)

    def say(  # noqa: PLR0913 - what a message may have, each by its name
        self,
        text: Text,
        *,
        rows: Rows = (),
        keyboard: Keyboard = (),
        to: ChatId | None = None,
        cites: tuple[str, ...] = (),
        keyboard_gone: bool = False,
    ) -> RowId:
        """Send a message, by default to this chat; return its row in the outbox. `cites`: the clauses that it tells."""
        row = RowId(self.ids.new())
        chat = to or self.session.chat
        buttons = tuple(tuple(each) for each in rows)
        labels = tuple(tuple(each) for each in keyboard)
        shown = Message(id=row, chat=chat, text=text, rows=buttons, keyboard=labels, kind=QUESTION, cites=cites)
        self.add(replace(shown, keyboard_gone=keyboard_gone))
        return row

    def tell_owner(self, case: Case, text: Text, *actions: str) -> None:
        """Tell the owner of a case, if it has one; `actions` are names of commands that are offered with it."""
        if case.owner is not None:
            row = RowId(self.ids.new())
            self.add(AgentNotice(id=row, agent=case.owner, case=case.id, text=text, actions=actions))

    def alert(self, case: CaseId, kind: str) -> None:
        """Have the desk told of what happened to a case; `kind` is one of `flows.cases.alerts`."""
        self.add(DeskAlert(case=case, kind=kind))

    def answer_tap(self, event: ButtonTapped, text: Text | None = None) -> None:
        """Stop the tap's little clock, with a toast where there is something to say."""
        self.add(TapAnswer(chat=event.chat, query=event.query, text=text))

    def clear_buttons(self) -> None:
        """Take the buttons off the question that was answered."""
        if self.session.asked is not None:
            self.add(ButtonsRemoval(chat=self.session.chat, row=self.session.asked))
            self.update(asked=None)

    def change_case(self, case: Case) -> None:
        """Write a case."""
        self.add(CaseChange(case=case))

    def audit(self, action: str, *, case: CaseId | None = None, **codes: str | int) -> None:
        """Record who did what; an agent's own chat names the actor."""
        agent = self.session.agent
        self.add(
            AuditEntry(action=action, chat=self.session.chat, case=case, actor=agent.id if agent else None, codes=codes)
        )
