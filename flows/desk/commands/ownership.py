"""Who has a case: claiming it, speaking and giving back, releasing."""

from flows.cases.case import AGENT, AGENT_SPEAKS, BOT, BOT_SPEAKS, HELP, UNASSIGNED
from flows.cases.changes import changed
from flows.cases.outcomes import SETTLED
from flows.cases.stages import OPEN, RECEIVED, WORKED_ON, stage_after
from flows.desk import texts
from flows.desk.commands.ending import returned
from flows.desk.registry import Done, Invocation, command, done, told


@command(stages=OPEN, ownership=(UNASSIGNED,))
def claim(given: Invocation) -> Done:
    """Become the owner, and have the conversation (领取). Compare-and-set: of all who claim at once one succeeds."""
    case, actor = given.case, given.actor
    case = changed(
        case,
        stage=stage_after("accept", case.stage) if case.stage == RECEIVED else case.stage,
        owner=actor.id,
        owner_name=actor.name,
        claimed_at=given.now,
        speaker=AGENT,
        spoken_at=None,
        unread_messages=(),
    )
    return done(given, case, "claimed", told(given, texts.AGENT_JOINED(owner=actor.name, number=case.number)))


@command(stages=WORKED_ON, ownership=(BOT_SPEAKS,))
def take_over(given: Invocation) -> Done:
    """Take the conversation again (接谈)."""
    case, actor = given.case, given.actor
    case = changed(case, speaker=AGENT, spoken_at=None, unread_messages=())
    return done(given, case, "taken_over", told(given, texts.AGENT_JOINED(owner=actor.name, number=case.number)))


@command(stages=WORKED_ON, ownership=(AGENT_SPEAKS,))
def return_to_bot(given: Invocation) -> Done:
    """Hand the conversation back to the bot (交还); a case that was only a wish to talk ends with it."""
    case = changed(given.case, speaker=BOT)
    if case.request_type == HELP:
        case = changed(given.case, speaker=BOT, stage=stage_after("close", case.stage), outcome=SETTLED)
    return done(given, case, "returned_to_bot", told(given, texts.AGENT_LEFT(owner=given.actor.name)), returned(given))


@command(stages=WORKED_ON, ownership=(AGENT_SPEAKS, BOT_SPEAKS), offered=(BOT_SPEAKS,))
def release(given: Invocation) -> Done:
    """Put the case back into the queue (放回); its history stays, its promise as well."""
    case = changed(given.case, owner=None, owner_name="", claimed_at=None, speaker=BOT)
    return done(given, case, "released", told(given, texts.AGENT_RELEASED(number=case.number)))
