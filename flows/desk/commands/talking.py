"""What is said to the policyholder in an agent's own words."""

from flows.cases.case import AGENT_SPEAKS
from flows.cases.changes import spoken
from flows.cases.stages import WORKED_ON
from flows.desk import texts
from flows.desk.registry import Done, Invocation, command, fact
from flows.effects import RELAY, CaseChange, Message, TranscriptLine
from flows.ids import RowId
from flows.messages import VERBATIM, Text, parts


@fact
def words(given: Invocation) -> bool:
    """Return True if there is something to say."""
    return bool(given.arguments.get("text"))


@command(stages=WORKED_ON, ownership=(AGENT_SPEAKS,), needs=("words",), offered=())
def say(given: Invocation) -> Done:
    """Say something to the policyholder: never sent twice; where its fate is unknown, the owner is told.

    Arguments: `text` (1 to 4,096 characters), `at` (when it was written, an aware datetime), `corrects` (True for the
    new version of something said before).
    """
    case, text = spoken(given.case, given.now), str(given.arguments["text"])
    line = TranscriptLine(case=case.id, author="agent", text=text, at=given.arguments.get("at") or given.now)
    return Done(case, (CaseChange(case=case), line, *(_relayed(given, part) for part in parts(VERBATIM(text=text)))))


def _relayed(given: Invocation, part: Text) -> Message:
    says = texts.AGENT_CORRECTS if given.arguments.get("corrects") else texts.AGENT_SAYS
    return Message(
        id=RowId(given.ids.new()),
        chat=given.case.chat,
        text=says(owner=given.actor.name, text=part),
        kind=RELAY,
        doubt=(given.actor.id, given.case.number),
    )
