"""What the bot says to agents, and for them."""

from collections.abc import Iterator

from flows.desk.case import Case
from flows.effects import Button
from flows.messages import VERBATIM, MessageKey, Text, message

AGENT_HELP = message("desk.help", "name")
QUEUE_EMPTY = message("desk.queue_empty")
CARD = message("desk.card", "number", "kind", "due", "illness", "waiting")
CARD_FULL = message(
    "desk.card_full",
    "number",
    "kind",
    "due",
    "name",
    "phone",
    "id_number",
    "policy_number",
    "illness",
    "records",
    "decision",
)
CARD_HELP = message("desk.card_help", "number", "due")
LINES = message("desk.lines", "lines")
KINDS: dict[str, MessageKey] = {
    "OP": message("desk.kind_op"),
    "help": message("desk.kind_help"),
    "review": message("desk.kind_review"),
}
OUTCOMES: dict[str, MessageKey] = {
    "eligible": message("desk.outcome_eligible"),
    "human": message("desk.outcome_human"),
    "none": message("desk.outcome_none"),
}
OUTCOME_REFUSED = message("desk.outcome_refused", "reason")
NO_ILLNESS = message("desk.no_illness")
ILLNESS_IN_WORDS = message("desk.illness_in_words", "name", "words")

CLAIM = message("desk.button_claim")
TALK = message("desk.button_talk")
NEXT = message("desk.button_next")
HAND_BACK = message("desk.button_hand_back")
RELEASE = message("desk.button_release")
CLOSE = message("desk.button_close")

CLAIMED = message("desk.claimed")
TAKEN = message("desk.taken", "number", "owner", "at")
BUSY_WITH = message("desk.busy_with", "number")
TALKING = message("desk.talking", "number")
HANDED_BACK = message("desk.handed_back", "number")
HELP_ENDED = message("desk.help_ended", "number")
RELEASED = message("desk.released", "number")
CLOSED = message("desk.closed", "number")
NO_CASE = message("desk.no_case")
GONE = message("desk.gone")
NOT_POSSIBLE = message("desk.not_possible", "number")
TEXT_ONLY = message("desk.text_only")
STEP_FAILED = message("desk.step_failed")
UNCERTAIN = message("desk.uncertain", "number")
ALARM = message("desk.alarm", "number")
CALLED = message("desk.called", "number")
RESTRICTED = message("desk.restricted", "number")
CONFIRMED = message("desk.confirmed", "number")
LEFT_WORDS = message("desk.left_words", "number", "text")
FROM_POLICYHOLDER = message("desk.from_policyholder", "number", "text")

AGENT_JOINED = message("talk.joined", "owner", "number")
AGENT_SAYS = message("talk.says", "owner", "text")
AGENT_LEFT = message("talk.left", "owner")
AGENT_RELEASED = message("talk.released", "number")
CASE_CLOSED = message("talk.closed", "number")

ROOM = 3900  # of the 4,096 characters of a message, what is left for the words that are passed on


def parts(text: Text) -> Iterator[Text]:
    """Cut words that are passed on so that each part fits into a message with its heading."""
    words = text.params.get("text") if text.key == VERBATIM.key else None
    if not isinstance(words, str) or len(words) <= ROOM:
        yield text
        return
    for start in range(0, len(words), ROOM):
        yield VERBATIM(text=words[start : start + ROOM])


def claim_button(case: Case) -> Button:
    """领取."""
    return Button(label=CLAIM(), data=f"desk:claim:{case.id}")


def talk_button(case: Case) -> Button:
    """接谈."""
    return Button(label=TALK(), data=f"desk:talk:{case.id}")


def hand_back_button(case: Case) -> Button:
    """交还."""
    return Button(label=HAND_BACK(), data=f"desk:hand_back:{case.id}")


def owned_buttons(case: Case) -> list[list[Button]]:
    """What an owner may do with a case whose conversation the bot has, and the way to the next one."""
    release = Button(label=RELEASE(), data=f"desk:release:{case.id}")
    close = Button(label=CLOSE(), data=f"desk:close:{case.id}")
    return [[talk_button(case)], [release, close], [next_button()]]


def next_button() -> Button:
    """下一件."""
    return Button(label=NEXT(), data="desk:next:0")
