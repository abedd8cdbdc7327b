"""What an agent notes on a case for colleagues: the policyholder is never told of it."""

from flows.cases.case import AGENT_SPEAKS, BOT_SPEAKS
from flows.cases.stages import OPEN
from flows.desk.registry import Done, Invocation, command
from flows.effects import TranscriptLine


@command(stages=OPEN, ownership=(AGENT_SPEAKS, BOT_SPEAKS), needs=("words",), offered=())
def note(given: Invocation) -> Done:
    """Note something on the case.

    Arguments: `text` (1 to 4,096 characters), `at` (when it was written, an aware datetime).
    """
    at = given.arguments.get("at") or given.now
    line = TranscriptLine(case=given.case.id, author="note", text=str(given.arguments["text"]), at=at)
    return Done(given.case, (line,))
