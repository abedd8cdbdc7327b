"""How the intake shows where things stand: cards of resting states, decisions, the status of a case."""

from collections.abc import Sequence

from flows.desk.case import Case
from flows.effects import Button, Message
from flows.ids import MessageId, RowId
from flows.intake import texts
from flows.intake.question import Choice, Pose
from flows.messages import VERBATIM, Text
from flows.reasons import REASONS
from flows.terms.calendar import in_shanghai
from flows.terms.catalogue import Terms
from flows.terms.eligibility import Decision, Outcome
from flows.turn import Turn

_START = (Choice(texts.START(), fires="start"),)
_RENEW = (Choice(texts.RENEW(), fires="renew"),)


def send(turn: Turn, pose: Pose, where: str, *, replaces: MessageId | None = None) -> RowId:
    """Send a pose; `where` goes before each button's token. Gives the row in the outbox."""
    rows = tuple(tuple(Button(label=c.label, data=where + c.token()) for c in row) for row in pose.rows)
    row = RowId(turn.ids.new())
    turn.add(Message(id=row, chat=turn.session.chat, text=pose.text, rows=rows, replaces=replaces))
    return row


def resting(turn: Turn, cases: Sequence[Case]) -> Pose:
    """Give the card of a state that waits for nothing, with what may be done next."""
    hotline = turn.reference.terms.hotline
    if turn.state == "submitted":
        return Pose(texts.CARD_SUBMITTED(status=status(cases))) if cases else Pose(texts.CARD_SETTLED(), (_RENEW,))
    if turn.state == "refused":
        return Pose(texts.CARD_REFUSED(hotline=hotline), ((Choice(texts.APPEAL(), fires="appeal"),), _RENEW))
    if turn.state == "locked":
        return Pose(texts.LOCKED(hotline=hotline))
    if turn.state == "declined":
        return Pose(texts.CARD_DECLINED(hotline=hotline), (_START,))
    return Pose(texts.CARD_CANCELLED() if turn.state == "cancelled" else texts.CARD_NEW(), (_START,))


def status(cases: Sequence[Case]) -> Text:
    """Say of the newest open case (there is one) where it is, who has it, and what is due when."""
    case = cases[-1]
    if case.owner is None:
        return texts.STATUS_QUEUED(number=case.number, due=in_shanghai(case.due_at))
    return texts.STATUS_OWNED(number=case.number, owner=case.owner_name, due=in_shanghai(case.due_at))


def submitted(turn: Turn, case: Case, decision: Decision) -> Text:
    """Say what happens next, and until when the terms promise the call [OP-P3]."""
    calendar = turn.reference.calendar
    due = in_shanghai(case.due_at).date()
    provisional = texts.PROVISIONAL() if calendar.is_provisional(due.year) else texts.NOTHING()
    opens = in_shanghai(calendar.next_opening(turn.now))
    hours = texts.NOTHING() if calendar.is_open(turn.now) else texts.CLOSED_NOW(opens=opens)
    if decision.outcome is Outcome.ELIGIBLE:
        clauses = "、".join(dict.fromkeys(finding.clause for finding in decision.findings))
        return texts.SUBMITTED(number=case.number, clauses=clauses, due=due, provisional=provisional, hours=hours)
    reason = REASONS[decision.against()[0].code]()
    return texts.HUMAN_DECIDES(number=case.number, reason=reason, due=due, provisional=provisional, hours=hours)


def refused(decision: Decision, terms: Terms) -> Text:
    """Say why not, in plain words and in the clause's own, and where to call."""
    finding = decision.against()[0]
    return texts.REFUSED(
        reason=REASONS[finding.code](),
        clause=finding.clause,
        words=VERBATIM(text=terms.clauses[finding.clause].text),
        hotline=terms.hotline,
    )
