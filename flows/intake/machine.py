"""The policyholder's conversation, all of it, in one table.

Theory of operation. A session rests in one state. ASKING states are questions: each is named after the answer it
collects, and `flows.intake.questions.ordered` holds one object for each. RESTING states wait for a new request, or for
a human. WAITING states last only within a step or while the transaction looks something up, so nobody ever finds a
chat there.

`next_question` is the hub. Every answer leads there, and from there `ask_<name>` leads to the first question that
applies by what was answered so far and has no answer yet: `dialogue.hub` works out which that is, once, and fires one
trigger. So several answers in one message, an answer changed on the review card, a file that got lost, and a release
that brings a new question all find their way by the same rows. The way back, and a change from the review card, lead
through `editing`, which opens one question again.

An event fires one trigger. Rows are tried from the top; the first whose guard agrees is taken, and where there is
none the event is illegal: it raises and changes nothing. What may be said in every state is no transition, it leaves
the state alone: 转人工, 帮助, 重复, /status, /privacy, a file, a call to 120; and so does an agent who takes over.

The diagram in docs/ is drawn from this table, and docs/conversation.md shows every sentence.
"""

from typing import Literal, get_args

from flows.intake.questions.ordered import ORDERED
from flows.intake.step import IntakeStep
from flows.machine import Table, Transition

NAMES = tuple(question.state for question in ORDERED)

ASKING = (*NAMES, "unmatched", "review")
WAITING = ("next_question", "editing", "matching", "deciding")
RESTING = ("new", "declined", "cancelled", "locked", "refused", "submitted")

FIRST = ("consents", "service")  # nothing is before them
NEVER_REOPENED = (
    "consents",
    "better_record",
    "terms",
)  # taken back by /privacy, left at once, told anew when they change

IDENTITY = "policy_number"  # when this is answered, the policy is looked up
BEFORE_MATCHING = frozenset(NAMES[: NAMES.index(IDENTITY) + 1])

Trigger = Literal[
    "start",
    "renew",
    "answer",
    "decline",
    "decide_now",
    "match_identity",
    "ask_review",
    "match",
    "reopen",
    "submit",
    "decide",
    "appeal",
    "cancel",
    "expire",
    "withdraw",
]
ASK = {name: f"ask_{name}" for name in NAMES}
OPEN = {name: f"open_{name}" for name in NAMES if name not in NEVER_REOPENED}


# ---- guards ----


def lock_expired(step: IntakeStep) -> bool:
    """A lock lasts a day."""
    return not step.locked_out


def locked_out(step: IntakeStep) -> bool:
    """The chat is locked out, and what it says now fits no policy either."""
    return step.found is None and step.locked_out


def refused(step: IntakeStep) -> bool:
    """The terms leave no doubt that this cannot be served."""
    return step.refused


def policy_matched(step: IntakeStep) -> bool:
    """The policy on file is the one described."""
    return step.found is not None


def complete(step: IntakeStep) -> bool:
    """Nothing is left to be asked."""
    return is_complete(step)


def is_complete(step: IntakeStep) -> bool:
    """Return True if the identity was matched, and every question that is counted has its answer."""
    context = step.context()
    return step.session.policy is not None and all(
        question.answered(context) for question in ORDERED if question.counted and question.applies(context)
    )


Row = Transition[IntakeStep]
_ASKS: tuple[Row, ...] = tuple(Row(trigger, ("next_question",), name) for name, trigger in ASK.items())
_OPENS: tuple[Row, ...] = tuple(Row(trigger, ("editing",), name) for name, trigger in OPEN.items())

ROWS: tuple[Row, ...] = (
    # a request begins
    Row("start", ("new", "declined", "cancelled", "refused"), "next_question"),
    Row("start", ("locked",), "next_question", lock_expired),
    Row("renew", ("submitted", "refused"), "next_question"),
    # an answer, typed or tapped, to the open question or to another
    Row("answer", ASKING, "next_question"),
    Row("decline", ("consents", "guardian"), "declined"),
    # the hub: what is certain to be refused is said at once; then the questions, the identity, the review
    Row("decide_now", ("next_question",), "deciding"),
    *_ASKS,
    Row("match_identity", ("next_question",), "matching"),
    Row("ask_review", ("next_question",), "review"),
    # identity; a policy that cannot serve is said at once; after a mismatch one answer is corrected, the rest kept
    Row("match", ("matching",), "locked", locked_out),
    Row("match", ("matching",), "refused", refused),
    Row("match", ("matching",), "next_question", policy_matched),
    Row("match", ("matching",), "unmatched"),
    # the way back, and a change: one question is opened again
    Row("reopen", tuple(state for state in ASKING if state not in FIRST), "editing"),
    *_OPENS,
    # review, decision
    Row("submit", ("review",), "deciding"),
    Row("decide", ("deciding",), "refused", refused),
    Row("decide", ("deciding",), "submitted", complete),
    Row("decide", ("deciding",), "next_question"),
    Row("appeal", ("refused",), "submitted"),
    # the end of a draft: by its person, by silence, or with the consents withdrawn
    Row("cancel", (*ASKING, "locked"), "cancelled"),
    Row("expire", (*ASKING, "locked", "refused"), "cancelled"),
    Row("withdraw", (*ASKING, *RESTING), "declined"),
)

INTAKE: Table[IntakeStep] = Table(
    (*RESTING, *ASKING, *WAITING), ROWS, triggers={*get_args(Trigger), *ASK.values(), *OPEN.values()}
)
