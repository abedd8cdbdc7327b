"""The registry of commands: what agents do with a case, and the checks that each command passes.

A command is (actor, case as read, arguments) -> effects, or a coded refusal; it is pure, and changes nothing where it
is refused. The registry says who may give it, in which stages, under which ownership, and which facts it needs;
`carry_out` checks these in this order before the command's own function runs. The agents' chat and the web desk call
the same: parsing and words stay with the channel. The commands themselves stand in `flows.desk.commands`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from flows.actors import AGENT, ROLES, SUPERVISOR, Actor
from flows.cases.arrangement import fitting
from flows.cases.bookings import KINDS, Booking
from flows.cases.case import UNASSIGNED, Case
from flows.desk.showing import ended_on_leaving
from flows.effects import AuditEntry, CaseChange, Effect, Message
from flows.ids import Ids, RowId
from flows.messages import Text
from flows.reference import Reference

WORKING: Final = frozenset({AGENT, SUPERVISOR})  # roles that may change a case


class Invocation(Struct, frozen=True):
    """A command as it is given: by whom, on which case as it was read, when, and with which arguments.

    `booking` is the one that the command acts on, found by `carry_out`.
    """

    actor: Actor
    case: Case
    now: datetime
    ids: Ids
    reference: Reference
    arguments: Mapping[str, Any] = field(default_factory=dict)
    booking: Booking | None = None


class Done(Struct, frozen=True):
    """What a command leads to: the case as it is then, and everything that shall happen, the change included."""

    case: Case
    effects: tuple[Effect, ...]


class Refused(Struct, frozen=True):
    """Why a command was not carried out: a stable code, and its parameters. Nothing has changed."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


Result = Done | Refused
Fact = Callable[[Invocation], bool]


class BookingTrigger(Struct, frozen=True):
    """What a command does to a booking: it fires `trigger` of the bookings' table on one of these kinds."""

    trigger: str
    kinds: tuple[str, ...] = KINDS


def any_case(_case: Case) -> bool:
    """Return True: a command that suits every case."""
    return True


class Command(Struct, frozen=True):
    """One entry of the registry.

    `ownership` are the values of `Case.ownership` under which it may be given; under any but UNASSIGNED the actor must
    be the owner. `needs` are names of FACTS. `suits` says for which cases there is sense in it, whatever their stage;
    one that `acts` on a booking suits those that have one in such a state. `offered` are the values of `Case.ownership`
    under which a button for it is shown to its owner; it may be given without one, too.
    """

    name: str
    run: Callable[[Invocation], Done]
    roles: frozenset[str]
    stages: frozenset[str]
    ownership: frozenset[str]
    needs: tuple[str, ...] = ()
    offered: frozenset[str] = frozenset()
    suits: Callable[[Case], bool] = any_case
    acts: BookingTrigger | None = None

    def is_possible(self, case: Case) -> bool:
        """Return True if the command may be given on a case as it stands, whoever gives it."""
        if case.stage not in self.stages or not self.suits(case):
            return False
        return self.acts is None or bool(fitting(case, self.acts.trigger, self.acts.kinds))


COMMANDS: dict[str, Command] = {}
FACTS: dict[str, Fact] = {}


def command(  # noqa: PLR0913 - an entry of the registry, each part by its name
    *,
    stages: tuple[str, ...],
    ownership: tuple[str, ...],
    needs: tuple[str, ...] = (),
    offered: tuple[str, ...] | None = None,
    roles: frozenset[str] = WORKING,
    suits: Callable[[Case], bool] = any_case,
    acts: BookingTrigger | None = None,
) -> Callable[[Callable[[Invocation], Done]], Callable[[Invocation], Done]]:
    """Enter a function in the registry under its own name, for the roles that may change a case or for `roles`.

    It is offered wherever it may be given, unless `offered` says less.
    """
    shown = frozenset(ownership if offered is None else offered)

    def enter(run: Callable[[Invocation], Done]) -> Callable[[Invocation], Done]:
        name = run.__name__
        places = frozenset(stages), frozenset(ownership)
        COMMANDS[name] = Command(name, run, roles, *places, needs, shown, suits, acts)
        return run

    return enter


