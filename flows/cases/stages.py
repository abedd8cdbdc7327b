"""The life of a case, all of it, in one table.

Theory of operation. A case is `queued` until an agent claims it; from then on it has one owner. While it is `talking`,
the owner has the conversation and the bot is silent; `owned`, the bot has it again. Only the owner speaks. Claiming is
compare-and-set: the row is locked, the guard looks, and the stored version must be the one that was read.

An event that has no row in a state, or whose guard says no, raises and changes nothing. Guards are methods of
`flows.cases.changes.Life`. The diagram in docs/ is drawn from this table.
"""

from flows.machine import Row, Table

STATES = ("queued", "talking", "owned", "closed")
OPEN = ("queued", "talking", "owned")

ROWS: tuple[Row, ...] = (
    {"trigger": "claim", "source": "queued", "dest": "talking"},
    # the owner has the conversation
    {"trigger": "say", "source": "talking", "dest": "talking", "conditions": "by_owner"},
    {"trigger": "hand_back", "source": "talking", "dest": "closed", "conditions": ["by_owner", "is_help"]},
    {"trigger": "hand_back", "source": "talking", "dest": "owned", "conditions": "by_owner"},
    {"trigger": "talk", "source": "owned", "dest": "talking", "conditions": "by_owner"},
    # the policyholder writes; nobody has to be there to hear it
    {"trigger": "hear", "source": "queued", "dest": "queued"},
    {"trigger": "hear", "source": "talking", "dest": "talking"},
    {"trigger": "hear", "source": "owned", "dest": "owned"},
    # the insured confirms a relative's request; the policyholder wants its data left alone
    {"trigger": "confirm", "source": "queued", "dest": "queued"},
    {"trigger": "confirm", "source": "talking", "dest": "talking"},
    {"trigger": "confirm", "source": "owned", "dest": "owned"},
    {"trigger": "withdraw", "source": "queued", "dest": "closed"},
    {"trigger": "restrict", "source": "queued", "dest": "queued"},
    {"trigger": "restrict", "source": "talking", "dest": "talking"},
    {"trigger": "restrict", "source": "owned", "dest": "owned"},
    # the owner leaves, or ends it
    {"trigger": "release", "source": ["talking", "owned"], "dest": "queued", "conditions": "by_owner"},
    {"trigger": "close", "source": ["talking", "owned"], "dest": "closed", "conditions": "by_owner"},
)  # fmt: skip

DESK = Table(STATES, ROWS)
