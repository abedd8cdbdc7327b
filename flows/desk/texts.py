"""What the bot says to agents, and for them."""

from flows.messages import MessageKey, message
from flows.terms.promises import names

AGENT_HELP = message("desk.help", "name", "lines", "commands")
HELP_LINES: tuple[MessageKey, ...] = tuple(
    message(f"desk.does_{name}") for name in ("next", "mine", "queue", "case", "process", "document", "duty", "note")
)
HELP_COMMAND = message("desk.help_command", "label", "name")
QUEUE_EMPTY = message("desk.queue_empty")
CARD = message("desk.card", "number", "kind", "due", "illness", "waiting")
CARD_FULL = message("desk.card_full", "lines")
FIELD = message("desk.field", "name", "value")
DUE = message("desk.field_due")
NEXT_DUE = message("desk.field_next")
DECISION = message("desk.field_decision")
PHONE_ON_FILE = message("desk.phone_on_file")
PHONE_UNVERIFIED = message("desk.phone_unverified")
FILES = message("desk.files", "records", "notices")
WITH_MORE = message("desk.with_more", "value", "more")
NOT_BINDING = message("desk.not_binding", "value")
UNCONFIRMED = message("desk.unconfirmed")
CONFIRMED = message("desk.confirmed", "at")
RESTRICTED = message("desk.restricted", "at")
FINDING = message("desk.finding", "clause", "reason")
NEXT_PROMISE = message("desk.next_promise", "name", "clause", "due")
PROMISES: dict[str, MessageKey] = {name: message(f"desk.promise_{name}") for name in names()}
CARD_IDENTITY = message("desk.card_identity", "number", "due")
CARD_HELP = message("desk.card_help", "number", "due")
LINES = message("desk.lines", "number", "lines")
KINDS: dict[str, MessageKey] = {
    "OP": message("desk.kind_op"),
    "IP": message("desk.kind_ip"),
    "help": message("desk.kind_help"),
    "appeal": message("desk.kind_appeal"),
}
BRANCHES: dict[str, MessageKey] = {
    "IP-A": message("desk.branch_with_notice"),
    "IP-B": message("desk.branch_by_visit"),
    "review": message("desk.branch_open"),
}
OUTCOMES: dict[str, MessageKey] = {
    "eligible": message("desk.outcome_eligible"),
    "human": message("desk.outcome_human"),
    "refused": message("desk.outcome_refused_now"),
    "none": message("desk.outcome_none"),
}
OUTCOME_REFUSED = message("desk.outcome_refused", "reason")
NO_ILLNESS = message("desk.no_illness")
ILLNESS_IN_WORDS = message("desk.illness_in_words", "name", "words")


TAKEN = message("desk.taken", "number", "owner", "at")
BUSY_WITH = message("desk.busy_with", "number")
HELP_ENDED = message("desk.help_ended", "number")
NO_CASE = message("desk.no_case")
GONE = message("desk.gone")
NOT_POSSIBLE = message("desk.not_possible", "number")
MISSING: dict[str, MessageKey] = {  # by the fact that a command needs
    "unrestricted": message("desk.missing_unrestricted", "number"),
    "stored_documents": message("desk.missing_stored_documents", "number"),
}
OWN = message("desk.own", "count", "lines")
OWN_LINE = message("desk.own_line", "number", "kind", "stage", "due")
SEVERAL_END_SO = message("desk.several_end_so", "count", "lines")
NONE_OWNED = message("desk.none_owned")
NOT_OWNED = message("desk.not_owned", "number")
DUE_AT = message("desk.due_at", "due")
OPEN = message("desk.open", "number")
QUEUE = message("desk.queue", "waiting", "lines")
QUEUE_LINE = message("desk.queue_line", "number", "kind", "due")
NOTED = message("desk.noted", "number")
NOTE_HOW = message("desk.note_how")
NOTE_WHICH = message("desk.note_which", "lines")
SENT_TO = message("desk.sent_to", "whom")
HELD = message("desk.held", "text")
HELD_NOT_SENT = message("desk.held_not_sent")
HELD_DROPPED = message("desk.held_dropped", "text")
HELD_ANSWERED = message("desk.held_answered")
HELD_BUTTONS: dict[str, MessageKey] = {name: message(f"desk.button_{name}") for name in ("send_held", "drop_held")}
EDIT_OF_UNSENT = message("desk.edit_of_unsent")
EDIT_LIKE_COMMAND = message("desk.edit_like_command")
TEXT_ONLY = message("desk.text_only")
STEP_FAILED = message("desk.step_failed")
UNCERTAIN = message("desk.uncertain", "number")

AGENT_JOINED = message("talk.joined", "owner", "number")
AGENT_SAYS = message("talk.says", "owner", "text")
AGENT_CORRECTS = message("talk.corrects", "owner", "text")
AGENT_LEFT = message("talk.left", "owner")
AGENT_RELEASED = message("talk.released", "number")
CASE_CLOSED = message("talk.closed", "number")