def fact(holds: Fact) -> Fact:
    """Enter a function in FACTS under its own name: True if what a command needs is there. ValueError for two."""
    if holds.__name__ in FACTS:
        raise ValueError(f"two facts: {holds.__name__}")
    FACTS[holds.__name__] = holds
    return holds


# ---- the checks that every command passes ----


def carry_out(name: str, given: Invocation) -> Result:
    """Check a command against the registry, then run it.

    Refusals: unknown_command; not_for_role (role); closed or wrong_stage (stage); already_claimed (owner, at);
    not_owner (owner); wrong_ownership (ownership); unsuitable; facts_missing (missing: names of FACTS, or
    `booking` where several may be meant and the argument `booking`, a number, names none).
    """
    found = COMMANDS.get(name)
    if found is None:
        return Refused("unknown_command")
    refusal = _forbidden(found, given.actor) or _misplaced(found, given.case) or _unowned(found, given)
    if refusal is None and not found.is_possible(given.case):
        refusal = Refused("unsuitable")
    given = replace(given, booking=_booking(found, given))
    return refusal or _incomplete(found, given) or with_showing_ended(given.case, found.run(given))


def _booking(found: Command, given: Invocation) -> Booking | None:
    """Return the booking that the command acts on; None where it acts on none, or it is not clear on which."""
    if found.acts is None:
        return None
    fit = fitting(given.case, found.acts.trigger, found.acts.kinds)
    named = given.arguments.get("booking")
    meant = fit if named is None else tuple(booking for booking in fit if booking.number == named)
    return meant[0] if len(meant) == 1 else None


def _forbidden(found: Command, actor: Actor) -> Refused | None:
    allowed = actor.role in ROLES and actor.role in found.roles
    return None if allowed else Refused("not_for_role", {"role": actor.role})


def _misplaced(found: Command, case: Case) -> Refused | None:
    if case.stage in found.stages:
        return None
    return Refused("wrong_stage" if case.is_open else "closed", {"stage": case.stage})


def _unowned(found: Command, given: Invocation) -> Refused | None:
    """Check the ownership: that of another agent is told with its owner."""
    case, mine = given.case, given.case.owner == given.actor.id
    if case.owner is not None and found.ownership == {UNASSIGNED}:
        return Refused("already_claimed", {"owner": case.owner_name, "at": case.claimed_at, "mine": mine})
    if found.ownership != {UNASSIGNED} and not mine:
        return Refused("not_owner", {"owner": case.owner_name})
    if case.ownership not in found.ownership:
        return Refused("wrong_ownership", {"ownership": case.ownership})
    return None


def _incomplete(found: Command, given: Invocation) -> Refused | None:
    missing = tuple(name for name in found.needs if not FACTS[name](given))
    if found.acts is not None and given.booking is None:
        missing = ("booking", *missing)
    return Refused("facts_missing", {"missing": missing}) if missing else None


# ---- what commands lead to ----


def done(given: Invocation, case: Case, action: str, *effects: Effect) -> Done:
    """Return what a change of a case consists of: the case if it did change, a line in the audit, what follows."""
    entry = AuditEntry(action=action, chat=case.chat, case=case.id, actor=given.actor.id)
    change = () if case is given.case else (CaseChange(case=case),)
    return Done(case, (*change, entry, *effects))


def with_showing_ended(before: Case, result: Done) -> Done:
    """Return a result by which, where the owner left the case, no copy of a document stays in their chat."""
    return Done(*ended_on_leaving(before, result.case, result.effects))


def told(given: Invocation, text: Text) -> Message:
    """Return a message to the policyholder."""
    return Message(id=RowId(given.ids.new()), chat=given.case.chat, text=text)
