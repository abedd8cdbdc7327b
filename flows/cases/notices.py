"""What agents are told of a case by the policyholder's side of it; each becomes an `AgentNotice`."""

from flows.messages import message

ALARM = message("desk.alarm", "number")
CALLED = message("desk.called", "number")
TELL_RESTRICTED = message("desk.tell_restricted", "number")
TELL_CONFIRMED = message("desk.tell_confirmed", "number")
TELL_NUDGED = message("desk.tell_nudged", "number")
LEFT_WORDS = message("desk.left_words", "number", "text")
FROM_POLICYHOLDER = message("desk.from_policyholder", "number", "text")
