"""What agents do with a case: every command, in one registry.

A command is (actor, case as read, arguments) -> effects, or a coded refusal; it is pure, and changes nothing where it
is refused. The registry says who may give it, in which stages, under which ownership, and which facts it needs;
`carry_out` checks these in this order before the command's own function runs. The agents' chat and the web desk call
the same: parsing and words stay with the channel.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct, field

from flows.actors import AGENT, ROLES, SUPERVISOR, Actor
from flows.cases.case import AGENT as AGENT_AS_SPEAKER
from flows.cases.case import AGENT_SPEAKS, BOT, BOT_SPEAKS, HELP, UNASSIGNED, Case
from flows.cases.changes import KEPT_FOR, changed
from flows.cases.stages import OPEN, RECEIVED, VERIFYING, stage_after
from flows.desk import texts
from flows.effects import RELAY, AuditEntry, CaseChange, Effect, Message, Nudge, TranscriptLine
from flows.events import ConversationReturned
from flows.ids import Ids, RowId
from flows.messages import VERBATIM, Text, parts

WORKING: Final = frozenset({AGENT, SUPERVISOR})  # roles that may change a case


class Order(Struct, frozen=True):
    """A command as it is given: by whom, on which case as it was read, when, and with which arguments."""

    actor: Actor
    case: Case
    now: datetime
    ids: Ids
    arguments: Mapping[str, Any] = field(default_factory=dict)


class Done(Struct, frozen=True):
    """What a command leads to: the case as it is then, and everything that shall happen, the change included."""

    case: Case
    effects: tuple[Effect, ...]


class Refused(Struct, frozen=True):
    """Why a command was not carried out: a stable code, and its parameters. Nothing has changed."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


Result = Done | Refused
Fact = Callable[[Order], bool]


class Command(Struct, frozen=True):
    """One entry of the registry.

    `ownership` are the values of `Case.ownership` under which it may be given; under any but UNASSIGNED the actor must
    be the owner. `needs` are names of FACTS. `offered` are the values of `Case.ownership` under which a button for it
    is shown to its owner; it may be given without one, too.
    """

    name: str
    run: Callable[[Order], Done]
    roles: frozenset[str]
    stages: frozenset[str]
    ownership: frozenset[str]
    needs: tuple[str, ...] = ()
    offered: frozenset[str] = frozenset()


COMMANDS: dict[str, Command] = {}


def command(
    *,
    stages: tuple[str, ...],
    ownership: tuple[str, ...],
    needs: tuple[str, ...] = (),
    offered: tuple[str, ...] | None = None,
) -> Callable[[Callable[[Order], Done]], Callable[[Order], Done]]:
    """Enter a function in the registry under its own name, for the roles that may change a case.

    It is offered wherever it may be given, unless `offered` says less.
    """
    shown = frozenset(ownership if offered is None else offered)

    def enter(run: Callable[[Order], Done]) -> Callable[[Order], Done]:
        name = run.__name__
        COMMANDS[name] = Command(name, run, WORKING, frozenset(stages), frozenset(ownership), needs, shown)
        return run

    return enter


# ---- facts that a command may need ----


def words(order: Order) -> bool:
    """Return True if there is something to say."""
    return bool(order.arguments.get("text"))


FACTS: Mapping[str, Fact] = {fact.__name__: fact for fact in (words,)}


# ---- the checks that every command passes ----


def carry_out(name: str, order: Order) -> Result:
    """Check a command against the registry, then run it.

    Refusals: unknown_command; not_for_role (role); closed or wrong_stage (stage); already_claimed (owner, at);
    not_owner (owner); wrong_ownership (ownership); facts_missing (missing: names of FACTS).
    """
    found = COMMANDS.get(name)
    if found is None:
        return Refused("unknown_command")
    refusal = _forbidden(found, order.actor) or _misplaced(found, order.case) or _unowned(found, order)
    return refusal or _incomplete(found, order) or found.run(order)


def _forbidden(found: Command, actor: Actor) -> Refused | None:
    allowed = actor.role in ROLES and actor.role in found.roles
    return None if allowed else Refused("not_for_role", {"role": actor.role})


def _misplaced(found: Command, case: Case) -> Refused | None:
    if case.stage in found.stages:
        return None
    return Refused("wrong_stage" if case.is_open else "closed", {"stage": case.stage})


def _unowned(found: Command, order: Order) -> Refused | None:
    """Check the ownership: that of another agent is told with its owner."""
    case, mine = order.case, order.case.owner == order.actor.id
    if case.owner is not None and found.ownership == {UNASSIGNED}:
        return Refused("already_claimed", {"owner": case.owner_name, "at": case.claimed_at, "mine": mine})
    if found.ownership != {UNASSIGNED} and not mine:
        return Refused("not_owner", {"owner": case.owner_name})
    if case.ownership not in found.ownership:
        return Refused("wrong_ownership", {"ownership": case.ownership})
    return None


