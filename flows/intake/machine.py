"""The policyholder's conversation, all of it, in one table.

Theory of operation. A session rests in one state. ASKING states are questions: each is named after the answer it
collects, and `flows.intake.questions` holds one object for each. RESTING states wait for a new request, or for a
human. WAITING states last only within a step or while the transaction looks something up, so nobody ever finds a chat
there.

`onward` is the hub. Every answer leads there, and from there the request goes to the first row whose guard agrees: the
rows stand in the order in which things are asked, and `wants_<question>` says that this question applies by what was
answered so far, and has no answer yet. So several answers in one message, an answer changed on the review card, a file
that got lost, and a release that brings a new question all find their way by the same rows. The way back, and a change
from the review card, lead through `reopening`, which opens one question again.

An event fires one trigger. Rows are tried from the top; the first whose guard agrees is taken, and where there is
none the event is illegal: it raises and changes nothing. Guards are methods of `flows.intake.dialogue.Intake`.
What may be said in every state is no transition, it leaves the state alone: 转人工, 帮助, 重复, /status, /privacy, a
file, a call to 120; and so does an agent who takes over the conversation.

The diagram in docs/ is drawn from this table, and docs/conversation.md shows every sentence.
"""

from flows.machine import Row, Table

QUESTIONS_IN_ORDER = (
    # who and what
    "consents", "service", "applicant", "relation", "authority",
    "name", "id_number", "guardian", "phone", "policy_number",
    # the illness and its record
    "illness", "condition", "record", "record_hospital", "better_record", "record_kind", "record_date",
    # an admission [IP]
    "stay", "wanted", "notice", "issuer", "notice_date", "notice_file", "branch",
    # a visit [OP, and IP-B by way of IP-N10]
    "city", "hospitals", "department", "visit_kind", "visit_date", "originals",
    # what an admission may depend on
    "infectious", "transfer",
    # the clauses to be acknowledged
    "terms",
)  # fmt: skip

ASKING = (*QUESTIONS_IN_ORDER, "unmatched", "review")
WAITING = ("onward", "reopening", "matching", "deciding")
RESTING = ("new", "declined", "cancelled", "locked", "refused", "submitted")

FIRST = ("consents", "service")  # nothing is before them
NEVER_REOPENED = (
    "consents",
    "better_record",
    "terms",
)  # taken back by /privacy, left at once, told anew when they change

IDENTITY = "policy_number"  # when this is answered, the policy is looked up


def _asks(*names: str) -> tuple[Row, ...]:
    """The hub's rows to these questions, in this order."""
    return tuple({"trigger": "go_on", "source": "onward", "dest": n, "conditions": f"wants_{n}"} for n in names)


def _opens(*names: str) -> tuple[Row, ...]:
    """The rows that open these questions again; a consent is taken back by other means."""
    return tuple({"trigger": f"open_{name}", "source": "reopening", "dest": name} for name in names)


_AT = QUESTIONS_IN_ORDER.index(IDENTITY) + 1

ROWS: tuple[Row, ...] = (
    # a request begins; a lock lasts a day
    {"trigger": "start", "source": ["new", "declined", "cancelled", "refused"], "dest": "onward"},
    {"trigger": "start", "source": "locked", "dest": "onward", "unless": "locked_out"},
    {"trigger": "renew", "source": ["submitted", "refused"], "dest": "onward"},
    # an answer, typed or tapped, to the open question or to another
    {"trigger": "answer", "source": list(ASKING), "dest": "onward"},
    {"trigger": "decline", "source": ["consents", "guardian"], "dest": "declined"},
    # the hub: what leaves no hope is said at once, then the questions in their order, then the review
    {"trigger": "go_on", "source": "onward", "dest": "deciding", "conditions": "hopeless"},
    *_asks(*QUESTIONS_IN_ORDER[:_AT]),
    {"trigger": "go_on", "source": "onward", "dest": "matching", "conditions": "wants_policy"},
    *_asks(*QUESTIONS_IN_ORDER[_AT:]),
    {"trigger": "go_on", "source": "onward", "dest": "review"},
    # identity; a policy that cannot serve is said at once; after a mismatch one answer is corrected, the rest kept
    {"trigger": "match", "source": "matching", "dest": "locked", "conditions": "kept_for_human"},
    {"trigger": "match", "source": "matching", "dest": "refused", "conditions": "refused"},
    {"trigger": "match", "source": "matching", "dest": "onward", "conditions": "policy_matched"},
    {"trigger": "match", "source": "matching", "dest": "unmatched"},
    # the way back, and a change: one question is opened again
    {"trigger": "reopen", "source": [s for s in ASKING if s not in FIRST], "dest": "reopening"},
    *_opens(*(name for name in QUESTIONS_IN_ORDER if name not in NEVER_REOPENED)),
    # review, decision
    {"trigger": "submit", "source": "review", "dest": "deciding"},
    {"trigger": "decide", "source": "deciding", "dest": "refused", "conditions": "refused"},
    {"trigger": "decide", "source": "deciding", "dest": "submitted", "conditions": "complete"},
    {"trigger": "decide", "source": "deciding", "dest": "onward"},
    {"trigger": "appeal", "source": "refused", "dest": "submitted"},
    # the end of a draft: by its person, by silence, or with the consents withdrawn
    {"trigger": "cancel", "source": [*ASKING, "locked"], "dest": "cancelled"},
    {"trigger": "expire", "source": [*ASKING, "locked", "refused"], "dest": "cancelled"},
    {"trigger": "withdraw", "source": [*ASKING, *RESTING], "dest": "declined"},
)  # fmt: skip

INTAKE = Table((*RESTING, *ASKING, *WAITING), ROWS)
