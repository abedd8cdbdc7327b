"""The policyholder's conversation, all of it, in one table.

Theory of operation. A session rests in one state. ASKING states are questions: each is named after the answer it
collects, and `flows.intake.questions` holds one object for each. WAITING states last only while the transaction
looks something up, so nobody ever finds a chat there. RESTING states wait for a new request.

An event fires one trigger. Rows are tried from the top; the first whose guard agrees is taken, and where there is
none the event is illegal: it raises and changes nothing. Guards are methods of `flows.intake.conversation.Intake`.
What may be said in every state (转人工, 帮助, 重复, /status, and a call to 120) is no transition: it leaves the state
alone, and so does an agent who takes over the conversation.

The diagram in docs/ is drawn from this table.
"""

from flows.machine import Row, Table

ASKING = ("consents", "name", "id_number", "policy_number", "unmatched", "illness", "record", "review")
WAITING = ("matching", "deciding")
RESTING = ("new", "declined", "cancelled", "refused", "submitted")

CANCELLABLE = list(ASKING)

ROWS: tuple[Row, ...] = (
    # a request begins; consents given in their current wording are not asked for again
    {"trigger": "start", "source": ["cancelled", "refused"], "dest": "name", "conditions": "consents_given"},
    {"trigger": "start", "source": ["new", "declined", "cancelled", "refused"], "dest": "consents"},
    {"trigger": "renew", "source": ["submitted", "refused"], "dest": "name", "conditions": "consents_given"},
    {"trigger": "renew", "source": ["submitted", "refused"], "dest": "consents"},
    # consents, one at a time
    {"trigger": "agree", "source": "consents", "dest": "name", "conditions": "consents_given"},
    {"trigger": "agree", "source": "consents", "dest": "consents"},
    {"trigger": "decline", "source": "consents", "dest": "declined"},
    # identity; after a mismatch one answer is corrected and the rest kept
    {"trigger": "answer", "source": ["name", "id_number", "policy_number"], "dest": "matching",
     "conditions": "identity_given"},
    {"trigger": "answer", "source": "name", "dest": "id_number"},
    {"trigger": "answer", "source": "id_number", "dest": "policy_number"},
    {"trigger": "match", "source": "matching", "dest": "illness", "conditions": "policy_matched"},
    {"trigger": "match", "source": "matching", "dest": "unmatched"},
    {"trigger": "amend_name", "source": "unmatched", "dest": "name"},
    {"trigger": "amend_id_number", "source": "unmatched", "dest": "id_number"},
    {"trigger": "amend_policy_number", "source": "unmatched", "dest": "policy_number"},
    # illness and record
    {"trigger": "answer", "source": "illness", "dest": "record"},
    {"trigger": "attach", "source": "record", "dest": "record"},
    {"trigger": "attach", "source": "review", "dest": "review"},
    {"trigger": "answer", "source": "record", "dest": "review", "conditions": "record_attached"},
    # review, decision
    {"trigger": "submit", "source": "review", "dest": "deciding"},
    {"trigger": "decide", "source": "deciding", "dest": "refused", "conditions": "refused"},
    {"trigger": "decide", "source": "deciding", "dest": "submitted"},
    {"trigger": "appeal", "source": "refused", "dest": "submitted"},
    # a file could not be fetched: it is asked for again
    {"trigger": "lose_file", "source": ["record", "review"], "dest": "record"},
    # the way back
    {"trigger": "back", "source": "id_number", "dest": "name"},
    {"trigger": "back", "source": "policy_number", "dest": "id_number"},
    {"trigger": "back", "source": "unmatched", "dest": "policy_number"},
    {"trigger": "back", "source": "illness", "dest": "policy_number"},
    {"trigger": "back", "source": "record", "dest": "illness"},
    {"trigger": "back", "source": "review", "dest": "record"},
    {"trigger": "cancel", "source": CANCELLABLE, "dest": "cancelled"},
)  # fmt: skip

INTAKE = Table((*RESTING, *ASKING, *WAITING), ROWS)