def _incomplete(found: Command, order: Order) -> Refused | None:
    missing = tuple(name for name in found.needs if not FACTS[name](order))
    return Refused("facts_missing", {"missing": missing}) if missing else None


# ---- the commands ----


@command(stages=OPEN, ownership=(UNASSIGNED,))
def claim(order: Order) -> Done:
    """Become the owner, and have the conversation (领取). Compare-and-set: of all who claim at once one succeeds."""
    case, actor = order.case, order.actor
    case = changed(
        case,
        stage=stage_after("accept", case.stage) if case.stage == RECEIVED else case.stage,
        owner=actor.id,
        owner_name=actor.name,
        claimed_at=order.now,
        speaker=AGENT_AS_SPEAKER,
        unread_messages=(),
    )
    return _done(order, case, "claimed", _told(order, texts.AGENT_JOINED(owner=actor.name, number=case.number)))


@command(stages=(VERIFYING,), ownership=(BOT_SPEAKS,))
def take_over(order: Order) -> Done:
    """Take the conversation again (接谈)."""
    case, actor = order.case, order.actor
    case = changed(case, speaker=AGENT_AS_SPEAKER, unread_messages=())
    return _done(order, case, "taken_over", _told(order, texts.AGENT_JOINED(owner=actor.name, number=case.number)))


@command(stages=(VERIFYING,), ownership=(AGENT_SPEAKS,))
def return_to_bot(order: Order) -> Done:
    """Return the conversation back to the bot (交还); a case that was only a wish to talk ends with it."""
    case = changed(order.case, speaker=BOT)
    if case.request_type == HELP:
        case = changed(order.case, speaker=BOT, stage=stage_after("close", case.stage))
    return _done(
        order, case, "returned_to_bot", _told(order, texts.AGENT_LEFT(owner=order.actor.name)), _returned(order)
    )


@command(stages=(VERIFYING,), ownership=(AGENT_SPEAKS, BOT_SPEAKS), offered=(BOT_SPEAKS,))
def release(order: Order) -> Done:
    """Put the case back into the queue (放回); its history stays, its promise as well."""
    case = changed(order.case, owner=None, owner_name="", claimed_at=None, speaker=BOT)
    return _done(order, case, "released", _told(order, texts.AGENT_RELEASED(number=case.number)))


@command(stages=(VERIFYING,), ownership=(AGENT_SPEAKS, BOT_SPEAKS), offered=(BOT_SPEAKS,))
def close(order: Order) -> Done:
    """End the case (办结); a restricted one is made anonymous some weeks later."""
    case = order.case
    forget_at = order.now + KEPT_FOR if case.restricted_at else case.forget_at
    case = changed(case, stage=stage_after("close", case.stage), speaker=BOT, forget_at=forget_at)
    return _done(order, case, "closed", _told(order, texts.CASE_CLOSED(number=case.number)), _returned(order))


@command(stages=(VERIFYING,), ownership=(AGENT_SPEAKS,), needs=("words",), offered=())
def say(order: Order) -> Done:
    """Say something to the policyholder: never sent twice; where its fate is unknown, the owner is told.

    Arguments: `text` (1 to 4,096 characters), `at` (when it was written, an aware datetime).
    """
    case, text = order.case, str(order.arguments["text"])
    line = TranscriptLine(case=case.id, author="agent", text=text, at=order.arguments.get("at") or order.now)
    return Done(case, (line, *(_relayed(order, part) for part in parts(VERBATIM(text=text)))))


def _relayed(order: Order, part: Text) -> Message:
    return Message(
        id=RowId(order.ids.new()),
        chat=order.case.chat,
        text=texts.AGENT_SAYS(owner=order.actor.name, text=part),
        kind=RELAY,
        doubt=(order.actor.id, order.case.number),
    )


def _done(order: Order, case: Case, action: str, *effects: Effect) -> Done:
    """Return what every change of a case consists of: the case, a line in the audit, and what follows."""
    entry = AuditEntry(action=action, chat=case.chat, case=case.id, actor=order.actor.id)
    return Done(case, (CaseChange(case=case), entry, *effects))


def _told(order: Order, text: Text) -> Message:
    return Message(id=RowId(order.ids.new()), chat=order.case.chat, text=text)


def _returned(order: Order) -> Nudge:
    return Nudge(event=ConversationReturned(chat=order.case.chat))
